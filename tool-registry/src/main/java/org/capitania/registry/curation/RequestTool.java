package org.capitania.registry.curation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.freezing.Canonical;
import org.capitania.registry.freezing.VisibleText;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Delivery;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.handler.Presence;
import org.capitania.servicekit.Owners;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** An agent asks for a tool within its ceiling: always a proposal, and only the owner's approval gives it, at once. */
@ApplicationScoped
class RequestTool implements OutwardTool {
    private final Sql sql;
    private final Grants grants;
    private final Owners owners;
    // By instance: the catalogue is made with the tools, and this is one of them.
    private final Instance<Catalogue> catalogue;
    private final Instance<Curations> curations;

    RequestTool(Sql sql, Grants grants, Owners owners, Instance<Catalogue> catalogue, Instance<Curations> curations) {
        this.sql = sql;
        this.grants = grants;
        this.owners = owners;
        this.catalogue = catalogue;
        this.curations = curations;
    }

    @Override
    public String tool() {
        return "hq_tools";
    }

    @Override
    public String verb() {
        return "request";
    }

    @Override
    public Draft draft(Call call) {
        if (call.human() || !call.actor().startsWith("agent:")) {
            throw new CapitaniaException(
                    ErrorCode.DENIED,
                    "only an agent asks for a tool, and what it asked for is approved or rejected as it is");
        }
        String name = call.text("tool");
        ToolDefinition tool = catalogue
                .get()
                .find(name)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.UNKNOWN_TOOL, "no tool is called " + name)
                        .withHint("hq_tools with action list names every tool there is"));
        Set<String> actions = ceiling(call.role(), name);
        if (!tool.available()) {
            throw new CapitaniaException(
                    ErrorCode.NOT_AVAILABLE_YET,
                    name + " is not available yet: " + tool.view().notYet());
        }
        if (sql.tx(call.scope(), tx -> curations.get().granted(tx, call.role(), name))
                .isPresent()) {
            throw new CapitaniaException(ErrorCode.DUPLICATE, name + " is granted to " + call.role() + " already");
        }
        long before = sql.tx(call.scope(), tx -> grants.ever(tx, call.role(), name));
        ObjectNode effect = Json.MAPPER
                .createObjectNode()
                .put("role", call.role())
                .put("tool", name)
                .put("reason", call.text("reason"))
                .put("message_id", "");
        return new Draft(
                Canonical.sha256("grant", call.role(), name, Long.toString(before)),
                "",
                null,
                null,
                List.of(),
                rendering(call.role(), tool, actions, call.text("reason")),
                effect,
                false);
    }

    private Set<String> ceiling(String role, String tool) {
        Set<String> actions = curations.get().ceiling(role).get(tool);
        if (actions == null) {
            throw new CapitaniaException(
                            ErrorCode.NOT_GRANTED,
                            tool + " is above the ceiling of " + role + ": no approval can give it")
                    .withHint("ask an agent that has it with hq_agent");
        }
        return actions;
    }

    private static Rendering rendering(String role, ToolDefinition tool, Set<String> actions, String reason) {
        VisibleText shown = VisibleText.of(reason);
        String title = "Grant " + tool.name() + " to " + role;
        String body = tool.description() + "\n\nActions: "
                + (actions.contains("*") ? "all" : String.join(", ", actions))
                + "\nRisk: " + tool.view().risk() + ", scope: " + tool.view().scope()
                + "\n\nWhy, as " + role + " puts it:\n" + shown.shown().replace("````", "' ' ' '");
        return new Rendering(
                title, List.of(), null, body, "**" + title + "**\n\n````text\n" + body + "\n````\n", shown.warnings());
    }

    @Override
    public JsonNode approved(JsonNode effect, String proposalId, String person) {
        return ((ObjectNode) effect.deepCopy()).put("proposal", proposalId).put("approved_by", person);
    }

    @Override
    public Delivery perform(Scope scope, JsonNode effect) {
        String by = effect.path("approved_by").asText();
        String role = effect.path("role").asText();
        String tool = effect.path("tool").asText();
        if (!owners.isOwner(by, scope.tenant())) {
            return new Delivery.NotSent("only the owner grants tools, not " + by, false);
        }
        if (!curations.get().ceiling(role).containsKey(tool)) {
            return new Delivery.NotSent(tool + " is above the ceiling of " + role + " by now", false);
        }
        sql.run(
                scope,
                tx -> grants.grant(
                        tx,
                        effect.path("proposal").asText(),
                        role,
                        tool,
                        effect.path("reason").asText(),
                        by));
        return new Delivery.Sent(Json.MAPPER.createObjectNode());
    }

    /** Granting again under the same proposal changes nothing, so that it need not be looked for. */
    @Override
    public Presence look(Scope scope, JsonNode effect, Duration doubted) {
        return Presence.REPEATABLE;
    }

    @Override
    public JsonNode record(Scope scope, String effectId, JsonNode effect, Instant at) {
        return Json.MAPPER
                .createObjectNode()
                .put("agent", effect.path("role").asText())
                .put("tool", effect.path("tool").asText())
                .put("granted_by", effect.path("approved_by").asText());
    }
}
