package org.capitania.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.capitania.cli.CannedFleet;
import org.capitania.cli.CannedFleet.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
    @TempDir
    Path directory;

    @Test
    void shouldPassEachFilterAndSayWhichLegIsMissing() throws IOException {
        try (CannedFleet fleet = CannedFleet.in(directory)) {
            // Given
            fleet.answer("/v1/search", """
                    {"query":"paint","legs":["text","trigram"],"note":"searched by words and names alone: why","items":
                     [{"id":"n-1","slug":"memo-paint","type":"memo","title":"Paint","snippet":"the **paint** &lt;b&gt; &amp;amp; so"}]}""");
            // When
            Result result = fleet.hq(
                    "search",
                    "paint",
                    "--type",
                    "memo,task",
                    "--status",
                    "open",
                    "--tag",
                    "red,blue",
                    "--producer",
                    "hq:root",
                    "--entity",
                    "aurora",
                    "--since",
                    "2d",
                    "--until",
                    "2026-02-28T00:00:00Z",
                    "--limit",
                    "5");
            // Then
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("the paint <b> &amp; so", "searched by words and names alone: why");
            JsonNode asked = fleet.last().json();
            assertThat(asked.path("query").asText()).isEqualTo("paint");
            assertThat(asked.path("types").toString()).isEqualTo("[\"memo\",\"task\"]");
            assertThat(asked.path("statuses").toString()).isEqualTo("[\"open\"]");
            assertThat(asked.path("tags").toString()).isEqualTo("[\"red\",\"blue\"]");
            assertThat(asked.path("producer").asText()).isEqualTo("hq:root");
            assertThat(asked.path("entity").asText()).isEqualTo("aurora");
            assertThat(asked.path("since").asText()).isEqualTo("2026-02-27T12:00:00Z");
            assertThat(asked.path("until").asText()).isEqualTo("2026-02-28T00:00:00Z");
            assertThat(asked.path("limit").asInt()).isEqualTo(5);
        }
    }
}
