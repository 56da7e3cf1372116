package org.capitania.registry.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {
    private final Scrubber scrubber =
            new Scrubber(List.of("s3cret-of-ours", "s3cret-of-ours-and-more", "short", "postgres"));

    @Test
    void shouldTakeOutItsOwnWhereverTheyStand() {
        String packed = Base64.getEncoder().encodeToString("s3cret-of-ours".getBytes(StandardCharsets.UTF_8));
        JsonNode clean = scrubber.clean(Json.tree(Map.of(
                "a", List.of("x s3cret-of-ours y", Map.of("s3cret-of-ours", "s3cret-of-ours-and-more")), "b", packed)));
        assertThat(clean.toString())
                .doesNotContain("s3cret", "and-more", packed.substring(0, 15))
                .contains("x [", "] y");
    }

    @Test
    void shouldLeaveWhatHasNoneAsItIs() {
        JsonNode plain = Json.tree(Map.of("a", List.of("x", Map.of("b", 1)), "c", "Rita asked"));
        assertThat(scrubber.clean(plain)).isSameAs(plain);
        // And what has one anywhere is another, which leaves the first whole
        JsonNode deep = Json.tree(Map.of("a", List.of(List.of("x", Map.of("b", "s3cret-of-ours")))));
        assertThat(scrubber.clean(deep).toString()).isEqualTo("{\"a\":[[\"x\",{\"b\":\"[secret removed]\"}]]}");
        assertThat(deep.toString()).contains("s3cret-of-ours");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", ".", "\"", "(", "/", ":", "-", "é", "ção", "\n", "task-1 ", "sk-", "=", "x_", "9", "Z", "a"
            })
    void shouldFindAKeyWhereverThePatternsDo(String before) {
        String key = "sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA";
        boolean within = before.matches("(?s).*\\w$");
        assertThat(scrubber.clean(before + key).contains(key))
                .as("after '%s'", before)
                .isEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA",
                "AKIAABCDEFGHIJKLMNOP",
                "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                "xoxb-1234567890-abcdef",
                "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyOm93bmVyIn0.abcdefghijklmnop",
                "glpat-ABCDEFGHIJKLMNOPQRST",
                "AIzaSyA1234567890abcdefghijklmnopqrstuv",
                "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----"
            })
    void shouldTakeOutWhatHasTheShapeOfAKey(String secret) {
        assertThat(scrubber.clean("before " + secret + " after")).isEqualTo("before [secret removed] after");
    }

    @Test
    void shouldTakeOutOurOwnHoweverItIsSpelled() {
        String secret = "p/w of \"ours\"+\u00e7~?>";
        Scrubber own = new Scrubber(List.of(secret));
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        List<String> spelled = new ArrayList<>(List.of(
                Json.write(Map.of("password", secret)),
                "https://x.example/?q=" + URLEncoder.encode(secret, StandardCharsets.UTF_8) + "&a=b",
                "x" + HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)));
        for (String before : List.of("", "u", "us", "user:")) {
            byte[] whole = (before + secret + "@host").getBytes(StandardCharsets.UTF_8);
            spelled.add("Basic " + Base64.getEncoder().encodeToString(whole));
            spelled.add("t=" + Base64.getUrlEncoder().encodeToString(whole));
        }
        assertThat(spelled)
                .allSatisfy(text -> assertThat(own.clean(text)).as(text).contains("[secret removed]"));
    }

    @Test
    void shouldTakeOutPasswordsFromAddressesAndEnvironments() {
        assertThat(scrubber.clean(
                        "postgres://hq:p4ss@db/x and HQ_DB_PASSWORD=abcdefgh12 and \"d\":\"" + "a".repeat(43) + "\""))
                .isEqualTo(
                        "postgres://hq:[secret removed]@db/x and HQ_DB_PASSWORD=[secret removed] and [secret removed]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "Rita asked for postgres and a token of thanks.",
                "https://example.com/a:b@c",
                "The task-force met at 10:30; see eyJ for more.",
                "the password is with Rita"
            })
    void shouldLeaveOrdinaryTextAlone(String text) {
        assertThat(scrubber.clean(text)).isEqualTo(text);
    }

    @Test
    void shouldEndSoonWhateverTheTextSays() {
        for (String text : List.of(
                "eyJ" + "a".repeat(400_000),
                "://" + "a:".repeat(100_000),
                "-----BEGIN PRIVATE KEY-----".repeat(5000),
                "A".repeat(300_000) + "TOKEN=")) {
            assertThat(scrubber.clean(text)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ASIAABCDEFGHIJKLMNOP",
                "gho_abcdefghijklmnopqrstuvwxyz0123456789",
                "ghu_abcdefghijklmnopqrstuvwxyz0123456789",
                "ghs_abcdefghijklmnopqrstuvwxyz0123456789",
                "ghr_abcdefghijklmnopqrstuvwxyz0123456789",
                "github_pat_abcdefghijklmnopqrstuvwxyz0123456789",
                "\"d\" : \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
            })
    void shouldKnowEveryShapeByItsSign(String secret) {
        assertThat(scrubber.clean("ção " + secret + " após")).isEqualTo("ção [secret removed] após");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DB_PASSWORD=", "SECRET=", "MY_API_KEY=", "TOKEN=", "x://user:"})
    void shouldKnowWhatLeadsToASecretByItsSign(String lead) {
        assertThat(scrubber.clean(lead + "abcdefgh12@host"))
                .startsWith(lead + "[secret removed]")
                .doesNotContain("abcdefgh12");
    }
}
