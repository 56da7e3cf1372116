package org.capitania.registry.reconcile;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.api.ReviewList.Review;
import org.capitania.registry.reviews.OnAnswer;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;

/** Keeps what people answered about pairs of records and edges. */
@ApplicationScoped
class Answers implements OnAnswer {
    /** The answer of who says that there is nothing to answer. */
    static final String DISMISSED = "dismissed";

    private static final Set<String> KINDS = Set.of(ReconcilePairs.KIND, ReconcileEdges.KIND);

    @Override
    public void answered(Tx tx, Review review) {
        String answer = review.status().equals(DISMISSED) ? DISMISSED : review.choice();
        if (KINDS.contains(review.kind()) && review.subject() != null && review.decidedAt() != null && answer != null) {
            tx.execute("""
                    INSERT INTO reconcile_answers (subject, answer, answered_by, answered_at) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (tenant_id, subject) DO UPDATE SET answer = $2, answered_by = $3, answered_at = $4
                    """, review.subject(), answer, review.decidedBy(), Times.db(review.decidedAt()));
        }
    }

    /** Keeps that a person declined or undid the merge of a pair. */
    void declined(Tx tx, String subject, String proposal) {
        tx.execute(
                "INSERT INTO declined_pairs (subject, proposal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                subject,
                proposal);
    }

    /** The subjects of pairs of which a person has said that they are not one, the newest of very many. */
    List<String> settled(Tx tx) {
        List<String> subjects = new ArrayList<>();
        tx.query("""
                        SELECT subject FROM (
                            SELECT subject, answered_at AS at FROM reconcile_answers WHERE starts_with(subject, $1) AND answer <> $2
                             UNION ALL SELECT subject, noted_at FROM declined_pairs) AS settled
                         ORDER BY at DESC LIMIT 10000
                        """, ReconcilePairs.KIND + ":", ReconcilePairs.SAME)
                .forEach((Row row) -> subjects.add(row.getString("subject")));
        return subjects;
    }

    /** What was answered under a prefix, by subject. */
    Map<String, String> under(Tx tx, String prefix) {
        Map<String, String> answers = new HashMap<>();
        tx.query("SELECT subject, answer FROM reconcile_answers WHERE starts_with(subject, $1)", prefix)
                .forEach((Row row) -> answers.put(row.getString("subject"), row.getString("answer")));
        return answers;
    }
}
