package org.capitania.registry.reconcile;

import org.capitania.contract.api.Duplicates.Pair;
import org.jspecify.annotations.Nullable;

/** What becomes of a pair. No way leads to a merge: that is proposed at most. */
enum Way {
    /** It is not named. */
    NOTHING,
    /** A model compares the two. */
    JUDGE,
    /** A person is asked. */
    ASK,
    PROPOSE;

    /** A person's answer comes before the rules, and these come before a model's word. */
    static Way of(Pair pair, @Nullable String answer, @Nullable Verdict verdict, ReconcileConfig limits) {
        if (answer != null) {
            return answer.equals(ReconcilePairs.SAME) ? PROPOSE : NOTHING;
        }
        if (pair.score() >= limits.upper()) {
            return PROPOSE;
        }
        if (pair.score() < limits.lower()) {
            return NOTHING;
        }
        if (verdict == null || verdict.score() != pair.score()) {
            return JUDGE;
        }
        if (verdict.confidence() < limits.sure()) {
            return ASK;
        }
        return switch (verdict.says()) {
            // What contradicts is weighed by a person.
            case ReconcilePairs.SAME -> pair.contradicts().isEmpty() ? PROPOSE : ASK;
            case ReconcilePairs.DIFFERENT -> NOTHING;
            default -> ASK;
        };
    }
}
