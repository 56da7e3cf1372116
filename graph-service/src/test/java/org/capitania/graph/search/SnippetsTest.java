package org.capitania.graph.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnippetsTest {
    @Test
    void shouldMarkMatchesWithStarsOfOurOwnAlone() {
        assertThat(Snippets.of("a \ue000b\ue001 c")).isEqualTo("a **b** c");
        assertThat(Snippets.of("***\ue000b\ue001**")).isEqualTo("**b**");
        assertThat(Snippets.of("x **y** \ue000z\ue001")).isEqualTo("x *y* **z**");
    }

    @Test
    void shouldHoldNoMarkupWhenTheTextDoes() {
        assertThat(Snippets.of("<i>\ue000&lt;\ue001\u001b[31m")).isEqualTo("&lt;i&gt;**&amp;lt;** [31m");
        assertThat(Snippets.of("one\n\u202etwo")).isEqualTo("one two");
    }

    @Test
    void shouldBeAbsentWhenThereIsNothingToShow() {
        assertThat(Snippets.of(null)).isNull();
        assertThat(Snippets.of("  ")).isNull();
    }
}
