package org.capitania.registry.reconcile;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.ReviewChanged;
import org.capitania.servicekit.InboxScope;
import org.capitania.servicekit.Outcome;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Keeps what people answered about pairs of records and edges. */
@ApplicationScoped
public class Answers {
    /** The answer of who says that there is nothing to answer. */
    static final String DISMISSED = "dismissed";

    private static final Set<String> KINDS = Set.of(ReconcilePairs.KIND, ReconcileEdges.KIND);

    /** Whether the event is heard here. */
    public static boolean hears(Event event) {
        return event.type().equals(ReviewChanged.RESOLVED)
                && KINDS.contains(event.data().path("kind").asText());
    }

    public Outcome handle(Event event, InboxScope inbox) {
        ReviewChanged change = event.as(ReviewChanged.class);
        String answer = change.status().equals(DISMISSED) ? DISMISSED : change.choice();
        if (change.subject() != null && answer != null) {
            inbox.run(tx -> tx.execute("""
                    INSERT INTO reconcile_answers (subject, answer, answered_by, answered_at) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (tenant_id, subject) DO UPDATE SET answer = $2, answered_by = $3, answered_at = $4
                    """, change.subject(), answer, change.by(), Times.db(change.occurredAt())));
        }
        return Outcome.DONE;
    }

    /** What was answered under a prefix, by subject. */
    Map<String, String> under(Tx tx, String prefix) {
        Map<String, String> answers = new HashMap<>();
        tx.query("SELECT subject, answer FROM reconcile_answers WHERE starts_with(subject, $1)", prefix)
                .forEach((Row row) -> answers.put(row.getString("subject"), row.getString("answer")));
        return answers;
    }
}
