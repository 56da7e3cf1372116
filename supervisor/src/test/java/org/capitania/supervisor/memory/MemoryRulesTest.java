package org.capitania.supervisor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryRulesTest {
    @TempDir
    Path files;

    private MemoryFiles machine;
    private MemoryRules rules;
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @BeforeEach
    void point() {
        machine = new MemoryFiles(files);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        rules = new MemoryRules(new AvailableMemory(machine), machine, clock);
    }

    private void available(int megabytes, int swapUsed) throws IOException {
        machine.meminfo("MemAvailable: %d kB\nSwapTotal: 1048576 kB\nSwapFree: %d kB\n"
                .formatted(megabytes * 1024, 1048576 - swapUsed * 1024));
        rules.look();
    }

    @Test
    void shouldHoldADormantAgentBelow600MegabytesAndLetAWarmOneGoOn() throws IOException {
        available(600, 0);
        assertThat(rules.hold("chief", true, 0)).isEmpty();

        available(599, 0);
        assertThat(rules.hold("chief", true, 0)).hasValue("memory: less than 600 MB available");
        assertThat(rules.hold("chief", false, 1)).isEmpty();
    }

    @Test
    void shouldLetOneAgentWorkAtATimeBelow400Megabytes() throws IOException {
        available(399, 0);

        assertThat(rules.hold("operator", false, 0)).isEmpty();
        assertThat(rules.hold("operator", false, 1))
                .hasValueSatisfying(why ->
                        assertThat(why).startsWith("memory: less than 400 MB").contains("one agent works at a time"));
    }

    @Test
    void shouldGiveTheSameReasonWhileTheRuleIsTheSame() throws IOException {
        available(580, 0);
        Optional<String> first = rules.hold("chief", true, 0);
        available(340, 0);

        assertThat(rules.hold("chief", true, 0)).isEqualTo(first);
    }

    @Test
    void shouldHoldWhoIsNotEssentialOnceSwapHasBeenInUseForAWhile() throws IOException {
        available(1500, 700);
        now = now.plus(Duration.ofSeconds(59));
        available(1500, 700);
        assertThat(rules.hold("operator", false, 0)).as("not for long yet").isEmpty();
        assertThat(rules.view().swappingSince()).isNull();

        now = now.plus(Duration.ofSeconds(1));
        assertThat(rules.hold("operator", false, 0))
                .hasValueSatisfying(why -> assertThat(why).contains("more than 500 MB of swap", "only chief works on"));
        assertThat(rules.hold("chief", true, 1)).isEmpty();
        assertThat(rules.view().swappingSince()).isEqualTo("2026-11-22T10:00:00Z");

        available(1500, 300);
        assertThat(rules.hold("operator", false, 0)).isEmpty();
    }

    @Test
    void shouldNotMindSwapOnAMachineWithRoom() throws IOException {
        available(8000, 900);
        now = now.plus(Duration.ofHours(1));
        available(8000, 900);

        assertThat(rules.hold("operator", true, 1)).isEmpty();
    }

    @Test
    void shouldHoldNobodyWhereNothingCanBeRead() {
        rules.look();

        assertThat(rules.hold("operator", true, 1)).isEmpty();
        assertThat(rules.view().availableMb()).isNull();
    }
}
