package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.FenceReleases;

/** Waits for the reply of an ask until its deadline, by the clock of the database. No connection is held meanwhile. */
@ApplicationScoped
class AwaitReply {
    private final Sql sql;
    private final MessageStore messages;
    private final Replies replies;
    private final FenceReleases releases;
    private final MailboxConfig config;

    AwaitReply(Sql sql, MessageStore messages, Replies replies, FenceReleases releases, MailboxConfig config) {
        this.sql = sql;
        this.messages = messages;
        this.replies = replies;
        this.releases = releases;
        this.config = config;
    }

    Message reply(Scope scope, UUID messageId) {
        try {
            while (true) {
                Message message =
                        sql.read(scope, tx -> messages.find(tx, messageId).orElseThrow());
                if (message.late() && !message.over()) {
                    message = sql.tx(scope, tx -> timeOut(tx, messageId));
                }
                if (message.state().equals("answered")) {
                    return message;
                }
                if (message.withdrawn()) {
                    throw new CapitaniaException(
                            ErrorCode.PEER_PAUSED, message.recipient() + " was paused before it answered");
                }
                if (message.over()) {
                    throw new CapitaniaException(
                            ErrorCode.PEER_TIMEOUT,
                            message.recipient() + " did not answer before " + message.deadline());
                }
                replies.await(messageId, config.look());
            }
        } finally {
            replies.forget(messageId);
        }
    }

    /** The ask is over, unless the reply was faster. */
    private Message timeOut(Tx tx, UUID messageId) {
        Message message = messages.lock(tx, messageId);
        if (message.over()) {
            return message;
        }
        messages.timedOut(tx, messageId);
        if (message.runId() != null) {
            releases.add(tx, message.runId());
        }
        return messages.find(tx, messageId).orElseThrow();
    }
}
