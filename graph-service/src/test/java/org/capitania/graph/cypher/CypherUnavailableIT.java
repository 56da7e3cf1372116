package org.capitania.graph.cypher;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.capitania.contract.api.Cypher;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the embedded server, which has no Apache AGE. */
@Tag("embedded")
@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class CypherUnavailableIT {
    @Test
    void shouldSayWhatIsMissingWhenThereIsNoAge() {
        var answer = GraphApi.OWNER
                .request()
                .body("{\"query\": \"MATCH (t:task) RETURN t.title\"}")
                .post("/v1/cypher");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.path("code").toString()).isEqualTo("not_configured");
        assertThat(answer.path("detail").toString()).contains("Apache AGE").contains("deploy/postgres");
        Cypher.Availability availability = GraphApi.OWNER.get("/v1/cypher", Map.of(), Cypher.Availability.class);
        assertThat(availability.available()).isFalse();
        assertThat(availability.note()).contains("Apache AGE");
    }

    @Test
    void shouldRefuseWhenAWorkerAsks() {
        var answer = GraphApi.INGEST.request().body("{\"query\": \"RETURN 1\"}").post("/v1/cypher");

        assertThat(answer.statusCode()).isEqualTo(403);
    }
}
