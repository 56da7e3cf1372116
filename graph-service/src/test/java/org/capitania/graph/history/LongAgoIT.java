package org.capitania.graph.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.OWNER;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.retention.OldHistory;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class LongAgoIT {
    private static final Instant LONG_AGO = Instant.parse("2001-03-10T00:00:00Z");

    /** The months around the time asked for are opened first; what has stood for longer has to be found as well. */
    @Test
    void shouldFindEdgesAsTheyWereHoweverLongTheyHadStoodThen() throws SQLException {
        // Given: linked and named in March 2001, linked otherwise and renamed in June 2001, and again today
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Gil"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "First"}},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e", "valid_from": "1999-01-01T00:00:00Z"}]}""");
        String contact = made.byRef("c").id();
        String entity = made.byRef("e").id();
        String edge = OWNER.node(contact).edges().getFirst().id();
        for (String year : List.of("1998", "1997")) {
            OWNER.mutate("""
                    {"ops": [{"op": "patch", "id": "%s", "valid_from": "%s-01-01T00:00:00Z"},
                             {"op": "patch", "id": "%s", "props": {"name": "Since %s"}}]}""", edge, year, entity, year);
        }
        try (OldHistory old = new OldHistory()) {
            for (String[] row : new String[][] {{"node", entity}, {"edge", edge}}) {
                old.backdate(row[0], row[1], 1, LONG_AGO);
                old.backdate(row[0], row[1], 2, LONG_AGO.plus(Duration.ofDays(92)));
            }
            // Then
            assertThat(edges(contact, LONG_AGO.minusSeconds(1))).isEmpty();
            assertThat(edges(contact, LONG_AGO)).containsExactly("1 First 1999");
            assertThat(edges(contact, LONG_AGO.plus(Duration.ofDays(30)))).containsExactly("1 First 1999");
            assertThat(edges(contact, LONG_AGO.plus(Duration.ofDays(91)))).containsExactly("1 First 1999");
            assertThat(edges(contact, LONG_AGO.plus(Duration.ofDays(92)))).containsExactly("2 Since 1998 1998");
            assertThat(edges(contact, LONG_AGO.plus(Duration.ofDays(4000)))).containsExactly("2 Since 1998 1998");
            assertThat(edges(contact, Instant.now())).containsExactly("3 Since 1997 1997");
            assertThat(edges(contact, Instant.parse("9999-01-01T00:00:00Z"))).containsExactly("3 Since 1997 1997");
        }
    }

    private static List<String> edges(String id, Instant at) {
        return OWNER
                .get("/v1/nodes/" + id + "/edges", Map.of("as_of", at.toString()), EdgeView.Page.class)
                .items()
                .stream()
                .map(edge -> edge.version() + " " + edge.other().title() + " "
                        + edge.validFrom().toString().substring(0, 4))
                .toList();
    }
}
