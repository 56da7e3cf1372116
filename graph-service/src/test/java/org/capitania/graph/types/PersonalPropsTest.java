package org.capitania.graph.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

class PersonalPropsTest {
    private static final String BADGE = """
            {"properties": {"holder": {"type": "string", "x-sensitivity": "personal"}, "number": {"type": "string"},
                            "face": {"type": "string", "x-sensitivity": "personal"}}}""";

    @Test
    void shouldMakeABranchOfEachTypeThatHasAny() {
        assertThat(PersonalProps.cases(types("badge", "task")))
                .isEqualTo("        WHEN 'node badge' THEN ARRAY['face', 'holder']\n"
                        + "        WHEN 'node task' THEN ARRAY['face', 'holder']");
        assertThat(PersonalProps.cases(TypeFiles.read()))
                .contains("WHEN 'edge cc' THEN ARRAY['address', 'display_name']");
    }

    @Test
    void shouldStopTheStartWhenANameIsNone() {
        assertThatThrownBy(() -> PersonalProps.cases(types("badge'; --"))).hasMessageContaining("badge'; --");
    }

    private static Types types(String... names) {
        JsonNode schema = Json.read(BADGE, JsonNode.class);
        Map<String, NodeType> nodes = new LinkedHashMap<>();
        for (String name : names) {
            nodes.put(name, NodeType.of(name, schema));
        }
        return new Types(nodes, Map.of(), 0);
    }
}
