package org.capitania.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a command gets from outside, so that a test can hand in its own.
 *
 * @param root the checkout the fleet is built in
 * @param terminal what the calling shell knows about stdout and stderr
 */
public record Environment(
        Path root,
        Path workingDirectory,
        Map<String, String> variables,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        Clock clock,
        InputStream in) {
    private static final int UNLIMITED = 400;
    private static final int ROWS = 24;

    /** One with nothing to read. */
    public Environment(
            Path root,
            Path workingDirectory,
            Map<String, String> variables,
            PrintStream out,
            PrintStream err,
            Terminal terminal,
            Clock clock) {
        this(root, workingDirectory, variables, out, err, terminal, clock, InputStream.nullInputStream());
    }

    /**
     * Asked of the shell, because finding it out in a JVM takes longer than most verbs.
     *
     * @param out whether a person sees stdout
     * @param err whether a person sees stderr
     */
    public record Terminal(boolean out, boolean err, int columns, int rows) {
        public static final Terminal NONE = new Terminal(false, false, UNLIMITED);

        public Terminal(boolean out, boolean err, int columns) {
            this(out, err, columns, ROWS);
        }

        static Terminal ofThisProcess() {
            return new Terminal(
                    Boolean.getBoolean("hq.terminal.out"),
                    Boolean.getBoolean("hq.terminal.err"),
                    Math.max(40, Integer.getInteger("hq.columns", UNLIMITED)),
                    Math.max(5, Integer.getInteger("hq.rows", ROWS)));
        }
    }

    public static Environment ofThisProcess() {
        Path here = Path.of("").toAbsolutePath();
        return new Environment(
                Path.of(System.getProperty("hq.root", here.toString())),
                here,
                System.getenv(),
                System.out,
                System.err,
                Terminal.ofThisProcess(),
                Clock.systemUTC(),
                System.in);
    }

    /** The same with one more variable. */
    public Environment with(String name, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(name, value);
        return new Environment(root, workingDirectory, Map.copyOf(more), out, err, terminal, clock, in);
    }

    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
