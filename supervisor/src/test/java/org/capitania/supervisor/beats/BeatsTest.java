package org.capitania.supervisor.beats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Schedules from a process's environment, where names have no points and no small letters. */
class BeatsTest {
    @Test
    void shouldTakeAScheduleFromAVariable() {
        Beats beats = beats(Map.of("HQ_BEATS_CRON_CHIEF_BRIEF", "30 8 * * *", "HQ_BEATS_CRON_SESSION_ROTATION", "off"));

        assertThat(beats.find("chief_brief").orElseThrow().cron()).isEqualTo("30 8 * * *");
        assertThat(beats.find("session_rotation").orElseThrow().cron()).isEqualTo("off");
        assertThat(beats.find("operator_night").orElseThrow().cron()).isEqualTo("0 3 * * *");
    }

    @Test
    void shouldTakeAScheduleFromAProperty() {
        assertThat(beats(Map.of("hq.beats.cron.chief_brief", "30 8 * * *"))
                        .find("chief_brief")
                        .orElseThrow()
                        .cron())
                .isEqualTo("30 8 * * *");
    }

    @Test
    void shouldNotStartWithABeatThatDoesNotExist() {
        assertThatThrownBy(() -> beats(Map.of("HQ_BEATS_CRON_CHIEF_BRIEFS", "off")))
                .hasMessage("hq.beats.cron.chief_briefs names a beat that does not exist; there are chief_brief,"
                        + " session_rotation, operator_night, memory_mirror, memory_tender, operator_learning");
    }

    private static Beats beats(Map<String, String> variables) {
        return new Beats(new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(variables, 300))
                .withConverter(Duration.class, 300, new DurationConverter())
                .withMapping(BeatsConfig.class)
                .build()
                .getConfigMapping(BeatsConfig.class));
    }
}
