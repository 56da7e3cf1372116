package org.capitania.registry.reconcile;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.handler.Call;
import org.capitania.registry.reviews.Reviews;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Asks a person what neither a rule nor a model settles, each question once, and knows what was answered. */
@ApplicationScoped
class Questions {
    /** So many of one kind stand open at a time: nobody answers more. */
    private static final int MOST = 10;

    private final Sql sql;
    private final Reviews reviews;
    private final Answers answers;

    Questions(Sql sql, Reviews reviews, Answers answers) {
        this.sql = sql;
        this.reviews = reviews;
        this.answers = answers;
    }

    /** Begins to ask within a call; the subjects of what is asked begin with the prefix. */
    Round round(Call call, String prefix) {
        return sql.read(
                call.scope(),
                tx -> new Round(call.scope(), prefix, answers.under(tx, prefix), reviews.asked(tx, prefix)));
    }

    /** The questions of one call. */
    final class Round {
        private final Scope scope;
        private final String prefix;
        private final Map<String, String> answered;
        private final Set<String> open;
        private final Set<String> stands = new HashSet<>();
        private int left;

        private Round(Scope scope, String prefix, Map<String, String> answered, Set<String> asked) {
            this.scope = scope;
            this.prefix = prefix;
            this.answered = answered;
            this.open = asked;
            open.removeAll(answered.keySet());
            this.left = MOST - open.size();
        }

        /** What a person last said; null while nobody has. */
        @Nullable
        String answer(String subject) {
            return answered.get(subject);
        }

        /** Whether it waits for an answer. */
        boolean open(String subject) {
            return open.contains(subject);
        }

        /** Asks, unless it is asked already; false where too much waits for an answer. */
        boolean ask(ReviewRequested review) {
            if (!open.contains(review.subject())) {
                if (left <= 0) {
                    return false;
                }
                left--;
                sql.run(scope, tx -> reviews.request(tx, review));
            }
            stands.add(review.subject());
            return true;
        }

        /** Takes back what is no question any more. */
        void close() {
            Set<String> keep = new HashSet<>(stands);
            keep.addAll(answered.keySet());
            // In the fleet's own name: what a person was asked is not taken back by an agent.
            sql.run(
                    scope.withActor("system:tool-registry"),
                    tx -> reviews.allBut(tx, prefix, keep, "the records have changed, and it is no question any more"));
        }
    }
}
