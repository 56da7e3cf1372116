package org.capitania.registry.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an agent's memories (section 13.5 of the seeds). It follows from them and the time alone, and has nothing to do for what it
 * has left.
 *
 * @param decayed those that nobody has confirmed for as long as their kind lasts
 * @param merged those that say what another says that stays
 * @param dropped the least salient above what an agent may keep
 * @param conflicts those that speak of the same and differ in a number or a denial; both stay
 */
record TendingPlan(List<Memory> decayed, List<Pair> merged, List<Memory> dropped, List<Pair> conflicts) {
    static final int MOST = 200;

    /** Everything stays as it is. */
    static final TendingPlan NONE = new TendingPlan(List.of(), List.of(), List.of(), List.of());

    static final double SAME = 0.95;

    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,:]\\d+)*");
    private static final Pattern WORD = Pattern.compile("\\p{L}+");
    private static final Set<String> DENIALS = Set.of(
            "not", "no", "never", "none", "without", "cannot", "não", "nao", "nunca", "sem", "nenhum", "nenhuma");

    /** Pinned ones first, then the most salient, then the newest: the order in which they are kept. */
    static final Comparator<Memory> WORTH = Comparator.comparing(Memory::pinned)
            .thenComparing(Memory::salience)
            .thenComparing(Memory::validated)
            .thenComparing(Memory::id)
            .reversed();

    /**
     * A memory as it stands.
     *
     * @param validated when it was written or last confirmed
     * @param days how long it lasts; absent: for ever
     */
    record Memory(
            String id,
            int version,
            String kind,
            String body,
            double salience,
            Instant validated,
            @Nullable Integer days,
            boolean pinned,
            boolean tainted) {

        Memory withId(String other) {
            return new Memory(other, version, kind, body, salience, validated, days, pinned, tainted);
        }

        private boolean decayed(Instant now) {
            return days != null
                    && !pinned
                    && validated.plus(Duration.ofDays(days)).isBefore(now);
        }
    }

    /** @param kept what stays of the two, or for a conflict the one that is worth more */
    record Pair(Memory other, Memory kept) {}

    /** How alike two memories are, 1 at most. */
    interface Likeness {
        double of(Memory a, Memory b);
    }

    static TendingPlan of(List<Memory> active, Instant now, Likeness likeness) {
        List<Memory> decayed =
                active.stream().filter(memory -> memory.decayed(now)).toList();
        List<Memory> left = new ArrayList<>(active);
        left.removeAll(decayed);
        left.sort(WORTH);
        List<Memory> kept = new ArrayList<>();
        List<Pair> merged = new ArrayList<>();
        List<Pair> conflicts = new ArrayList<>();
        for (Memory memory : left) {
            @Nullable Memory same = null;
            for (Memory other : kept) {
                if (same == null && likeness.of(memory, other) > SAME) {
                    if (!agree(memory.body(), other.body())) {
                        conflicts.add(new Pair(memory, other));
                    } else if (!memory.pinned() && mayReplace(memory, other)) {
                        same = other;
                    }
                }
            }
            if (same == null) {
                kept.add(memory);
            } else {
                merged.add(new Pair(memory, same));
            }
        }
        List<Memory> dropped = new ArrayList<>();
        for (int i = kept.size() - 1; i >= 0 && kept.size() - dropped.size() > MOST; i--) {
            if (!kept.get(i).pinned()) {
                dropped.add(kept.get(i));
            }
        }
        Set<Memory> gone = new HashSet<>(dropped);
        merged.forEach(pair -> gone.add(pair.other()));
        conflicts.removeIf(pair -> gone.contains(pair.other()) || gone.contains(pair.kept()));
        return new TendingPlan(decayed, merged, dropped, conflicts);
    }

    /** Of what stays what was said again since it was last confirmed, each with the newest that says so: it lasts as long from then on. */
    List<Pair> confirmed() {
        Map<Memory, Pair> newest = new LinkedHashMap<>();
        for (Pair pair : merged) {
            if (pair.other().validated().isAfter(pair.kept().validated()) && !dropped.contains(pair.kept())) {
                newest.merge(
                        pair.kept(),
                        pair,
                        (a, b) -> b.other().validated().isAfter(a.other().validated()) ? b : a);
            }
        }
        return List.copyOf(newest.values());
    }

    boolean isEmpty() {
        return decayed.isEmpty() && merged.isEmpty() && dropped.isEmpty();
    }

    /** Whether it stays. */
    boolean keeps(Memory memory) {
        return !decayed.contains(memory)
                && !dropped.contains(memory)
                && merged.stream().noneMatch(pair -> pair.other().equals(memory));
    }

    /** Likeness by words alone: 1 for texts that say the same, or that differ in nothing but a number or a denial. */
    static double byWords(Memory a, Memory b) {
        boolean same = plain(a.body()).equals(plain(b.body()));
        return same || (gist(a.body()).equals(gist(b.body())) && !agree(a.body(), b.body())) ? 1 : 0;
    }

    static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    private static String gist(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(word -> word.group())
                .filter(word -> !DENIALS.contains(word))
                .collect(Collectors.joining(" "));
    }

    /** What derives from outside takes the place of nothing that does not, nor the other way round. */
    private static boolean mayReplace(Memory memory, Memory other) {
        return memory.kind().equals(other.kind()) && memory.tainted() == other.tainted();
    }

    /** Whether two texts name the same numbers, and both deny something or neither does. */
    private static boolean agree(String a, String b) {
        return numbers(a).equals(numbers(b)) && denies(a) == denies(b);
    }

    private static Set<String> numbers(String text) {
        return NUMBER.matcher(text).results().map(found -> found.group()).collect(Collectors.toSet());
    }

    private static boolean denies(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT)).results().anyMatch(found -> DENIALS.contains(found.group()))
                || text.contains("n't");
    }
}
