package org.capitania.graph.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class IdempotencyKeysIT {
    private static final String TASK =
            "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"Weekly\"}}]}";

    @Test
    void shouldAnswerTheSameForSevenDaysAndNoLonger() throws SQLException {
        // Given
        String key = unique("week");
        String first = keyed(key);
        assertThat(OWNER.request().get("/v1/mutations/{key}", key).asString()).isEqualTo(first);
        OWNER.request().get("/v1/mutations/{key}", unique("none")).then().statusCode(404);
        try (Connection admin = TestPostgres.shared().connect();
                Statement statement = admin.createStatement()) {
            // Then
            try (ResultSet kept = statement.executeQuery(
                    "SELECT date_trunc('second', expires_at - created_at) = interval '7 days' FROM graph.idempotency_keys WHERE key = '"
                            + key + "'")) {
                assertThat(kept.next()).isTrue();
                assertThat(kept.getBoolean(1)).isTrue();
            }
            // When: a minute is left of them
            expires(statement, key, "interval '1 minute'");
            assertThat(keyed(key)).isEqualTo(first);
            // When: none is
            expires(statement, key, "interval '0'");
            String later = keyed(key);
            assertThat(later).isNotEqualTo(first);
            assertThat(keyed(key)).isEqualTo(later);
        }
    }

    @Test
    void shouldRefuseAKeyThatNoIndexHolds() {
        // Given: nothing in it repeats, so that nothing makes it shorter
        String key = IntStream.range(0, 80)
                .mapToObj(i -> UUID.randomUUID().toString())
                .collect(Collectors.joining());
        // Then
        assertThat(OWNER.request()
                        .header("Idempotency-Key", key)
                        .body(TASK)
                        .post("/v1/mutations")
                        .statusCode())
                .isEqualTo(422);
    }

    private static void expires(Statement statement, String key, String left) throws SQLException {
        assertThat(statement.executeUpdate("UPDATE graph.idempotency_keys SET expires_at = clock_timestamp() + " + left
                        + " WHERE key = '" + key + "'"))
                .isEqualTo(1);
    }

    private static String keyed(String key) {
        return OWNER.request()
                .header("Idempotency-Key", key)
                .body(TASK)
                .post("/v1/mutations")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }
}
