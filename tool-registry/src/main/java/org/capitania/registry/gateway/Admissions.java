package org.capitania.registry.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** Lets a call in or not: every check, and the row that says so, in one transaction. */
@ApplicationScoped
class Admissions {

    /** What the journal says to a call that arrives. */
    sealed interface Admission {
        /**
         * It is the caller's to run.
         *
         * @param again whether an earlier run of it was cut off, so that its effect may be there already
         */
        record Run(boolean again) implements Admission {}

        /** It is the caller's to look: nothing is written of it yet. */
        record Look(Instant since) implements Admission {}

        /** It has ended, perhaps long ago. */
        record Ended(JournalRow row) implements Admission {}

        /** Somebody runs it at this moment. */
        record Running() implements Admission {}
    }

    private static final int LONGEST_ID = 250;

    private final Sql sql;
    private final Ids ids;
    private final Standings standings;
    private final Checks checks;
    private final CallJournal journal;
    private final RunningCalls running;

    Admissions(Sql sql, Ids ids, Standings standings, Checks checks, CallJournal journal, RunningCalls running) {
        this.sql = sql;
        this.ids = ids;
        this.standings = standings;
        this.checks = checks;
        this.journal = journal;
        this.running = running;
    }

    Admission admit(Attempt attempt) {
        return look(attempt).orElseGet(() -> sql.tx(attempt.scope(), tx -> decide(tx, attempt)));
    }

    /** A look that nothing is to be said of leaves nothing to write; whatever else is to be said is said in the one way there is. */
    private Optional<Admission> look(Attempt attempt) {
        if (!attempt.looks()) {
            return Optional.empty();
        }
        Standing standing = standings.now(attempt);
        return standing.known() || checks.first(attempt, standing).isPresent()
                ? Optional.empty()
                : Optional.of(new Admission.Look(standing.at()));
    }

    private Admission decide(Tx tx, Attempt attempt) {
        // All of it is sent at once and waited for once.
        Supplier<Optional<JournalRow>> found = journal.ask(tx, attempt.callId());
        Supplier<Standing> standing = standings.held(tx, attempt);
        Optional<JournalRow> known = found.get();
        if (known.isPresent() && !same(known.get(), attempt)) {
            Refusal reused = Refusal.of(
                    ErrorCode.IDEMPOTENCY_MISMATCH,
                    "call id " + attempt.callId() + " belongs to another call",
                    "give every call its own id: session:turn:ordinal");
            return refused(tx, attempt, "refused:" + ids.v7(), reused);
        }
        if (known.isPresent() && !known.get().open()) {
            return new Admission.Ended(known.get());
        }
        Optional<Refusal> refusal = checks.first(attempt, standing.get());
        if (refusal.isPresent()) {
            // A call that is under way keeps its row; only this repetition of it is refused.
            boolean ownId = known.isEmpty() && attempt.callId().length() <= LONGEST_ID;
            return refused(tx, attempt, ownId ? attempt.callId() : "refused:" + ids.v7(), refusal.get());
        }
        if (known.isEmpty()) {
            return journal.intend(tx, attempt).isPresent() ? new Admission.Run(false) : new Admission.Running();
        }
        boolean mine = !known.get().leased()
                && !running.has(attempt.scope().tenant(), attempt.callId())
                && journal.takeOver(tx, attempt.callId(), attempt.runId(), attempt.fence());
        return mine ? new Admission.Run(true) : new Admission.Running();
    }

    private Admission refused(Tx tx, Attempt attempt, String id, Refusal refusal) {
        Optional<JournalRow> row = journal.refuse(tx, attempt, id, refusal.error());
        return row.<Admission>map(Admission.Ended::new).orElseGet(Admission.Running::new);
    }

    /** In another task it is another call: what it answers would come to a task that has not read it. */
    private static boolean same(JournalRow row, Attempt attempt) {
        return Objects.equals(row.taskId(), attempt.taskId())
                && row.actor().equals(attempt.scope().actor())
                && row.tool().equals(attempt.tool())
                && row.digest().equals(attempt.digest());
    }
}
