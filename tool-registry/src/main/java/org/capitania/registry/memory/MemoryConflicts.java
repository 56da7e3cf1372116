package org.capitania.registry.memory;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.event.ReviewRequested;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.capitania.registry.memory.TendingPlan.Pair;
import org.capitania.registry.reviews.Reviews;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** Asks a person about memories that contradict each other, once a pair, and takes it back when they no longer do. */
@ApplicationScoped
class MemoryConflicts {
    private static final String KIND = "memory-conflict";

    /** So many of a role are asked about in one go: nobody answers more. */
    private static final int MOST = 10;

    private final Sql sql;
    private final Reviews reviews;

    MemoryConflicts(Sql sql, Reviews reviews) {
        this.sql = sql;
        this.reviews = reviews;
    }

    /** @param pairs all that there are now */
    void ask(Scope scope, String role, List<Pair> pairs) {
        String prefix = KIND + ":" + role + ":";
        sql.run(scope, tx -> {
            pairs.stream()
                    .limit(MOST)
                    .forEach(pair -> reviews.request(
                            tx,
                            new ReviewRequested(
                                    subject(prefix, pair),
                                    KIND,
                                    "agent:" + role + " remembers two things that differ",
                                    said(pair.kept()) + " and " + said(pair.other())
                                            + ". Both stand until one is archived: hq memory forget ID")));
            reviews.allBut(
                    tx,
                    prefix,
                    pairs.stream().map(pair -> subject(prefix, pair)).toList(),
                    "the two do not contradict each other any more");
        });
    }

    private static String subject(String prefix, Pair pair) {
        return prefix
                + String.join(
                        ":",
                        Stream.of(pair.kept().id(), pair.other().id()).sorted().toList());
    }

    private static String said(Memory memory) {
        return "\"" + memory.body().replaceAll("\\s+", " ").strip() + "\" (" + memory.id() + ")";
    }
}
