package org.capitania.registry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.registry.secrets.Scrubber;
import org.junit.jupiter.api.Test;

/** What of an act becomes a vector. */
class ActionTextTest {
    private final ActionText text = new ActionText(new Scrubber(List.of()));

    @Test
    void shouldSayWhatWasAskedForAndNothingOfWhatWasAnswered() {
        assertThat(text.of(Json.read("""
                        {"tool":"hq_entity","status":"done","input":{"action":"update","ref":"0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11",
                         "props":{"city":"Braga","tags":["bakery","north"],"size":3}},"output":{"data":{"title":"Frama's own words"}}}""", JsonNode.class)))
                .isEqualTo("hq entity. action update. city Braga. tags bakery. tags north");
    }

    @Test
    void shouldSayWhyItDidNotWork() {
        assertThat(text.of(Json.read("""
                        {"tool":"email_send","status":"refused","input":{},"output":{"code":"not_granted","message":"Chief may."}}""", JsonNode.class))).isEqualTo("email send. refused not granted. Chief may.");
    }

    @Test
    void shouldHoldNoSecretAndNoMoreThanTwoThousandCharacters() {
        String key = "sk-" + "a1".repeat(20);
        JsonNode body = Json.MAPPER
                .createObjectNode()
                .put("tool", "hq_search")
                .set("input", Json.MAPPER.createObjectNode().put("query", key + " " + "😀".repeat(3000)));

        String words = text.of(body);

        assertThat(words).startsWith("hq search. query [secret removed] ").doesNotContain(key);
        assertThat(words.length()).isBetween(1999, 2000);
        assertThat(words.codePoints().filter(c -> c >= 0xD800 && c <= 0xDFFF))
                .as("no half of a character")
                .isEmpty();
    }
}
