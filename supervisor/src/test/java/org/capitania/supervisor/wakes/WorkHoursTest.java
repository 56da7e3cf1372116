package org.capitania.supervisor.wakes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkHoursTest {
    @ParameterizedTest
    @CsvSource({
        "07:00-22:00, 06:59, false",
        "07:00-22:00, 07:00, true",
        "07:00-22:00, 21:59, true",
        "07:00-22:00, 22:00, false",
        "22:00-06:00, 23:30, true",
        "22:00-06:00, 05:59, true",
        "22:00-06:00, 06:00, false",
        "22:00-06:00, 12:00, false"
    })
    void shouldHoldFromTheirBeginningToBeforeTheirEnd(String hours, LocalTime time, boolean within) {
        assertThat(WorkHours.parse(hours).hold(time)).isEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "always", "07:00", "07:00-25:00", "07:00-07:00", "07:00-12:00-14:00"})
    void shouldStopTheStartWhenTheyAreNone(String text) {
        assertThatThrownBy(() -> WorkHours.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("07:00-22:00");
    }

    @Test
    void shouldReadAsTheyAreWritten() {
        assertThat(WorkHours.parse("07:00-22:00")).hasToString("07:00-22:00");
    }
}
