package org.capitania.supervisor.wakes;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Tx;
import org.capitania.supervisor.roster.Agent;
import org.capitania.supervisor.roster.AgentStore;
import org.capitania.supervisor.roster.Bells;

/** First step of a dispatch: a due wake that nothing holds gets the lease, a higher fence, and its tasks. */
@ApplicationScoped
class FenceWake {
    private final Stores stores;
    private final AgentStore agents;
    private final Holds holds;
    private final Admission admission;
    private final Ids ids;
    private final WakesConfig config;
    private final Bells bells;

    FenceWake(
            Stores stores,
            AgentStore agents,
            Holds holds,
            Admission admission,
            Ids ids,
            WakesConfig config,
            Bells bells) {
        this.bells = bells;
        this.stores = stores;
        this.agents = agents;
        this.holds = holds;
        this.admission = admission;
        this.ids = ids;
        this.config = config;
    }

    /** What became of the wake. */
    sealed interface Answer {
        record Fenced(Wake.Fenced wake) implements Answer {}

        /** Held for a reason that is news. */
        record Held(String why) implements Answer {}

        record Unchanged() implements Answer {}
    }

    Answer fence(Tx tx, String role, Optional<BudgetStanding> standing) {
        Agent agent = agents.lockAll(tx).stream()
                .filter(a -> a.role().equals(role))
                .findFirst()
                .orElseThrow();
        Supplier<Instant> time = stores.wakes().askNow(tx);
        Optional<Wake.Active> active = stores.wakes().active(tx, role);
        Instant now = time.get();
        if (active.isEmpty()
                || !(active.get() instanceof Wake.Open open)
                || open.notBefore().isAfter(now)) {
            // Another dispatcher was faster.
            return new Answer.Unchanged();
        }
        Instant due = stores.tasks()
                .nextDue(tx, role)
                .orElseThrow(
                        () -> new IllegalStateException("wake " + open.head().wakeId() + " has no task"));
        if (due.isAfter(now)) {
            stores.wakes().save(tx, new Wake.Open(open.head(), due, open.held()));
            return new Answer.Unchanged();
        }
        Admission.Allowed allowed = admission.now(tx.scope().tenant(), role);
        Optional<String> hold = holds.reason(
                tx,
                agent,
                standing,
                () -> stores.tasks().anyAllowed(tx, role, now, allowed)
                        ? Optional.empty()
                        : Optional.of(allowed.why()));
        return hold.isPresent() ? held(tx, open, hold.get()) : begin(tx, open, now, allowed);
    }

    private Answer held(Tx tx, Wake.Open open, String why) {
        if (why.equals(open.held())) {
            return new Answer.Unchanged();
        }
        stores.wakes().save(tx, open.hold(why));
        bells.held(tx);
        return new Answer.Held(why);
    }

    private Answer begin(Tx tx, Wake.Open open, Instant now, Admission.Allowed allowed) {
        String role = open.head().role();
        UUID runId = ids.v7();
        Optional<Long> fence = stores.leases().acquire(tx, role, runId, config.lease());
        if (fence.isEmpty()) {
            return new Answer.Unchanged();
        }
        Wake.Run run = new Wake.Run(runId, fence.get());
        stores.runs().begin(tx, open.head(), run);
        stores.tasks().bindDue(tx, role, open.head().wakeId(), runId, now, allowed, config.tasksPerRun());
        return new Answer.Fenced(stores.wakes().save(tx, open.fence(run, why(tx, open.head(), runId))));
    }

    private static String why(Tx tx, Wake.Head head, UUID runId) {
        Supplier<Optional<Row>> before = tx.ask(
                "SELECT state, reason FROM runs WHERE wake_id = $1 AND run_id <> $2 ORDER BY created_at DESC LIMIT 1",
                head.wakeId(),
                runId);
        List<String> counts = new ArrayList<>();
        int events = 0;
        for (Row row : tx.query("""
                SELECT CASE e.event ->> 'type' WHEN 'beat.fired' THEN 'beat.fired.' || (e.event ->> 'subject') ELSE e.event ->> 'type' END AS type,
                       count(*)::int AS n
                FROM tasks t JOIN task_events e ON e.tenant_id = t.tenant_id AND e.task_id = t.task_id
                WHERE t.run_id = $1 GROUP BY 1 ORDER BY 2 DESC, 1
                """, runId)) {
            events += row.getInteger("n");
            counts.add(row.getInteger("n") + " " + row.getString("type"));
        }
        String what = events == 1 ? counts.getFirst().substring(2) : events + " events: " + String.join(", ", counts);
        return before.get()
                .map(last -> what + "; run " + (head.attempt() + 1) + " after the last one was "
                        + last.getString("state") + " (" + last.getString("reason") + ")")
                .orElse(what);
    }
}
