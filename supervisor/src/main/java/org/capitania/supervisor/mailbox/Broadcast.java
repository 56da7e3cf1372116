package org.capitania.supervisor.mailbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.MessageRequest;
import org.capitania.contract.event.AgentMessage;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/** A person's note to every agent of a group, all of them or none; each is a message like any other. */
@ApplicationScoped
class Broadcast {
    private final Sql sql;
    private final AgentStore agents;
    private final SendNote notes;

    Broadcast(Sql sql, AgentStore agents, SendNote notes) {
        this.sql = sql;
        this.agents = agents;
        this.notes = notes;
    }

    List<Message> send(Scope scope, MessageRequest.Broadcast broadcast, @Nullable String key) {
        requireGroup(broadcast.group());
        return sql.tx(
                scope,
                tx -> agents.lockAll(tx).stream()
                        .map(Agent::role)
                        .map(role -> notes.send(
                                tx,
                                new MessageRequest(
                                        AgentMessage.Kind.SEND, role, broadcast.text(), null, null, null, false, null),
                                true,
                                key == null ? null : key + ":" + role,
                                broadcast.group()))
                        .toList());
    }

    private static void requireGroup(String group) {
        switch (group) {
            case "@all", "@ventures" -> {}
            case "@projects" ->
                throw new CapitaniaException(
                                ErrorCode.UNKNOWN_PEER,
                                "project agents are there for one task at a time and read no mail")
                        .withHint("write to the agent that works on the project");
            default ->
                throw new CapitaniaException(
                        ErrorCode.UNKNOWN_PEER,
                        "no group is called " + group + "; there are @all, @ventures and @projects");
        }
    }
}
