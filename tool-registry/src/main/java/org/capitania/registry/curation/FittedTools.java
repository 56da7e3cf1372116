package org.capitania.registry.curation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.NodeForm;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.graph.TenantTypes;
import org.capitania.registry.graph.TenantTypes.Own;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Scope;

/**
 * The tools as a tenant has them: what it has added to a node type (statuses, priorities, props) may be said to the tool that keeps nodes of
 * that type, and stands in the definition that a model loads.
 */
@ApplicationScoped
public class FittedTools {
    /** The first so many by name, so that what an agent loads stays within its budget. */
    private static final int MOST_PROPS = 12;

    private static final int LONGEST_TEXT = 4000;
    private static final int MOST_ITEMS = 20;
    private static final Set<String> SAID =
            Set.of("type", "description", "enum", "format", "maxLength", "minLength", "minimum", "maximum", "pattern");

    private record Key(String tenant, String tool) {}

    private record Fitted(Own own, ToolDefinition tool) {}

    private final Catalogue catalogue;
    private final OutsideTools outside;
    private final TenantTypes types;
    /** Tool to the node type that it keeps. */
    private final Map<String, String> keeps = new HashMap<>();

    private final Map<Key, Fitted> fitted = new ConcurrentHashMap<>();

    FittedTools(Catalogue catalogue, OutsideTools outside, TenantTypes types) {
        this.catalogue = catalogue;
        this.outside = outside;
        this.types = types;
        catalogue.all().forEach(tool -> type(tool).ifPresent(type -> keeps.put(tool.name(), type)));
    }

    /** A tool of the catalogue or of an outside server. */
    public Optional<ToolDefinition> find(Scope scope, String name) {
        return catalogue
                .find(name)
                .map(tool -> keeps.containsKey(name) ? fit(scope).apply(tool) : tool)
                .or(() -> outside.find(scope, name));
    }

    /** Fits tools to what the tenant's types are now. To be had before a transaction is opened: it may ask the graph. */
    public UnaryOperator<ToolDefinition> fit(Scope scope) {
        Map<String, Own> all = types.own(scope);
        return tool -> {
            Own own = all.get(keeps.getOrDefault(tool.name(), ""));
            if (own == null) {
                return tool;
            }
            return fitted.compute(
                            new Key(scope.tenant(), tool.name()),
                            (key, there) ->
                                    there != null && there.own().equals(own) ? there : new Fitted(own, fit(tool, own)))
                    .tool();
        };
    }

    private static Optional<String> type(ToolDefinition tool) {
        return tool.form()
                .map(NodeForm::type)
                .or(() -> tool.inputSchema().at("/properties/props").isObject()
                        ? Optional.of(tool.name().replaceFirst("^hq_", ""))
                        : Optional.empty());
    }

    private static ToolDefinition fit(ToolDefinition tool, Own own) {
        ObjectNode schema = tool.inputSchema();
        tool.form().map(NodeForm::status).orElse(List.of()).forEach(argument -> add(schema, argument, own.statuses()));
        add(schema, "priority", own.priorities());
        boolean writes = tool.form()
                .map(form -> form.verbs().values().stream()
                        .map(NodeForm.Op::does)
                        .anyMatch(does -> does == NodeForm.Does.CREATE || does == NodeForm.Does.UPDATE))
                .orElse(true);
        if (writes && !own.props().isEmpty()) {
            ObjectNode props = schema.withObject("/properties/props");
            if (props.isEmpty()) {
                props.put("type", "object").put("description", "What this company keeps beside.");
                props.put("additionalProperties", false);
            }
            ObjectNode each = props.withObject("/properties");
            own.props().entrySet().stream()
                    .limit(MOST_PROPS)
                    .forEach(prop -> each.set(prop.getKey(), said(prop.getValue())));
        }
        return tool.withInput(schema);
    }

    private static void add(ObjectNode schema, String argument, List<String> values) {
        if (schema.path("properties").path(argument).path("enum") instanceof ArrayNode there) {
            Set<String> known = there.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
            values.stream().filter(value -> !known.contains(value)).forEach(there::add);
        }
    }

    /** A prop's schema as far as a tool has to say it, bounded and closed like every other. */
    private static ObjectNode said(JsonNode prop) {
        ObjectNode said = Json.MAPPER.createObjectNode();
        prop.properties().stream()
                .filter(member -> SAID.contains(member.getKey()))
                .forEach(member -> said.set(member.getKey(), member.getValue()));
        switch (said.path("type").asText()) {
            case "string" -> said.put("maxLength", said.path("maxLength").asInt(LONGEST_TEXT));
            case "array" -> {
                said.set("items", said(prop.path("items")));
                said.put("maxItems", prop.path("maxItems").asInt(MOST_ITEMS));
            }
            default -> {}
        }
        return said;
    }
}
