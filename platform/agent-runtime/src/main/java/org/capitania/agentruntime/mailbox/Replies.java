package org.capitania.agentruntime.mailbox;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.capitania.agentruntime.loop.Lease;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Sentinel;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Sends the answer of an ask-session to the supervisor, where the asking call waits for it. May be sent again after a crash. */
@ApplicationScoped
class Replies {
    private static final int LONGEST = 16_000;

    private final Peers peers;

    Replies(Peers peers) {
        this.peers = peers;
    }

    void send(Scope scope, AgentMessage message, Transcript transcript, Ended ended, Lease lease) {
        String text = text(transcript, ended);
        MessageRequest.Reply reply = new MessageRequest.Reply(text, message.tainted());
        while (true) {
            lease.check();
            try {
                peers.post(
                        Service.SUPERVISOR,
                        "/v1/messages/" + message.messageId() + "/reply",
                        scope,
                        reply,
                        Void.class,
                        PeerOptions.idempotent("reply:" + message.messageId()));
                return;
            } catch (CapitaniaException e) {
                if (!e.code().type().retryable()) {
                    Log.infof("reply not taken message=%s why=%s", message.messageId(), e.detail());
                    return;
                }
                lease.pause(Duration.ofMillis(200));
            }
        }
    }

    static String text(Transcript transcript, Ended ended) {
        @Nullable Reply last = transcript.lastReply();
        String words = last == null ? "" : Sentinel.without(last.text());
        if (ended.ending() != Ending.FINISHED || words.isBlank()) {
            return "No answer: " + ended.code() + ", " + ended.reason();
        }
        return words.length() > LONGEST ? words.substring(0, LONGEST) + "…" : words;
    }
}
