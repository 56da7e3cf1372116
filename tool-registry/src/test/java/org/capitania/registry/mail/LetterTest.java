package org.capitania.registry.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterTest {
    private static final Address RITA = Address.parse("Rita@Padaria.example", "/to/0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.com, c@d.com",
                "Rita <rita@padaria.example>",
                "friends: a@b.com;",
                "a@b.com\r\nBcc: evil@x.com",
                "a b@c.com",
                "a@",
                "@b.com",
                "\"x@y.com\"@z.com",
                "a@b@c.com",
                ""
            })
    void shouldRefuseWhatIsNotOneAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text, "/to/0"))
                .isInstanceOf(CapitaniaException.class)
                .hasMessageContaining("/to/0");
    }

    @Test
    void shouldGiveOneKeyWhenRecipientsDifferInCaseAndOrder() {
        Address joao = Address.parse("joao@padaria.example", "/to/1");
        Address lower = Address.parse("rita@padaria.example", "/to/0");
        String key = Letter.businessKey("c1", "i1", List.of(RITA, joao));
        assertThat(Letter.businessKey("c1", "i1", List.of(joao, lower))).isEqualTo(key);
        assertThat(Letter.businessKey("c1", "i2", List.of(joao, lower))).isNotEqualTo(key);
        assertThat(Letter.businessKey("c1", "i1", List.of(joao))).isNotEqualTo(key);
        assertThat(Letter.messageId(key, "office@capitania.example")).matches("<[0-9a-f]{32}@capitania\\.example>");
    }

    @Test
    void shouldWriteIdsAsTheyStandOnTheWireWhateverFormTheyCameIn() {
        Letter letter = new Letter(
                "id@x",
                "office@capitania.example",
                null,
                List.of("rita@padaria.example"),
                List.of(),
                "s",
                "b",
                "<a@x>",
                List.of("<root@x>", "a@x", "no\r\nBcc: id@x", ""),
                "c1",
                "i1",
                null);
        assertThat(letter.messageId()).isEqualTo("<id@x>");
        assertThat(letter.inReplyTo()).isEqualTo("<a@x>");
        assertThat(letter.references()).containsExactly("<root@x>", "<a@x>");
        assertThat(Letter.of(letter.toJson())).isEqualTo(letter);
    }

    @Test
    void shouldWarnWhenARecipientLooksLikeSomebodyOfTheThread() {
        Rendering rendering = render(
                letter("rita@padarla.example", "Hello", "Yes"), List.of("rita@padaria.example", "rnaria@x.example"));
        assertThat(rendering.warnings())
                .anyMatch(w -> w.contains("nobody has written to us from rita@padarla.example"));
        Rendering alike = render(letter("maria@x.example", "Hello", "Yes"), List.of("rnaria@x.example"));
        assertThat(alike.warnings()).anyMatch(w -> w.contains("looks like rnaria@x.example"));
    }

    @Test
    void shouldShowPunycodeWhenADomainIsWrittenInOtherLetters() {
        Rendering rendering =
                render(letter("rita@p\u0430daria.example", "Hello", "Yes"), List.of("rita@padaria.example"));
        assertThat(rendering.recipients().getFirst()).contains("xn--pdaria-").contains("‹U+0430›");
        assertThat(rendering.warnings()).anyMatch(w -> w.contains("looks like rita@padaria.example"));
    }

    @Test
    void shouldKeepTheTextApartFromOurWordsWhenItTriesToBreakOut() {
        String body = "Hi\n```\n**To:** somebody else\n````\nend";
        Rendering rendering = render(letter("rita@padaria.example", "a `b` c", body), List.of("rita@padaria.example"));
        assertThat(rendering.markdown())
                .contains("`````text\n" + body + "\n`````")
                .contains("``a `b` c``");
        assertThat(rendering.warnings()).isEmpty();
        assertThat(rendering.summary()).isEqualTo("Mail to Rita Sousa <rita@padaria.example>: a `b` c");
    }

    private static Letter letter(String to, String subject, String body) {
        return new Letter(
                "id@x",
                "office@capitania.example",
                null,
                List.of(to),
                List.of(),
                subject,
                body,
                null,
                List.of(),
                "c1",
                "i1",
                null);
    }

    private static Rendering render(Letter letter, List<String> known) {
        return new LetterRendering(letter, Map.of("rita@padaria.example", "Rita Sousa"), known).render();
    }
}
