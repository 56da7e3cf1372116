package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.event.ProposalRequested;
import org.capitania.graphclient.Batch;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

/** What waits for the owner, and what operator is asked to put before them. There is no verb here that decides. */
@ApplicationScoped
class HqProposal implements ToolHandler {
    private static final int MOST = 50;
    private static final List<String> SHOWN = List.of(
            "id",
            "status",
            "tool",
            "agent",
            "risk",
            "summary",
            "reason",
            "task_id",
            "conversation",
            "created_at",
            "tainted");

    private final Peers peers;
    private final Writes writes;

    HqProposal(Peers peers, Writes writes) {
        this.peers = peers;
        this.writes = writes;
    }

    @Override
    public String tool() {
        return "hq_proposal";
    }

    @Override
    public Result call(Call call) {
        return call.verb().name().equals("propose") ? propose(call) : read(call);
    }

    /** A decision that is proposed, and the event that wakes who prepares it: both or neither, once a call. */
    private Result propose(Call call) {
        JsonNode evidence = evidence(call.text("evidence"));
        String kind = call.text("kind");
        String said = call.textOrNull("title");
        String title = said != null ? said : kind.equals("migration") ? "A migration" : "A change of the schema";
        boolean tainted = writes.tainted(call);
        String context = "Asked for by " + call.actor() + ".\n\n```json\n" + evidence.toPrettyString() + "\n```\n";
        Batch batch = new Batch()
                .create(
                        "decision",
                        "decision",
                        decision -> decision.status("proposed")
                                .prop("title", title)
                                .prop("context_md", context)
                                .tainted(tainted))
                .event(
                        ProposalRequested.TYPE,
                        call.callId(),
                        new ProposalRequested(kind, title, evidence, call.actor(), tainted));
        return writes.apply(call, batch);
    }

    private static JsonNode evidence(String text) {
        JsonNode said;
        try {
            said = Json.read(text, JsonNode.class);
        } catch (CapitaniaException e) {
            said = MissingNode.getInstance();
        }
        if (!said.isObject()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "evidence is no JSON object",
                    List.of(new FieldError("/evidence", "something else", "a JSON object", "expected a JSON object")));
        }
        return said;
    }

    private Result read(Call call) {
        String path = call.verb().name().equals("show")
                ? "/v1/proposals/" + URLEncoder.encode(call.text("id"), StandardCharsets.UTF_8)
                : "/v1/proposals?limit=" + MOST
                        + (call.textOrNull("status") == null ? "" : "&status=" + call.text("status"));
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
            ArrayNode items = data.putArray("items");
            answer.path("items").forEach(proposal -> items.add(line(proposal)));
            if (answer.hasNonNull("next")) {
                data.put("more", true);
            }
        }
        // A proposal quotes the thread it answers.
        return Result.of(data).taintedBy(taint(answer));
    }

    /** What tells proposals apart; what they would do, whole letters among it, show has. */
    private static ObjectNode line(JsonNode proposal) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        SHOWN.stream().filter(proposal::hasNonNull).forEach(name -> line.set(name, proposal.get(name)));
        return line;
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
