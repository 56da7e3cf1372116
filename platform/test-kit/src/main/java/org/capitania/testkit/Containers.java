package org.capitania.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.capitania.embedded.Leash;

/** Whether tests run on containers ({@code -Pcontainers}), and how one ends. */
final class Containers {
    private Containers() {}

    static boolean wanted() {
        return Boolean.getBoolean("hq.test.containers");
    }

    /** Makes the client speak the engine's version of its protocol where it is older than the client's own. */
    static void speakAsTheEngineDoes() {
        if (System.getProperty("api.version") == null) {
            String version = docker("version", "--format", "{{.Server.APIVersion}}");
            if (!version.isEmpty()) {
                System.setProperty("api.version", version);
            }
        }
    }

    /** Removes the container with its volumes when this JVM is gone, also by SIGKILL. */
    static void endWithThisProcess(String id) {
        try {
            Leash.tie(new ProcessBuilder("setsid", "sh", "-c", "cat >/dev/null; docker rm -f -v \"$1\"", "sh", id)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What docker says to these words; fails when it fails. */
    static String docker(String... words) {
        try {
            List<String> command = new java.util.ArrayList<>(List.of("docker"));
            command.addAll(List.of(words));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException("-Pcontainers needs Docker", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
