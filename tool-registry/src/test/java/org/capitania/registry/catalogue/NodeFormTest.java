package org.capitania.registry.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.capitania.registry.GraphTypeFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tool's file says of a node type is what graph-service's type file says. */
class NodeFormTest {
    private static final List<String> GATED = List.of("financial", "legal", "compliance");

    static Stream<String> forms() {
        return Catalogue.load().all().stream()
                .filter(tool -> tool.form().isPresent())
                .map(ToolDefinition::name);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldKnowPropsAndStatusesWhenTheTypeHasThem(String name) {
        ToolDefinition tool = tool(name);
        NodeForm form = tool.form().orElseThrow();
        JsonNode type = GraphTypeFiles.node(form.type()).orElseThrow();
        JsonNode arguments = tool.inputSchema().path("properties");
        form.props().forEach((argument, prop) -> {
            JsonNode there = type.path("properties").path(prop);
            assertThat(there.isObject())
                    .as("%s has no prop %s", form.type(), prop)
                    .isTrue();
            subset(name + " " + argument, arguments.path(argument).path("enum"), there.path("enum"));
            if (there.has("maxLength")) {
                assertThat(arguments.path(argument).path("maxLength").asInt())
                        .as("%s %s", name, argument)
                        .isLessThanOrEqualTo(there.path("maxLength").asInt());
            }
            if (GATED.contains(there.path("x-sensitivity").asText())) {
                assertThat(argument)
                        .as("the reviewed list knows a sensitive prop by its name")
                        .isEqualTo(prop);
            }
        });
        form.shows()
                .forEach(prop ->
                        assertThat(type.path("properties").has(prop)).as(prop).isTrue());
        List<String> statuses = GraphTypeFiles.texts(type.path("x-statuses"));
        form.status()
                .forEach(argument -> assertThat(
                                GraphTypeFiles.texts(arguments.path(argument).path("enum")))
                        .as("%s %s", name, argument)
                        .isNotEmpty()
                        .isSubsetOf(statuses));
        subset(name + " priority", arguments.path("priority").path("enum"), type.path("x-priorities"));
        form.verbs().forEach((action, op) -> {
            if (op.status() != null) {
                assertThat(statuses).as("%s %s", name, action).contains(op.status());
            }
            assertThat(statuses).as("%s %s", name, action).containsAll(op.statuses());
            assertThat(op.statuses().isEmpty() || op.does() == NodeForm.Does.LIST)
                    .as("%s %s", name, action)
                    .isTrue();
            assertThat(op.status() == null || op.does() != NodeForm.Does.LIST)
                    .as("%s %s", name, action)
                    .isTrue();
            if (op.stamp() != null) {
                assertThat(type.at("/properties/" + op.stamp() + "/format").asText())
                        .isEqualTo("date-time");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldKnowEdgesWhenTheTypeMayHaveThem(String name) {
        NodeForm form = tool(name).form().orElseThrow();
        form.links().forEach((argument, link) -> {
            JsonNode edge = GraphTypeFiles.edge(link.edge()).orElseThrow();
            assertThat(GraphTypeFiles.texts(edge.path(link.incoming() ? "x-to" : "x-from")))
                    .as("%s %s", name, argument)
                    .containsAnyOf(form.type(), "*");
            JsonNode most = edge.at("/x-cardinality/" + (link.incoming() ? "per_to" : "per_from") + "/max");
            assertThat(!most.isInt() || link.one())
                    .as("%s of %s may stand once", link.edge(), name)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldAskForWhatTheTypeRequiresWhenItCreates(String name) {
        ToolDefinition tool = tool(name);
        NodeForm form = tool.form().orElseThrow();
        List<String> required = GraphTypeFiles.texts(
                GraphTypeFiles.node(form.type()).orElseThrow().path("required"));
        form.verbs().forEach((action, op) -> {
            if (op.does() == NodeForm.Does.CREATE) {
                List<String> given = new ArrayList<>(
                        op.sets() == null ? List.of() : op.sets().keySet());
                List<String> asked =
                        new ArrayList<>(GraphTypeFiles.texts(tool.inputSchema().path("required")));
                tool.verbs().stream()
                        .filter(verb -> verb.name().equals(action))
                        .forEach(verb -> asked.addAll(verb.requires()));
                form.props().entrySet().stream()
                        .filter(prop -> asked.contains(prop.getKey()))
                        .map(Map.Entry::getValue)
                        .forEach(given::add);
                assertThat(given).as("%s %s", name, action).containsAll(required);
            }
        });
    }

    @Test
    void shouldKnowThePropsOfAnEntityWhenTheyAreWrittenTogether() {
        JsonNode known = GraphTypeFiles.node("entity").orElseThrow().path("properties");
        tool("hq_entity")
                .inputSchema()
                .at("/properties/props/properties")
                .properties()
                .forEach(prop -> {
                    assertThat(known.has(prop.getKey())).as(prop.getKey()).isTrue();
                    subset(
                            prop.getKey(),
                            prop.getValue().path("enum"),
                            known.path(prop.getKey()).path("enum"));
                });
    }

    private static ToolDefinition tool(String name) {
        return Catalogue.load().find(name).orElseThrow();
    }

    private static void subset(String what, JsonNode given, JsonNode all) {
        if (!given.isEmpty()) {
            assertThat(GraphTypeFiles.texts(all)).as(what).containsAll(GraphTypeFiles.texts(given));
        }
    }
}
