package org.capitania.supervisor.wakes;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.api.FenceRequest;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.fences.Gateway;

/** Makes a run and its tasks known to the gateway before the agent hears of them: fence first, then work. */
@ApplicationScoped
class Introduction {
    private final Sql sql;
    private final Gateway gateway;
    private final WakesConfig config;

    Introduction(Sql sql, Gateway gateway, WakesConfig config) {
        this.sql = sql;
        this.gateway = gateway;
        this.config = config;
    }

    /** What the gateway has to know of a run, and whether any of it is news to it. */
    record Letter(FenceRequest fence, boolean news) {}

    /**
     * Tells the gateway what it does not know yet of a run, if anything. No transaction is open meanwhile; a task that was added or tainted
     * in between stays unknown and waits for the next call. Throws when the gateway does not answer.
     */
    void introduce(Scope scope, Wake.Head head, Wake.Run run) {
        Letter letter = sql.read(scope, tx -> letter(tx, head, run));
        tell(scope, letter);
        if (letter.news()) {
            sql.run(scope, tx -> known(tx, letter));
        }
    }

    /** The same without writing down that it was told: the caller does, with what follows from it. */
    void tell(Scope scope, Letter letter) {
        if (letter.news()) {
            gateway.open(scope, letter.fence());
        }
    }

    Letter letter(Tx tx, Wake.Head head, Wake.Run run) {
        Supplier<Optional<Row>> due =
                tx.ask("""
                SELECT 1 FROM runs WHERE run_id = $1
                  AND (may_act_until IS NULL OR may_act_until < clock_timestamp() + ($2 * interval '1 millisecond'))
                """, run.runId(), config.longestSilenceAtGateway().toMillis() / 2);
        Supplier<Optional<Row>> until = tx.ask(
                "SELECT clock_timestamp() + ($1 * interval '1 millisecond') AS until",
                config.longestSilenceAtGateway().toMillis());
        List<String> all = new ArrayList<>();
        List<String> tainted = new ArrayList<>();
        boolean news = false;
        for (Row row : tx.query("""
                SELECT task_id, tainted, gate_run_id IS DISTINCT FROM $1 AS unknown FROM tasks
                WHERE run_id = $1 AND state = 'running' ORDER BY opened_at, task_id
                """, run.runId())) {
            String id = row.getUUID("task_id").toString();
            all.add(id);
            if (row.getBoolean("tainted")) {
                tainted.add(id);
            }
            news |= row.getBoolean("unknown");
        }
        news |= due.get().isPresent();
        return new Letter(
                new FenceRequest(
                        head.role(),
                        run.fence(),
                        run.runId().toString(),
                        FenceRequest.Kind.RUN,
                        all,
                        tainted,
                        Times.instant(until.get().orElseThrow(), "until")),
                news);
    }

    /** Writes down that the gateway knows it. */
    static void known(Tx tx, Letter letter) {
        if (!letter.news()) {
            return;
        }
        FenceRequest fence = letter.fence();
        UUID runId = UUID.fromString(fence.runId());
        tx.put("UPDATE runs SET may_act_until = $2 WHERE run_id = $1", runId, Times.db(fence.expiresAt()));
        List<String> tainted = fence.taintedTaskIds() == null ? List.of() : fence.taintedTaskIds();
        tx.put("""
                UPDATE tasks SET gate_run_id = $1
                WHERE run_id = $1 AND task_id = ANY($2) AND tainted = (task_id = ANY($3))
                """, runId, uuids(fence.taskIds()), uuids(tainted));
    }

    private static UUID[] uuids(List<String> ids) {
        return ids.stream().map(UUID::fromString).toArray(UUID[]::new);
    }
}
