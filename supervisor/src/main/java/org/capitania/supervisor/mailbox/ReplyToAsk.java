package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentReply;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.FenceReleases;

/** The asked agent answers, or a person in its place; the first answer counts. */
@ApplicationScoped
class ReplyToAsk {
    private final Sql sql;
    private final MessageStore messages;
    private final Replies replies;
    private final FenceReleases releases;

    ReplyToAsk(Sql sql, MessageStore messages, Replies replies, FenceReleases releases) {
        this.sql = sql;
        this.messages = messages;
        this.replies = replies;
        this.releases = releases;
    }

    MessageRequest.View reply(Scope scope, boolean person, UUID messageId, MessageRequest.Reply reply) {
        return sql.tx(scope, tx -> reply(tx, person, messageId, reply));
    }

    private MessageRequest.View reply(Tx tx, boolean person, UUID messageId, MessageRequest.Reply reply) {
        Message ask = messages.lock(tx, messageId);
        if (!person && !tx.scope().actor().equals("agent:" + ask.recipient())) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, tx.scope().actor() + " was not asked; agent:" + ask.recipient() + " was");
        }
        return switch (ask.state()) {
            case "answered" -> {
                if (!reply.text().equals(ask.reply())) {
                    throw new CapitaniaException(ErrorCode.DUPLICATE, "message " + messageId + " was answered before");
                }
                yield ask.view();
            }
            case "timed_out" ->
                throw new CapitaniaException(
                        ErrorCode.LEASE_LOST, "the asker stopped waiting at " + ask.deadline() + "; drop the answer");
            case "sent" ->
                throw new CapitaniaException(ErrorCode.BAD_REQUEST, "message " + messageId + " expects no answer");
            default -> answer(tx, ask, reply);
        };
    }

    private MessageRequest.View answer(Tx tx, Message ask, MessageRequest.Reply reply) {
        boolean tainted = ask.tainted() || Boolean.TRUE.equals(reply.tainted());
        messages.answered(tx, ask.messageId(), reply.text(), tainted, tx.scope().actor());
        if (ask.runId() != null) {
            releases.add(tx, ask.runId());
        }
        tx.publish(
                AgentReply.TYPE,
                ask.messageId().toString(),
                new AgentReply(
                        ask.messageId().toString(),
                        tx.scope().actor(),
                        ask.sender(),
                        reply.text(),
                        tainted,
                        ask.taskId()));
        tx.afterCommit(() -> replies.ring(ask.messageId()));
        return messages.find(tx, ask.messageId()).orElseThrow().view();
    }
}
