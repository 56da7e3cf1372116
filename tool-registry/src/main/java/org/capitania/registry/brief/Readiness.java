package org.capitania.registry.brief;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.registry.brief.Grades.Graded;

/**
 * How near an outward act of an agent is to its graduation, by the signals of seeds 17.7: of its text the last 30 approvals, of its procedure
 * the last 30 tasks, and what people found wrong in a fortnight.
 *
 * @param approvals looked at, 30 at most
 * @param clean the share of them that went out as drafted
 * @param diff the median share of words that were changed
 * @param pinned examples of it that the owner has pinned
 * @param cleanTasks the share of tasks in which nobody found an act bad or missing
 */
record Readiness(
        int approvals,
        double clean,
        double diff,
        long rejections,
        long pinned,
        double cleanTasks,
        long bad,
        long missing) {
    static final int LAST = 30;
    static final double CLEAN = 0.7;
    static final double DIFF = 0.15;
    static final long PINNED = 5;
    static final long BAD = 2;
    static final long MISSING = 3;

    /**
     * Of one agent's act.
     *
     * @param drafts what became of its drafts, newest first
     * @param since when the fortnight began
     */
    static Readiness of(String agent, List<Edit> drafts, Graded graded, long pinned, Instant since) {
        List<Edit> approved =
                drafts.stream().filter(draft -> !rejected(draft)).limit(LAST).toList();
        List<String> tasks = drafts.stream()
                .map(draft -> graded.task(draft.actionId()))
                .filter(Objects::nonNull)
                .distinct()
                .limit(LAST)
                .toList();
        Set<String> unclean = graded.unclean();
        return new Readiness(
                approved.size(),
                share(
                        approved.stream()
                                .filter(draft -> draft.editType().equals("accepted"))
                                .count(),
                        approved.size()),
                median(approved.stream()
                                .map(Edit::diffScore)
                                .filter(Objects::nonNull)
                                .toList())
                        .orElse(0),
                drafts.stream()
                        .filter(draft -> rejected(draft) && !draft.editedAt().isBefore(since))
                        .count(),
                pinned,
                share(tasks.stream().filter(task -> !unclean.contains(task)).count(), tasks.size()),
                graded.count(agent, "bad", since),
                graded.count(agent, "missing", since));
    }

    boolean ready() {
        return lacking().isEmpty();
    }

    /** The signals that do not hold yet. */
    List<String> lacking() {
        List<String> lacking = new ArrayList<>();
        add(lacking, approvals >= LAST, "approvals");
        add(lacking, clean >= CLEAN, "clean");
        add(lacking, diff <= DIFF, "diff");
        add(lacking, rejections == 0, "rejections");
        add(lacking, pinned >= PINNED, "pinned");
        add(lacking, cleanTasks >= CLEAN, "clean_tasks");
        add(lacking, bad <= BAD, "bad");
        add(lacking, missing <= MISSING, "missing");
        return lacking;
    }

    /** Of an even number the mean of the two in the middle. */
    static OptionalDouble median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
    }

    private static boolean rejected(Edit draft) {
        return draft.editType().equals("rejected");
    }

    private static double share(long part, int all) {
        return all == 0 ? 0 : (double) part / all;
    }

    private static void add(List<String> lacking, boolean holds, String signal) {
        if (!holds) {
            lacking.add(signal);
        }
    }
}
