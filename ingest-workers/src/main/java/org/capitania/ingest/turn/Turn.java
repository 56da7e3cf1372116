package org.capitania.ingest.turn;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.NodeView;
import org.jspecify.annotations.Nullable;

/**
 * What an interaction says about whose turn it is.
 *
 * @param status ours after somebody from outside has spoken, theirs after one of us has; closed after a machine has, whom nobody answers
 * @param at when it was said
 * @param by the contact who said it, or the producer where it was us
 */
record Turn(String status, Instant at, @Nullable String by) {
    static final String CLOSED = "closed";

    /** A clock that is wrong is wrong by less; what comes later than that was fetched from an old mailbox. */
    private static final Duration FRESH = Duration.ofDays(1);

    /** Nothing where it is not said who spoke to whom: a note, a meeting. */
    static Optional<Turn> of(NodeView.Detail interaction) {
        NodeView node = interaction.node();
        return switch (String.valueOf(node.text("direction"))) {
            case "in" ->
                Optional.of(new Turn(
                        node.props().path("answerable").asBoolean(true) ? "ours" : CLOSED,
                        received(node),
                        sender(interaction)));
            case "out" -> Optional.of(new Turn("theirs", said(node), node.producerId()));
            default -> Optional.empty();
        };
    }

    /** By our clock where it came as it was sent: by the sender's alone, an answer may seem older than what it answers. */
    private static Instant received(NodeView node) {
        String text = node.text("received_at");
        Instant said = said(node);
        if (text == null) {
            return said;
        }
        Instant received = OffsetDateTime.parse(text).toInstant();
        boolean fresh = node.occurredAt() == null
                || Duration.between(said, received).abs().compareTo(FRESH) < 0;
        return fresh ? received : said;
    }

    private static Instant said(NodeView node) {
        Instant occurred = node.occurredAt();
        return occurred == null ? node.createdAt() : occurred;
    }

    private static @Nullable String sender(NodeView.Detail interaction) {
        return interaction.edges().stream()
                .filter(edge -> edge.type().equals("from") && edge.direction() == EdgeView.Direction.OUT)
                .map(edge -> edge.other().id())
                .findFirst()
                .orElse(null);
    }
}
