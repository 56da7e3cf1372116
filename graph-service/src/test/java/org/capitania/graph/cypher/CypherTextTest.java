package org.capitania.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CypherTextTest {
    @Test
    void shouldNameTheColumnsWhenTheyAreReturned() {
        assertThat(CypherText.of(
                                "MATCH (a)-[r:KNOWS*1..3]->(b) RETURN DISTINCT a.name, count(b) AS n, {x: 1, y: [1, 2]} ORDER BY a.name LIMIT 3;")
                        .columns())
                .containsExactly("a.name", "n", "{x: 1, y: [1, 2]}");
        assertThat(CypherText.of("MATCH (a) WITH a AS b RETURN b.return AS `the b` UNION MATCH (c) RETURN c.x")
                        .columns())
                .containsExactly("the b");
        assertThatThrownBy(() -> CypherText.of("MATCH (a) RETURN *")).hasMessageContaining("has to name");
    }

    @Test
    void shouldWriteStringsAnewWhenTheyHoldWhatCouldEndThem() {
        CypherText query = CypherText.of("RETURN 'it\\'s $hq_cypher$ \\\\', \"a'b\" /* ' */ // \" \n, 1");

        assertThat(query.text()).isEqualTo(" RETURN 'it\\u0027s \\u0024hq_cypher\\u0024 \\u005c', 'a\\u0027b' , 1");
        assertThat(query.takesParameters()).isFalse();
        assertThat(CypherText.of("RETURN $name").takesParameters()).isTrue();
    }

    /** What could reach another tenant's graph, or leave the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RETURN ag_catalog.age_startnode('tenant_b', {id: 1}::edge)",
                "RETURN ag_catalog . age_startnode ('tenant_b', 1)",
                "RETURN ag_catalog/* */./* */age_startnode/* */('tenant_b', 1)",
                "RETURN ag_catalog.// x\nversion()",
                "RETURN pg_catalog.version()",
                "RETURN `pg_catalog`.`version`()",
                "RETURN `version`()",
                "RETURN startNode(r)",
                "RETURN vle('tenant_b')",
                "CALL ag_catalog.age_vle('tenant_b', 1) YIELD edges RETURN edges",
                "RETURN load_labels_from_file('a', 'b', 'c')",
                "RETURN graph_stats('tenant_b')",
                "RETURN $hq_cypher$) AS (a agtype); SELECT 1; --",
                "RETURN 1; RETURN 2",
                "RETURN $hq_cypher",
                "RETURN 'open",
                "RETURN `a$b`",
                "RETURN 'a\\qb'",
                "RETURN 1 /* open",
                "RETURN é",
                "RETURN 1a",
                "RETURN \u0000",
                ""
            })
    void shouldRefuseWhenAQueryCouldMeanSomethingElse(String query) {
        assertThatThrownBy(() -> CypherText.of(query)).isInstanceOf(CapitaniaException.class);
    }

    @Test
    void shouldReadWhatAgeWrites() {
        assertThat(AgeValue.json(
                                "{\"id\": 1, \"label\": \"t\", \"properties\": {\"q\": \"it's ::vertex \\\" NaN\"}}::vertex")
                        .at("/properties/q")
                        .asText())
                .isEqualTo("it's ::vertex \" NaN");
        assertThat(AgeValue.json("[1.5::numeric, NaN, -Infinity, {\"a\": []}::edge]::path"))
                .isEqualTo(Json.read(
                        "[1.5, \"NaN\", \"-Infinity\", {\"a\": []}]", com.fasterxml.jackson.databind.JsonNode.class));
        assertThat(AgeValue.json(null).isNull()).isTrue();
    }
}
