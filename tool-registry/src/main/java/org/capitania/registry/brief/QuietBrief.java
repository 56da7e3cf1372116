package org.capitania.registry.brief;

import io.quarkus.logging.Log;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.event.BeatFired;
import org.capitania.contract.event.Event;
import org.capitania.registry.graph.Insiders;
import org.capitania.registry.models.BudgetStandings;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tenants;
import org.capitania.servicekit.Times;

/**
 * The brief of a morning on which nothing has happened: what still waits for the owner, said by rule and without a model, once a day. Where
 * nothing waits nothing is said.
 */
@ApplicationScoped
public class QuietBrief {
    private static final String BEAT = "quiet_brief";

    /** A beat rings the bell; this is for one that was heard by a process that is gone. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Sql sql;
    private final Loops loops;
    private final Clock clock;
    private final Insiders company;
    private final CompanyFacts facts;
    private final BudgetStandings budgets;
    private final BriefMemos memos;

    QuietBrief(
            Sql sql,
            Loops loops,
            Clock clock,
            Insiders company,
            CompanyFacts facts,
            BudgetStandings budgets,
            BriefMemos memos) {
        this.sql = sql;
        this.loops = loops;
        this.clock = clock;
        this.company = company;
        this.facts = facts;
        this.budgets = budgets;
        this.memos = memos;
    }

    /** Whether the event is a beat that is heard here. */
    public static boolean hears(Event event) {
        return event.type().equals(BeatFired.TYPE)
                && event.as(BeatFired.class).name().equals(BEAT);
    }

    public Outcome handle(Event event, InboxScope inbox) {
        Instant due = event.as(BeatFired.class).dueAt();
        inbox.run(tx -> {
            tx.execute("INSERT INTO quiet_mornings (due_at) VALUES ($1) ON CONFLICT DO NOTHING", Times.db(due));
            tx.afterCommit(() -> loops.wake(loop(event.tenant())));
        });
        return Outcome.DONE;
    }

    void start(@Observes StartupEvent event, Tenants tenants) {
        tenants.ids().forEach(tenant -> loops.every(loop(tenant), LOOK, () -> work(tenant)));
    }

    private static String loop(String tenant) {
        return "quiet-brief-" + tenant;
    }

    /** However many mornings there were: what waits now is said once. */
    private void work(String tenant) {
        Scope scope = Scope.of(tenant, "system:tool-registry", "what waits on a morning without news");
        Instant now = clock.instant();
        if (sql.read(scope, tx -> tx.one("SELECT 1 AS one FROM quiet_mornings LIMIT 1"))
                .isEmpty()) {
            return;
        }
        try {
            tell(scope, now);
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                throw e;
            }
            Log.errorf("what waits could not be told tenant=%s why=%s", tenant, e.detail());
        }
        sql.run(scope, tx -> tx.execute("DELETE FROM quiet_mornings WHERE due_at <= $1", Times.db(now)));
    }

    private void tell(Scope scope, Instant now) {
        QuietPage page = new QuietPage(company.language(scope).orElse("en"), now);
        Section queue = new Section("queue", "");
        facts.queue(scope, now, queue);
        page.queue(queue);
        facts.pressing(scope).forEach(page::gap);
        if (budgets.all(scope).breaker()) {
            page.ceiling();
        }
        if (!page.empty()) {
            memos.write(scope, page.text(now.atZone(company.zone(scope)).toLocalDate()), page.headline());
        }
    }
}
