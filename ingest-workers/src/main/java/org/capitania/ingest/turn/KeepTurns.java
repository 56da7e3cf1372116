package org.capitania.ingest.turn;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.InteractionCreated;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.GraphClient;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Scope;

/**
 * Writes the turn state of a conversation when somebody has spoken in it, whoever recorded that. The last word counts, in whatever order they
 * come: what is no later than the last turn changes nothing, and so a repeated event does nothing either.
 */
@ApplicationScoped
public class KeepTurns {
    private static final String ACTOR = "worker:enrich";
    private static final PeerOptions AS_WORKER = PeerOptions.DEFAULT.signedAs(ACTOR);
    private static final String EDGE = "has_turn_state";
    private static final String TYPE = "turn_state";
    private static final String LAST = "last_turn_at";
    private static final String BY = "last_turn_by";

    private final GraphClient graph;

    KeepTurns(GraphClient graph) {
        this.graph = graph;
    }

    /** Takes an {@code interaction.created}. A conflict is tried again: somebody else spoke, or another replica was faster. */
    public Outcome spoken(Event event) {
        InteractionCreated created = event.as(InteractionCreated.class);
        String conversation = created.conversationId();
        if (conversation == null) {
            return Outcome.DONE;
        }
        Scope scope = Scope.reacting(event, ACTOR, "somebody spoke in its conversation");
        return Turn.of(graph.node(scope, created.id()))
                .map(turn -> keep(scope, conversation, turn))
                .orElse(Outcome.DONE);
    }

    private Outcome keep(Scope scope, String conversation, Turn turn) {
        Optional<NodeView> before = graph.edges(scope, conversation, EDGE, null).items().stream()
                .findFirst()
                .map(edge -> graph.node(scope, edge.other().id()).node());
        if (before.isEmpty()) {
            return begin(scope, conversation, turn);
        }
        NodeView state = before.get();
        String last = state.text(LAST);
        boolean later =
                last == null || turn.at().isAfter(OffsetDateTime.parse(last).toInstant());
        if (later && !turn.status().equals(Turn.CLOSED)) {
            Batch batch = new Batch()
                    .patch(
                            state.id(),
                            patch -> patch.version(state.version())
                                    .status(turn.status())
                                    .prop(LAST, turn.at().toString())
                                    .prop(BY, turn.by()));
            graph.mutate(scope, batch.build(), AS_WORKER);
        }
        return Outcome.DONE;
    }

    private Outcome begin(Scope scope, String conversation, Turn turn) {
        Batch batch = new Batch()
                .create(
                        "turn",
                        TYPE,
                        state -> state.status(turn.status())
                                .externalIfAbsent(TYPE, conversation)
                                .prop(LAST, turn.at().toString())
                                .prop(BY, turn.by()))
                .link(conversation, EDGE, "@turn");
        return graph.mutate(scope, batch.build(), AS_WORKER).byRef("turn").created()
                ? Outcome.DONE
                : new Outcome.Retry(Duration.ofMillis(100), "another has just begun the turn state");
    }
}
