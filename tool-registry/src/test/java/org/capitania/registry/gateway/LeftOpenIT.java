package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.Approved;
import org.capitania.registry.FakeApprovals;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A letter whose process died, and whose run is over by now: nobody repeats it, so a look has to tell what became of it. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LeftOpenIT {
    @Inject
    CallRecovery recovery;

    @Inject
    Sql sql;

    private FakePeers peers;
    private FakeGraph graph;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        assertThat(new FakeApprovals(peers).reports("none")).isEmpty();
        Fleet.curate("chief", "email_send", "email_thread_read");
        Fleet.guardiansLive();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldCallDoneWhatHadLeft() throws IOException {
        String id = leftOpen("Left");
        String name = sql.tx(
                Scope.of("main", "agent:chief", "test"),
                tx -> tx.one("SELECT message_id FROM effects WHERE effect_id = $1", id)
                        .orElseThrow()
                        .getString(0));
        Files.writeString(TestKafka.shared().sentMail().resolve(name.substring(1, name.length() - 1) + ".eml"), name);
        recovery.sweep("main");
        assertThat(end(id).path("status").asText()).isEqualTo("done");
    }

    @Test
    void shouldNotSendWhatHadNotLeft() {
        String id = leftOpen("Stayed");
        int before = Approved.mails().size();
        recovery.sweep("main");
        assertThat(end(id).path("status").asText()).isEqualTo("refused");
        assertThat(Approved.mails()).hasSize(before);
    }

    private static JsonNode end(String id) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !Fleet.action(id).path("status").asText().equals("intent"));
        return Fleet.action(id);
    }

    /** The INTENT of a letter, eleven minutes old, of a process and a run that are gone. */
    private String leftOpen(String subject) {
        Fleet.Run run = Fleet.wake("chief");
        ToolResult waiting = run.call("email_send", graph.thread(subject).answer("Monday works."));
        String id = run.nextCall();
        Fleet.wake("chief");
        sql.run(Scope.of("main", "agent:chief", "test"), tx -> {
            tx.execute("DELETE FROM open_freezes WHERE proposal_id = $1", waiting.proposalId());
            tx.execute("""
                    INSERT INTO effects (effect_id, business_key, tool, actor, message_id, effect, status)
                    SELECT $1, business_key, 'email_send', 'agent:chief', effect ->> 'message_id', effect, 'intent'
                      FROM frozen_revisions WHERE proposal_id = $2
                    """, id, waiting.proposalId());
            tx.execute("""
                    INSERT INTO calls (call_id, actor, session_id, task_id, run_id, fence, tool, action, idempotency, input, input_digest, status,
                                       lease_owner, lease_expires_at, started_at)
                    SELECT $1, actor, session_id, task_id, run_id, fence, tool, action, idempotency, input, input_digest, 'intent', 'dead',
                           clock_timestamp(), clock_timestamp() - interval '11 minutes' FROM calls WHERE proposal_id = $2
                    """, id, waiting.proposalId());
        });
        return id;
    }
}
