package org.capitania.ingest.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EmailReceipt;
import org.capitania.contract.event.InteractionCreated;
import org.capitania.ingest.IngestScenario;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.junit.jupiter.api.Test;

/** Whose turn it is follows who spoke last, when graph-service says that somebody spoke. */
@QuarkusTest
class TurnsIT extends IngestScenario {
    @Inject
    Sql sql;

    @Test
    void shouldKnowWhoseTurnItIsWhenSomebodyHasSpoken() {
        // Given
        EmailReceipt first = receipt(post(mail("first")));
        // When
        created(first.id(), first.conversation());
        // Then
        ObjectNode turn = awaitTurn("ours", 1);
        assertThat(graph.linked(
                        "has_turn_state", first.conversation(), turn.path("id").asText()))
                .isTrue();
        assertThat(turn.at("/props/last_turn_by").asText())
                .isEqualTo(graph.byExternalId("contact", "marta@quintadavinha.example")
                        .path("id")
                        .asText());
        assertThat(peers.requests("POST", "/v1/mutations").getLast().subject()).isEqualTo("worker:enrich");

        // When we answer, and somebody else changes the turn state in that instant
        AtomicInteger attempts = new AtomicInteger();
        graph.beforeMutation(() -> {
            if (attempts.getAndIncrement() == 0) {
                throw new CapitaniaException(ErrorCode.VERSION_CONFLICT, "another version");
            }
        });
        String answer = graph.answer(first.conversation(), Instant.now().plusSeconds(60));
        created(answer, first.conversation());
        // Then
        awaitTurn("theirs", 2);
        assertThat(attempts).hasValue(2);

        // When older events come again, and a machine answers
        created(first.id(), first.conversation());
        created(answer, first.conversation());
        EmailReceipt machine =
                receipt(post(mail("machine", "In-Reply-To: " + id("first"), "Auto-Submitted: auto-replied")));
        assertThat(machine.conversation()).isEqualTo(first.conversation());
        created(machine.id(), machine.conversation());
        // Then: nothing, and what comes after them is heard
        String again = graph.answer(first.conversation(), Instant.now().plusSeconds(120));
        created(again, first.conversation());
        awaitTurn("theirs", 3);
    }

    private void created(String interaction, String conversation) {
        sql.run(
                Scope.of("main", "system:test", null),
                tx -> tx.publish(
                        InteractionCreated.TYPE,
                        conversation,
                        new InteractionCreated(interaction, null, conversation)));
    }

    private ObjectNode awaitTurn(String status, int version) {
        await(status)
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(graph.nodes("turn_state"))
                        .singleElement()
                        .satisfies(turn -> {
                            assertThat(turn.path("status").asText()).isEqualTo(status);
                            assertThat(turn.path("version").asInt()).isEqualTo(version);
                        }));
        return graph.nodes("turn_state").getFirst();
    }
}
