package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Sql;

/** Asks and messages to the other agents, through the supervisor's mailbox. An answer that rests on something from outside taints who asked. */
@ApplicationScoped
class AgentMail {
    private static final long USUAL_WAIT_MS = 30_000;

    private final Sql sql;
    private final Peers peers;
    private final Runs runs;
    private final Writes writes;
    private final AnswerRow answers;

    AgentMail(Sql sql, Peers peers, Runs runs, Writes writes, AnswerRow answers) {
        this.sql = sql;
        this.peers = peers;
        this.runs = runs;
        this.writes = writes;
        this.answers = answers;
    }

    Result write(Call call, AgentMessage.Kind kind) {
        long wait = call.arguments().path("timeout_ms").asLong(USUAL_WAIT_MS);
        MessageRequest request = new MessageRequest(
                kind,
                call.text("to"),
                call.text("text"),
                call.taskId(),
                null,
                call.runId(),
                writes.tainted(call),
                kind == AgentMessage.Kind.ASK ? wait : null);
        PeerOptions options = PeerOptions.idempotent(call.callId())
                .withTimeout(Duration.ofMillis(wait).plusSeconds(10))
                .onBehalfOf(call.actor());
        MessageRequest.Sent sent = peers.post(
                Service.SUPERVISOR, "/v1/messages", call.scope(), request, MessageRequest.Sent.class, options);
        ObjectNode data = Json.MAPPER.createObjectNode().put("message_id", sent.messageId());
        if (sent.reply() == null) {
            return Result.of(data);
        }
        answers.write(call, sent);
        String answeredIn = sent.runId();
        boolean tainted =
                sent.tainted() || (answeredIn != null && sql.tx(call.scope(), tx -> runs.readOutside(tx, answeredIn)));
        data.put("from", sent.from()).put("reply", sent.reply()).put("tainted", tainted);
        return Result.of(data).taintedBy(tainted ? List.of("message:" + sent.messageId()) : List.of());
    }
}
