package org.capitania.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.cli.Failure;

/**
 * A process to start in a session of its own, so that neither the end of this command nor a Ctrl-C at its terminal reaches it.
 *
 * @param environment all variables it gets; nothing is inherited
 */
public record Spawn(List<String> command, Map<String, String> environment, Path directory, Path log) {

    public ProcessId start() {
        List<String> words = new ArrayList<>(detached());
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            long pid = builder.start().pid();
            return ProcessId.of(pid)
                    .orElseThrow(
                            () -> Failure.system("did_not_start", command.getFirst() + " ended at once: see " + log));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    /** The words that make the command after them a session leader under the same process id. */
    private static List<String> detached() {
        if (onPath("setsid")) {
            return List.of("setsid");
        }
        return onPath("perl")
                ? List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or die")
                : List.of("nohup");
    }

    private static boolean onPath(String tool) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(":")).anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
}
