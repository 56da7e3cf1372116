package org.capitania.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.capitania.embedded.Leash;
import org.capitania.embedded.Ports;
import org.capitania.embedded.infra.InfraMain;

/**
 * How a broker and mail sink are started for a test; a second start in the same home goes on with what the first has stored.
 *
 * @param home the directory of its files and of its log
 */
record InfraProcess(Path home, int kafkaPort, int controllerPort, int smtpPort) {
    static InfraProcess in(Path home) {
        return new InfraProcess(home, Ports.free(), Ports.free(), Ports.free());
    }

    TestKafka kafka() {
        return new TestKafka("127.0.0.1:" + kafkaPort, smtpPort, home.resolve("mail/sent"));
    }

    /**
     * Starts it and returns when it is ready; it ends with this JVM.
     *
     * @param wrapper the words of a command that is given java and its arguments; none to start java itself
     */
    Process start(String... wrapper) {
        Path log = home.resolve("hq-infra.log");
        List<String> words = new ArrayList<>(List.of(wrapper));
        words.addAll(InfraMain.command(
                ProcessHandle.current().info().command().orElse("java"),
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"))));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("HQ_HOME", home.toString());
        builder.environment().put("HQ_KAFKA_PORT", Integer.toString(kafkaPort));
        builder.environment().put("HQ_KAFKA_CONTROLLER_PORT", Integer.toString(controllerPort));
        builder.environment().put("HQ_SMTP_PORT", Integer.toString(smtpPort));
        builder.environment().put("HQ_END_WITH_STDIN", "true");
        try {
            // One that was killed has left it.
            Files.deleteIfExists(InfraMain.readyFile(home));
            Process process = builder.start();
            Leash.tie(process);
            waitUntilReady(process, log);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void waitUntilReady(Process process, Path log) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!Files.exists(InfraMain.readyFile(home))) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroy();
                throw new IllegalStateException(
                        "hq-infra did not start: " + (Files.exists(log) ? Files.readString(log) : "no log"));
            }
            LockSupport.parkNanos(20_000_000L);
        }
    }
}
