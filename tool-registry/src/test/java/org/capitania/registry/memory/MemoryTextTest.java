package org.capitania.registry.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.capitania.registry.files.OwnNotes;
import org.capitania.registry.memory.MemoryText.Line;
import org.capitania.registry.memory.TendingPlan.Memory;
import org.junit.jupiter.api.Test;

class MemoryTextTest {
    private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");

    @Test
    void shouldReadWhatAnAgentWrote() {
        List<Line> lines = MemoryText.read(List.of(
                "# Customers",
                "- Rita wants short mails,",
                "  and no calls.",
                "1. (preference) Bread on Mondays.",
                "---",
                "- [ ] Ask Ana for the list",
                "They pay late.",
                "They pay late.",
                "| --- |",
                "* " + "long ".repeat(200)));

        assertThat(lines)
                .startsWith(
                        new Line("fact", "Rita wants short mails, and no calls."),
                        new Line("preference", "Bread on Mondays."),
                        new Line("watch_item", "Ask Ana for the list"),
                        new Line("fact", "They pay late."))
                .hasSize(5)
                .allSatisfy(line -> assertThat(line.body()).hasSizeLessThanOrEqualTo(500));
    }

    @Test
    void shouldTellTheWorthiestFirstAsFarAsThereIsRoomAndNothingFromOutside() {
        List<Memory> memories = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            memories.add(memory(i, "The oven of number " + i + " is warm\nby five. " + "x".repeat(60), false));
        }
        memories.add(memory(101, "PLANTED", true));

        String text = MemoryText.of("chief", memories);

        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(OwnNotes.MEMORY - 200, OwnNotes.MEMORY);
        assertThat(text).contains("number 99 is warm by five.").doesNotContain("number 0 is", "PLANTED");
        assertThat(MemoryText.of("chief", memories.reversed())).isEqualTo(text);
        assertThat(text.lines().filter(line -> !line.isBlank() && !line.startsWith("- (fact) ")))
                .isNotEmpty()
                .allMatch(MemoryText::isFrame);
        assertThat(MemoryText.read(text.lines().toList()))
                .as("what was made of memories says the same")
                .contains(new Line("fact", "The oven of number 99 is warm by five. " + "x".repeat(60)));
    }

    private static Memory memory(int i, String body, boolean tainted) {
        return new Memory("m" + i, 1, "fact", body, i / 200.0, THEN, 30, false, tainted);
    }
}
