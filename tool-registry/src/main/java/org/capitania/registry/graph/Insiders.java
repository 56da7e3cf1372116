package org.capitania.registry.graph;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.capitania.graphclient.NodeQuery;
import org.capitania.servicekit.Scope;

/** Who belongs to the company: who works for an entity of its own, or is reached at one of its domains. Everybody else is outside. */
@ApplicationScoped
public class Insiders {
    private final Graph graph;

    Insiders(Graph graph) {
        this.graph = graph;
    }

    /** Whether a contact belongs to the company and still does. */
    public boolean inside(Scope scope, NodeView contact) {
        List<NodeView> own = own(scope);
        String address = contact.text("email");
        return "active".equals(contact.status())
                && ((address != null && ours(own, address))
                        || graph.linked(scope, contact.id(), "works_for", EdgeView.Direction.OUT).stream()
                                .anyMatch(employer ->
                                        own.stream().anyMatch(ours -> ours.id().equals(employer.id()))));
    }

    /** Whether whoever is reached at an address does. */
    public boolean inside(Scope scope, String addressKey) {
        return graph.contact(scope, addressKey)
                .map(contact -> inside(scope, contact))
                .orElseGet(() -> ours(own(scope), addressKey));
    }

    /** The company's own entities. */
    public List<NodeView> own(Scope scope) {
        return graph.find(
                scope, NodeQuery.ofType("entity").prop("relationship", "own").limit(20));
    }

    /** The time zone the company works in: that of its own entity; UTC when it says none that there is. */
    public ZoneId zone(Scope scope) {
        String named = own(scope).stream()
                .map(entity -> entity.text("timezone"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("UTC");
        try {
            return ZoneId.of(named);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }

    /** The language its people read, as its own entity says it. */
    public Optional<String> language(Scope scope) {
        return own(scope).stream()
                .map(entity -> entity.text("language"))
                .filter(language -> language != null && !language.isBlank())
                .findFirst();
    }

    private static boolean ours(List<NodeView> own, String address) {
        String domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return own.stream()
                .flatMap(entity -> entity.props().path("domains").valueStream())
                .map(JsonNode::asText)
                .anyMatch(domain::equalsIgnoreCase);
    }
}
