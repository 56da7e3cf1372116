package org.capitania.supervisor.beats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.capitania.supervisor.beats.Beat.Missed;
import org.capitania.supervisor.beats.Beat.Turn;
import org.junit.jupiter.api.Test;

class BeatTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");
    private static final Duration LATE = Duration.ofMinutes(10);
    private static final Instant DUE = Instant.parse("2026-11-20T07:00:00Z");

    private static Turn turn(Missed missed, String now) {
        return new Beat("brief", "chief", "", "0 7 * * *", null, null, missed)
                .turn(DUE, Instant.parse(now), LISBON, LATE);
    }

    @Test
    void shouldFireWhenSomebodyLooksInTime() {
        Turn expected = new Turn(true, DUE, 0, Instant.parse("2026-11-21T07:00:00Z"));

        assertThat(turn(Missed.SKIP, "2026-11-20T07:00:00Z")).isEqualTo(expected);
        assertThat(turn(Missed.SKIP, "2026-11-20T07:10:00Z")).isEqualTo(expected);
    }

    @Test
    void shouldMakeUpOnceForAllThatWentBy() {
        Instant last = Instant.parse("2026-11-22T07:00:00Z");

        assertThat(turn(Missed.ONCE, "2026-11-22T15:00:00Z"))
                .isEqualTo(new Turn(true, last, 2, Instant.parse("2026-11-23T07:00:00Z")));
    }

    @Test
    void shouldWaitForTheNextTimeWhenItSkips() {
        assertThat(turn(Missed.SKIP, "2026-11-20T07:10:01Z"))
                .isEqualTo(new Turn(false, DUE, 0, Instant.parse("2026-11-21T07:00:00Z")));
        assertThat(turn(Missed.SKIP, "2026-11-22T07:03:00Z"))
                .as("the latest one is on time")
                .isEqualTo(new Turn(
                        true, Instant.parse("2026-11-22T07:00:00Z"), 2, Instant.parse("2026-11-23T07:00:00Z")));
    }
}
