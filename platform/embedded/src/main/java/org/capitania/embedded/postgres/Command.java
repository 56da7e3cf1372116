package org.capitania.embedded.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.embedded.MachineProblem;
import org.jspecify.annotations.Nullable;

/** One run of a command to its end. */
final class Command {
    private Command() {}

    /**
     * How a command ended.
     *
     * @param output what it wrote to stdout and stderr
     */
    record Result(int exit, String output) {
        /** The last line that says something. */
        String lastLine() {
            List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty() ? "exit " + exit : lines.getLast().strip();
        }

        /** The first line that names an error, else the last line. */
        String errorLine() {
            return output.lines()
                    .filter(line -> line.contains("error:") || line.contains("FATAL") || line.contains("could not"))
                    .findFirst()
                    .map(String::strip)
                    .orElseGet(this::lastLine);
        }
    }

    /** A command with an almost empty environment: our secrets and a person's PG* settings are not for the server. */
    static ProcessBuilder builder(List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "LANG", "TMPDIR", "TZ"));
        return builder;
    }

    /** Runs to the end; the output goes through a file, so that a daemon which keeps it open does not hold us. */
    static Result run(List<String> words, Path workingDir) {
        return run(words, workingDir, null);
    }

    /** The same with something to read on stdin. */
    static Result run(List<String> words, Path workingDir, @Nullable InputStream stdin) {
        try {
            Path output = Files.createTempFile("capitania", ".out");
            try {
                Process process = builder(words)
                        .directory(workingDir.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                try (OutputStream out = process.getOutputStream()) {
                    if (stdin != null) {
                        stdin.transferTo(out);
                    }
                }
                int exit = process.waitFor();
                return new Result(exit, new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START,
                    "cannot run " + words.stream().limit(6).collect(Collectors.joining(" ")) + ": " + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START, "interrupted while " + words.getFirst() + " ran", e);
        }
    }
}
