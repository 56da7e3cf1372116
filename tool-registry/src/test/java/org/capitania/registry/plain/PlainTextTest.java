package org.capitania.registry.plain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    private static final String ID = "0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Dear Rita,\n\nMonday at nine works for us, and we will bring the books with us.\n\nKind regards",
                "Bom dia Ana,\n\nA sua encomenda chega na segunda-feira, e trazemos também a fatura connosco.\n\nCom os melhores cumprimentos",
                "Guten Tag, die Bücher sind leider noch nicht bei uns, und wir wissen auch nicht, wann sie kommen.",
                "Bonjour, les livres ne sont pas encore dans notre magasin et nous attendons une réponse du fournisseur.",
                "Send Rita the price list",
                "# Plan\n\n- books: 12\n- price: 4 EUR\n- shelf: oak\n- corner: left\n- delivery: Monday\n- lamp: none\n- till: two",
                "The bank reports: \"feed expired consent 4711 renew login bank portal owner certificate chain failure retry\"",
                "Compare both records (0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11) of Aurora."
            })
    void shouldLetPlainTextPass(String text) {
        assertThat(PlainText.of(text).objections(false)).isEmpty();
    }

    /** A text that takes more than one look at each character of it would not end. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a ", "\n", "\n >", "`", "\"", "“", "«", "(", "a@", "@", "-- \n", "https://", "0199aa10-"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldComeToAnEndWhateverAModelWrites(String piece) {
        String written = piece.repeat(1_000_000 / piece.length());
        assertThat(PlainText.of(written).objections(true)).hasSizeLessThan(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Customer wants refund. Invoice late 12 days. Contacted twice, answer none. Suggest discount, call today, check contract.",
                "Cliente quer reembolso. Fatura atrasada 12 dias. Contactado duas vezes, resposta nenhuma. Sugiro desconto, ligar hoje, ver contrato."
            })
    void shouldObjectToATelegram(String text) {
        assertThat(PlainText.of(text).objections(false))
                .singleElement()
                .asString()
                .contains("like notes");
    }

    @Test
    void shouldObjectToAnIdWhereANameBelongs() {
        assertThat(PlainText.of("Look at " + ID + " first.").objections(false))
                .singleElement()
                .asString()
                .contains(ID);
        assertThat(PlainText.of("See entity:cafe-aurora for it.").objections(false))
                .isEmpty();
    }

    @Test
    void shouldObjectToEveryIdAndSlugWhenTheReaderIsOutside() {
        assertThat(PlainText.of("Your order (" + ID + ") is here.").objections(true))
                .hasSize(1);
        assertThat(PlainText.of("See entity:cafe-aurora for it.").objections(true))
                .hasSize(1);
        assertThat(PlainText.of("Our records say: \"Source: entity:cafe-aurora\"")
                        .objections(true))
                .isEmpty();
        assertThat(PlainText.of("We are here.\n> order " + ID + "\n\n-- \n" + ID)
                        .objections(true))
                .isEmpty();
    }

    @Test
    void shouldTellALanguageOnlyWhenItIsClear() {
        assertThat(PlainText.of("We have your order here, and it will be with you on Monday at nine.")
                        .tongue())
                .contains(Tongue.ENGLISH);
        assertThat(PlainText.of(
                                "Temos aqui a sua encomenda, e ela estará consigo na segunda-feira às nove, se não chover.")
                        .tongue())
                .contains(Tongue.PORTUGUESE);
        assertThat(PlainText.of("Your order is here.").tongue()).as("too short").isEmpty();
        assertThat(PlainText.of("Die Bücher sind da, und wir bringen sie am Montag um neun Uhr zu Ihnen ins Haus.")
                        .tongue())
                .isEmpty();
    }

    @Test
    void shouldKnowALanguageByItsTag() {
        assertThat(Tongue.ofTag("pt-PT")).contains(Tongue.PORTUGUESE);
        assertThat(Tongue.ofTag("EN")).contains(Tongue.ENGLISH);
        assertThat(Tongue.ofTag("de")).isEmpty();
        assertThat(Tongue.ofTag("")).isEmpty();
    }
}
