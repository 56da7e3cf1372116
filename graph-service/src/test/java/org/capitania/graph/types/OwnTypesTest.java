package org.capitania.graph.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnTypesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\": {\"a\": {\"type\": \"string\", \"pattern\": \".*\"}}} | /schema/properties/a/pattern",
                "{\"properties\": {\"a\": {\"$ref\": \"http://x\"}}} | /schema/properties/a/type",
                "{\"properties\": {\"a\": {\"type\": \"string\", \"anyOf\": []}}} | /schema/properties/a/anyOf",
                "{\"properties\": {\"A b\": {\"type\": \"string\"}}} | /schema/properties/A b",
                "{\"properties\": {\"a\": {\"type\": \"string\", \"format\": \"regex\"}}} | /schema/properties/a/format",
                "{\"properties\": {\"a\": {\"type\": \"string\", \"enum\": []}}} | /schema/properties/a/enum",
                "{\"properties\": {\"a\": {\"type\": \"integer\", \"maxLength\": 3}}} | /schema/properties/a/maxLength",
                "{\"properties\": {\"a\": {\"type\": \"string\", \"x-sensitivity\": \"secret\"}}} | /schema/properties/a/x-sensitivity",
                "{\"properties\": {\"a\": {\"type\": \"array\", \"items\": {\"type\": \"array\", \"items\": {\"type\": \"array\"}}}}} | /schema/properties/a/items/items",
                "{\"required\": [\"a\"]} | /schema/required",
                "{\"required\": \"a\"} | /schema/required",
                "{\"x-statuses\": \"open\"} | /schema/x-statuses",
                "{\"x-priorities\": [1]} | /schema/x-priorities",
                "{\"x-slug\": {\"a\": \"b\"}} | /schema/x-slug",
                "{\"x-from\": [\"task\", \"task\"]} | /schema/x-from"
            })
    void shouldNameTheMemberWhenASchemaIsOutsideTheSubset(String schema, String path) {
        assertThat(SchemaSubset.faults(object(schema), "/schema"))
                .extracting(FieldError::path)
                .containsExactly(path);
    }

    @Test
    void shouldRefuseAStatusThatNoIndexHolds() {
        ObjectNode schema = object("{\"x-statuses\": [\"" + "s".repeat(101) + "\"]}");
        assertThat(SchemaSubset.faults(schema, "/schema"))
                .extracting(FieldError::path)
                .containsExactly("/schema/x-statuses");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"string\", \"enum\": [\"x\", \"y\"]} | {\"type\": \"string\", \"enum\": [\"x\"]} | /properties/a/enum",
                "{\"type\": \"string\"} | {\"type\": \"string\", \"enum\": [\"x\"]} | /properties/a/enum",
                "{\"type\": \"string\", \"maxLength\": 9} | {\"type\": \"string\", \"maxLength\": 8} | /properties/a/maxLength",
                "{\"type\": \"string\"} | {\"type\": \"string\", \"maxLength\": 8} | /properties/a/maxLength",
                "{\"type\": \"integer\", \"minimum\": 0} | {\"type\": \"integer\", \"minimum\": 1} | /properties/a/minimum",
                "{\"type\": \"number\"} | {\"type\": \"integer\"} | /properties/a/type",
                "{\"type\": \"string\"} | {\"type\": \"string\", \"format\": \"date\"} | /properties/a/format",
                "{\"type\": \"array\"} | {\"type\": \"array\", \"items\": {\"type\": \"string\"}} | /properties/a/items"
            })
    void shouldRefuseWhenWhatWasValidWouldNotBe(String before, String after, String path) {
        assertThat(Widening.faults(prop(before), prop(after), ""))
                .extracting(FieldError::path)
                .containsExactly(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\": \"string\", \"enum\": [\"x\"]} | {\"type\": \"string\", \"enum\": [\"y\", \"x\"]}",
                "{\"type\": \"string\", \"enum\": [\"x\"]} | {\"type\": \"string\"}",
                "{\"type\": \"integer\", \"minimum\": 1} | {\"type\": \"number\", \"minimum\": 0}",
                "{\"type\": \"string\", \"format\": \"date\", \"maxLength\": 8} | {\"type\": \"string\", \"maxLength\": 9}"
            })
    void shouldAcceptWhenMoreIsValid(String before, String after) {
        assertThat(Widening.faults(prop(before), prop(after), "")).isEmpty();
    }

    @Test
    void shouldRefuseWhenAPropOrAStatusGoesAwayOrADemandComes() {
        ObjectNode before = object(
                "{\"properties\": {\"a\": {\"type\": \"string\"}, \"b\": {\"type\": \"string\"}}, \"x-statuses\": [\"open\", \"done\"]}");
        ObjectNode after = object(
                "{\"properties\": {\"b\": {\"type\": \"string\"}}, \"required\": [\"b\"], \"x-statuses\": [\"open\"]}");
        assertThat(Widening.faults(before, after, ""))
                .extracting(FieldError::path)
                .containsExactly("/properties/a", "/required", "/x-statuses");
    }

    @Test
    void shouldAddToWhatIsThereWhenATypeOfEveryCompanyIsExtended() {
        Types types = TypeFiles.read();
        Types own = types.with(
                List.of(
                        new TypeDefinition(
                                TypeDefinition.Kind.NODE,
                                "task",
                                object(
                                        "{\"properties\": {\"ship\": {\"type\": \"string\"}}, \"x-statuses\": [\"parked\", \"open\"]}")),
                        new TypeDefinition(
                                TypeDefinition.Kind.EDGE,
                                "moors_at",
                                object(
                                        "{\"x-from\": [\"task\"], \"x-to\": [\"*\"], \"x-cardinality\": {\"per_from\": {\"max\": 1}}}"))),
                7);
        NodeType task = own.node("task").orElseThrow();
        assertThat(task.props().names()).contains("title", "ship");
        assertThat(task.statuses()).containsExactly("open", "in_progress", "blocked", "done", "cancelled", "parked");
        assertThat(task.props().check(object("{\"title\": \"T\", \"ship\": \"Nau\"}"), ""))
                .isEmpty();
        assertThat(task.props().check(object("{\"title\": \"T\", \"boat\": \"Nau\"}"), ""))
                .hasSize(1);
        assertThat(own.edge("moors_at").orElseThrow().maxPerFrom()).hasValue(1);
        assertThat(own.revision()).isEqualTo(7);
        assertThat(types.node("task").orElseThrow().props().names()).doesNotContain("ship");
    }

    private static ObjectNode prop(String schema) {
        return object("{\"properties\": {\"a\": " + schema + "}}");
    }

    private static ObjectNode object(String json) {
        return Json.read(json, ObjectNode.class);
    }
}
