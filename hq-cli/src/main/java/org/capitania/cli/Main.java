package org.capitania.cli;

import java.util.List;
import org.capitania.cli.text.Screen;
import picocli.CommandLine;

/** The {@code hq} command behind the script of that name. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Environment.ofThisProcess(), args));
    }

    /** Runs one command; its exit code is 0 done, 1 the caller's fault, 2 the system's fault, 3 not found. */
    public static int run(Environment environment, String... args) {
        List<String> arguments = Commands.sorted(args);
        CommandLine commands = Commands.forArguments(environment, arguments);
        commands.setParameterExceptionHandler((e, given) -> wrongUse(environment, e));
        commands.setExecutionExceptionHandler((e, command, parsed) -> new Printer(environment, false)
                .print(
                        command.getCommandName(),
                        e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e),
                        null));
        return commands.execute(arguments.toArray(String[]::new));
    }

    private static int wrongUse(Environment environment, CommandLine.ParameterException e) {
        Screen err = Printer.err(environment);
        String[] lines = String.valueOf(e.getMessage()).split("\\R", 2);
        err.line(err.paint(Screen.Style.BAD, "hq: ") + lines[0]);
        CommandLine.UnmatchedArgumentException.printSuggestions(e, new java.io.PrintWriter(environment.err(), true));
        err.line(err.paint(
                Screen.Style.DIM, "    " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help shows how"));
        err.flush();
        return Failure.CALLER;
    }
}
