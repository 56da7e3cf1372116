package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.capitania.contract.Json;
import org.capitania.contract.event.LedgerAction;
import org.capitania.registry.FakeProvider;
import org.capitania.servicekit.EventLoop;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

/** Acts that arrive together are written together; none is written twice, and none is lost for another's sake. */
@QuarkusTest
@WithTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "tool-registry"))
@WithTestResource(FakeProvider.class)
class LedgerFlusherIT {
    private static final Scope SCOPE = Scope.of(TestTokens.TENANT, "system:tool-registry", "test");
    private static final TopicPartition TOPIC = new TopicPartition("hq.ledger.actions", 0);

    @Inject
    Sql sql;

    @Inject
    EventLoop loop;

    @Inject
    LedgerFlusher flusher;

    @Inject
    LedgerVerifier verifier;

    private final String task = "task-" + UUID.randomUUID();
    /** As another consumer: these records are on no topic. */
    private final String consumer = "test-" + task;

    private final List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>();

    @Test
    void shouldWriteInOneTransactionWhenActsArriveTogether() {
        // Given: one of them twice, under another event's id
        record("a", action("a"));
        record("b", action("b"));
        record("a again", action("a"));
        record("c", action("c"));
        // When
        deliver();
        // Then
        assertThat(entries()).containsExactly("a", "b", "c");
        assertThat(number("SELECT count(DISTINCT xmin::text) AS n FROM agent_actions WHERE task_id = $1", task))
                .isEqualTo(1);
        assertThat(number("SELECT count(*) AS n FROM inbox WHERE consumer = $1", consumer))
                .isEqualTo(4);
        // As soon as its head has left: these entries have no records.
        await().until(() -> verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).holds());
        // When: all of it again, with one more
        record("d", action("d"));
        deliver();
        // Then
        assertThat(entries()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldKeepTheOthersWhenOneCannotBeKept() {
        // Given: one without its actor
        record("a", action("a"));
        ObjectNode nobodys = action("b");
        nobodys.remove("actor");
        record("b", nobodys);
        record("c", action("c"));
        // When
        deliver();
        // Then: that one is with the dead letters
        assertThat(entries()).containsExactly("a", "c");
        assertThat(number("SELECT count(*) AS n FROM inbox WHERE consumer = $1", consumer))
                .isEqualTo(3);
        assertThat(number(
                        "SELECT count(*) AS n FROM outbox WHERE topic = 'dead-letter' AND payload ->> 'consumer' = $1",
                        consumer))
                .isEqualTo(1);
        // As soon as its head has left: these entries have no records.
        await().until(() -> verifier.verify(SCOPE, LedgerTable.AGENT_ACTIONS).holds());
    }

    private void deliver() {
        loop.consume(new ConsumerRecords<>(Map.of(TOPIC, batch), Map.of()), consumer, flusher::handle, flusher);
    }

    private ObjectNode action(String call) {
        return Json.MAPPER
                .createObjectNode()
                .put("call_id", task + ":" + call)
                .put("actor", "agent:operator")
                .put("task_id", task)
                .put("tool", "hq_search")
                .put("status", "done")
                .put("cost_usd", 0)
                .put("at", "2026-11-20T10:00:00Z");
    }

    private void record(String id, ObjectNode body) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                TOPIC.topic(),
                TOPIC.partition(),
                batch.size(),
                body.path("call_id").asText(),
                Json.bytes(body));
        Map.of(
                        "ce_id",
                        task + "/" + id,
                        "ce_type",
                        LedgerAction.TYPE,
                        "ce_source",
                        "test",
                        "ce_time",
                        "2026-11-20T10:00:00Z",
                        "ce_tenant",
                        TestTokens.TENANT,
                        "ce_actor",
                        "agent:operator")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        batch.add(record);
    }

    /** The calls of this test in the ledger, in its order. */
    private List<String> entries() {
        List<String> calls = new ArrayList<>();
        sql.run(
                SCOPE,
                tx -> tx.query("SELECT call_id FROM agent_actions WHERE task_id = $1 ORDER BY seq", task)
                        .forEach(row -> calls.add(row.getString("call_id").substring(task.length() + 1))));
        return calls;
    }

    private long number(String query, String of) {
        return sql.tx(SCOPE, tx -> tx.one(query, of).orElseThrow().getLong("n"));
    }
}
