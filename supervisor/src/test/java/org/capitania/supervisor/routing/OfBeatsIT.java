package org.capitania.supervisor.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.capitania.supervisor.SupervisorIT;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/** Each event of an agent asks what its task was opened by. */
@QuarkusTest
class OfBeatsIT extends SupervisorIT {
    @Test
    void shouldLookUpOneTaskAndNotAllThatWasEverRouted() throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = TestPostgres.shared().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // An index by time may seem as good while a table has next to nothing in it.
            statement.execute("DROP INDEX fleet.routed_events_at");
            // As the service, under row security; small tables are scanned otherwise.
            statement.execute("SET LOCAL ROLE fleet; SET LOCAL enable_seqscan = off; SET LOCAL search_path = fleet;"
                    + " SELECT set_config('hq.tenant', 'main', true)");
            ResultSet rows = statement.executeQuery(
                    "EXPLAIN " + RouteEvent.OF_BEATS.replace("$1", "'" + UUID.randomUUID() + "'::uuid"));
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            connection.rollback();
        }
        assertThat(plan.toString())
                .containsPattern("Index Cond: .*task_id = '")
                .containsPattern("Index Cond: .*event_id = ANY")
                .doesNotContainPattern("Filter: .*task_id");
    }
}
