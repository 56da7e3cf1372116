package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

/** What waits for the owner. There is no verb here that decides. */
@ApplicationScoped
class HqProposal implements ToolHandler {
    private final Peers peers;

    HqProposal(Peers peers) {
        this.peers = peers;
    }

    @Override
    public String tool() {
        return "hq_proposal";
    }

    @Override
    public Result call(Call call) {
        String path = call.verb().name().equals("show")
                ? "/v1/proposals/" + URLEncoder.encode(call.text("id"), StandardCharsets.UTF_8)
                : "/v1/proposals" + (call.textOrNull("status") == null ? "" : "?status=" + call.text("status"));
        JsonNode answer = peers.get(
                Service.APPROVAL_SERVICE,
                path,
                call.scope(),
                JsonNode.class,
                PeerOptions.DEFAULT.onBehalfOf(call.actor()));
        ObjectNode data = Json.MAPPER.createObjectNode();
        if (call.verb().name().equals("show")) {
            data.set("proposal", answer);
        } else {
            data.set("items", answer.path("items"));
        }
        // A proposal quotes the thread it answers.
        return Result.of(data).taintedBy(taint(answer));
    }

    private static List<String> taint(JsonNode answer) {
        List<String> sources = new ArrayList<>();
        (answer.has("items")
                        ? answer.path("items")
                        : Json.MAPPER.createArrayNode().add(answer))
                .forEach(p -> {
                    if (p.path("tainted").asBoolean()) {
                        sources.add("proposal:" + p.path("id").asText());
                    }
                });
        return sources;
    }
}
