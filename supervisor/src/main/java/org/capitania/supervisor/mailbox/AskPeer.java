package org.capitania.supervisor.mailbox;

import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.MessageRequest;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/**
 * Asks an agent and waits for its reply. The ask is a row first; then the gateway learns of its read-only run; then the peer is told, once.
 * Each step may be the last before a crash: the same request with the same key goes on from there, and never asks twice.
 */
@ApplicationScoped
class AskPeer {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Sql sql;
    private final AgentStore agents;
    private final MessageStore messages;
    private final TellPeer tell;
    private final AwaitReply await;
    private final MailboxConfig config;

    AskPeer(Sql sql, AgentStore agents, MessageStore messages, TellPeer tell, AwaitReply await, MailboxConfig config) {
        this.sql = sql;
        this.agents = agents;
        this.messages = messages;
        this.tell = tell;
        this.await = await;
        this.config = config;
    }

    MessageRequest.Sent ask(Scope scope, MessageRequest request, @Nullable String key) {
        Message ask = store(scope, request, key);
        if (!ask.published() && !ask.over() && !ask.late()) {
            tell.tell(scope, ask);
        }
        Message answered = await.reply(scope, ask.messageId());
        return new MessageRequest.Sent(
                answered.messageId().toString(),
                answered.reply(),
                answered.answerer(),
                String.valueOf(answered.runId()),
                answered.replyTainted());
    }

    private Message store(Scope scope, MessageRequest request, @Nullable String key) {
        try {
            return sql.tx(scope, tx -> store(tx, scope.actor(), request, key));
        } catch (PgException e) {
            if (UNIQUE_VIOLATION.equals(e.getSqlState())) {
                // The same request came twice at once; the other one has stored it.
                return sql.tx(scope, tx -> messages.repeated(tx, scope.actor(), key, request))
                        .orElseThrow(() -> e);
            }
            throw e;
        }
    }

    private Message store(Tx tx, String sender, MessageRequest request, @Nullable String key) {
        Optional<Message> first = messages.repeated(tx, sender, key, request);
        if (first.isPresent()) {
            return first.get();
        }
        refuseNested(tx, request);
        Agent peer = agents.lock(tx, request.to());
        Agent.Pause pause = peer.pause();
        if (pause != null) {
            // Not agent_paused: that code tells an agent that it is paused itself, and would stop the run that asks.
            throw new CapitaniaException(ErrorCode.PEER_PAUSED, peer.role() + " is " + pause.sentence())
                    .withHint("go on without the answer, or say in the draft what is open");
        }
        return messages.ask(tx, request, sender, key, agents.nextAsk(tx, peer.role()), timeout(request));
    }

    private void refuseNested(Tx tx, MessageRequest request) {
        String run = request.runId();
        if (run != null && messages.isAskRun(tx, uuid(run))) {
            throw new CapitaniaException(ErrorCode.NESTED_ASK, "run " + run + " answers an ask and may not ask in turn")
                    .withHint("answer with what you know and say what is missing");
        }
    }

    private Duration timeout(MessageRequest request) {
        Duration wanted = request.timeoutMs() == null ? config.timeout() : Duration.ofMillis(request.timeoutMs());
        if (wanted.isNegative() || wanted.isZero()) {
            throw new CapitaniaException(
                    ErrorCode.BAD_REQUEST, "timeout_ms must be positive, found " + request.timeoutMs());
        }
        return wanted.compareTo(config.ceiling()) > 0 ? config.ceiling() : wanted;
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not an id: " + id, e);
        }
    }
}
