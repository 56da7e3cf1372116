package org.capitania.graph.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeCatalogueTest {
    private final TypeCatalogue types = new TypeCatalogue();

    @ParameterizedTest
    @ValueSource(strings = {"nodes", "edges"})
    void shouldListEveryFileWhenTypesAreIndexed(String kind) throws IOException {
        // Given
        Path folder = Path.of("src/main/resources/types", kind);
        // When
        List<String> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        }
        // Then
        assertThat(Files.readAllLines(folder.resolve("index.txt"))).isEqualTo(files);
    }

    @Test
    void shouldNameOnlyKnownTypesWhenEdgesSayTheirEnds() {
        for (EdgeType edge : types.edges()) {
            assertThat(Stream.concat(edge.from().stream(), edge.to().stream()).filter(end -> !end.equals("*")))
                    .as(edge.name())
                    .allMatch(end -> types.node(end).isPresent());
        }
    }

    @Test
    void shouldHaveItsDefaultAndItsSlugPropsWhenATypeIsRead() {
        for (NodeType type : types.nodes()) {
            assertThat(type.props().names()).as(type.name()).containsAll(type.slugProps());
            assertThat(type.schema().path("additionalProperties").asBoolean(true))
                    .as(type.name())
                    .isFalse();
            if (type.defaultStatus() != null) {
                assertThat(type.statuses()).as(type.name()).contains(type.defaultStatus());
            }
            assertThat(type.props().check(object("{}"), ""))
                    .allMatch(error -> error.message().endsWith("is required"));
        }
    }

    @Test
    void shouldSayPathFoundAndAllowedWhenAPropIsUnknown() {
        // When
        List<FieldError> errors = check("interaction", """
                {"channel": "email", "sbuject": "Hi"}
                """);
        // Then
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.path()).isEqualTo("/ops/0/props/sbuject");
            assertThat(error.found()).isEqualTo("sbuject");
            assertThat(error.allowed()).contains("subject", "message_id");
        });
    }

    @Test
    void shouldSayPathFoundAndAllowedWhenValuesAreWrong() {
        // When
        List<FieldError> errors = check("interaction", """
                {"channel": "pigeon", "attachments": [{"name": "a.pdf", "colour": "red"}], "to": "ana@x.pt"}
                """);
        // Then
        assertThat(errors)
                .extracting(FieldError::path, FieldError::found)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("/ops/0/props/channel", "pigeon"),
                        org.assertj.core.groups.Tuple.tuple("/ops/0/props/attachments/0/colour", "colour"),
                        org.assertj.core.groups.Tuple.tuple("/ops/0/props/to", "ana@x.pt"));
        assertThat(errors)
                .filteredOn(error -> error.path().endsWith("channel"))
                .singleElement()
                .satisfies(error -> assertThat(error.allowed()).contains("whatsapp"));
        assertThat(errors)
                .filteredOn(error -> error.path().endsWith("colour"))
                .singleElement()
                .satisfies(error -> assertThat(error.allowed()).contains("sha256"));
    }

    private List<FieldError> check(String type, String props) {
        return types.node(type).orElseThrow().props().check(object(props), "/ops/0/props");
    }

    private static ObjectNode object(String json) {
        return Json.read(json, ObjectNode.class);
    }
}
