package org.capitania.graph.mutation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.capitania.graph.GraphApi.INGEST;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import org.capitania.contract.Service;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.event.Event;
import org.capitania.contract.event.InteractionCreated;
import org.capitania.contract.event.ProspectCreated;
import org.capitania.contract.event.StatusChanged;
import org.capitania.contract.event.TaskAssigned;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.EventTail;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class EventsIT {
    private static final String MAIL = """
            {"ops": [
              {"op": "create", "ref": "c", "type": "conversation", "props": {"subject": "Hours", "channel": "email"},
               "external_source": "email", "external_id": "%1$s", "if_absent": true, "tainted": true},
              {"op": "create", "ref": "i", "type": "interaction", "props": {"channel": "email", "direction": "in", "subject": "@c"},
               "external_source": "email", "external_id": "%2$s", "if_absent": true, "tainted": true},
              {"op": "link", "type": "part_of", "from": "@i", "to": "@c"}
             ],
             "events": [
              {"type": "email.received", "key": "@c", "if_created": "@i",
               "data": {"interaction_id": "@i", "interaction_slug": "@i.slug", "conversation_id": "@c", "subject": "@c"}},
              {"type": "email.thread.updated", "key": "@c", "if_created": "@i", "if_existed": "@c", "data": {"conversation_id": "@c"}}
             ]}""";

    @Test
    void shouldPublishEventsWithIdsOnceWhenAMailIsStoredTwice() {
        try (EventTail tail = EventTail.fromNow("hq.email", "hq.interaction")) {
            // Given
            String thread = unique("<root") + "@x>";
            String mail = unique("<m1") + "@x>";
            // When
            MutationResult first = INGEST.mutate(MAIL, thread, mail);
            MutationResult again = INGEST.mutate(MAIL, thread, mail);
            INGEST.mutate(MAIL, thread, unique("<m2") + "@x>");
            // Then
            String conversation = first.byRef("c").id();
            assertThat(again.byRef("i").created()).isFalse();
            tail.await("email.thread.updated", event -> event.key().equals(conversation));
            List<Event> received =
                    tail.awaitCount(2, "email.received", event -> event.key().equals(conversation));
            assertThat(received).hasSize(2);
            Event event = received.getFirst();
            assertThat(event.data().get("interaction_id").textValue())
                    .isEqualTo(first.byRef("i").id());
            assertThat(event.data().get("interaction_slug").textValue())
                    .isEqualTo(first.byRef("i").slug());
            // What looks like a ref but is somebody's subject line stays as it is.
            assertThat(event.data().get("subject").textValue()).isEqualTo("@c");
            assertThat(event.actor()).isEqualTo("worker:email_ingest");
            assertThat(event.id()).startsWith("graph:");
            InteractionCreated created = tail.await(
                            "interaction.created",
                            e -> e.key().equals(first.byRef("i").id()))
                    .as(InteractionCreated.class);
            assertThat(created.conversationId()).isEqualTo(conversation);
            assertThat(tail.ofType("email.thread.updated")).hasSize(1);
        }
    }

    @Test
    void shouldNameActorReasonAndProducerWhenNobodySaysWhy() throws SQLException {
        try (EventTail tail = EventTail.fromNow("hq.graph.nodes", "hq.interaction")) {
            // When: a batch without the header, and a statement without the setting
            Response made = given().header(
                            "Authorization",
                            "Bearer " + TestTokens.bearer("worker:email_ingest", Service.GRAPH_SERVICE))
                    .contentType("application/json")
                    .body(MAIL.formatted(unique("<root"), unique("<m")))
                    .post("/v1/mutations");
            String mail = made.jsonPath().getString("results[1].id");
            try (DirectSql sql = DirectSql.as("graph", "main")) {
                sql.query("SELECT set_config('hq.reason', '', true)");
                sql.execute("UPDATE nodes SET status = 'read' WHERE id = ?::uuid", mail);
                sql.commit();
            }
            // Then
            String why = "create conversation, create interaction, link part_of";
            assertThat(tail.await("interaction.created", e -> e.key().equals(mail))
                            .reason())
                    .isEqualTo(why);
            List<HistoryEntry> history = OWNER.history(mail).items();
            assertThat(history)
                    .extracting(HistoryEntry::reason)
                    .containsExactly("none was given: direct SQL as graph", why);
            assertThat(history).extracting(HistoryEntry::actor).containsExactly("system:test", "worker:email_ingest");
            String producer = OWNER.node("hq:worker:email_ingest").node().id();
            assertThat(history).extracting(HistoryEntry::producerId).containsOnly(producer);
            assertThat(tail.awaitCount(2, "graph.node.changed", e -> e.key().equals(mail)))
                    .extracting(Event::reason)
                    .containsExactly(why, "none was given: direct SQL as graph");
        }
    }

    @Test
    void shouldRefuseWhenACallerSendsAnEventOfSomebodyElse() {
        // Given
        String batch = """
                {"ops": [{"op": "create", "type": "task", "props": {"title": "X"}}], "events": [{"type": "%s", "key": "k", "data": {}}]}""";
        // Then
        assertThat(OWNER.post(batch, "email.received").statusCode()).isEqualTo(403);
        assertThat(INGEST.post(batch, "graph.node.changed").statusCode()).isEqualTo(403);
        assertThat(INGEST.post(batch, "owner.decided").statusCode()).isEqualTo(403);
        assertThat(INGEST.post(batch, "email.received").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldPublishNothingWhenABatchIsRefusedOrRolledBack() throws SQLException {
        try (EventTail tail = EventTail.fromNow(
                "hq.interaction", "hq.engagement", "hq.feature", "hq.task", "hq.prospect", "hq.graph.nodes")) {
            // Given: a batch that would tell of everything, were it not for its last op
            String deal = OWNER.mutate(
                            "{\"ops\": [{\"op\": \"create\", \"ref\": \"g\", \"type\": \"engagement\", \"props\": {\"name\": \"Site\"}}]}")
                    .byRef("g")
                    .id();
            String title = unique("refused");
            String batch = """
                    {"ops": [{"op": "patch", "id": "%1$s", "status": "proposal"},
                             {"op": "create", "ref": "p", "type": "entity", "status": "prospect", "props": {"name": "%2$s"}},
                             {"op": "create", "ref": "i", "type": "interaction", "props": {"channel": "email", "subject": "%2$s"}},
                             {"op": "create", "ref": "t", "type": "task", "props": {"title": "%2$s"}},
                             {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                             {"op": "link", "type": "driven_by", "from": "@t", "to": "@c"},
                             %3$s]}""";
            // When: it is refused while it is planned, and in the database
            assertThat(OWNER.post(
                                    batch,
                                    deal,
                                    title,
                                    "{\"op\": \"create\", \"type\": \"task\", \"props\": {\"colour\": \"red\"}}")
                            .statusCode())
                    .isEqualTo(422);
            String second =
                    "{\"op\": \"create\", \"ref\": \"d\", \"type\": \"contact\", \"props\": {\"name\": \"Eva\"}}, "
                            + "{\"op\": \"link\", \"type\": \"driven_by\", \"from\": \"@t\", \"to\": \"@d\"}";
            assertThat(OWNER.post(batch, deal, title, second).statusCode()).isEqualTo(409);
            try (DirectSql sql = DirectSql.as("graph", "main")) {
                sql.execute("UPDATE nodes SET status = 'contract' WHERE id = ?::uuid", deal);
                sql.query("SELECT outbox_append('hq.engagement', 'engagement.stage_changed', ?, '{}')", deal);
            }
            // Then: of what came after it there is an event, of it there is none
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"declined\"}]}", deal);
            Event told = tail.await(StatusChanged.ENGAGEMENT_STAGE, e -> e.key().equals(deal));
            assertThat(told.as(StatusChanged.class).before()).isEqualTo("discovery");
            assertThat(tail.events().stream().filter(e -> e.data().toString().contains(title)))
                    .isEmpty();
            assertThat(tail.ofType(StatusChanged.ENGAGEMENT_STAGE).stream()
                            .filter(e -> e.key().equals(deal)))
                    .hasSize(1);
        }
    }

    @Test
    void shouldTellOnlyOfStatusesThatChangeWhenANodeIsPatched() {
        try (EventTail tail = EventTail.fromNow("hq.engagement", "hq.feature", "hq.prospect")) {
            // Given
            MutationResult made = OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "g", "type": "engagement", "props": {"name": "Site"}},
                             {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Not a prospect"}}]}""");
            String deal = made.byRef("g").id();
            // When
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"summary\": \"x\"}}]}", deal);
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"discovery\"}]}", deal);
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"proposal\"}]}", deal);
            // Then
            tail.await(StatusChanged.ENGAGEMENT_STAGE, e -> e.key().equals(deal));
            assertThat(tail.ofType(StatusChanged.ENGAGEMENT_STAGE).stream()
                            .filter(e -> e.key().equals(deal)))
                    .hasSize(1);
            assertThat(tail.ofType("prospect.created").stream()
                            .filter(e -> e.key().equals(made.byRef("e").id())))
                    .isEmpty();
        }
    }

    @Test
    void shouldTellOfWhatIsPutBackWhenAMutationIsUndone() {
        try (EventTail tail = EventTail.fromNow("hq.engagement", "hq.feature", "hq.task")) {
            // Given
            MutationResult made = OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "g", "type": "engagement", "props": {"name": "Site"}},
                             {"op": "create", "ref": "f", "type": "feature", "props": {"title": "Login"}},
                             {"op": "create", "ref": "t", "type": "task", "props": {"title": "Do it"}},
                             {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                             {"op": "link", "type": "driven_by", "from": "@t", "to": "@c"}]}""");
            String deal = made.byRef("g").id();
            String feature = made.byRef("f").id();
            String task = made.byRef("t").id();
            String moved =
                    OWNER.mutate("""
                    {"ops": [{"op": "patch", "id": "%1$s", "status": "proposal"}, {"op": "patch", "id": "%2$s", "status": "in_progress"},
                             {"op": "unlink", "type": "driven_by", "from": "%3$s", "to": "%4$s"}]}""", deal, feature, task, made.byRef("c").id()).auditEventId();
            // When
            assertThat(OWNER.request()
                            .body("{\"mutation_id\": \"" + moved + "\"}")
                            .post("/v1/rollbacks")
                            .statusCode())
                    .isEqualTo(200);
            // Then
            Event stage = tail.awaitCount(
                            2, StatusChanged.ENGAGEMENT_STAGE, e -> e.key().equals(deal))
                    .getLast();
            assertThat(stage.as(StatusChanged.class))
                    .isEqualTo(new StatusChanged(deal, made.byRef("g").slug(), "proposal", "discovery"));
            assertThat(stage.reason()).startsWith("rollback of " + moved);
            Event status = tail.awaitCount(
                            2, StatusChanged.FEATURE_STATUS, e -> e.key().equals(feature))
                    .getLast();
            assertThat(status.subject()).isEqualTo("idea");
            List<Event> assigned =
                    tail.awaitCount(2, TaskAssigned.TYPE, e -> e.key().equals(task));
            assertThat(assigned.getLast().data()).isEqualTo(assigned.getFirst().data());
            assertThat(assigned.getLast().reason()).startsWith("rollback of " + moved);
        }
    }

    @Test
    void shouldTellOfAProspectOnceWhenAnEntityBecomesOne() {
        try (EventTail tail = EventTail.fromNow("hq.prospect")) {
            // Given: known, and nothing to us yet
            String id = OWNER.mutate("""
                            {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Newco", "relationship": "other"}}]}""").byRef("e").id();
            // When
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"city\": \"Porto\"}}]}", id);
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"prospect\"}]}", id);
            OWNER.mutate(
                    "{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"props\": {\"relationship\": \"prospect\"}}]}",
                    id);
            String other = OWNER.mutate("""
                            {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "Seen", "relationship": "prospect"}}]}""").byRef("e").id();
            // Then
            tail.await(ProspectCreated.TYPE, e -> e.key().equals(id));
            tail.await(ProspectCreated.TYPE, e -> e.key().equals(other));
            assertThat(tail.ofType(ProspectCreated.TYPE))
                    .filteredOn(e -> e.key().equals(id))
                    .hasSize(1);
        }
    }

    @Test
    void shouldAssignNobodyWhenAnAssignmentWasOverBeforeItWasStated() {
        try (EventTail tail = EventTail.fromNow("hq.task")) {
            // When
            MutationResult made = OWNER.mutate("""
                    {"ops": [{"op": "create", "ref": "t", "type": "task", "props": {"title": "Done long ago"}},
                             {"op": "create", "ref": "c", "type": "contact", "props": {"name": "Rui"}},
                             {"op": "create", "ref": "d", "type": "contact", "props": {"name": "Eva"}},
                             {"op": "link", "type": "driven_by", "from": "@t", "to": "@c", "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2020-02-01T00:00:00Z"},
                             {"op": "link", "type": "driven_by", "from": "@t", "to": "@d", "valid_from": "2020-02-01T00:00:00Z"}]}""");
            // Then
            String task = made.byRef("t").id();
            Event told = tail.await(TaskAssigned.TYPE, e -> e.key().equals(task));
            assertThat(told.as(TaskAssigned.class).assigneeId())
                    .isEqualTo(made.byRef("d").id());
            assertThat(tail.ofType(TaskAssigned.TYPE))
                    .filteredOn(e -> e.key().equals(task))
                    .hasSize(1);
        }
    }
}
