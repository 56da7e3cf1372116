package org.capitania.graph.rebuild;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.RebuildCheck;
import org.capitania.contract.api.RebuildCheck.Difference;
import org.capitania.graph.rebuild.ChangeTopics.Change;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Replays the two change topics into scratch rows and holds the live graph against them. */
@ApplicationScoped
class CheckRebuild {
    /** What is written while the check runs differs for a moment; what differs in the same way in this many looks differs. */
    private static final int LOOKS = 3;

    private static final int EXAMPLES = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration LONGEST_LAG = Duration.ofSeconds(30);

    private static final String KEEP_LATEST = """
            INSERT INTO scratch_rows (run_id, kind, id, version, row) VALUES ($1, $2, $3, $4, $5::text::jsonb)
            ON CONFLICT (tenant_id, run_id, kind, id) DO UPDATE SET version = EXCLUDED.version, row = EXCLUDED.row
             WHERE scratch_rows.version < EXCLUDED.version
            """;
    private static final String COUNT = """
            SELECT count(*) FILTER (WHERE kind = 'node') AS nodes, count(*) FILTER (WHERE kind = 'edge') AS edges FROM scratch_rows WHERE run_id = $1
            """;
    private static final String DIFFERENCES = """
            SELECT kind, id, live, replayed, count(*) OVER () AS total FROM scratch_differences($1) ORDER BY id LIMIT 1000
            """;

    private final Sql sql;
    private final Ids ids;
    private final String bootstrap;

    CheckRebuild(Sql sql, Ids ids, @ConfigProperty(name = "hq.kafka.bootstrap") String bootstrap) {
        this.sql = sql;
        this.ids = ids;
        this.bootstrap = bootstrap;
    }

    /** What differs, and how many of it there are; beyond a thousand only the number is exact. */
    private record Look(Set<Difference> seen, long total) {}

    RebuildCheck run(Scope scope) {
        UUID run = ids.v7();
        try (ChangeTopics topics = new ChangeTopics(bootstrap, scope.tenant())) {
            Look first = look(scope, run, topics);
            Set<Difference> standing = new LinkedHashSet<>(first.seen());
            long total = first.total();
            for (int i = 1; i < LOOKS && !standing.isEmpty(); i++) {
                Look again = look(scope, run, topics);
                standing.retainAll(again.seen());
                total = again.total();
            }
            Row counts = sql.tx(scope, tx -> tx.one(COUNT, run).orElseThrow());
            return new RebuildCheck(
                    counts.getLong("nodes"),
                    counts.getLong("edges"),
                    total > first.seen().size() ? total : standing.size(),
                    standing.stream().limit(EXAMPLES).toList());
        } finally {
            sql.run(scope, tx -> tx.execute("DELETE FROM scratch_rows WHERE run_id = $1", run));
        }
    }

    private Look look(Scope scope, UUID run, ChangeTopics topics) {
        // What is committed now is in the topics once the relay has nothing left to send.
        awaitRelay(scope);
        topics.readToEnd(page -> store(scope, run, page));
        return sql.tx(scope, tx -> {
            Set<Difference> seen = new LinkedHashSet<>();
            long total = 0;
            for (Row row : tx.query(DIFFERENCES, run)) {
                total = row.getLong("total");
                seen.add(new Difference(
                        row.getString("kind"),
                        row.getUUID("id").toString(),
                        row.getInteger("live"),
                        row.getInteger("replayed")));
            }
            return new Look(seen, total);
        });
    }

    private void awaitRelay(Scope scope) {
        long least = lag(scope);
        for (long waited = 0; least > 0 && waited < LONGEST_LAG.toMillis(); waited += BETWEEN_LOOKS.toMillis()) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            least = Math.min(least, lag(scope));
        }
        if (least > 0) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE,
                    "the topics are " + least
                            + " events behind the store and stay so; the check would compare with the past");
        }
    }

    private long lag(Scope scope) {
        return sql.tx(
                scope, tx -> tx.one("SELECT outbox_lag() AS lag").orElseThrow().getLong("lag"));
    }

    private void store(Scope scope, UUID run, List<Change> page) {
        sql.run(scope, tx -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (Change change : page) {
                rows.add(new Object[] {run, change.kind(), UUID.fromString(change.id()), change.version(), change.row()
                });
            }
            tx.batch(KEEP_LATEST, rows);
        });
    }
}
