package org.capitania.embedded.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.kafka.EmbeddedKafka;
import org.capitania.embedded.smtp.SmtpSink;

/**
 * The {@code hq-infra} process: Kafka and the mail sink in one JVM, until SIGTERM. Configured by {@code HQ_HOME}, {@code
 * HQ_KAFKA_PORT}, {@code HQ_KAFKA_CONTROLLER_PORT} (default: one above), {@code HQ_SMTP_PORT}; with {@code
 * HQ_END_WITH_STDIN=true} it also ends when its stdin does. Once both accept connections, {@code
 * $HQ_HOME/run/hq-infra.ready} exists. Exit 2 and one line on stderr when it cannot start.
 */
public final class InfraMain {
    /** How its JVM is to be started: small, quiet, and enough for a broker of one small company. */
    public static final List<String> JVM_OPTIONS = List.of(
            "-Xmx192m",
            // What survives is small: a pause is short when little is new. With the default each took 15 to 45 ms.
            "-Xmn8m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * On the class path of tests and benchmarks, where the broker's messages go to this log manager whether or not it is the machine's:
     * then it has no levels, and each of a trace that nobody reads is written out.
     */
    private static final String OTHER_LOGS = "org/jboss/logmanager/LogManager.class";

    private InfraMain() {}

    /** The words that start it. */
    public static List<String> command(String java, String classPath) {
        List<String> words = new ArrayList<>();
        words.add(java);
        words.addAll(JVM_OPTIONS);
        if (InfraMain.class.getClassLoader().getResource(OTHER_LOGS) != null) {
            words.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        }
        words.addAll(List.of("-cp", classPath, InfraMain.class.getName()));
        return words;
    }

    public static void main(String[] args) throws InterruptedException {
        InfraLog.configure();
        try {
            run(InfraSettings.from(System.getenv()));
        } catch (MachineProblem e) {
            System.err.println("hq-infra: " + e.line());
            System.exit(MachineProblem.EXIT_CODE);
        }
    }

    private static void run(InfraSettings settings) throws InterruptedException {
        ReadyFile ready = new ReadyFile(settings.home().resolve("run/hq-infra.ready"));
        ready.remove();
        EmbeddedKafka kafka = new EmbeddedKafka(
                settings.home().resolve("kafka"), settings.kafkaPort(), settings.kafkaControllerPort());
        SmtpSink smtp = new SmtpSink(settings.home().resolve("mail/sent"), settings.smtpPort());
        smtp.start();
        kafka.start();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            ready.remove();
                            smtp.close();
                            kafka.close();
                            stopped.countDown();
                        },
                        "hq-infra-stop"));
        ready.write(Map.of(
                "pid", ProcessHandle.current().pid(),
                "kafka", settings.kafkaPort(),
                "smtp", settings.smtpPort()));
        System.out.println(
                "hq-infra: ready, Kafka on " + kafka.bootstrap() + ", mail sink on 127.0.0.1:" + smtp.port());
        if (settings.endWithStdin()) {
            waitForEndOfStdin();
            System.exit(0);
        }
        stopped.await();
    }

    private static void waitForEndOfStdin() {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("hq-infra: stdin failed, stopping: " + e.getMessage());
        }
    }

    /** Where the process keeps its files: for callers that wait for it. */
    public static Path readyFile(Path home) {
        return home.resolve("run/hq-infra.ready");
    }
}
