package org.capitania.graph.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class PersonalPropsIT {

    @Test
    void shouldSealWhatTheFilesTagPersonalWithoutAMigrationOfTheirs() throws SQLException {
        Types types = TypeFiles.read();
        try (DirectSql sql = DirectSql.as("graph", "other")) {
            for (NodeType type : types.nodes()) {
                assertThat(sealed(sql, "node", type.name()))
                        .as(type.name())
                        .containsExactlyInAnyOrderElementsOf(PersonalProps.of(type.schema()));
            }
            for (EdgeType type : types.edges()) {
                assertThat(sealed(sql, "edge", type.name()))
                        .as(type.name())
                        .containsExactlyInAnyOrderElementsOf(PersonalProps.of(type.schema()));
            }
            sql.execute(
                    "INSERT INTO types (kind, name, revision, schema, actor) SELECT 'node', 'task', coalesce(max(revision), 0) + 1, '{\"properties\": {\"who\": {\"type\": \"string\", \"x-sensitivity\": \"personal\"}, \"n\": {\"type\": \"integer\"}}}', 'user:owner' FROM types");
            assertThat(sealed(sql, "node", "task")).containsExactly("who");
        }
    }

    private static List<String> sealed(DirectSql sql, String kind, String type) throws SQLException {
        return Arrays.asList((String[]) ((Array) sql.query("SELECT personal_props(?, ?)", kind, type)).getArray());
    }
}
