package org.capitania.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.contract.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
    @TempDir
    Path directory;

    private Settings read(String yaml, Map<String, String> variables) throws IOException {
        Home home = new Home(directory);
        if (!yaml.isEmpty()) {
            Files.writeString(home.settings(), yaml);
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return SettingsFile.read(
                home,
                new Environment(
                        directory,
                        directory,
                        variables,
                        nowhere,
                        nowhere,
                        Environment.Terminal.NONE,
                        Clock.systemUTC()));
    }

    @Test
    void shouldHaveTheDocumentedPortsWithoutAFile() throws IOException {
        Settings settings = read("", Map.of());

        assertThat(settings.tenant()).isEqualTo("main");
        assertThat(settings.model()).isEqualTo("rehearsal");
        for (Service service : Service.values()) {
            assertThat(settings.port(Endpoint.of(service))).isEqualTo(service.defaultPort());
        }
        assertThat(settings.port(Endpoint.POSTGRES)).isEqualTo(15432);
        assertThat(settings.port(Endpoint.KAFKA)).isEqualTo(19092);
        assertThat(settings.port(Endpoint.SMTP)).isEqualTo(12525);
    }

    @Test
    void shouldWriteAFileThatMeansTheDefaults() throws IOException {
        Settings defaults = read("", Map.of());

        SettingsFile.createIfAbsent(new Home(directory));

        assertThat(read("", Map.of())).isEqualTo(defaults);
    }

    @Test
    void shouldLetTheEnvironmentWin() throws IOException {
        Settings settings = read(
                "ports:\n  graph-service: 9001\n  kafka: 9100\n",
                Map.of("HQ_GRAPH_SERVICE_PORT", "9002", "HQ_MODEL", "ollama"));

        assertThat(settings.port(Endpoint.of(Service.GRAPH_SERVICE))).isEqualTo(9002);
        assertThat(settings.port(Endpoint.KAFKA)).isEqualTo(9100);
        assertThat(settings.port(Endpoint.KAFKA_CONTROLLER))
                .as("one above Kafka's")
                .isEqualTo(9101);
        assertThat(settings.model()).isEqualTo("ollama");
    }

    @Test
    void shouldReadAMailbox() throws IOException {
        Settings settings =
                read("mail:\n  smtp: {host: smtp.example.org, port: 587, user: u, security: starttls}\n", Map.of());

        assertThat(settings.mail().smtp()).contains(new Settings.Server("smtp.example.org", 587, "u", "starttls"));
        assertThat(settings.mail().imap()).isEmpty();
    }

    @Test
    void shouldSayWhereAndWhatIsWrong() {
        assertWrong("prots: {}", "prots", "an unknown name", "ports");
        assertWrong("ports: {graph-service: many}", "ports.graph-service", "many", "1 to 65535");
        assertWrong("ports: {kafka: 70000}", "ports.kafka", "70000");
        assertWrong("model: gpt", "model", "gpt", "rehearsal");
        assertWrong("mail: {smtp: {port: 25}}", "mail.smtp.host");
        assertWrong("ports: [1, 2]", "ports", "names with values");
        assertWrong("tenant: main\n  model: x", "line 2");
        assertWrong("just a text", "the whole file");
    }

    private void assertWrong(String yaml, String... told) {
        assertThatThrownBy(() -> read(yaml, Map.of())).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.exitCode()).isEqualTo(1);
            assertThat(failure.message()).contains("config.yaml").contains(told);
        });
    }
}
