package org.capitania.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.capitania.contract.Topics;
import org.junit.jupiter.api.Test;

class SharedInfraIT {

    /** What a test JVM does that is then killed: starts everything and says where it is. */
    static final class Victim {
        public static void main(String[] args) throws Exception {
            TestPostgres postgres = TestPostgres.shared();
            TestKafka kafka = TestKafka.shared();
            Path keys = TestKeys.shared().directory();
            System.out.println(postgres.port() + " "
                    + URI.create("tcp://" + kafka.bootstrap()).getPort() + " " + kafka.sentMail() + " " + keys);
            System.in.read();
        }
    }

    @Test
    void shouldGiveAServiceWhatItNeeds() throws Exception {
        FleetInfra infra = new FleetInfra();
        infra.init(Map.of("service", "graph-service"));
        Map<String, String> config = infra.start();
        try (Connection c = TestPostgres.shared().connectAs("graph")) {
            assertThat(c.isValid(1)).isTrue();
        }
        assertThat(config.get("hq.db.password")).isEqualTo(TestPostgres.shared().password("graph"));
        assertThat(Path.of(config.get("hq.identity.keys")).toFile().list()).containsExactly("system_graph-service.jwk");
        assertThat(config.get("hq.peers.supervisor.url")).isEqualTo("http://127.0.0.1:" + FakePeers.port());
        infra.stop();
    }

    @Test
    void shouldGiveAnEmptyDatabaseOnRequest() throws Exception {
        TestPostgres fresh = TestPostgres.shared().freshDatabase();
        assertThat(fresh.database()).isNotEqualTo(TestPostgres.shared().database());
        try (Connection c = fresh.connectAs("ledger_owner");
                var statement = c.createStatement()) {
            statement.execute("CREATE TABLE t (v vector(3))");
        }
    }

    @Test
    void shouldTailWhatIsPublishedFromNowOnInTheOrderOfItsKey() {
        Events.publish("email.received", "k", Map.of("n", 0));
        try (EventTail tail = EventTail.fromNow(Topics.of("email.received"))) {
            for (int n = 1; n <= 20; n++) {
                Events.publish("email.received", "k", Map.of("n", n));
            }
            assertThat(tail.awaitCount(20, "email.received", e -> e.key().equals("k")))
                    .extracting(e -> e.data().path("n").asInt())
                    .isSorted()
                    .startsWith(1)
                    .hasSize(20);
        }
        try (EventTail all = EventTail.fromStart(Topics.of("email.received"))) {
            assertThat(all.await("email.received", e -> e.data().path("n").asInt() == 0)
                            .tenant())
                    .isEqualTo("main");
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenTheTestJvmIsKilled() throws Exception {
        // Given a test JVM that started everything
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> said;
        try (BufferedReader out = jvm.inputReader()) {
            String line = out.readLine();
            said = Arrays.asList(line.split(" "));
            assertThat(said).hasSize(4);

            // When it is killed
            jvm.destroyForcibly().waitFor();
        }

        // Then its servers end and their files go
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(listening()).doesNotContain(said.get(0), said.get(1));
            assertThat(Path.of(said.get(2))).doesNotExist();
            assertThat(Path.of(said.get(3))).doesNotExist();
        });
    }

    private static List<String> listening() throws Exception {
        try (Stream<String> lines =
                Stream.concat(Files.lines(Path.of("/proc/net/tcp")), Files.lines(Path.of("/proc/net/tcp6")))) {
            return lines.map(line -> line.strip().split(" +"))
                    .filter(fields -> fields.length > 3 && fields[3].equals("0A"))
                    .map(fields ->
                            Integer.toString(Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16)))
                    .toList();
        }
    }
}
