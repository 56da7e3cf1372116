package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Idempotency;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** A plain tool's call that waits for a person: frozen as it was asked, shown with what it would change, and carried out by the tool's own handler under the first call's id. */
final class PlainAct implements OutwardTool {
    private static final List<String> REFERENCES = List.of("ref", "into", "about", "driver");

    private final ToolDefinition definition;
    private final Verb verb;
    private final ToolHandler handler;
    private final Graph graph;

    PlainAct(ToolDefinition definition, Verb verb, ToolHandler handler, Graph graph) {
        this.definition = definition;
        this.verb = verb;
        this.handler = handler;
        this.graph = graph;
    }

    @Override
    public String tool() {
        return definition.name();
    }

    @Override
    public String verb() {
        return verb.name();
    }

    @Override
    public Draft draft(Call call) {
        ObjectNode effect = Json.MAPPER.createObjectNode();
        effect.put("call_id", call.callId())
                .put("session_id", call.sessionId())
                .put("task_id", call.taskId())
                .put("message_id", "")
                .put("rests_on", handler.restsOn(call));
        effect.set("arguments", call.arguments());
        Map<String, Draft.SeenFact> facts = facts(call);
        String ref = call.textOrNull("ref");
        Draft.SeenFact record = ref == null ? null : facts.get(ref);
        String digest = Canonical.digest(tool(), Canonical.bytes(call.arguments()));
        return new Draft(
                Canonical.sha256("plain", digest, String.valueOf(call.taskId())),
                "",
                null,
                null,
                List.copyOf(facts.values()),
                new CallRendering(tool(), verb(), call.arguments(), record).render(),
                effect,
                false);
    }

    /** What it names, by the name. */
    private Map<String, Draft.SeenFact> facts(Call call) {
        Set<String> named = new LinkedHashSet<>();
        Set<String> arguments = new LinkedHashSet<>(REFERENCES);
        definition.form().ifPresent(form -> arguments.addAll(form.links().keySet()));
        for (String argument : arguments) {
            JsonNode value = call.arguments().path(argument);
            if (value.isTextual()) {
                named.add(value.asText());
            }
            value.forEach(each -> named.add(each.asText()));
        }
        Map<String, Draft.SeenFact> facts = new LinkedHashMap<>();
        named.forEach(ref -> graph.seen(call.scope(), ref).ifPresent(fact -> facts.put(ref, fact)));
        return facts;
    }

    @Override
    public Delivery perform(Scope scope, JsonNode effect) {
        try {
            Call call = call(scope, effect);
            if (!handler.restsOn(call).equals(effect.path("rests_on").asText())) {
                return new Delivery.NotSent(tool() + " is not what it was when this was asked for; ask again", false);
            }
            return new Delivery.Sent(said(handler.call(call)));
        } catch (CapitaniaException e) {
            if (handler.notBegun(e)) {
                return new Delivery.NotSent(e.detail(), true);
            }
            return e.code().type() == ErrorType.UNAVAILABLE || e.code().type() == ErrorType.INTERNAL
                    ? new Delivery.InDoubt(e.detail())
                    : new Delivery.NotSent(e.detail(), false);
        }
    }

    /** What may be repeated need not be looked for. */
    @Override
    public Presence look(Scope scope, JsonNode effect, Duration doubted) {
        return verb.idempotency() == Idempotency.IDEMPOTENT || verb.idempotency() == Idempotency.READ
                ? Presence.REPEATABLE
                : Presence.UNKNOWABLE;
    }

    @Override
    public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
        return Json.MAPPER.createObjectNode();
    }

    private Call call(Scope scope, JsonNode effect) {
        return new Call(
                scope,
                definition,
                verb,
                effect.path("call_id").asText(),
                Call.person(scope.actor()),
                text(effect, "session_id"),
                text(effect, "task_id"),
                null,
                effect.path("arguments"));
    }

    private static @Nullable String text(JsonNode effect, String name) {
        return effect.hasNonNull(name) ? effect.path(name).asText() : null;
    }

    private static JsonNode said(Result result) {
        ObjectNode receipt = Json.MAPPER.createObjectNode();
        receipt.set("data", result.data());
        return receipt.put("audit_event_id", result.auditEventId());
    }
}
