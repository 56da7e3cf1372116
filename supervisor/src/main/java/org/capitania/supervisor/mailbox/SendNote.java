package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.contract.Topics;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.contract.event.OwnerDm;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/**
 * A message without an answer. From a person it is the event {@code owner.dm}, which wakes like any other; from a peer it goes straight to
 * the agent, which reads it when it is next awake.
 */
@ApplicationScoped
class SendNote {
    private final Sql sql;
    private final AgentStore agents;
    private final MessageStore messages;

    SendNote(Sql sql, AgentStore agents, MessageStore messages) {
        this.sql = sql;
        this.agents = agents;
        this.messages = messages;
    }

    MessageRequest.Sent send(Scope scope, MessageRequest request, boolean person, @Nullable String key) {
        Message note = sql.tx(scope, tx -> send(tx, request, person, key, null));
        return new MessageRequest.Sent(note.messageId().toString(), null, null, null, note.tainted());
    }

    /** @param group the group that it is sent to, if to one */
    Message send(Tx tx, MessageRequest request, boolean person, @Nullable String key, @Nullable String group) {
        // The lock of the role also makes two equal requests at once one after the other.
        agents.lock(tx, request.to());
        Optional<Message> first = messages.repeated(tx, tx.scope().actor(), key, request);
        if (first.isPresent()) {
            return first.get();
        }
        Message note = messages.send(tx, request, tx.scope().actor(), key, group);
        String id = note.messageId().toString();
        if (person) {
            tx.publish(OwnerDm.TYPE, id, new OwnerDm(id, note.sender(), note.recipient(), note.body()));
        } else {
            tx.publishTo(Topics.agent(note.recipient()), AgentMessage.TYPE, id, note.event());
        }
        return note;
    }
}
