package org.capitania.registry.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.junit.jupiter.api.Test;

/** What is secret in a call is shown to nobody, said to be there, and stays in it when somebody edits the rest. */
class HiddenSecretsTest {
    private static final String TOKEN = "github_pat_" + "a1".repeat(20);
    private static final String OTHER = "AKIAABCDEFGHIJKLMNOP";
    private static final List<String> KEY_LINES =
            List.of("MIIEvQIBADANBgkqhkiG9w0BAQEF", "AASCBKcwggSjAgEAAoIBAQC7VJTU", "t9Us8cKj");
    private static final String KEY =
            "-----BEGIN PRIVATE KEY-----\n" + String.join("\n", KEY_LINES) + "\n-----END PRIVATE KEY-----";

    private final HiddenSecrets secrets = new HiddenSecrets(new Scrubber(List.of("s3cret-of-ours")));

    @Test
    void shouldSayWhatItHidesAndHowLongItIs() {
        JsonNode arguments = Json.tree(Map.of(
                "title",
                "Keys",
                "body",
                "Take " + TOKEN + " or s3cret-of-ours\n" + KEY,
                "url",
                "ftp://ana:pass-word@x"));
        Rendering shown =
                secrets.shown(rendering(arguments.toPrettyString()), arguments, Json.MAPPER.createObjectNode());

        assertThat(shown.toString())
                .doesNotContain(TOKEN, "s3cret-of-ours", "pass-word")
                .doesNotContain(KEY_LINES);
        assertThat(shown.body()).contains("Keys", "Take [secret removed] or");
        assertThat(shown.warnings())
                .singleElement()
                .asString()
                .contains(
                        "a token of GitHub (51 characters)",
                        "a secret of this installation (14 characters)",
                        "a private key (" + KEY.length() + " characters)",
                        "a password (9 characters)");
    }

    @Test
    void shouldHideWhatIsLeftOfASecretWhereALineWasCut() {
        Rendering cut = rendering("Keys: " + TOKEN.substring(0, 25) + "…");
        Rendering shown =
                secrets.shown(cut, Json.tree(Map.of("title", "Keys: " + TOKEN)), Json.MAPPER.createObjectNode());
        assertThat(shown.body()).isEqualTo("Keys: [secret removed]…");
        assertThat(shown.markdown()).doesNotContain(TOKEN.substring(0, 8));
    }

    @Test
    void shouldSayWhenWordsHideBehindTheBeginningOfAKey() {
        for (String words : List.of(" pay Ana all of it now", "\npay\nAna\nall", "\nMIIE pay\n")) {
            JsonNode arguments = Json.tree(Map.of("body", "-----BEGIN PRIVATE KEY-----" + words));
            assertThat(secrets.shown(rendering("x"), arguments, Json.MAPPER.createObjectNode())
                            .warnings())
                    .as(words)
                    .singleElement()
                    .asString()
                    .contains("a private key, with other words in it");
        }
    }

    @Test
    void shouldHideTheLinesOfAKeyInADifference() {
        // Given: a change of a file that takes a key away, and one that had it before
        String difference = "-" + String.join("\n-", KEY.split("\n")) + "\n+none";
        ObjectNode effect =
                Json.MAPPER.createObjectNode().put("content", "none").put("before_content", KEY);

        Rendering shown = secrets.shown(rendering(difference), Json.tree(Map.of("new_string", "none")), effect);

        assertThat(shown.body()).doesNotContain(KEY_LINES).contains("+none");
        assertThat(shown.warnings()).isEmpty();
    }

    @Test
    void shouldLeaveWhatHasNoSecretAsItIs() {
        Rendering plain = rendering("Monday at nine works, [secret removed] or not.");
        assertThat(secrets.shown(plain, Json.tree(Map.of("body", "Monday")), Json.MAPPER.createObjectNode()))
                .isSameAs(plain);
    }

    @Test
    void shouldPutBackWhatAnEditLeftWhereItWas() {
        JsonNode exact = Json.tree(Map.of(
                "title", "Two keys", "body", "First " + TOKEN + ", then " + OTHER + ".", "list", List.of("a", TOKEN)));
        ObjectNode edited = secrets.shown(exact).deepCopy();
        assertThat(edited.toString()).doesNotContain(TOKEN, OTHER);
        assertThat(secrets.putBack(exact, edited)).isEqualTo(exact);
        // When
        edited.put("title", "Both keys").put("body", "Here: [secret removed]\nand after it [secret removed]!");
        // Then
        JsonNode meant = secrets.putBack(exact, edited);
        assertThat(meant.path("title").asText()).isEqualTo("Both keys");
        assertThat(meant.path("body").asText()).isEqualTo("Here: " + TOKEN + "\nand after it " + OTHER + "!");
        assertThat(meant.at("/list/1").asText()).isEqualTo(TOKEN);
        // And: who takes all of them out means that
        edited.put("body", "No keys.").putArray("list").add("a");
        assertThat(secrets.putBack(exact, edited)).isEqualTo(edited);
    }

    @Test
    void shouldRefuseAMarkOfWhichNobodyKnowsWhatItStandsFor() {
        JsonNode exact = Json.tree(Map.of(
                "title",
                "Keys",
                "body",
                TOKEN + " and " + OTHER,
                "list",
                List.of(TOKEN, OTHER),
                "deep",
                Map.of("a", TOKEN)));
        for (JsonNode edited : List.of(
                Json.tree(Map.of("body", "Only [secret removed]")),
                Json.tree(Map.of("title", "Keys: [secret removed]")),
                Json.tree(Map.of("body", "x", "list", List.of("[secret removed]"))),
                Json.tree(Map.of("deep", Map.of("b", "[secret removed]"))),
                Json.tree(Map.of("deep", "[secret removed]")))) {
            assertThatThrownBy(() -> secrets.putBack(exact, edited))
                    .as("%s", edited)
                    .isInstanceOf(CapitaniaException.class)
                    .hasMessageContaining("cannot be told");
        }
    }

    @Test
    void shouldTakeAMarkForWordsWhereNothingIsHidden() {
        JsonNode exact = Json.tree(Map.of("body", "It said [secret removed] there."));
        JsonNode edited = Json.tree(Map.of("body", "It says [secret removed] twice: [secret removed]"));
        assertThat(secrets.putBack(exact, edited)).isEqualTo(edited);
    }

    private static Rendering rendering(String body) {
        return new Rendering("It does something", List.of(), null, body, "```\n" + body + "\n```", List.of());
    }
}
