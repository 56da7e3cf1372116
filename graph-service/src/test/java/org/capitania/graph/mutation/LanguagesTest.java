package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Olá, o livro não está na loja. | pt",
                "The book is not in the shop, we are sorry. | en",
                "(the)order;of:books | en",
                "Invoice 2026-17 | simple",
                "'' | simple",
                "para the | simple",
            })
    void shouldTellTheLanguageWhenItsSmallWordsAreThere(String text, String language) {
        ObjectNode props = JsonNodeFactory.instance.objectNode().put("title", text);
        assertThat(Languages.of(props)).isEqualTo(language);
    }
}
