package org.capitania.registry.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.registry.graph.Graph;
import org.capitania.servicekit.Scope;

/**
 * A mail thread as the graph has it.
 *
 * @param messages oldest first
 */
record Conversation(NodeView node, List<NodeView> messages) {

    static Conversation read(Graph graph, Scope scope, String ref) {
        NodeView node = graph.node(scope, ref, "conversation");
        List<NodeView> messages = new ArrayList<>();
        for (NodeView.Brief brief : graph.linked(scope, node.id(), "part_of", EdgeView.Direction.IN)) {
            if (brief.type().equals("interaction")) {
                // A note that somebody logged into the thread is no message of it, least of all one to answer.
                graph.detail(scope, brief.id())
                        .map(NodeView.Detail::node)
                        .filter(part -> "email".equals(part.text("channel")))
                        .ifPresent(messages::add);
            }
        }
        messages.sort(Comparator.comparing(Conversation::at).thenComparing(NodeView::id));
        return new Conversation(node, messages);
    }

    static Instant at(NodeView message) {
        return message.occurredAt() == null ? message.createdAt() : message.occurredAt();
    }

    /** The message of the thread with this id or slug. */
    Optional<NodeView> message(String ref) {
        return messages.stream()
                .filter(m -> m.id().equals(ref) || m.slug().equals(ref))
                .findFirst();
    }

    /** Address key to the name the person writes under, of everybody in the thread. */
    Map<String, String> people() {
        Map<String, String> people = new LinkedHashMap<>();
        for (NodeView message : messages) {
            String from = message.text("from");
            if (from != null) {
                String name = message.text("from_name");
                people.merge(Address.key(from), name == null ? "" : name, (a, b) -> a.isEmpty() ? b : a);
            }
            for (String field : List.of("to", "cc", "reply_to")) {
                for (JsonNode address : message.props().path(field)) {
                    people.putIfAbsent(Address.key(address.asText()), "");
                }
            }
        }
        return people;
    }

    static boolean inbound(NodeView message) {
        return "in".equals(message.text("direction"));
    }

    /** Whether a person wrote it, so that an answer is wanted at all. */
    static boolean answerable(NodeView message) {
        return inbound(message) && "person".equals(message.text("classification"));
    }

    /** The latest message, if it waits for us: nothing of ours came after it, and a person wrote it. */
    Optional<NodeView> waiting() {
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getLast()).filter(Conversation::answerable);
    }
}
