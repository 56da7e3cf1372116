package org.capitania.registry.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.capitania.registry.memory.TendingPlan.Likeness;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.capitania.registry.memory.TendingPlan.Pair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of memories: nothing is lost that is worth more than what stays, and what was tended needs no tending. */
class TendingPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-22T04:00:00Z");
    private static final Likeness SAME_FIRST_WORD =
            (a, b) -> a.body().split(" ")[0].equals(b.body().split(" ")[0]) ? 0.97 : 0.5;

    @Test
    void shouldLetGoOfWhatNobodyHasConfirmedForAsLongAsItsKindLasts() {
        Memory old = memory("a", "bread early", 0.9, 31, 30, false, false);
        Memory pinned = memory("b", "wine late", 0.9, 31, 30, true, false);
        Memory endless = memory("c", "salt never", 0.1, 900, null, false, false);
        Memory young = memory("d", "milk cold", 0.1, 29, 30, false, false);

        TendingPlan plan = TendingPlan.of(List.of(old, pinned, endless, young), NOW, SAME_FIRST_WORD);

        assertThat(plan.decayed()).containsExactly(old);
        assertThat(plan.merged()).isEmpty();
        assertThat(plan.dropped()).isEmpty();
    }

    @Test
    void shouldMergeWhatSaysTheSameIntoWhatIsWorthMore() {
        Memory strong = memory("a", "bread is baked at five", 0.9, 5, 30, false, false);
        Memory weak = memory("b", "bread they bake at five", 0.4, 1, 30, false, false);
        Memory planted = memory("c", "bread is baked at five", 1, 1, 30, false, true);

        TendingPlan plan = TendingPlan.of(List.of(weak, planted, strong), NOW, SAME_FIRST_WORD);

        assertThat(plan.merged())
                .as("what derives from outside stays beside it")
                .containsExactly(new Pair(weak, strong));
        assertThat(plan.conflicts()).isEmpty();
    }

    @Test
    void shouldConfirmWhatWasSaidAgainByTheNewestThatSaysSo() {
        Memory strong = memory("a", "bread is baked at five", 0.9, 29, 30, false, false);
        Memory again = memory("b", "bread they bake at five", 0.4, 9, 30, false, false);
        Memory newest = memory("c", "bread at five they bake", 0.3, 2, 30, false, false);
        Memory wine = memory("d", "wine comes late", 0.9, 3, 30, false, false);
        Memory before = memory("e", "wine late it comes", 0.4, 8, 30, false, false);

        TendingPlan plan = TendingPlan.of(List.of(strong, again, newest, wine, before), NOW, SAME_FIRST_WORD);

        assertThat(plan.merged()).hasSize(3);
        assertThat(plan.confirmed())
                .as("what was said before it was last confirmed confirms nothing")
                .containsExactly(new Pair(newest, strong));
    }

    @Test
    void shouldMergeNothingThatDiffersInANumberOrADenial() {
        Memory five = memory("a", "bread costs 5 euros", 0.9, 5, 30, false, false);
        Memory six = memory("b", "bread costs 6 euros", 0.4, 1, 30, false, false);
        Memory not = memory("c", "bread não costs 5 euros", 0.3, 1, 30, false, false);

        TendingPlan plan = TendingPlan.of(List.of(five, six, not), NOW, SAME_FIRST_WORD);

        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.conflicts()).containsExactly(new Pair(six, five), new Pair(not, five), new Pair(not, six));
    }

    @Test
    void shouldLeaveNothingToDoAndNeverMoreThanAnAgentMayKeep() {
        for (long seed = 1; seed <= 20; seed++) {
            List<Memory> memories = some(new Random(seed), 1000);

            TendingPlan plan = TendingPlan.of(memories, NOW, SAME_FIRST_WORD);
            List<Memory> left = left(memories, plan);

            assertThat(left).as("seed %d", seed).hasSizeLessThanOrEqualTo(TendingPlan.MOST);
            assertThat(TendingPlan.of(left, NOW, SAME_FIRST_WORD).isEmpty())
                    .as("seed %d", seed)
                    .isTrue();
            double least = left.stream().mapToDouble(Memory::salience).min().orElse(1);
            assertThat(plan.dropped()).as("seed %d", seed).isNotEmpty().allMatch(memory -> memory.salience() <= least);
            assertThat(plan.merged())
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .allMatch(pair -> pair.kept().tainted() == pair.other().tainted()
                            && pair.kept().salience() >= pair.other().salience());
        }
    }

    @Test
    void shouldSeeByWordsAloneWhatSaysTheSameAndWhatContradicts() {
        Memory five = memory("a", "Bread costs 5 euros.", 0.9, 5, 30, false, false);

        assertThat(TendingPlan.byWords(five, memory("b", "bread costs 5 euros", 0.4, 1, 30, false, false)))
                .isEqualTo(1);
        assertThat(TendingPlan.byWords(five, memory("b", "Bread costs 6 euros.", 0.4, 1, 30, false, false)))
                .isEqualTo(1);
        assertThat(TendingPlan.byWords(five, memory("b", "Bread never costs 5 euros.", 0.4, 1, 30, false, false)))
                .isEqualTo(1);
        assertThat(TendingPlan.byWords(five, memory("b", "Bread sells for 5 euros.", 0.4, 1, 30, false, false)))
                .isZero();
        // The same numbers the other way round say something else, and contradict nothing that could be seen.
        assertThat(TendingPlan.byWords(
                        memory("a", "from 5 to 6", 0.9, 5, 30, false, false),
                        memory("b", "from 6 to 5", 0.9, 5, 30, false, false)))
                .isZero();
    }

    private static List<Memory> left(List<Memory> memories, TendingPlan plan) {
        Set<Memory> gone = new HashSet<>(plan.decayed());
        gone.addAll(plan.dropped());
        plan.merged().forEach(pair -> gone.add(pair.other()));
        List<Memory> left = new ArrayList<>(memories);
        left.removeAll(gone);
        return left;
    }

    private static List<Memory> some(Random random, int count) {
        List<Memory> memories = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String body = "topic" + random.nextInt(600) + " costs " + random.nextInt(2);
            boolean tainted = random.nextInt(4) == 0;
            memories.add(memory("m" + i, body, random.nextInt(100) / 100.0, random.nextInt(60), 50, false, tainted));
        }
        return memories;
    }

    private static Memory memory(
            String id, String body, double salience, int age, @Nullable Integer days, boolean pinned, boolean tainted) {
        return new Memory(id, 1, "fact", body, salience, NOW.minus(Duration.ofDays(age)), days, pinned, tainted);
    }
}
