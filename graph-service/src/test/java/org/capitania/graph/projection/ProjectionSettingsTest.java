package org.capitania.graph.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectionSettingsTest {
    @Test
    void shouldWeighAsTheDesignDoesUnlessItIsConfigured() {
        assertThat(weights(Map.of())).isEqualTo(Json.read("""
                {"recency": 0.30, "revenue": 0.25, "activity": 0.15, "stage": 0.10, "linguistic": 0.10, "anti_match": 0.10}""", JsonNode.class).toString());
        assertThat(weights(Map.of("weights.revenue", "0.5", "weights.anti-match", "0")))
                .isEqualTo(Json.read("""
                {"recency": 0.30, "revenue": 0.5, "activity": 0.15, "stage": 0.10, "linguistic": 0.10, "anti_match": 0}""", JsonNode.class).toString());
    }

    @ParameterizedTest
    @CsvSource({"weights.recency,1.5", "bands.hot,-0.1", "risks.churn,2", "recency-half-life-days,0", "full-activity,-1"
    })
    void shouldStopTheStartWhenAFigureMakesNoSense(String name, String value) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("hq.projections." + name)
                .hasMessageContaining(value);
    }

    @Test
    void shouldStopTheStartWhenNothingHasWeight() {
        assertThatThrownBy(
                        () -> settings(Map.of("warmth.recency", "0", "warmth.activity", "0", "warmth.linguistic", "0")))
                .hasMessageContaining("hq.projections.warmth");
    }

    private static String weights(Map<String, String> configured) {
        return Json.read(settings(configured).json(), JsonNode.class)
                .get("weights")
                .toString();
    }

    private static ProjectionSettings settings(Map<String, String> configured) {
        SmallRyeConfigBuilder config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(ProjectionsConfig.class);
        configured.forEach((name, value) -> config.withDefaultValue("hq.projections." + name, value));
        return new ProjectionSettings(config.build().getConfigMapping(ProjectionsConfig.class));
    }
}
