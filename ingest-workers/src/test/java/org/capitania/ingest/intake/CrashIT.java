package org.capitania.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.EmailReceipt;
import org.capitania.contract.api.EmailView;
import org.capitania.contract.event.EmailReceived;
import org.capitania.ingest.FakeGraph;
import org.capitania.ingest.IngestScenario;
import org.capitania.testkit.FakePeers;
import org.junit.jupiter.api.Test;

/** Whatever breaks between two lines: one interaction, one event, nothing lost. */
@QuarkusTest
class CrashIT extends IngestScenario {
    @Inject
    ReceiveEmail receive;

    @Test
    void shouldFinishTheMailWhenTheProcessDiedAfterKeepingIt() throws IOException {
        // Given a mail that was kept, and a process that died before its next line
        receive.receive(new Origin("main", "test:crash", "inbox"), new ByteArrayInputStream(mail("kept")));
        // Then the sweeper brings it home
        awaitTold(id("kept"));
        assertOnce("kept");
    }

    @Test
    void shouldFinishOnceWhenTheGraphWroteAndItsAnswerWasLost() {
        AtomicInteger lost = new AtomicInteger();
        graph.afterMutation(() -> {
            if (lost.incrementAndGet() <= 2) {
                throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "the answer is lost");
            }
        });
        Answer answer = post(mail("lost-answer"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(lost.get()).isGreaterThanOrEqualTo(3);
        assertOnce("lost-answer");
    }

    @Test
    void shouldAnswerAndFinishWhenTheGraphComesBackWhileTheCallerWaits() {
        AtomicInteger down = new AtomicInteger();
        graph.beforeMutation(() -> {
            if (down.incrementAndGet() <= 4) {
                throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "graph-service starts");
            }
        });
        EmailReceipt receipt = receipt(post(mail("patience")));
        assertThat(view(receipt.emailId()).attempts()).isGreaterThanOrEqualTo(4);
        assertOnce("patience");
    }

    @Test
    void shouldKeepTheMailWhenTheGraphIsDownForLongerThanTheCallerWaits() throws Exception {
        // Given no graph at all
        peers.close();
        // When
        Answer answer = post(mail("down"));
        // Then the caller learns that nothing is lost
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains("kept as").contains("handing it in again is harmless");
        assertThat(find(id("down")).status()).isEqualTo("received");
        // and when the graph is back it is finished without anybody's doing
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        awaitTold(id("down"));
        assertOnce("down");
    }

    @Test
    void shouldGiveUpAndSayWhyWhenTheGraphRefusesForGood() {
        // Given
        graph.beforeMutation(() -> {
            throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "/ops/0/props/subject is wrong");
        });
        // When
        Answer answer = post(mail("refused-by-graph"));
        // Then it is given up after the attempts that are allowed
        assertThat(answer.status()).isEqualTo(422);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> find(id("refused-by-graph")).status().equals("failed"));
        EmailView view = find(id("refused-by-graph"));
        assertThat(view.attempts()).isEqualTo(3);
        assertThat(view.lastError()).contains("subject is wrong");
        assertThat(told(EmailReceived.TYPE, id("refused-by-graph"))).isEmpty();
        // and is taken up again when a person says so
        graph.beforeMutation(() -> {});
        assertThat(as("user:owner").post("/v1/workers/email_ingest/runs").statusCode())
                .isEqualTo(200);
        awaitTold(id("refused-by-graph"));
        assertOnce("refused-by-graph");
    }

    private void assertOnce(String name) {
        awaitTold(id(name));
        assertThat(find(id(name)).status()).isEqualTo("stored");
        assertThat(told(EmailReceived.TYPE, id(name))).hasSize(1);
        assertThat(graph.nodes("interaction").stream()
                        .filter(n -> n.path("external_id").asText().equals(id(name))))
                .hasSize(1);
    }
}
