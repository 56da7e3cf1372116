package org.capitania.registry.freezing;

import static org.assertj.core.api.Assertions.assertThat;

import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class VisibleTextTest {

    @Test
    void shouldShowWhatHidesWhenTextTurnsItsDirection() {
        VisibleText text = VisibleText.of("invoice\u202Efdp.exe\u200B");
        assertThat(text.shown()).isEqualTo("invoice‹U+202E›fdp.exe‹U+200B›");
        assertThat(text.hidden()).isEqualTo(2);
    }

    @Test
    void shouldMarkLettersThatPassForLatinWhenAWordMixesScripts() {
        // The second letter is Cyrillic.
        VisibleText text = VisibleText.of("p\u0430ypal and \uFF41dmin");
        assertThat(text.shown()).isEqualTo("pа‹U+0430›ypal and ａ‹U+FF41›dmin");
        assertThat(text.lookAlikes()).isEqualTo(2);
    }

    @Test
    void shouldLeaveOrdinaryTextAloneWhenItIsInAnyLanguage() {
        String text = "Olá Ângela, às 9h — 25 m² 👩\u200D🚀 ❤\uFE0F\nПривет, κόσμε\tº";
        assertThat(VisibleText.of(text).shown()).isEqualTo(text);
        assertThat(VisibleText.of(text).plain()).isTrue();
    }

    @Test
    void shouldGiveOneSkeletonWhenAddressesLookAlike() {
        assertThat(VisibleText.skeleton("rnaria@exarnple.com")).isEqualTo(VisibleText.skeleton("maria@example.com"));
        assertThat(VisibleText.skeleton("b\u043Eb@corp.com")).isEqualTo(VisibleText.skeleton("bob@corp.com"));
        assertThat(VisibleText.skeleton("ann@corp.com")).isNotEqualTo(VisibleText.skeleton("anna@corp.com"));
    }

    @Test
    void shouldGiveOneDigestWhenMembersComeInAnotherOrder() {
        byte[] one = Canonical.bytes(
                Json.read("{\"b\":[1,2.0],\"a\":\"\u00e9\"}", com.fasterxml.jackson.databind.JsonNode.class));
        byte[] other = Canonical.bytes(
                Json.read("{\"a\":\"\\u00e9\", \"b\":[1.0,2]}", com.fasterxml.jackson.databind.JsonNode.class));
        assertThat(Canonical.digest("email_send", one))
                .isEqualTo(Canonical.digest("email_send", other))
                .hasSize(64);
        assertThat(Canonical.digest("email_send", one)).isNotEqualTo(Canonical.digest("email_search", one));
    }
}
