package org.capitania.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CypherTest {
    @TempDir
    Path directory;

    @Test
    void shouldPassTheParametersAndShowNodesByTheirSlugs() throws IOException {
        try (CannedFleet fleet = CannedFleet.in(directory)) {
            // Given
            fleet.answer("/v1/cypher", """
                    {"columns":["t","n","of"],"truncated":true,"as_of":"2026-03-01T12:00:00Z","nodes":3,"edges":2,
                     "rows":[[{"id":1125899906842625,"label":"task","properties":{"slug":"paint-it"}},2,null]]}""");
            // When
            Result result = fleet.hq(
                    "cypher",
                    "MATCH (t:task) WHERE t.title = $a RETURN t",
                    "--param",
                    "a=red paint",
                    "--param",
                    "n=2",
                    "--limit",
                    "1");
            // Then
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("task paint-it", "there is more");
            JsonNode asked = fleet.last().json();
            assertThat(asked.path("query").asText()).isEqualTo("MATCH (t:task) WHERE t.title = $a RETURN t");
            assertThat(asked.path("parameters").toString()).isEqualTo("{\"a\":\"red paint\",\"n\":2}");
            assertThat(asked.path("limit").asInt()).isEqualTo(1);
        }
    }
}
