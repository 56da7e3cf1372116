package org.capitania.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.capitania.cli.Environment;
import org.capitania.cli.Failure;
import org.capitania.cli.home.Endpoint;
import org.capitania.cli.home.Home;
import org.capitania.cli.home.SettingsFile;
import org.capitania.contract.Service;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFleetTest {
    @TempDir
    Path directory;

    private final Map<String, String> variables = new HashMap<>();

    private Environment environment() {
        Endpoint.all().forEach(endpoint -> variables.putIfAbsent(endpoint.variable(), Integer.toString(Ports.free())));
        variables.put("HQ_HOME", directory.resolve("home").toString());
        variables.put("HQ_MIN_MEMORY_MB", "0");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Environment(
                directory,
                directory,
                Map.copyOf(variables),
                nowhere,
                nowhere,
                Environment.Terminal.NONE,
                Clock.systemUTC());
    }

    @Test
    void shouldMakeAHomeWhoseSecretsAreClosed() throws IOException {
        LocalFleet fleet = LocalFleet.prepare(environment());
        fleet.secrets().database();

        Home home = fleet.home();
        assertThat(home.settings()).exists();
        assertThat(home.mailInbox()).isDirectory();
        for (Path secret : new Path[] {
            home.ownerKey(),
            home.secrets().resolve("database.json"),
            home.keys("agent-chief").resolve("agent_chief.jwk")
        }) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.keys())))
                .isEqualTo("rwx------");
    }

    /** Stopped first, it does not take the stop of the others for an incident that an agent has to look at. */
    @Test
    void shouldStopTheWatchdogBeforeAnyOther() {
        assertThat(LocalFleet.prepare(environment()).services().getLast().name())
                .isEqualTo(Service.WATCHDOG.wireName());
    }

    @Test
    void shouldKeepPasswordsWhenItIsPreparedAgain() {
        Secrets.Database first = LocalFleet.prepare(environment()).secrets().database();

        assertThat(LocalFleet.prepare(environment()).secrets().database()).isEqualTo(first);
        assertThat(first.password("graph_owner")).isNotEqualTo(first.password("graph"));
    }

    @Test
    void shouldGiveEachCredentialToThoseAloneWhoUseIt() throws IOException {
        variables.put("ANTHROPIC_API_KEY", "sk-test-anthropic");
        variables.put("HQ_MAIL_PASSWORD", "mail-secret");
        variables.put("VOYAGE_API_KEY", "pa-secret");
        variables.put("BRAVE_API_KEY", "brave-secret");
        variables.put("SOMETHING_ELSE", "of the owner's shell");
        Environment environment = environment();
        Home home = Home.of(environment);
        home.create();
        Files.writeString(home.settings(), "mail:\n  imap: {host: imap.example.org, user: u}\n");
        ProcessEnvironment environments = new ProcessEnvironment(
                environment, home, SettingsFile.read(home, environment), new Secrets(home, environment));

        for (Service service : Service.values()) {
            Map<String, String> given = environments.of(service);
            assertThat(given.containsValue("sk-test-anthropic"))
                    .as(service.wireName())
                    .isEqualTo(service == Service.TOOL_REGISTRY);
            assertThat("brave-secret".equals(given.get("HQ_WEB_SEARCH_BRAVE_API_KEY")))
                    .as(service.wireName())
                    .isEqualTo(service == Service.TOOL_REGISTRY);
            assertThat(given.containsValue("mail-secret"))
                    .as(service.wireName())
                    .isEqualTo(service == Service.TOOL_REGISTRY || service == Service.INGEST_WORKERS);
            assertThat(given.containsValue("pa-secret"))
                    .as(service.wireName())
                    .isEqualTo(service == Service.GRAPH_SERVICE
                            || service == Service.INGEST_WORKERS
                            || service == Service.TOOL_REGISTRY);
            assertThat(given).doesNotContainKey("SOMETHING_ELSE").containsEntry("HQ_TENANTS", "main");
            assertThat(given.get("HQ_IDENTITY_KEYS")).endsWith("keys/" + service.wireName());
        }
        assertThat(environments.ofInfra().values()).noneMatch(value -> value.contains("secret"));
        assertThat(environments.of(Service.AGENT_CHIEF)).containsEntry("HQ_MODEL", "rehearsal");
        assertThat(environments.of(Service.SUPERVISOR))
                .as("starts agents as this command does")
                .containsEntry(
                        "HQ_PLATFORM_LAUNCHER", environment.root().resolve("hq").toString())
                .containsEntry("HQ_PLATFORM_KIND", "local")
                .containsEntry("HQ_MODEL", "rehearsal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSTGRES", "KAFKA", "KAFKA_CONTROLLER", "SMTP", "GRAPH_SERVICE", "APPROVAL_SERVICE"})
    void shouldRefuseInOneLineWhenAPortIsTaken(String name) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            variables.put("HQ_" + name + "_PORT", Integer.toString(taken.getLocalPort()));
            Environment environment = environment();
            LocalFleet fleet = LocalFleet.prepare(environment);

            assertThatThrownBy(() -> new Preflight(fleet, environment).check())
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.exitCode()).isEqualTo(2);
                        assertThat(failure.message().lines()).hasSize(1);
                        assertThat(failure.message())
                                .contains(
                                        Integer.toString(taken.getLocalPort()), "HQ_" + name + "_PORT", "config.yaml");
                    });
        }
    }

    @Test
    void shouldRefuseWhenMemoryIsShort() {
        variables.put("HQ_MIN_MEMORY_MB", "100000000");
        Environment environment = environment().with("HQ_MIN_MEMORY_MB", "100000000");
        LocalFleet fleet = LocalFleet.prepare(environment);

        assertThatThrownBy(() -> new Preflight(fleet, environment).check())
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo("memory_short"));
    }

    @Test
    void shouldRefuseWhenTheDiskIsNearlyFull() {
        Environment environment = environment().with("HQ_MIN_DISK_MB", "900000000000");
        LocalFleet fleet = LocalFleet.prepare(environment);

        assertThatThrownBy(() -> new Preflight(fleet, environment).check())
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo("disk_short");
                    assertThat(failure.exitCode()).isEqualTo(2);
                    assertThat(failure.message().lines()).hasSize(1);
                });
    }

    @Test
    void shouldBlameTheCallerWhenALimitIsNoNumber() {
        Environment environment = environment().with("HQ_MIN_MEMORY_MB", "plenty");
        LocalFleet fleet = LocalFleet.prepare(environment);

        assertThatThrownBy(() -> new Preflight(fleet, environment).check())
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(1));
    }

    @Test
    void shouldRefuseAModelWithoutItsKey() {
        Environment environment = environment().with("HQ_MODEL", "anthropic");
        LocalFleet fleet = LocalFleet.prepare(environment);

        assertThatThrownBy(() -> new Preflight(fleet, environment).check())
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.message()).contains("ANTHROPIC_API_KEY"));
    }

    @Test
    void shouldRefuseOnePortForTwo() {
        variables.put("HQ_SUPERVISOR_PORT", "9999");
        variables.put("HQ_WATCHDOG_PORT", "9999");
        Environment environment = environment();
        LocalFleet fleet = LocalFleet.prepare(environment);

        assertThatThrownBy(() -> new Preflight(fleet, environment).check())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.message()).contains("9999", "supervisor", "watchdog"));
    }

    @Test
    void shouldLetOneCommandAtATimeStartAndStop() {
        Home home = Home.of(environment());
        try (FleetLock _ = FleetLock.take(home)) {
            assertThatThrownBy(() -> FleetLock.take(home)).isInstanceOf(RuntimeException.class);
        }
        FleetLock.take(home).close();
    }
}
