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
 * A real broker with all topics, and the mail sink, in a process of their own, one a test JVM; they and their files are
 * gone when the JVM is, however it ends.
 *
 * @param bootstrap what a Kafka client is given
 * @param smtpPort the port of the mail sink
 * @param sentMail the directory its {@code .eml} files appear in
 */
public record TestKafka(String bootstrap, int smtpPort, Path sentMail) {
    private static final int ATTEMPTS = 3;

    /** The broker of this JVM, started by the first call. */
    public static TestKafka shared() {
        return SharedState.once("kafka", TestKafka.class, TestKafka::startOnFreePorts);
    }

    private static TestKafka startOnFreePorts() {
        for (int attempt = 1; ; attempt++) {
            try {
                return start();
            } catch (IllegalStateException e) {
                // Another process may have taken a port between finding it and binding it.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static TestKafka start() {
        Path home = SharedState.serverDirectory("infra");
        int kafka = Ports.free();
        int controller = Ports.free();
        int smtp = Ports.free();
        Path log = home.resolve("hq-infra.log");
        // stdin is the leash of the java process; when that has ended its files go.
        List<String> words = new ArrayList<>(List.of(
                "sh", "-c", "exec 3<&0; \"$@\" <&3 & exec 3<&-; trap '' HUP INT; wait; rm -rf \"$HQ_HOME\"", "sh"));
        words.addAll(InfraMain.command(
                ProcessHandle.current().info().command().orElse("java"),
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path"))));
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("HQ_HOME", home.toString());
        builder.environment().put("HQ_KAFKA_PORT", Integer.toString(kafka));
        builder.environment().put("HQ_KAFKA_CONTROLLER_PORT", Integer.toString(controller));
        builder.environment().put("HQ_SMTP_PORT", Integer.toString(smtp));
        builder.environment().put("HQ_END_WITH_STDIN", "true");
        try {
            Process process = builder.start();
            Leash.tie(process);
            waitUntilReady(process, home, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestKafka("127.0.0.1:" + kafka, smtp, home.resolve("mail/sent"));
    }

    private static void waitUntilReady(Process process, Path home, Path log) throws IOException {
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
