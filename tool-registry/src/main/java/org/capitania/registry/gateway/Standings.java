package org.capitania.registry.gateway;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.ErrorCode;
import org.capitania.registry.runs.Gates;
import org.capitania.registry.runs.Run;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Asks the store for everything the checks rest on, in one statement. */
@ApplicationScoped
class Standings {
    private static final String STANDING = "SELECT * FROM standing($1, $2, $3, $4, $5)";

    private final Sql sql;
    private final Runs runs;

    Standings(Sql sql, Runs runs) {
        this.sql = sql;
        this.runs = runs;
    }

    /** As it is at this moment: for a call that only looks, which nothing has to be held for. */
    Standing now(Attempt a) {
        return read(sql.ask(STANDING, arguments(a)).iterator().next(), a, null);
    }

    /** As it stays until this transaction ends: no higher fence of the run's role can be raised meanwhile. Does not wait. */
    Supplier<Standing> held(Tx tx, Attempt a) {
        // Sent together and run one after the other: the second sees what the first has waited for.
        Future<RowSet<Row>> held = runs.hold(tx, a.runId());
        Supplier<Optional<Row>> asked = tx.ask(STANDING, arguments(a));
        return () -> {
            tx.await(held);
            return read(asked.get().orElseThrow(), a, tx);
        };
    }

    private static @Nullable Object[] arguments(Attempt a) {
        // A name that no tool has may be anything, and asks for nothing.
        String tool = a.definition() == null ? null : a.tool();
        return new @Nullable Object[] {a.scope().tenant(), a.callId(), a.runId(), a.role(), tool};
    }

    private static Standing read(Row row, Attempt a, @Nullable Tx tx) {
        String runId = a.runId();
        String role = row.getString("run_role");
        Optional<Run> run = runId == null || role == null
                ? Optional.empty()
                : Optional.of(new Run(
                        runId,
                        role,
                        row.getLong("run_fence"),
                        row.getBoolean("run_asks"),
                        List.of(row.getArrayOfStrings("run_tasks")),
                        row.getBoolean("run_current")));
        String code = row.getString("gate_code");
        Optional<Gates.Closed> gate = code == null
                ? Optional.empty()
                : Optional.of(new Gates.Closed(
                        ErrorCode.fromCode(code).orElse(ErrorCode.AGENT_PAUSED), row.getString("gate_reason")));
        return new Standing(row.getBoolean("known"), run, row.getBoolean("asked"), gate, Times.instant(row, "at"), tx);
    }
}
