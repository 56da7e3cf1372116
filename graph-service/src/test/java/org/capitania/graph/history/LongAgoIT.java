package org.capitania.graph.history;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.capitania.graph.GraphApi;
import org.capitania.graph.retention.OldHistory;
import org.capitania.testkit.FleetInfra;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class LongAgoIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");

    private static final Instant LONG_AGO = Instant.parse("2001-03-10T00:00:00Z");

    /** The months around the time asked for are opened first; what has stood for longer has to be found as well. */
    @Test
    void shouldFindEdgesAsTheyWereHoweverLongTheyHadStoodThen() throws SQLException {
        // Given: linked and named in March 2001, renamed in June 2001 and again today, and today no longer linked
        MutationResult made = ELSEWHERE.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Gil"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "First"}},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e", "valid_from": "1999-01-01T00:00:00Z"}]}""");
        String contact = made.byRef("c").id();
        String entity = made.byRef("e").id();
        String edge = ELSEWHERE.node(contact).edges().getFirst().id();
        for (String name : List.of("Second", "Third")) {
            ELSEWHERE.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"name\": \"%s\"}}]}", entity, name);
        }
        ELSEWHERE.mutate("{\"ops\": [{\"op\": \"unlink\", \"id\": \"%s\"}]}", edge);
        Instant renamed = LONG_AGO.plus(Duration.ofDays(92));
        try (OldHistory old = new OldHistory()) {
            old.backdate("node", entity, 1, LONG_AGO);
            old.backdate("node", entity, 2, renamed);
            old.backdate("edge", edge, 1, LONG_AGO);
            old.edgeMade(edge, LONG_AGO);
            // Then
            assertThat(edges(contact, LONG_AGO.minusSeconds(1))).isEmpty();
            assertThat(edges(contact, LONG_AGO)).containsExactly("1 First");
            assertThat(edges(contact, LONG_AGO.plus(Duration.ofDays(30)))).containsExactly("1 First");
            assertThat(edges(contact, renamed.minusSeconds(1))).containsExactly("1 First");
            assertThat(edges(contact, renamed)).containsExactly("1 Second");
            assertThat(edges(contact, renamed.plus(Duration.ofDays(4000)))).containsExactly("1 Second");
            assertThat(edges(contact, Instant.now())).isEmpty();
            assertThat(edges(contact, Instant.parse("9999-01-01T00:00:00Z"))).isEmpty();
        }
    }

    private static List<String> edges(String id, Instant at) {
        return ELSEWHERE
                .get("/v1/nodes/" + id + "/edges", Map.of("as_of", at.toString()), EdgeView.Page.class)
                .items()
                .stream()
                .map(edge -> edge.version() + " " + edge.other().title())
                .toList();
    }
}
