package org.capitania.testkit;

import java.nio.file.Path;
import org.capitania.contract.Json;

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
        InfraProcess infra = InfraProcess.in(SharedState.serverDirectory("infra"));
        leashed(infra);
        return infra.kafka();
    }

    private static Process leashed(InfraProcess infra) {
        // stdin is the leash of the java process; when that has ended its files go.
        return infra.start(
                "sh", "-c", "exec 3<&0; \"$@\" <&3 & exec 3<&-; trap '' HUP INT; wait; rm -rf \"$HQ_HOME\"", "sh");
    }

    /** A broker of one test's own, for a store of its own; whoever asks for the shared one is given it until it is closed. */
    public static AutoCloseable own() {
        InfraProcess infra = InfraProcess.in(SharedState.serverDirectory("infra"));
        Process process = leashed(infra);
        String before = SharedState.swap("kafka", Json.write(infra.kafka()));
        return () -> {
            SharedState.swap("kafka", before);
            process.getOutputStream().close();
        };
    }
}
