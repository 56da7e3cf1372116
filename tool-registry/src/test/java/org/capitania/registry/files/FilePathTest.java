package org.capitania.registry.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one spelling of a path, and what patterns take of it. */
class FilePathTest {

    @Test
    void shouldTakeOrdinaryNames() {
        assertThat(FilePath.of("outputs/briefs/Relatório de março (2).md").names())
                .containsExactly("outputs", "briefs", "Relatório de março (2).md");
        assertThat(FilePath.directory("")).isEqualTo(FilePath.ROOT);
        assertThat(FilePath.directory("outputs/")).isEqualTo(FilePath.of("outputs"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "outputs/../agents/x",
                "outputs/./x",
                "outputs//x",
                "outputs/x/",
                "~/x",
                "outputs/.env",
                ".git/config",
                "outputs/x\u0000.md",
                "outputs/x\n.md",
                "outputs\\x",
                "C:x",
                "outputs/%2e%2e/x",
                "outputs/x.",
                "outputs/x ",
                // a right-to-left override, a zero-width space, a full-width dot pair and slash, a Cyrillic o, a name
                // that is not composed
                "outputs/\u202Emd.x",
                "outputs/x\u200B.md",
                "outputs/\uFF0E\uFF0E/x",
                "outputs\uFF0Fx",
                "\u043Eutputs/x",
                "outputs/Relato\u0301rio.md"
            })
    void shouldRefuseEveryOtherSpelling(String path) {
        assertThatThrownBy(() -> FilePath.of(path))
                .isInstanceOfSatisfying(
                        CapitaniaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CROSS_SCOPE_VIOLATION));
    }

    @Test
    void shouldRefuseWhatIsTooDeepOrTooLong() {
        for (String path : List.of("a/".repeat(16) + "x", "x".repeat(201), "ab/".repeat(400) + "x", "é".repeat(101))) {
            assertThatThrownBy(() -> FilePath.of(path)).isInstanceOf(CapitaniaException.class);
        }
        assertThat(FilePath.of("a/".repeat(15) + "x").names()).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({
        "**, a/b/c.md, true",
        "**/*.md, c.md, true",
        "**/*.md, a/b/c.md, true",
        "a/**/c.md, a/c.md, true",
        "a/*/c.md, a/c.md, false",
        "*.md, a/c.md, false",
        "a/?.md, a/c.md, true",
        "a/?.md, a/cc.md, false",
        "a*b*c, axxbyyc, true",
        "a*b*c, axxbyy, false",
        "a**, a/b, false"
    })
    void shouldMatchByPattern(String pattern, String path, boolean matches) {
        assertThat(Glob.of(pattern).matches(FilePath.of(path))).isEqualTo(matches);
    }

    @Test
    void shouldEndSoonWhateverThePatternSays() {
        String stars = "*a".repeat(149) + "b";
        assertThat(Glob.of(stars).matches(FilePath.of("a".repeat(200)))).isFalse();
        assertThat(Glob.of("**/".repeat(99) + "x").matches(FilePath.of("a/".repeat(15) + "y")))
                .isFalse();
    }
}
