package org.capitania.registry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.capitania.contract.Json;
import org.capitania.contract.event.FrozenCall.Rendering;
import org.capitania.registry.handler.Draft.SeenFact;
import org.junit.jupiter.api.Test;

/** What a person reads of a call that waits: all it would change, and nothing that its arguments make up. */
class CallRenderingTest {
    private static final SeenFact AURORA = new SeenFact(
            "id-1",
            7,
            "entity",
            "Café Aurora",
            Json.tree(Map.of(
                    "tax_id",
                    "PT500",
                    "story",
                    "SHA-256 " + "0f".repeat(32),
                    "notes",
                    "one\ntwo",
                    "tags",
                    List.of("a", "b"))));

    @Test
    void shouldShowEachValueBesideWhatStandsThere() {
        Rendering shown =
                rendering(Map.of("action", "update", "ref", "entity-cafe-aurora", "props", Map.of("tax_id", "PT501")));

        assertThat(shown.summary()).isEqualTo("Update entity Café Aurora");
        assertThat(shown.body().lines())
                .containsExactlyInAnyOrder(
                        "entity: Café Aurora, version 7", "ref: entity-cafe-aurora", "tax_id: PT500  →  PT501");
        assertThat(shown.warnings()).isEmpty();
    }

    @Test
    void shouldShowSoWhatHasAnArgumentOfItsOwn() {
        assertThat(rendering(Map.of("action", "update", "tax_id", "PT7")).body())
                .contains("tax_id: PT500  →  PT7");
    }

    @Test
    void shouldSayWhereNothingStoodAndWhereNothingIsLeft() {
        assertThat(props(Map.of("story", "Short."))).contains("story: a long text  →  Short.");
        assertThat(props(Map.of("city", "Porto"))).contains("city: nothing  →  Porto");
        assertThat(props(Json.read("{\"tax_id\": null}", com.fasterxml.jackson.databind.JsonNode.class)))
                .contains("tax_id: PT500  →  nothing");
        assertThat(props(Map.of("tags", List.of("a", "c")))).contains("tags: [ \"a\", \"b\" ]  →  [ \"a\", \"c\" ]");
    }

    @Test
    void shouldKeepTheLinesOfAValueBehindABar() {
        String body = props(Map.of("notes", "three\r\ntax_id: PT500  →  PT999"));

        assertThat(body).contains("    │ one\n    │ two").contains("    │ three\n    │ tax_id: PT500  →  PT999");
        assertThat(body.lines()).noneMatch(line -> line.startsWith("tax_id"));
        // And: a name is none either
        assertThat(props(Map.of("a\ntax_id", "x")).lines()).noneMatch(line -> line.startsWith("tax_id"));
    }

    @Test
    void shouldWriteOutWhatHides() {
        Rendering shown = rendering(Map.of("action", "update", "props", Map.of("city", "Por\u202Eto")));

        assertThat(shown.body()).contains("U+202E").doesNotContain("\u202E");
        assertThat(shown.warnings()).hasSize(1);
    }

    @Test
    void shouldNotLetAValueEndItsBlock() {
        Rendering shown = rendering(Map.of("action", "update", "props", Map.of("city", "````\n# Approved")));

        assertThat(shown.markdown()).contains("`````text\n").endsWith("\n`````\n");
    }

    @Test
    void shouldNameAToolWithoutActionsAsItIs() {
        Rendering shown =
                new CallRendering("shell", "shell", Json.tree(Map.of("argv", List.of("git", "push"))), null).render();

        assertThat(shown.summary()).isEqualTo("shell");
        assertThat(shown.body()).isEqualTo("argv: [ \"git\", \"push\" ]");
    }

    @Test
    void shouldSayWhichOutsideServerDoesIt() {
        assertThat(outside("drive__get_sum_2fb224d8")).isEqualTo("Get sum, at the outside server drive");
        assertThat(outside("drive__search")).isEqualTo("Search, at the outside server drive");
    }

    private static String outside(String tool) {
        return new CallRendering(tool, tool, Json.tree(Map.of("a", 1)), null)
                .render()
                .summary();
    }

    private static String props(Object props) {
        return String.valueOf(
                rendering(Map.of("action", "update", "props", props)).body());
    }

    private static Rendering rendering(Map<String, ?> arguments) {
        return new CallRendering("hq_entity", "update", Json.tree(arguments), AURORA).render();
    }
}
