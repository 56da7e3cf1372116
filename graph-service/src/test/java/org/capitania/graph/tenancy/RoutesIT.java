package org.capitania.graph.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.contract.Json;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

/** Every route that the service says it has, asked by a stranger for what is another tenant's: nothing comes, nothing changes. */
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class RoutesIT {
    /** A stranger in each of the roles that some command is reserved for. */
    private static final List<GraphApi> STRANGERS = List.of(
            Veiled.STRANGER,
            new GraphApi("worker:embed_worker", "other"),
            new GraphApi("system:tool-registry", "other"));

    private record Operation(String method, String path, List<String> query) {
        String name() {
            return method.toUpperCase(Locale.ROOT) + " " + path;
        }
    }

    @Test
    void shouldShowAndChangeNothingOfATenantWhenAStrangerAsksByAnyRoute() throws Exception {
        // Given
        Veiled veiled = Veiled.make();
        List<Operation> operations = operations();
        Map<String, String> before = veiled.digests();
        // When
        int asked = 0;
        for (Operation operation : operations) {
            for (GraphApi stranger : operation.method().equals("get") ? List.of(Veiled.STRANGER) : STRANGERS) {
                for (String uri : uris(operation, veiled)) {
                    for (String body : bodies(operation, veiled)) {
                        veiled.assertNotIn(
                                ask(stranger, operation, uri, body), operation.method() + " " + uri + " " + body);
                        asked++;
                    }
                }
            }
        }
        // Then
        assertThat(veiled.digests()).isEqualTo(before);
        assertThat(asked).isGreaterThan(operations.size());
        // And the same questions show it to its owner, so that they could have shown it.
        Set<String> showing = new TreeSet<>();
        for (Operation operation : operations) {
            if (operation.method().equals("get") || operation.path().equals("/v1/search")) {
                for (String uri : uris(operation, veiled)) {
                    for (String body : bodies(operation, veiled)) {
                        if (ask(OWNER, operation, uri, body).contains(veiled.word())) {
                            showing.add(operation.name());
                        }
                    }
                }
            }
        }
        assertThat(showing)
                .contains(
                        "GET /v1/gaps/{name}",
                        "GET /v1/node-pages",
                        "GET /v1/nodes",
                        "GET /v1/nodes/{ref}",
                        "GET /v1/nodes/{ref}/history",
                        "GET /v1/timeline",
                        "GET /v1/types",
                        "POST /v1/search");
    }

    private static List<Operation> operations() {
        JsonNode paths = Json.read(
                        OWNER.request()
                                .queryParam("format", "json")
                                .get("/q/openapi")
                                .asString(),
                        JsonNode.class)
                .path("paths");
        List<Operation> all = new ArrayList<>();
        paths.properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    List<String> query = new ArrayList<>();
                    for (JsonNode parameter : operation.getValue().path("parameters")) {
                        if (parameter.path("in").asText().equals("query")) {
                            query.add(parameter.path("name").asText());
                        }
                    }
                    all.add(new Operation(operation.getKey(), path.getKey(), query));
                }));
        assertThat(all).extracting(Operation::name).contains("POST /v1/mutations", "GET /v1/nodes/{ref}");
        return all;
    }

    private static String ask(GraphApi who, Operation operation, String uri, String body) {
        var request = who.request().urlEncodingEnabled(false);
        if (operation.path().equals("/v1/load")) {
            request = request.header("Idempotency-Key", GraphApi.unique("veiled"));
        }
        return (body.isEmpty() ? request : request.body(body))
                .request(operation.method().toUpperCase(Locale.ROOT), uri)
                .asString();
    }

    /** The path with each thing that may stand for its parameter, and each of its query parameters. */
    private static List<String> uris(Operation operation, Veiled veiled) {
        List<String> paths = new ArrayList<>();
        int open = operation.path().indexOf('{');
        if (open < 0) {
            paths.add(operation.path());
        } else {
            String parameter = operation.path().substring(open, operation.path().indexOf('}') + 1);
            for (String value : inPath(operation.path(), parameter, veiled)) {
                paths.add(operation.path().replace(parameter, value));
            }
        }
        List<String> uris = new ArrayList<>();
        for (String path : paths) {
            String about = operation.query().contains("about")
                    ? "?about=" + veiled.slugs().getFirst()
                    : "";
            uris.add(path + about);
            for (String name : operation.query()) {
                uris.add(path + (about.isEmpty() ? "?" : about + "&") + name + "=" + inQuery(operation, name, veiled));
            }
        }
        return uris;
    }

    private static List<String> inPath(String path, String parameter, Veiled veiled) {
        return switch (parameter) {
            case "{ref}" -> {
                List<String> refs = new ArrayList<>(veiled.slugs());
                refs.addAll(veiled.ids().subList(0, 4));
                yield refs;
            }
            case "{key}" -> List.of(veiled.lantern());
            case "{name}" -> names(path.startsWith("/v1/gaps") ? "/v1/gaps" : "/v1/projections");
            default -> throw new AssertionError("what stands for " + parameter + " of " + path + "? Say it here.");
        };
    }

    private static List<String> names(String path) {
        List<String> names = new ArrayList<>();
        for (JsonNode item : OWNER.get(path, Map.of(), JsonNode.class).path("items")) {
            names.add(item.path("name").asText());
        }
        assertThat(names).as(path).isNotEmpty();
        return names;
    }

    private static String inQuery(Operation operation, String name, Veiled veiled) {
        return switch (name) {
            case "about" -> veiled.ids().getFirst();
            case "type" ->
                operation.path().endsWith("/edges")
                        ? "related_to"
                        : operation.path().endsWith("/duplicates") ? "contact" : "task";
            case "role" -> "operator";
            case "since" -> "2020-01-01T00:00:00Z";
            case "status" -> "open";
            case "priority" -> "now";
            case "tag" -> "veiled-tag";
            case "external_source" -> Veiled.SOURCE + "&external_id=" + veiled.lantern();
            case "external_id" -> veiled.lantern() + "&external_source=" + Veiled.SOURCE;
            case "producer" -> veiled.ids().getFirst();
            case "q" -> veiled.lantern();
            case "query" -> "tag%3Dveiled-tag";
            case "archived" -> "true";
            case "tainted" -> "false";
            case "direction" -> "out";
            case "limit" -> "200";
            case "after" -> operation.path().startsWith("/v1/nodes") ? "00000000-0000-0000-0000-000000000000" : "0";
            case "before", "at", "as_of", "valid_at" -> "2099-01-01T00:00:00Z";
            default -> throw new AssertionError("what may " + name + " of " + operation.name() + " be? Say it here.");
        };
    }

    private static List<String> bodies(Operation operation, Veiled veiled) {
        String id = veiled.ids().get(7);
        return switch (operation.name()) {
            case "POST /v1/mutations" -> mutations(veiled, id);
            case "POST /v1/load" ->
                List.of(id, "task-" + veiled.lantern(), "@" + veiled.lantern()).stream()
                        .map(
                                "{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}\n{\"op\": \"link\", \"type\": \"related_to\", \"from\": \"@t\", \"to\": \"%s\"}"
                                        ::formatted)
                        .toList();
            case "POST /v1/search" ->
                List.of(
                        "{\"query\": \"" + veiled.lantern() + "\"}",
                        "{\"query\": \"" + veiled.lantern() + "\", \"entity\": \""
                                + veiled.ids().getFirst() + "\"}");
            case "POST /v1/reconciliation/duplicates" ->
                List.of("{\"type\": \"entity\", \"limit\": 500}", "{\"type\": \"contact\", \"limit\": 500}");
            case "POST /v1/rollbacks" -> List.of("{\"mutation_id\": \"" + veiled.mutation() + "\"}");
            case "POST /v1/erasures" ->
                List.of(
                        "{\"person\": \"" + veiled.contact() + "\"}",
                        "{\"person\": \"contact-" + veiled.lantern() + "\"}");
            case "POST /v1/retention" -> List.of("{\"keep_days\": 30}");
            case "POST /v1/types" -> List.of("{\"kind\": \"node\", \"name\": \"contact\", \"schema\": {}}");
            case "POST /v1/events/replays" ->
                List.of("{\"topics\": [\"hq.graph.nodes\", \"hq.graph.edges\", \"hq.task\"]}");
            case "POST /v1/embeddings/work" ->
                List.of("{\"model\": \"tenancy\", \"dimensions\": 4, \"take_up\": true, \"limit\": 500}");
            case "PUT /v1/embeddings" ->
                List.of("{\"model\": \"tenancy\", \"vectors\": [], \"failures\": [{\"node_id\": \"" + id
                        + "\", \"error\": \"x\"}]}");
            // Answered on the container image, refused on the embedded server.
            case "POST /v1/cypher" ->
                List.of(
                        "{\"query\": \"MATCH (n) RETURN n\", \"limit\": 1000}",
                        "{\"query\": \"MATCH (n {id: $id})-[*0..2]-(m) RETURN n, m\", \"parameters\": {\"id\": \"" + id
                                + "\"}}");
            case "POST /v1/rebuild/check", "POST /v1/projections/{name}/refresh", "POST /v1/retention/removals" ->
                List.of("");
            default -> {
                if (!operation.method().equals("get")) {
                    throw new AssertionError("what would a stranger send to " + operation.name() + "? Say it here.");
                }
                yield List.of("");
            }
        };
    }

    private static List<String> mutations(Veiled veiled, String id) {
        Map<String, String> ops = new LinkedHashMap<>();
        ops.put("patch", "{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"done\"}");
        ops.put("archive", "{\"op\": \"archive\", \"id\": \"%s\"}");
        ops.put("retain", "{\"op\": \"retain\", \"id\": \"%s\"}");
        ops.put("supersede", "{\"op\": \"supersede\", \"id\": \"%s\", \"by\": \"@t\"}");
        ops.put(
                "producer",
                "{\"op\": \"create\", \"type\": \"task\", \"producer\": \"%1$s\", \"owner\": \"%1$s\", \"props\": {\"title\": \"T\"}}");
        ops.put("link", "{\"op\": \"link\", \"type\": \"related_to\", \"from\": \"@t\", \"to\": \"%s\"}");
        ops.put(
                "unlink",
                "{\"op\": \"unlink\", \"type\": \"related_to\", \"from\": \"%s\", \"to\": \"deep-" + veiled.lantern()
                        + "\"}");
        ops.put("merge", "{\"op\": \"merge\", \"id\": \"%s\", \"into\": \"@t\", \"proposal\": \"p\"}");
        List<String> batches = new ArrayList<>();
        for (String op : ops.values()) {
            for (String ref : List.of(id, "task-" + veiled.lantern())) {
                batches.add(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}, "
                                + op.formatted(ref) + "]}");
            }
        }
        batches.add("""
                {"ops": [{"op": "create", "type": "task", "if_absent": true, "slug": "task-%1$s", "external_source": "%2$s", "external_id": "%1$s", "props": {"title": "T"}}]}""".formatted(veiled.lantern(), Veiled.SOURCE));
        return batches;
    }
}
