package org.capitania.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "não há cartão",
                "plain words, (all) visible!",
                "100% sure",
                "株式会社 🚢",
                "UTF-8''%41",
                "utf-8''x",
                ""
            })
    void shouldReadWhatWasWrittenWhateverTheScript(String text) {
        String header = HeaderText.encode(text);

        assertThat(header).matches("[\\x20-\\x7E]*");
        assertThat(HeaderText.decode(header)).isEqualTo(text);
    }

    @Test
    void shouldWriteTheFormOfTheRfcOnlyWhenItMust() {
        assertThat(HeaderText.encode("não há cartão")).isEqualTo("UTF-8''n%C3%A3o%20h%C3%A1%20cart%C3%A3o");
        assertThat(HeaderText.encode("no card, 100%")).isEqualTo("no card, 100%");
    }

    @Test
    void shouldBeOneLineWhenSomebodyWritesSeveral() {
        assertThat(HeaderText.decode(HeaderText.encode("a\r\nX-HQ-Tenant: other\u0000é")))
                .isEqualTo("a X-HQ-Tenant: other é");
        assertThat(HeaderText.decode("UTF-8''a%00%0D%0Ab")).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8''%4", "UTF-8''%", "UTF-8''%ZZ", "UTF-8''a b", "UTF-8''%C3%28", "UTF-8''n\u00e3o"})
    void shouldRefuseWhenItSaysThatItIsEncodedAndIsNot(String header) {
        assertThatThrownBy(() -> HeaderText.decode(header))
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
}
