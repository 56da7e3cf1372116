package org.capitania.supervisor.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.capitania.contract.CapitaniaException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortDurationTest {

    @ParameterizedTest
    @CsvSource({"90s, PT1M30S", "30m, PT30M", "2H, PT2H", "3d, PT72H", "PT2H, PT2H"})
    void shouldReadWhatPeopleType(String text, Duration meant) {
        assertThat(ShortDuration.parse(text)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "0s", "-PT1H", "2w"})
    void shouldRefuseTheRest(String text) {
        assertThatThrownBy(() -> ShortDuration.parse(text)).isInstanceOf(CapitaniaException.class);
    }
}
