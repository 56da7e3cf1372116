package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Ops;
import org.capitania.servicekit.Scope;

/** Writes a letter that left into the graph: an interaction of its conversation, linked to whom it went to; the answered one is answered. */
@ApplicationScoped
class SentMailRecord {
    private final Graph graph;
    private final MailConfig config;

    SentMailRecord(Graph graph, MailConfig config) {
        this.graph = graph;
        this.config = config;
    }

    ObjectNode write(Scope scope, String effectId, Letter letter, Instant at) {
        Ops ops = new Ops()
                .create(new Ops.NewNode(
                        "mail",
                        "interaction",
                        "sent",
                        props(effectId, letter, at),
                        "email",
                        letter.messageId(),
                        at,
                        false))
                .link("part_of", "@mail", letter.conversationId())
                .patch(letter.interactionId(), null, null, "answered", false);
        links(scope, ops, "from", List.of(config.from()));
        links(scope, ops, "to", letter.to());
        links(scope, ops, "cc", letter.cc());
        MutationResult result = graph.change(scope, "effect:" + effectId, ops.list());
        MutationResult.OpResult mail = result.byRef("mail");
        return Json.MAPPER
                .createObjectNode()
                .put("interaction_id", mail.id())
                .put("interaction_slug", mail.slug())
                .put("audit_event_id", result.auditEventId());
    }

    private void links(Scope scope, Ops ops, String edge, List<String> addresses) {
        for (String address : addresses) {
            Optional<NodeView> contact = graph.contact(scope, Address.key(address));
            contact.ifPresent(node -> ops.link(edge, "@mail", node.id()));
        }
    }

    private ObjectNode props(String effectId, Letter letter, Instant at) {
        ObjectNode props = Ops.props();
        props.put("channel", "email")
                .put("direction", "out")
                .put("subject", letter.subject())
                .put("body_text", letter.bodyText())
                .put("message_id", letter.messageId())
                .put("from", Address.key(letter.from()))
                .put("sent_at", at.toString())
                .put("classification", "own")
                .put("call_id", effectId);
        if (letter.fromName() != null) {
            props.put("from_name", letter.fromName());
        }
        if (letter.inReplyTo() != null) {
            props.put("in_reply_to", letter.inReplyTo());
        }
        props.set("references", Json.tree(letter.references()));
        props.set("to", keys(letter.to()));
        props.set("cc", keys(letter.cc()));
        return props;
    }

    private static JsonNode keys(List<String> addresses) {
        return Json.tree(addresses.stream().map(Address::key).toList());
    }
}
