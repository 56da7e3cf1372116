package org.capitania.registry.curation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a role writes, asks and runs. */
class ReachTest {
    private final Reach reach = new Reach();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outputs/proposals/aurora.md",
                "outputs/customer-facing/aurora/letter.md",
                "agents/chief/MEMORY.md"
            })
    void shouldLetChiefWriteWhereItsFilesAre(String path) {
        assertThat(reach.objection("chief", true, json(Map.of("path", path)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "outputs/proposals/../../agents/operator/CLAUDE.md",
                "outputs/proposals/./x",
                "outputs//proposals/x",
                "outputs/proposals/",
                "outputs/proposals",
                "outputs/proposals/%2e%2e/x",
                "outputs\\proposals\\x",
                "outputs/proposals/x\u0000.md",
                "~/outputs/proposals/x",
                "file:outputs/proposals/x",
                "OUTPUTS/proposals/x",
                "agents/chief/CLAUDE.md",
                "agents/chief/MEMORY.md/x",
                "agents/operator/MEMORY.md",
                "src/main/x"
            })
    void shouldKeepChiefFromWritingElsewhere(String path) {
        assertThat(reach.objection("chief", true, json(Map.of("path", path)))).isPresent();
        assertThat(reach.objection("chief", true, json(Map.of("path", "outputs/briefs/a.md", "to_path", path))))
                .isPresent();
    }

    @Test
    void shouldLeaveReadingAloneAndGiveStrangersNothing() {
        assertThat(reach.objection("chief", false, json(Map.of("path", "src/x"))))
                .isEmpty();
        assertThat(reach.objection("stranger", true, json(Map.of("path", "outputs/briefs/a.md"))))
                .isPresent();
        assertThat(reach.objection("operator", true, json(Map.of("path", "outputs/customer-facing/a.md"))))
                .isPresent();
    }

    @Test
    void shouldRunOnlyWhatTheRoleRuns() {
        assertThat(reach.objection("operator", true, json(Map.of("argv", List.of("git", "status")))))
                .isEmpty();
        for (List<String> argv : List.of(
                List.<String>of(), List.of("/usr/bin/git"), List.of("sh", "-c", "git"), List.of("git status"))) {
            assertThat(reach.objection("operator", true, json(Map.of("argv", argv))))
                    .isPresent();
        }
        assertThat(reach.objection("chief", true, json(Map.of("argv", List.of("git")))))
                .isPresent();
        assertThat(reach.objection("operator", true, json(Map.of("argv", "git"))))
                .isPresent();
    }

    @Test
    void shouldAskOnlyTheWebAndNeverWithCredentials() {
        assertThat(reach.objection("chief", false, json(Map.of("url", "https://example.com/a"))))
                .isEmpty();
        for (String url : List.of(
                "file:///etc/passwd",
                "https://user:pw@example.com/",
                "gopher://example.com",
                "https://",
                "not a url")) {
            assertThat(reach.objection("chief", false, json(Map.of("url", url))))
                    .as(url)
                    .isPresent();
        }
    }

    private static JsonNode json(Object value) {
        return Json.tree(value);
    }
}
