package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.capitania.contract.Topics;
import org.capitania.contract.api.FenceRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.Gateway;

/** Opens the read-only run of an ask at the gateway, then publishes the ask; whoever comes second finds it published. */
@ApplicationScoped
class TellPeer {
    private final Sql sql;
    private final Gateway gateway;
    private final MessageStore messages;

    TellPeer(Sql sql, Gateway gateway, MessageStore messages) {
        this.sql = sql;
        this.gateway = gateway;
        this.messages = messages;
    }

    void tell(Scope scope, Message ask) {
        gateway.open(scope.withActor("system:supervisor"), fence(ask));
        sql.run(scope, tx -> publish(tx, ask));
    }

    /** The run may act for the task in which it was asked, and under the ask's own id where there is none. */
    private static FenceRequest fence(Message ask) {
        List<String> tasks = Stream.of(ask.taskId(), ask.messageId().toString())
                .filter(Objects::nonNull)
                .toList();
        Instant deadline = Objects.requireNonNull(ask.deadline());
        return new FenceRequest(
                ask.recipient(),
                ask.fence(),
                String.valueOf(ask.runId()),
                FenceRequest.Kind.ASK,
                tasks,
                ask.tainted() ? tasks : List.of(),
                deadline);
    }

    private void publish(Tx tx, Message ask) {
        Message current = messages.lock(tx, ask.messageId());
        if (current.published() || current.over()) {
            return;
        }
        messages.published(tx, ask.messageId());
        tx.publishTo(
                Topics.agent(ask.recipient()),
                AgentMessage.TYPE,
                ask.messageId().toString(),
                ask.event());
    }
}
