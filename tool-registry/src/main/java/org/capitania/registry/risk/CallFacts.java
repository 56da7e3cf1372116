package org.capitania.registry.risk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.catalogue.NodeForm;
import org.capitania.registry.freezing.VisibleText;
import org.capitania.registry.graph.Contracts;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.TenantTypes;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.TextChange;
import org.capitania.registry.secrets.Scrubber;
import org.jspecify.annotations.Nullable;

/** The facts of one call, read from the graph when first asked for. */
final class CallFacts implements Facts {
    private static final Pattern AGENT_PATH =
            Pattern.compile("(?:^|/)(?:agents|workspaces(?:/[a-z0-9_-]+)?)/([a-z0-9_-]+)/");

    private final Call call;
    private final Graph graph;
    private final TenantTypes types;
    private final Contracts contracts;
    private final Optional<Draft> draft;
    private final Letters letters;
    private final Scrubber scrubber;
    private final Map<String, Optional<NodeView.Detail>> read = new HashMap<>();

    CallFacts(
            Call call,
            Graph graph,
            TenantTypes types,
            Contracts contracts,
            Letters letters,
            Scrubber scrubber,
            Optional<Draft> draft) {
        this.call = call;
        this.graph = graph;
        this.types = types;
        this.contracts = contracts;
        this.letters = letters;
        this.scrubber = scrubber;
        this.draft = draft;
    }

    @Override
    public long number(String name) {
        return switch (name) {
            case "edges_moved" ->
                node(call.textOrNull("ref"))
                        .map(detail -> detail.moreEdges()
                                ? Integer.MAX_VALUE
                                : detail.edges().size())
                        .orElse(0);
            case "hidden_characters" -> hidden(call.arguments());
            case "secrets" -> scrubber.clean(call.arguments()).equals(call.arguments()) ? 0 : 1;
            case "factor" -> factor();
            case "words_of_people" -> wordsOfPeople();
            case "people_written_to" -> letters.people(call, draft).size();
            default -> throw new IllegalStateException("no number is called " + name);
        };
    }

    @Override
    public Set<String> texts(String name) {
        return switch (name) {
            case "property_sensitivity" -> sensitivity();
            case "caller" -> Set.of(call.role());
            case "relationship" -> prop("relationship");
            case "author" -> author();
            case "other_agent" -> otherAgents();
            case "contract_status" -> contract();
            default -> throw new IllegalStateException("no fact is called " + name);
        };
    }

    @Override
    public Optional<TextChange> text() {
        return draft.flatMap(d -> Optional.ofNullable(d.change()));
    }

    /** By how much the call changes a figure that stands, up or down, as a whole factor; of several the most. */
    private long factor() {
        if (!hasNumber(call.arguments()) && !hasNumber(call.arguments().path("props"))) {
            return 1;
        }
        return overwritten().entrySet().stream()
                .filter(now -> now.getValue().isNumber() && given(now.getKey()).isNumber())
                .mapToDouble(now -> {
                    double before = Math.abs(now.getValue().asDouble());
                    double after = Math.abs(given(now.getKey()).asDouble());
                    return before == 0 || after == 0 ? 1 : Math.max(before, after) / Math.min(before, after);
                })
                .mapToLong(factor -> (long) factor)
                .max()
                .orElse(1);
    }

    private static boolean hasNumber(JsonNode values) {
        return values.properties().stream().anyMatch(value -> value.getValue().isNumber());
    }

    /** How many values the call puts others in the place of that a person wrote. */
    private long wordsOfPeople() {
        Map<String, JsonNode> overwritten = overwritten();
        if (overwritten.isEmpty()) {
            return 0;
        }
        Map<String, String> writers = new HashMap<>();
        graph.history(call.scope(), call.text("ref"))
                .forEach(entry -> entry.changes().forEach(change -> writers.putIfAbsent(change.path(), entry.actor())));
        return overwritten.keySet().stream()
                .map(prop -> writers.getOrDefault("props." + prop, ""))
                .filter(writer -> writer.startsWith("user:"))
                .count();
    }

    /** What stands in the record where the call brings something else. */
    private Map<String, JsonNode> overwritten() {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        node(call.textOrNull("ref"))
                .ifPresent(detail -> detail.node().props().properties().forEach(now -> {
                    JsonNode given = given(now.getKey());
                    if (!given.isMissingNode() && !now.getValue().isNull() && !given.equals(now.getValue())) {
                        found.put(now.getKey(), now.getValue());
                    }
                }));
        return found;
    }

    /** What the call brings for a prop. */
    private JsonNode given(String prop) {
        JsonNode props = call.arguments().path("props");
        return props.has(prop) ? props.path(prop) : call.arguments().path(prop);
    }

    private Set<String> sensitivity() {
        Set<String> names = new LinkedHashSet<>();
        call.arguments().path("props").fieldNames().forEachRemaining(names::add);
        call.arguments().fieldNames().forEachRemaining(names::add);
        if (names.stream().noneMatch(name -> types.tagged(call.scope(), name))) {
            return Set.of();
        }
        String type = node(call.textOrNull("ref"))
                .map(detail -> detail.node().type())
                .orElseGet(() -> call.tool()
                        .form()
                        .map(NodeForm::type)
                        .orElseGet(() -> call.tool().name().replaceFirst("^hq_", "")));
        Set<String> found = new LinkedHashSet<>();
        Map<String, String> tags = types.tags(call.scope(), type);
        names.stream().filter(tags::containsKey).map(tags::get).forEach(found::add);
        return found;
    }

    private Set<String> prop(String name) {
        return node(call.textOrNull("ref"))
                .map(d -> d.node().text(name))
                .map(Set::of)
                .orElse(Set.of());
    }

    /** {@code other} when the node named was written by somebody else than the caller. */
    private Set<String> author() {
        return node(call.textOrNull("ref"))
                .filter(d -> !d.producer().slug().equals("hq:" + call.actor()))
                .map(d -> Set.of("other"))
                .orElse(Set.of());
    }

    /** The agents, other than the caller, whose files a path names. */
    private Set<String> otherAgents() {
        Set<String> roles = new LinkedHashSet<>();
        for (String argument : new String[] {"path", "to_path"}) {
            String path = call.textOrNull(argument);
            Matcher named = AGENT_PATH.matcher(path == null ? "" : path);
            while (named.find()) {
                roles.add(named.group(1).equals(call.role()) ? "self" : "other");
            }
        }
        String agent = call.textOrNull("agent");
        if (agent != null) {
            roles.add(agent.equals(call.role()) ? "self" : "other");
        }
        return roles;
    }

    private Set<String> contract() {
        String path = call.textOrNull("path");
        return path == null ? Set.of() : contracts.statuses(call.scope(), path);
    }

    private Optional<NodeView.Detail> node(@Nullable String ref) {
        return ref == null ? Optional.empty() : read.computeIfAbsent(ref, r -> graph.detail(call.scope(), r));
    }

    private static int hidden(JsonNode node) {
        if (node.isTextual()) {
            return VisibleText.of(node.asText()).hidden();
        }
        int sum = 0;
        for (JsonNode child : node) {
            sum += hidden(child);
        }
        return sum;
    }
}
