package org.capitania.ingest.intake;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.MutationBatch;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** What the mail workers ask of and write to the graph, signed by the worker's own key. */
@ApplicationScoped
class GraphLookups {
    static final String SOURCE = "email";

    private static final PeerOptions AS_WORKER =
            new PeerOptions(null, Duration.ofSeconds(10), ReceiveEmail.ACTOR, null);

    private final Peers peers;

    GraphLookups(Peers peers) {
        this.peers = peers;
    }

    MutationResult write(Scope scope, MutationBatch batch, String idempotencyKey) {
        return peers.post(
                Service.GRAPH_SERVICE,
                "/v1/mutations",
                scope,
                batch,
                MutationResult.class,
                AS_WORKER.withIdempotencyKey(idempotencyKey));
    }

    /** The conversation of a mail that is in the graph; our own answers are there without ever having come in. */
    Optional<String> conversationOf(Scope scope, String messageId) {
        return external(scope, "interaction", messageId)
                .flatMap(mail -> neighbour(scope, mail.id(), "part_of", "conversation"));
    }

    /** Whether the company sent the mail of this id. */
    boolean sentByUs(Scope scope, String messageId) {
        return external(scope, "interaction", messageId)
                .filter(mail -> "out".equals(mail.text("direction")))
                .isPresent();
    }

    /** Whom the owner of an address is known to work for. */
    Optional<String> employer(Scope scope, String address) {
        return external(scope, "contact", address).flatMap(c -> neighbour(scope, c.id(), "works_for", "entity"));
    }

    /** The one entity of a mail domain or of the domain above it; none when two claim it. */
    Optional<String> entityOf(Scope scope, String domain) {
        List<NodeView> found = list(scope, "/v1/nodes?type=entity&limit=2&prop.domains=" + encode(domain));
        if (!found.isEmpty()) {
            return found.size() == 1 ? Optional.of(found.getFirst().id()) : Optional.empty();
        }
        String above = domain.substring(domain.indexOf('.') + 1);
        return above.indexOf('.') > 0 ? entityOf(scope, above) : Optional.empty();
    }

    private Optional<NodeView> external(Scope scope, String type, String externalId) {
        return list(
                        scope,
                        "/v1/nodes?type=" + type + "&limit=1&external_source=" + SOURCE + "&external_id="
                                + encode(externalId))
                .stream()
                .findFirst();
    }

    private Optional<String> neighbour(Scope scope, String id, String edge, String type) {
        return peers
                .get(
                        Service.GRAPH_SERVICE,
                        "/v1/nodes/" + id + "/edges?direction=out&type=" + edge,
                        scope,
                        EdgeView.Page.class,
                        AS_WORKER)
                .items()
                .stream()
                .map(EdgeView::other)
                .filter(other -> other.type().equals(type))
                .map(NodeView.Brief::id)
                .findFirst();
    }

    private List<NodeView> list(Scope scope, String path) {
        return peers.get(Service.GRAPH_SERVICE, path, scope, NodeView.Page.class, AS_WORKER)
                .items();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
