package org.capitania.watchdog.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final FakeClock clock = new FakeClock();
    private final Silence silence = new Silence(clock, Duration.ofSeconds(15), Duration.ofMinutes(2));

    @Test
    void shouldWaitForAServiceThatIsStillStarting() {
        assertThat(silence.tooLong("approval-service")).isEmpty();

        clock.now = START.plusSeconds(67);
        assertThat(silence.tooLong("approval-service")).isEmpty();

        clock.now = START.plusSeconds(121);
        assertThat(silence.tooLong("approval-service")).contains(START);
    }

    @Test
    void shouldMissAServiceSoonOnceItWasHeard() {
        silence.heard("approval-service");

        clock.now = START.plusSeconds(15);
        assertThat(silence.tooLong("approval-service")).isEmpty();
        clock.now = START.plusSeconds(16);
        assertThat(silence.tooLong("approval-service")).contains(START);
        assertThat(silence.tooLong("graph-service")).as("each is counted alone").isEmpty();

        silence.heard("approval-service");
        assertThat(silence.tooLong("approval-service")).isEmpty();
    }

    private static final class FakeClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
