package org.capitania.cli.completion;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.capitania.cli.Environment;
import org.capitania.cli.call.Api;
import org.capitania.cli.call.CallOptions;
import org.capitania.cli.call.Fleet;
import org.capitania.cli.text.Fields;
import org.capitania.cli.text.ShortIds;
import org.capitania.cli.tool.Definitions;
import org.capitania.cli.tool.ToolNames;
import org.capitania.contract.Service;
import org.jspecify.annotations.Nullable;

/** What the fleet knows that a word may mean: tools, roles, proposals, nodes. A fleet that does not answer at once knows nothing. */
final class Known implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST = 100;

    private final Fleet fleet;
    private final Api api;
    private @Nullable List<JsonNode> tools;

    Known(Environment environment) {
        fleet = Fleet.of(environment);
        api = new Api(fleet, CallOptions.NONE, PATIENCE);
    }

    /** The tools as they are now, or as they were last known. */
    List<JsonNode> tools() {
        List<JsonNode> now = tools;
        if (now == null) {
            now = fleet.isKnown() ? ask(() -> Definitions.of(api)).orElseGet(() -> Definitions.kept(fleet)) : List.of();
            tools = now;
        }
        return now;
    }

    /** The nouns of the catalogue with what their tool is for, where one tool has all their verbs. */
    Map<String, String> nouns() {
        Map<String, String> nouns = new TreeMap<>();
        for (JsonNode tool : tools()) {
            String noun = ToolNames.noun(tool);
            boolean whole = ToolNames.isWhole(noun, Fields.text(tool, "name"));
            nouns.putIfAbsent(noun, whole ? Fields.text(tool, "description").split("\\. ", 2)[0] : "");
        }
        return nouns;
    }

    /** What a parameter of this name may be, with what each means. */
    Map<String, String> named(String label) {
        return switch (label) {
            case "ROLE", "agent", "driver", "loop", "to", "AGENT" -> roles();
            case "ID" -> proposals();
            case "GAP" -> list(Service.GRAPH_SERVICE, "/v1/gaps", gap -> Fields.text(gap, "name"), "description");
            case "TOOL", "tool" -> toolNames();
            case "REVIEW" ->
                list(Service.APPROVAL_SERVICE, "/v1/reviews", review -> Fields.text(review, "id"), "title");
            case "PRODUCER" -> nodes("producer");
            case "SLUG", "SLUG|UUID" -> nodes("entity,project,engagement,task,contact,conversation");
            case "TYPE" -> list(Service.GRAPH_SERVICE, "/v1/types", type -> Fields.text(type, "name"), "description");
            case "SERVICE" -> services();
            default -> Map.of();
        };
    }

    /** The newest nodes of types; of a type that there is not, none. */
    Map<String, String> nodes(String types) {
        return list(
                Service.GRAPH_SERVICE,
                "/v1/nodes?limit=" + MOST + "&type=" + Api.encode(types),
                node -> Fields.text(node, "slug"),
                "title");
    }

    private Map<String, String> roles() {
        return list(Service.SUPERVISOR, "/v1/agents", agent -> Fields.text(agent, "role"), "state");
    }

    private Map<String, String> proposals() {
        return list(
                Service.APPROVAL_SERVICE,
                "/v1/proposals?status=pending,stale,unknown&limit=" + MOST,
                proposal -> ShortIds.of(Fields.text(proposal, "id")),
                "summary");
    }

    private Map<String, String> toolNames() {
        Map<String, String> names = new LinkedHashMap<>();
        tools().forEach(tool -> names.put(
                Fields.text(tool, "name"), Fields.text(tool, "description").split("\\. ", 2)[0]));
        return names;
    }

    private static Map<String, String> services() {
        Map<String, String> names = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            names.put(service.wireName(), "");
        }
        return names;
    }

    private Map<String, String> list(Service service, String path, Function<JsonNode, String> word, String what) {
        if (!fleet.isKnown()) {
            return Map.of();
        }
        Map<String, String> words = new LinkedHashMap<>();
        ask(() -> api.get(service, path).body())
                .map(body -> body.has("nodes") ? body.path("nodes") : body)
                .ifPresent(items ->
                        Fields.items(items).forEach(item -> words.put(word.apply(item), Fields.text(item, what))));
        return words;
    }

    private static <T> Optional<T> ask(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (RuntimeException e) {
            // Nobody is told, whatever it is: a shell would show it in the middle of a word.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        api.close();
    }
}
