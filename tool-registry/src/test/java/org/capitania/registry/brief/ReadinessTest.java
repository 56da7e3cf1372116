package org.capitania.registry.brief;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.AnnotationView;
import org.capitania.contract.api.EditList.Edit;
import org.capitania.registry.brief.Grades.Graded;
import org.capitania.registry.brief.Grades.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    private static final Instant FORTNIGHT_AGO = NOW.minus(Duration.ofDays(14));
    private static final String CHIEF = "agent:chief";

    private final List<Edit> drafts = new ArrayList<>();
    private final List<AnnotationView> grades = new ArrayList<>();
    private final Map<String, Step> steps = new HashMap<>();

    private void drafts(int count, String became, double diff) {
        for (int i = 0; i < count; i++) {
            String call = "s" + drafts.size() + ":1:0";
            steps.put(call, new Step(CHIEF, "email_send", "t" + drafts.size()));
            drafts.add(new Edit(
                    "d" + drafts.size(),
                    "p",
                    call,
                    CHIEF,
                    "email_send",
                    became,
                    became.equals("rejected") ? null : diff,
                    List.of(),
                    null,
                    "user:owner",
                    NOW.minus(Duration.ofDays(1)),
                    false));
        }
    }

    private void grade(String call, String grade, String note, Duration ago) {
        grades.add(new AnnotationView("a" + grades.size(), call, null, grade, note, "user:owner", NOW.minus(ago)));
    }

    private Graded graded() {
        return new Graded(drafts, grades, steps);
    }

    private Readiness readiness(long pinned) {
        return Readiness.of(CHIEF, drafts, graded(), pinned, FORTNIGHT_AGO);
    }

    @Test
    void shouldBeReadyWhenEverySignalHolds() {
        drafts(21, "accepted", 0);
        drafts(9, "tweaked", 0.4);
        grade("s0:1:0", "bad", "too long", Duration.ofDays(2));
        grade("s1:1:0", "bad", "too short", Duration.ofDays(2));

        assertThat(readiness(5)).isEqualTo(new Readiness(30, 0.7, 0, 0, 5, 28 / 30.0, 2, 0));
        assertThat(readiness(5).ready()).isTrue();
        assertThat(readiness(4).lacking()).containsExactly("pinned");
    }

    @ParameterizedTest
    @CsvSource({"29, 0, 0, approvals", "20, 10, 0, clean", "30, 0, 1, rejections"})
    void shouldLackWhatTheDraftsDoNotShow(int accepted, int tweaked, int rejected, String lacking) {
        drafts(accepted, "accepted", 0);
        drafts(tweaked, "tweaked", 0.1);
        drafts(rejected, "rejected", 0);

        assertThat(readiness(5).lacking()).containsExactly(lacking);
    }

    @Test
    void shouldLookAtTheLastThirtyApprovalsOnly() {
        drafts(30, "accepted", 0);
        drafts(30, "rewrote", 0.9);

        assertThat(readiness(5).lacking()).isEmpty();
    }

    @Test
    void shouldCountWhatWasMissedByItsWordsAndForgetWhatIsOld() {
        drafts(30, "accepted", 0);
        grade("s0:1:0", "missing", "Ask operator first!", Duration.ofDays(3));
        grade("s1:1:0", "missing", "ask operator first", Duration.ofDays(2));
        grade("s2:1:0", "missing", "Look at the offer", Duration.ofDays(2));
        grade("s3:1:0", "missing", "Look at the offer", Duration.ofDays(20));
        steps.put("o:1:0", new Step("agent:operator", "hq_task", "t-o"));
        grade("o:1:0", "missing", "Look at the offer", Duration.ofDays(2));

        assertThat(graded().missed(CHIEF, FORTNIGHT_AGO))
                .containsExactly(
                        new Grades.Missed("ask operator first", "email_send", 2),
                        new Grades.Missed("Look at the offer", "email_send", 1));
        assertThat(readiness(5).missing()).isEqualTo(3);
        assertThat(readiness(5).cleanTasks()).isEqualTo(26 / 30.0);
    }

    @ParameterizedTest
    @CsvSource({"'', -1", "'3', 3", "'3 1', 2", "'9 1 2', 2"})
    void shouldTakeTheMiddle(String values, double median) {
        List<Double> all = values.isEmpty()
                ? List.of()
                : List.of(values.split(" ")).stream().map(Double::valueOf).toList();
        assertThat(Readiness.median(all).orElse(-1)).isEqualTo(median);
    }
}
