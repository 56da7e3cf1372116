package org.capitania.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Pool;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.capitania.outbox.OutboxSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that only read, on a pool of one connection: what one leaves behind the next would meet. */
class SqlIT {
    private static final Scope SCOPE = Scope.of("main", "system:watchdog", "test");
    private static final String TENANT = "SELECT current_setting('hq.tenant', true) AS tenant";

    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger toldLater = new AtomicInteger();
    private Pool pool;
    private Sql sql;
    private Sql quiet;

    @BeforeEach
    void connect() {
        pool = OutboxSchema.migrated().pool(1);
        CommitListeners listeners = new CommitListeners();
        listeners.add(told::incrementAndGet);
        listeners.addUnhurried(toldLater::incrementAndGet);
        sql = new Sql(pool, listeners, true);
        quiet = new Sql(pool, listeners, false);
    }

    @AfterEach
    void close() {
        Sql.await(pool.close());
    }

    @Test
    void shouldReadAsTheTenantAndTellNobody() {
        assertThat(sql.read(SCOPE, SqlIT::tenant)).isEqualTo("main");
        assertThat(told).hasValue(0);
        // And nothing of it is left on the connection
        assertThat(sql.ask(TENANT).iterator().next().getString("tenant")).isNullOrEmpty();
        sql.run(SCOPE, tx -> tx.publish("alert.cleared", "a", Map.of("by", "SqlIT")));
        assertThat(told).hasValue(1);
    }

    @Test
    void shouldRefuseToWriteInWhatOnlyReads() {
        assertThatThrownBy(() -> sql.read(SCOPE, tx -> {
                    tx.publish("alert.cleared", "a", Map.of("by", "SqlIT"));
                    return true;
                }))
                .hasMessageContaining("read-only");
        // And the connection is good for the next, which writes
        sql.run(SCOPE, tx -> tx.publish("alert.cleared", "a", Map.of("by", "SqlIT")));
        assertThat(told).hasValue(1);
    }

    @Test
    void shouldFailWhenAStatementFailsThatNobodyWaitedFor() {
        assertThatThrownBy(() -> sql.read(SCOPE, tx -> tx.send("SELECT 1 / 0").isComplete()))
                .hasMessageContaining("division");
        assertThat(sql.read(SCOPE, SqlIT::tenant)).isEqualTo("main");
    }

    @Test
    void shouldFailForTheFirstOfThoseThatNobodyWaitedFor() {
        // Those after it fail as well, since the transaction is over by then.
        assertThatThrownBy(() -> sql.run(SCOPE, tx -> {
                    tx.put("SELECT 1 / 0");
                    IntStream.range(0, 20).forEach(i -> tx.put("SELECT " + i));
                }))
                .hasMessageContaining("division");
    }

    @Test
    void shouldTellOfNoCommitThatPublishedNothingWhereTheDatabaseDoesNotEither() {
        quiet.run(SCOPE, tx -> tx.query("SELECT 1"));
        assertThat(told).hasValue(0);
        quiet.run(SCOPE, tx -> tx.publish("alert.cleared", "a", Map.of("by", "SqlIT")));
        assertThat(told).hasValue(1);
        sql.run(SCOPE, tx -> tx.query("SELECT 1"));
        assertThat(told).hasValue(2);
    }

    @Test
    void shouldTellOnlyThoseWhoHaveTimeOfACommitThatHasNoHurry() {
        sql.callUnhurried("SELECT 1");
        assertThat(told).hasValue(0);
        assertThat(toldLater).hasValue(1);
    }

    @Test
    void shouldTellNobodyOfWorkThatPublishesNothing() {
        sql.runUntold(SCOPE, tx -> tx.execute("INSERT INTO inbox (consumer, event_id) VALUES ('SqlIT', 'graph:1')"));
        assertThat(told).hasValue(0);
        assertThat(toldLater).hasValue(0);
        // And it is committed all the same
        long rows = sql.read(
                SCOPE,
                tx -> tx.one("SELECT count(*) AS n FROM inbox WHERE consumer = 'SqlIT'")
                        .orElseThrow()
                        .getLong("n"));
        assertThat(rows).isEqualTo(1);
        assertThatThrownBy(
                        () -> sql.runUntold(SCOPE, tx -> tx.send("SELECT 1 / 0").isComplete()))
                .hasMessageContaining("division");
    }

    private static String tenant(Tx tx) {
        return tx.one(TENANT).orElseThrow().getString("tenant");
    }
}
