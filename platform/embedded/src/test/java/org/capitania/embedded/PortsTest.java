package org.capitania.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void shouldNeverGiveAPortTwice() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            assertThat(given.add(Ports.free())).isTrue();
        }
        assertThat(given).allMatch(port -> port >= 12_000 && port <= 32_000);
    }
}
