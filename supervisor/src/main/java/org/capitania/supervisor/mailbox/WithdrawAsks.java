package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.FenceReleases;

/** Ends what a role was asked and has not answered: once it is paused it answers nothing, also not what is on its topic already. */
@ApplicationScoped
public class WithdrawAsks {
    private final MessageStore messages;
    private final FenceReleases releases;
    private final Replies replies;

    WithdrawAsks(MessageStore messages, FenceReleases releases, Replies replies) {
        this.messages = messages;
        this.releases = releases;
        this.replies = replies;
    }

    /** The caller holds the lock of the role. */
    public void ofRole(Tx tx, String role) {
        for (Message ask : messages.withdraw(tx, role)) {
            if (ask.runId() != null) {
                releases.add(tx, ask.runId());
            }
            tx.afterCommit(() -> replies.ring(ask.messageId()));
        }
    }
}
