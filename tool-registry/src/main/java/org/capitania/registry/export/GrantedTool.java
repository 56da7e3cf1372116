package org.capitania.registry.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.InputSchema;
import org.capitania.registry.catalogue.Risk;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.ToolScope;
import org.capitania.registry.catalogue.Verb;

/**
 * A tool as far as somebody may use it.
 *
 * @param schema of its arguments, with {@code action} narrowed to what was granted
 */
record GrantedTool(ToolDefinition tool, ObjectNode schema) {
    private static final Set<String> ALWAYS =
            Set.of("hq_search", "hq_describe", "hq_event_log", "hq_tools", "hq_task", "worker_run");

    static GrantedTool of(ToolDefinition tool, Set<String> actions) {
        return new GrantedTool(tool, tool.inputSchema(actions));
    }

    /** What was granted of a catalogue, in its order; a name that it does not have is left out. */
    static List<GrantedTool> of(Collection<ToolDefinition> tools, Map<String, Set<String>> granted) {
        return tools.stream()
                .filter(tool -> granted.containsKey(tool.name()))
                .map(tool -> of(tool, granted.getOrDefault(tool.name(), Set.of())))
                .toList();
    }

    String name() {
        return tool.name();
    }

    /** For a person to read: {@code email_thread_read} is Email thread read. */
    String title() {
        String words = tool.name().replaceFirst("^hq_", "").replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** The granted actions. */
    List<Verb> verbs() {
        JsonNode actions = schema.at("/properties/action/enum");
        if (actions.isEmpty()) {
            return List.of(tool.verb(Json.MAPPER.createObjectNode()));
        }
        return StreamSupport.stream(actions.spliterator(), false)
                .map(a -> tool.verb(Json.MAPPER.createObjectNode().set("action", a)))
                .toList();
    }

    /** Never left to be looked for: what every agent has, and what it uses in nearly every task. */
    boolean always() {
        return ALWAYS.contains(tool.name());
    }

    boolean changes() {
        return verbs().stream().anyMatch(Verb::changes);
    }

    boolean outward() {
        return verbs().stream().anyMatch(v -> v.scope() == ToolScope.OUTBOUND);
    }

    /** Whether something it does cannot simply be taken back: the store keeps what was there before, the world does not. */
    boolean destructive() {
        return verbs().stream()
                .filter(Verb::changes)
                .anyMatch(v ->
                        v.risk() != Risk.DIRECT || v.scope() == ToolScope.OUTBOUND || v.scope() == ToolScope.CONTROL);
    }

    /** The examples that still fit what was granted. */
    ArrayNode examples() {
        InputSchema narrowed = new InputSchema(schema);
        ArrayNode kept = Json.MAPPER.createArrayNode();
        tool.examples().stream().filter(e -> narrowed.check(e).isEmpty()).forEach(kept::add);
        return kept;
    }
}
