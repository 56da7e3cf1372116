package org.capitania.embed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitVectorsTest {
    @Test
    void shouldCutAndStretchToLengthOne() {
        assertThat(UnitVectors.of(new float[] {3, 4, 12}, 2)).containsExactly(0.6f, 0.8f);
        assertThat(UnitVectors.of(new float[] {0, 0}, 2)).containsExactly(0f, 0f);
    }
}
