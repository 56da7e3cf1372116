package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlugsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Maré Alta Books | mare-alta-books",
                "'  Órgãos & Ações (2026)! ' | orgaos-acoes-2026",
                "'São  João' | sao-joao",
                "'a\u0301b' | ab",
                "'ﬁle №5' | file-no5",
                "'東京' | ''",
                "'---' | ''",
            })
    void shouldKeepLettersAndDigitsWhenTextIsFolded(String text, String slug) {
        assertThat(Slugs.fold(text)).isEqualTo(slug);
    }

    @ParameterizedTest
    @CsvSource({"word ,60", "wordandnothingelse,60"})
    void shouldCutAtAWordWhenTextIsLong(String piece, int longest) {
        String folded = Slugs.fold(piece.repeat(40));
        assertThat(folded).hasSizeLessThanOrEqualTo(longest).startsWith("word").doesNotEndWith("-");
    }
}
