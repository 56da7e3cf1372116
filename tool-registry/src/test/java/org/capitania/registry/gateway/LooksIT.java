package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Row;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.FakeGraph;
import org.capitania.registry.FakeProvider;
import org.capitania.registry.Fleet;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FakePeers;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that only looks is written once, when it has ended: each that was answered, and none twice. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LooksIT {
    private static final Scope SCOPE = Scope.of("main", "system:tool-registry", "test");
    private static final Map<String, Object> QUERY = Map.of("query", "bakery");

    @Inject
    Sql sql;

    private FakePeers peers;
    private FakeGraph graph;
    private Fleet.Run run;

    @BeforeEach
    void playPeers() {
        peers = FakePeers.listen();
        graph = new FakeGraph(peers);
        Fleet.curate("operator", "hq_search", "hq_describe");
        run = Fleet.wake("operator");
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    @Test
    void shouldWriteItOnceWhenItHasEnded() {
        // Given
        NodeView node = graph.add("entity", "entity-of-" + run.taskId(), Map.of("name", "Frama"));
        List<Optional<Row>> meanwhile = new ArrayList<>();
        peers.watch((request, answered) -> meanwhile.add(row(run.sessionId() + ":1:0")));
        // When
        ToolResult result = run.call("hq_describe", Map.of("ref", node.id()));
        // Then
        assertThat(result.status()).isEqualTo(CallStatus.DONE);
        assertThat(meanwhile).isNotEmpty().allMatch(Optional::isEmpty);
        Row row = row(run.sessionId() + ":1:0").orElseThrow();
        assertThat(row.getString("status")).isEqualTo("done");
        assertThat(row.getString("run_id")).isEqualTo(run.runId());
        assertThat(row.getLong("fence")).isEqualTo(run.fence());
        assertThat(row.getString("name")).isEqualTo("Frama");
        assertThat(row.getOffsetDateTime("finished_at")).isAfter(row.getOffsetDateTime("started_at"));
        assertThat(row.getLong("events")).isEqualTo(1);
        assertThat(row.getBoolean("told_whole")).isTrue();
    }

    @Test
    void shouldAnswerAllAlikeWhenOneIsAskedManyTimesAtOnce() throws Exception {
        // Given
        graph.add("entity", "entity-of-" + run.taskId(), Map.of("name", "The bakery"));
        String id = run.nextCall();
        // When
        List<Future<ToolResult>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(12)) {
            for (int i = 0; i < 24; i++) {
                answers.add(threads.submit(() -> run.call("hq_search", id, QUERY)));
            }
        }
        // Then
        ToolResult first = answers.getFirst().get();
        assertThat(first.data().path("count").asInt()).isEqualTo(1);
        for (Future<ToolResult> answer : answers) {
            assertThat(answer.get()).isEqualTo(first);
        }
        assertThat(row(id).orElseThrow().getLong("events")).isEqualTo(1);
    }

    @Test
    void shouldAnswerWhatStandsWhenAnotherProcessWroteItMeanwhile() {
        // Given: another replica looked for the same call, and was faster
        String id = run.nextCall();
        peers.watch((request, answered) -> {
            if (answered) {
                sql.run(SCOPE.withActor("agent:operator"), tx -> tx.execute("""
                                INSERT INTO calls (call_id, actor, session_id, task_id, tool, action, idempotency, input, input_digest, status,
                                                   output, finished_at)
                                VALUES ($1, 'agent:operator', $2, $3, 'hq_search', 'hq_search', 'read', '{}', 'x', 'done', '{"count":77}',
                                        clock_timestamp())
                                """, id, run.sessionId(), run.taskId()));
            }
        });
        // When
        ToolResult result = run.call("hq_search", id, QUERY);
        // Then
        assertThat(result.data().path("count").asInt()).isEqualTo(77);
        assertThat(row(id).orElseThrow().getLong("events")).isZero();
    }

    @Test
    void shouldKeepARowWhenALookFails() {
        // When
        ToolResult failed = run.call("hq_describe", Map.of("ref", "nobody-knows-it"));
        // Then
        assertThat(failed.status()).isEqualTo(CallStatus.FAILED);
        assertThat(Fleet.refusal(failed)).isEqualTo("not_found");
        Row row = row(run.sessionId() + ":1:0").orElseThrow();
        assertThat(row.getString("status")).isEqualTo("failed");
        assertThat(row.getLong("events")).isEqualTo(1);
        assertThat(row.getBoolean("told_whole")).isTrue();
    }

    @Test
    void shouldTellTheSizeWhenTheAnswerIsTooLargeForAnEvent() {
        // Given
        Map<String, Object> props = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            props.put("note_" + i, "x".repeat(8000));
        }
        NodeView node = graph.add("entity", "large-" + run.taskId(), props);
        // When
        ToolResult result = run.call("hq_describe", Map.of("ref", node.id()));
        // Then
        assertThat(result.status()).isEqualTo(CallStatus.DONE);
        Row row = row(run.sessionId() + ":1:0").orElseThrow();
        assertThat(row.getBoolean("told_whole")).isFalse();
        assertThat(row.getLong("told_bytes")).isGreaterThan(150_000);
    }

    @Test
    void shouldNoteWhatCameFromOutsideWithWhatWasRead() {
        // Given
        NodeView node = graph.add("entity", "outside-" + run.taskId(), null, Map.of("name", "Sent in"), true);
        // When
        run.call("hq_describe", Map.of("ref", node.id()));
        // Then
        Optional<Row> taint = sql.tx(
                SCOPE, tx -> tx.one("SELECT source, run_id, call_id FROM run_taint WHERE task_id = $1", run.taskId()));
        assertThat(taint).hasValueSatisfying(row -> {
            assertThat(row.getString("source")).isEqualTo("node:" + node.id());
            assertThat(row.getString("run_id")).isEqualTo(run.runId());
            assertThat(row.getString("call_id")).isEqualTo(run.sessionId() + ":1:0");
        });
    }

    private Optional<Row> row(String callId) {
        return sql.tx(SCOPE, tx -> tx.one("""
                        SELECT status, run_id, fence, started_at, finished_at, output #>> '{node,props,name}' AS name,
                               (SELECT count(*) FROM outbox AS o WHERE o.topic = 'ledger.action' AND o.key = c.call_id) AS events,
                               (SELECT o.payload -> 'output' FROM outbox AS o WHERE o.topic = 'ledger.action' AND o.key = c.call_id)
                                   = coalesce(c.error, c.output) AS told_whole,
                               (SELECT (o.payload #>> '{output,bytes}')::bigint FROM outbox AS o
                                 WHERE o.topic = 'ledger.action' AND o.key = c.call_id) AS told_bytes
                          FROM calls AS c WHERE call_id = $1
                        """, callId));
    }
}
