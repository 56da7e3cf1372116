package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NewNode;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;

/** Writes a letter that left into the graph: an interaction of its conversation, or about its matter, linked to whom it went to; the answered one is answered. */
@ApplicationScoped
class SentMailRecord {
    private final Graph graph;
    private final MailConfig config;

    SentMailRecord(Graph graph, MailConfig config) {
        this.graph = graph;
        this.config = config;
    }

    ObjectNode write(Scope scope, String effectId, Letter letter, Instant at) {
        Batch batch = new Batch().create("mail", "interaction", mail -> describe(mail, effectId, letter, at));
        if (letter.conversationId() != null) {
            batch.link("@mail", "part_of", letter.conversationId());
        }
        if (letter.interactionId() != null) {
            batch.patch(letter.interactionId(), answered -> answered.status("answered"));
        }
        if (letter.aboutId() != null) {
            batch.link("@mail", "about", letter.aboutId());
        }
        links(scope, batch, "from", List.of(config.from()));
        links(scope, batch, "to", letter.to());
        links(scope, batch, "cc", letter.cc());
        MutationResult result = graph.change(scope, "effect:" + effectId, batch);
        MutationResult.OpResult mail = result.byRef("mail");
        return Json.MAPPER
                .createObjectNode()
                .put("interaction_id", mail.id())
                .put("interaction_slug", mail.slug())
                .put("audit_event_id", result.auditEventId());
    }

    private void links(Scope scope, Batch batch, String edge, List<String> addresses) {
        for (String address : addresses) {
            graph.contact(scope, Address.key(address)).ifPresent(contact -> batch.link("@mail", edge, contact.id()));
        }
    }

    private static void describe(NewNode mail, String effectId, Letter letter, Instant at) {
        mail.status("sent")
                .externalIfAbsent("email", letter.messageId())
                .occurredAt(at)
                .prop("channel", "email")
                .prop("direction", "out")
                .prop("subject", letter.subject())
                .prop("body_text", letter.bodyText())
                .prop("message_id", letter.messageId())
                .prop("in_reply_to", letter.inReplyTo())
                .prop("references", letter.references())
                .prop("from", Address.key(letter.from()))
                .prop("from_name", letter.fromName())
                .prop("to", keys(letter.to()))
                .prop("cc", keys(letter.cc()))
                .prop("sent_at", at.toString())
                .prop("classification", "own")
                .prop("call_id", effectId);
    }

    private static JsonNode keys(List<String> addresses) {
        return Json.tree(addresses.stream().map(Address::key).toList());
    }
}
