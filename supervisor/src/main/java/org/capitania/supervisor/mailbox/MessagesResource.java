package org.capitania.supervisor.mailbox;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Service;
import org.capitania.contract.api.MessageRequest;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.supervisor.roster.AgentStore;
import org.jspecify.annotations.Nullable;

/** The mailbox over HTTP: people write here directly, agents through the gateway's {@code hq_agent} tool. */
@Path("/v1")
@RunOnVirtualThread
class MessagesResource {
    private static final String GATEWAY = "system:" + Service.TOOL_REGISTRY.wireName();

    private final CallContext call;
    private final Sql sql;
    private final AgentStore agents;
    private final MessageStore messages;
    private final Mailbox mailbox;
    private final MailboxConfig config;

    MessagesResource(
            CallContext call,
            Sql sql,
            AgentStore agents,
            MessageStore messages,
            Mailbox mailbox,
            MailboxConfig config) {
        this.call = call;
        this.sql = sql;
        this.agents = agents;
        this.messages = messages;
        this.mailbox = mailbox;
        this.config = config;
    }

    @POST
    @Path("/messages")
    public MessageRequest.Sent post(MessageRequest message) {
        Caller caller = writer();
        agents.requireKnown(message.to());
        check(message.text());
        if (caller.actor().equals("agent:" + message.to())) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, message.to() + " cannot write to itself");
        }
        Scope scope = call.scope();
        boolean person = caller.actor().startsWith("user:");
        return switch (message.kind()) {
            case ASK -> mailbox.ask().ask(scope, message, call.idempotencyKey());
            case SEND -> mailbox.send().send(scope, message, person, call.idempotencyKey());
        };
    }

    /** By a person: agents write to whom they mean. */
    @POST
    @Path("/broadcasts")
    public MessageRequest.Page broadcast(MessageRequest.Broadcast broadcast) {
        Caller caller = call.caller();
        if (!caller.isPerson()) {
            throw new CapitaniaException(
                    ErrorCode.DENIED, caller.principal() + " may not write to a group; a person may");
        }
        check(broadcast.text());
        return new MessageRequest.Page(mailbox.broadcast().send(call.scope(), broadcast, call.idempotencyKey()).stream()
                .map(Message::view)
                .toList());
    }

    @POST
    @Path("/messages/{id}/reply")
    public MessageRequest.View reply(@PathParam("id") String id, MessageRequest.Reply reply) {
        if (reply.text().length() > config.longest()) {
            throw tooLong(reply.text());
        }
        return mailbox.reply().reply(call.scope(), call.caller().isPerson(), uuid(id), reply);
    }

    @GET
    @Path("/messages")
    public MessageRequest.Page list(
            @QueryParam("to") @Nullable String to,
            @QueryParam("from") @Nullable String from,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return sql.read(
                call.scope(),
                tx -> new MessageRequest.Page(messages.list(tx, to, from, state, Math.clamp(limit, 1, 500)).stream()
                        .map(Message::view)
                        .toList()));
    }

    @GET
    @Path("/messages/{id}")
    public MessageRequest.View one(@PathParam("id") String id) {
        return sql.read(call.scope(), tx -> messages.view(tx, uuid(id)))
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no message " + id));
    }

    private Caller writer() {
        Caller caller = call.caller();
        if (!caller.principal().equals(GATEWAY) && !caller.kind().human()) {
            throw new CapitaniaException(ErrorCode.DENIED, caller.principal() + " may not write here")
                    .withHint("an agent writes through the tool hq_agent, so that the message is in the ledger");
        }
        return caller;
    }

    private void check(String text) {
        if (text.isBlank()) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "a message needs a text");
        }
        if (text.length() > config.longest()) {
            throw tooLong(text);
        }
    }

    private CapitaniaException tooLong(String text) {
        return new CapitaniaException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "a message has at most " + config.longest() + " characters, this one has " + text.length());
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "not an id: " + id, e);
        }
    }
}
