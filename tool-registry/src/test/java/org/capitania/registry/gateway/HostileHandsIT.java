package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.curation.Reach;
import org.capitania.registry.files.FileRoom;
import org.capitania.registry.gateway.HostileCalls.Hostile;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.Soak;
import org.capitania.testkit.TestTokens;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model that means harm has files, pages and commands in its hands: nothing is written, read or asked beyond what its role may. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class HostileHandsIT {
    private static final String[] HANDS = {
        "file_read", "file_grep", "file_glob", "file_edit", "file_write", "web_fetch", "web_search", "shell"
    };
    private static final String SECRET = "the owner's key";
    private static final List<String> WORDS = List.of(
            "..",
            "../../keys",
            "/etc/passwd",
            "outputs/../../canary",
            "agents/operator/CLAUDE.md",
            "outputs/briefs/x.md",
            "outputs/briefs/\u202Ex",
            "outputs/link/secret.md",
            "-exec",
            "--output=x",
            "$(id)",
            ";",
            "|",
            "&&",
            "HEAD:.env",
            "outputs/contracts/x.md",
            "wiki",
            "outputs",
            "*",
            "**",
            "~",
            "CON",
            "a\u0000b",
            "file:///etc/passwd");

    @Inject
    Sql sql;

    @Inject
    Catalogue catalogue;

    @Inject
    Reach reach;

    @Inject
    FileRoom room;

    /** What leads to a server of our own, on a port that pages are asked on. */
    private static final List<String> INSIDE = List.of(
            "127.0.0.1",
            "localhost",
            "[::1]",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "127.0.0.2");

    @ConfigProperty(name = "hq.test.provider-port")
    int port;

    private FakePeers peers;
    private Path home;
    private Set<String> before;

    @BeforeEach
    void setTheTraps() throws IOException {
        peers = FakePeers.listen();
        new FakeGraph(peers);
        assertThat(new FakeApprovals(peers).reports("none")).isEmpty();
        FakeProvider.reset();
        Fleet.curate("chief", HANDS);
        Fleet.curate("operator", HANDS);
        Path files = room.directory(TestTokens.TENANT);
        home = Objects.requireNonNull(files.getParent()).resolveSibling(".");
        Path outside = Files.createDirectories(home.resolve("trap"));
        Files.writeString(outside.resolve("secret.md"), SECRET);
        Files.createDirectories(files.resolve("outputs"));
        Files.deleteIfExists(files.resolve("outputs/link"));
        Files.createSymbolicLink(files.resolve("outputs/link"), outside);
        before = outside();
    }

    @AfterEach
    void lookAtEverySink() throws IOException {
        peers.close();
        assertThat(outside()).as("what is beside the company's files").isEqualTo(before);
        assertThat(home.resolve("trap/secret.md")).hasContent(SECRET);
        assertThat(FakeProvider.requests()).as("requests into our own network").isEmpty();
        sql.run(Scope.of(TestTokens.TENANT, "system:tool-registry", "test"), tx -> {
            tx.query("SELECT path, written_by FROM files WHERE starts_with(written_by, 'agent:')")
                    .forEach(row -> assertThat(reach.objection(
                                    row.getString("written_by").substring("agent:".length()),
                                    true,
                                    Json.tree(Map.of("path", row.getString("path")))))
                            .as(row.getString("path"))
                            .isEmpty());
            assertThat(tx.one("SELECT count(*)::int AS n FROM calls WHERE output::text LIKE '%' || $1 || '%'", SECRET)
                            .orElseThrow()
                            .getInteger("n"))
                    .as("answers with the secret")
                    .isZero();
        });
    }

    @Test
    void shouldHoldWhenArgumentsAreFuzzed() {
        long seed = Long.getLong("hq.seed", 7302L);
        Random random = new Random(seed);
        HostileCalls calls = new HostileCalls(random, examples());
        Map<String, Integer> outcomes = new TreeMap<>();
        for (String role : List.of("chief", "operator")) {
            Fleet.Run run = Fleet.wake(role);
            boolean read = false;
            for (int i = 0; i < Soak.count(120, 10_000); i++) {
                Hostile call = calls.next();
                if (call.tool().equals("web_fetch") && read) {
                    // In a task that has read nothing: one that has asks no address at all, however it is spelled.
                    run = Fleet.wake(role);
                    read = false;
                }
                JsonNode arguments = i % 2 == 0 ? call.arguments() : worded(call.arguments(), random);
                Response response = run.raw(call.tool(), run.nextCall(), arguments);
                assertThat(response.statusCode())
                        .as("seed %d, call %d: %s %s", seed, i, call.tool(), arguments)
                        .isIn(200, 400, 404, 413);
                String outcome = outcome(response);
                read |= outcome.equals("done");
                outcomes.merge(outcome, 1, Integer::sum);
            }
        }
        assertThat(outcomes)
                .as("addresses that got as far as being looked at: %s", outcomes)
                .hasEntrySatisfying(
                        "no public address", times -> assertThat(times).isGreaterThan(5));
        Map<String, Object> figures = new TreeMap<>(outcomes);
        figures.put("seed", seed);
        Soak.report(
                "hostile-hands",
                "Fuzzed calls of the tools for files, pages and commands by both agents; nothing beside the company's files was read or"
                        + " written, no request reached our own network, and no answer had the secret. Calls by how they ended:",
                figures);
    }

    /** How a call ended, in few words. */
    private static String outcome(Response response) {
        if (response.statusCode() != 200) {
            return "http " + response.statusCode();
        }
        ToolResult result = Json.read(response.asString(), ToolResult.class);
        if (result.error() == null) {
            return result.status().name().toLowerCase(Locale.ROOT);
        }
        return result.error().message().contains("not on the public internet")
                ? "no public address"
                : result.error().code();
    }

    @Test
    void shouldRefuseWhenTheCallIsScripted() {
        String here = "http://127.0.0.1:" + port + "/";
        for (String role : List.of("chief", "operator")) {
            Fleet.Run run = Fleet.wake(role);
            for (String path :
                    List.of("agents/other/../../trap/x", "outputs/link/x.md", "/tmp/x", "keys/x", "../trap/x")) {
                refused(run, "file_write", Map.of("path", path, "content", "x"));
                refused(run, "file_read", Map.of("path", path));
            }
            for (String url : List.of(
                    here, "http://localhost/", "http://169.254.169.254/latest", "http://[::1]/", "http://0x7f.1/")) {
                refused(run, "web_fetch", Map.of("url", url));
            }
            refused(run, "shell", Map.of("argv", List.of("cat", "/etc/passwd"), "directory", "outputs"));
            refused(run, "shell", Map.of("argv", List.of("head", "link/secret.md"), "directory", "outputs"));
        }
    }

    /** One text among the arguments becomes a hostile one. */
    private static JsonNode worded(JsonNode arguments, Random random) {
        if (!(arguments.deepCopy() instanceof ObjectNode object) || object.isEmpty()) {
            return arguments;
        }
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        String word = WORDS.get(random.nextInt(WORDS.size()));
        if (object.path(name).isArray()) {
            object.withArray("/" + name.replace("~", "~0").replace("/", "~1")).add(word);
        } else {
            object.put(name, word);
        }
        return object;
    }

    private List<Hostile> examples() {
        List<Hostile> all = new ArrayList<>();
        for (String name : HANDS) {
            catalogue.find(name).orElseThrow().examples().forEach(example -> {
                if (example.has("url")) {
                    INSIDE.forEach(host ->
                            all.add(new Hostile(name, Json.tree(Map.of("url", "http://" + host + ":" + port + "/")))));
                } else {
                    all.add(new Hostile(name, example.deepCopy()));
                }
            });
        }
        return all;
    }

    private static void refused(Fleet.Run run, String tool, Map<String, Object> arguments) {
        ToolResult result = run.call(tool, arguments);
        assertThat(result.status()).as("%s %s: %s", tool, arguments, result).isEqualTo(CallStatus.REFUSED);
    }

    /** The names of everything beside the company's files, three directories deep. */
    private Set<String> outside() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.walk(home, 3)) {
            all.map(path -> home.relativize(path).toString())
                    .filter(name -> name.startsWith("trap"))
                    .forEach(names::add);
        }
        try (Stream<Path> all = Files.list(home)) {
            all.forEach(path -> names.add(path.getFileName().toString()));
        }
        return names;
    }
}
