package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.PauseAgent;
import org.capitania.contract.event.AgentMessage;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.jspecify.annotations.Nullable;

/** The other agents: asks and messages to them, how they stand, and stopping, restarting or rotating one. */
@ApplicationScoped
class HqAgent implements ToolHandler {
    private final Peers peers;
    private final AgentMail mail;

    HqAgent(Peers peers, AgentMail mail) {
        this.peers = peers;
        this.mail = mail;
    }

    @Override
    public String tool() {
        return "hq_agent";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "ask" -> mail.write(call, AgentMessage.Kind.ASK);
            case "send" -> mail.write(call, AgentMessage.Kind.SEND);
            case "list" -> list(call);
            case "pause" -> control(call, new PauseAgent(call.text("reason"), call.textOrNull("for")), "");
            case "resume", "handover" -> control(call, null, "");
            case "restart" ->
                control(
                        call,
                        null,
                        "?fresh_session="
                                + call.arguments().path("fresh_session").asBoolean());
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    /** The supervisor takes it from here because it waited for the owner at the gate ({@code agent_control}). */
    private Result control(Call call, @Nullable Object body, String query) {
        String agent = call.text("agent");
        JsonNode state = peers.post(
                Service.SUPERVISOR,
                "/v1/agents/" + agent + "/" + call.verb().name() + query,
                call.scope(),
                body,
                JsonNode.class,
                PeerOptions.idempotent(call.callId()).onBehalfOf(call.actor()));
        return Result.of(Json.MAPPER
                .createObjectNode()
                .put("agent", agent)
                .put("state", state.path("state").asText()));
    }

    private Result list(Call call) {
        JsonNode agents = peers.get(Service.SUPERVISOR, "/v1/agents", call.scope(), JsonNode.class);
        ObjectNode data = Json.MAPPER.createObjectNode();
        var lines = data.putArray("agents");
        for (JsonNode agent : agents.isArray() ? agents : agents.path("items")) {
            lines.addObject()
                    .put("role", agent.path("role").asText())
                    .put("state", agent.path("state").asText())
                    .put("queued", agent.path("queued").asInt());
        }
        return Result.of(data);
    }
}
