package org.capitania.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class TenancyIT {
    private static final GraphApi ELSEWHERE = new GraphApi("user:elsewhere", "other");

    @Test
    void shouldShowNothingOfATenantWhenAnotherAsks() {
        // Given
        String word = unique("secret").replace("-", "");
        MutationResult ours = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "task", "slug": "task-%1$s", "props": {"title": "%1$s"}, "external_source": "x", "external_id": "%1$s"}]}""", word);
        String id = ours.byRef("t").id();
        // Then: by no route
        for (String path : List.of(
                "/v1/nodes/" + id,
                "/v1/nodes/task-" + word,
                "/v1/nodes/" + id + "/history",
                "/v1/nodes/" + id + "/edges",
                "/v1/timeline?about=" + id)) {
            assertThat(ELSEWHERE.request().get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(ELSEWHERE
                        .get("/v1/nodes", Map.of("q", word), NodeView.Page.class)
                        .items())
                .isEmpty();
        assertThat(ELSEWHERE
                        .get("/v1/nodes", Map.of("external_source", "x", "external_id", word), NodeView.Page.class)
                        .items())
                .isEmpty();
        assertThat(ELSEWHERE.search(word).items()).isEmpty();
        assertThat(ELSEWHERE
                        .post("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"done\"}]}", id)
                        .statusCode())
                .isEqualTo(404);
        assertThat(ELSEWHERE.post("""
                {"ops": [{"op": "create", "ref": "m", "type": "task", "props": {"title": "mine"}},
                         {"op": "link", "type": "related_to", "from": "@m", "to": "%s"}]}""", id).statusCode()).isEqualTo(404);
        // And what is unique is unique in a tenant: the same names are free in the other.
        MutationResult theirs = ELSEWHERE.mutate("""
                {"ops": [{"op": "create", "ref": "t", "type": "task", "slug": "task-%1$s", "props": {"title": "%1$s"}, "external_source": "x", "external_id": "%1$s"}]}""", word);
        assertThat(theirs.byRef("t").created()).isTrue();
        assertThat(OWNER.get("/v1/timeline", Map.of("about", id), Timeline.class)
                        .items())
                .isEmpty();
        assertThat(OWNER.node("task-" + word).node().id()).isEqualTo(id);
    }

    @Test
    void shouldCrossNoTenantWhenTheServiceRoleWritesSqlByHand() throws SQLException {
        // Given
        UUID ours = UUID.fromString(task(OWNER));
        UUID theirs = UUID.fromString(task(ELSEWHERE));
        UUID theirProducer =
                UUID.fromString(ELSEWHERE.node(theirs.toString()).producer().id());
        // Then
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            for (String view : List.of("nodes", "v_nodes", "history_nodes")) {
                assertThat(sql.rows("SELECT id FROM " + view + " WHERE id = ?", theirs))
                        .as(view)
                        .isEmpty();
                assertThat(sql.rows("SELECT id FROM " + view + " WHERE tenant_id <> 'main'"))
                        .as(view)
                        .isEmpty();
            }
            assertThat(sql.execute("UPDATE nodes SET status = 'done' WHERE id = ?", theirs))
                    .isZero();
            assertThat(sql.rows("SELECT * FROM outbox WHERE tenant_id <> 'main'"))
                    .isEmpty();
            assertThat(sql.rows("SELECT * FROM idempotency_keys WHERE tenant_id <> 'main'"))
                    .isEmpty();
        }
        assertThatThrownBy(() -> byHand(
                        "INSERT INTO edges (id, type, from_id, to_id, producer_id) SELECT gen_random_uuid(), 'related_to', id, ?, producer_id FROM nodes WHERE id = ?",
                        theirs,
                        ours))
                .hasMessageContaining("edges_to_fk");
        assertThatThrownBy(() -> byHand(
                        "INSERT INTO nodes (id, type, slug, producer_id) VALUES (gen_random_uuid(), 'task', 'x', ?)",
                        theirProducer))
                .hasMessageContaining("nodes_producer_fk");
        assertThatThrownBy(() -> byHand(
                        "INSERT INTO nodes (tenant_id, id, type, slug, producer_id) VALUES ('other', gen_random_uuid(), 'task', 'x', ?)",
                        theirProducer))
                .hasMessageContaining("row-level security");
        assertThatThrownBy(() -> byHand("UPDATE nodes SET tenant_id = 'other' WHERE id = ?", ours))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> byHand("UPDATE nodes SET producer_id = ? WHERE id = ?", theirProducer, ours))
                .hasMessageContaining("nodes_producer_fk");
    }

    @Test
    void shouldRefuseWhenNoTenantIsSet() throws SQLException {
        // Given: something in every table, since a policy is asked row by row
        task(OWNER);
        OWNER.request().header("Idempotency-Key", unique("k")).body("""
                {"ops": [{"op": "create", "ref": "a", "type": "task", "props": {"title": "A"}},
                         {"op": "link", "type": "related_to", "from": "@a", "to": "hq:root"}]}""").post("/v1/mutations");
        try (Connection connection = TestPostgres.shared().connectAs("graph");
                var statement = connection.createStatement()) {
            for (String table : List.of(
                    "nodes",
                    "edges",
                    "v_nodes",
                    "v_edges",
                    "history_nodes",
                    "history_edges",
                    "idempotency_keys",
                    "outbox")) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM " + table))
                        .as(table)
                        .hasMessageContaining("hq.tenant is not set");
            }
        }
    }

    @Test
    void shouldHaveTheTenantAndForcedRowSecurityInEveryTable() throws SQLException {
        try (Connection connection = TestPostgres.shared().connect();
                var statement = connection.createStatement()) {
            // A table without the tenant, without forced row security, or whose keys do not begin with it.
            try (var rows = statement.executeQuery("""
                    SELECT c.relname,
                           EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull) AS tenant,
                           c.relrowsecurity AND c.relforcerowsecurity AS secured
                      FROM pg_class c
                     WHERE c.relnamespace = 'graph'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'flyway_schema_history'""")) {
                while (rows.next()) {
                    assertThat(rows.getBoolean("tenant"))
                            .as(rows.getString(1) + " has tenant_id")
                            .isTrue();
                    assertThat(rows.getBoolean("secured"))
                            .as(rows.getString(1) + " forces row security")
                            .isTrue();
                }
            }
            assertThat(strings(statement.executeQuery("""
                    SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                     WHERE c.relnamespace = 'graph'::regnamespace AND c.relname <> 'flyway_schema_history' AND a.attname <> 'tenant_id'
                       AND c.relname NOT IN ('outbox', 'inbox')
                       -- An index of vectors has one column; its table is a partition of one tenant.
                       AND NOT (a.attname = 'vector' AND c.relispartition)"""))).isEmpty();
            assertThat(strings(statement.executeQuery("""
                    SELECT conname FROM pg_constraint k WHERE k.connamespace = 'graph'::regnamespace AND k.contype = 'f'
                       AND (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1]) <> 'tenant_id'"""))).isEmpty();
        }
    }

    @Test
    void shouldGrantNoMoreThanIsListed() throws SQLException {
        try (Connection connection = TestPostgres.shared().connect();
                var statement = connection.createStatement()) {
            // Views run as graph_reader and so see every tenant: each has to filter by itself.
            assertThat(strings(statement.executeQuery("""
                    SELECT c.relname || ' ' || c.relowner::regrole || ' ' || (pg_get_viewdef(c.oid) ~ 'tenant_id = \\( SELECT (graph\\.)?current_tenant\\(\\)')
                      FROM pg_class c WHERE c.relnamespace = 'graph'::regnamespace AND c.relkind IN ('v', 'm') AND c.relname NOT LIKE 'v\\_gap\\_%'""")))
                    .containsExactlyInAnyOrder(
                            "v_nodes graph_reader true",
                            "v_edges graph_reader true",
                            "v_embeddings graph_reader true",
                            "v_activity graph_reader true",
                            "v_turns graph_reader true",
                            "v_entity_inputs graph_reader true",
                            "v_inbox_items graph_reader true",
                            "v_pipeline_inputs graph_reader true",
                            "v_engagement_invoices graph_reader true",
                            "v_focus_projects graph_reader true",
                            "v_entity_obligations graph_reader true");
            // The gap views are many and alike.
            assertThat(strings(statement.executeQuery("""
                    SELECT DISTINCT c.relowner::regrole || ' ' || (pg_get_viewdef(c.oid) ~ 'tenant_id = \\( SELECT (graph\\.)?current_tenant\\(\\)')
                      FROM pg_class c WHERE c.relnamespace = 'graph'::regnamespace AND c.relname LIKE 'v\\_gap\\_%'"""))).containsExactly("graph_reader true");
            // Functions that run as the owner see every tenant too.
            assertThat(strings(statement.executeQuery("""
                    SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'graph'::regnamespace AND p.prosecdef""")))
                    .containsExactlyInAnyOrder(
                            "record_node",
                            "record_edge",
                            "record_new_nodes",
                            "record_new_edges",
                            "make_history_partitions",
                            "outbox_lag",
                            "outbox_replay",
                            "unsealed",
                            "make_embeddings_partition",
                            "open_staging",
                            "outbox_backlog",
                            "look_at_sizes",
                            "erase_person",
                            "choose_retention",
                            "remove_history",
                            "cypher_refresh",
                            "cypher_erased");
            assertThat(strings(statement.executeQuery("""
                    SELECT g.table_name || ' ' || g.grantee || ' ' || string_agg(g.privilege_type, ',' ORDER BY g.privilege_type)
                      FROM information_schema.role_table_grants g
                     WHERE g.table_schema = 'graph' AND g.grantee <> 'graph_owner' AND g.table_name <> 'flyway_schema_history'
                       AND NOT (g.grantee = 'graph_reader' AND g.table_name LIKE 'v\\_%')
                       AND NOT (g.grantee = 'graph' AND g.privilege_type = 'SELECT' AND g.table_name LIKE 'v\\_gap\\_%')
                     GROUP BY g.table_name, g.grantee""")))
                    .containsExactlyInAnyOrder(
                            "nodes graph INSERT,SELECT,UPDATE",
                            "edges graph INSERT,SELECT,UPDATE",
                            "nodes graph_reader SELECT",
                            "edges graph_reader SELECT",
                            "v_nodes graph SELECT",
                            "v_edges graph SELECT",
                            "v_activity graph SELECT",
                            "v_turns graph SELECT",
                            "v_entity_inputs graph SELECT",
                            "v_inbox_items graph SELECT",
                            "v_pipeline_inputs graph SELECT",
                            "v_focus_projects graph SELECT",
                            "v_entity_obligations graph SELECT",
                            "projections graph DELETE,INSERT,SELECT,UPDATE",
                            "entity_scores graph DELETE,INSERT,SELECT,UPDATE",
                            "inbox_counts graph DELETE,INSERT,SELECT,UPDATE",
                            "pipeline graph DELETE,INSERT,SELECT,UPDATE",
                            "entity_focus_counts graph DELETE,INSERT,SELECT,UPDATE",
                            "entity_health graph DELETE,INSERT,SELECT,UPDATE",
                            "timers graph DELETE,INSERT,SELECT,UPDATE",
                            "due_zones graph DELETE,INSERT,SELECT,UPDATE",
                            "due_again graph DELETE,INSERT,SELECT,UPDATE",
                            "history_nodes graph SELECT",
                            "history_edges graph SELECT",
                            "retention_acts graph SELECT",
                            "kept_statuses graph SELECT",
                            "embeddings graph DELETE,INSERT,SELECT,UPDATE",
                            "embeddings graph_reader SELECT",
                            "embedding_models graph_reader SELECT",
                            "v_embeddings graph SELECT",
                            "embeddings_due graph DELETE,INSERT,SELECT,UPDATE",
                            "embedding_models graph DELETE,INSERT,SELECT,UPDATE",
                            "idempotency_keys graph DELETE,INSERT,SELECT,UPDATE",
                            "scratch_rows graph DELETE,INSERT,SELECT,UPDATE",
                            "types graph INSERT,SELECT",
                            "executed_proposals graph INSERT,SELECT",
                            "loads graph INSERT,SELECT,UPDATE",
                            "load_refs graph DELETE,INSERT,SELECT,UPDATE",
                            "outbox graph INSERT,SELECT",
                            "outbox graph_relay DELETE,SELECT",
                            "inbox graph INSERT,SELECT",
                            "inbox graph_relay DELETE,SELECT",
                            "outbox_parked graph SELECT",
                            "outbox_parked graph_relay DELETE,INSERT,SELECT",
                            "relay_position graph_relay INSERT,SELECT,UPDATE",
                            "relay_progress graph_relay DELETE,INSERT,SELECT,UPDATE");
        }
    }

    private static void byHand(String statement, Object... args) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.execute(statement, args);
            sql.commit();
        }
    }

    private static String task(GraphApi api) {
        return api.mutate(
                        "{\"ops\": [{\"op\": \"create\", \"ref\": \"t\", \"type\": \"task\", \"props\": {\"title\": \"T\"}}]}")
                .byRef("t")
                .id();
    }

    private static List<String> strings(java.sql.ResultSet rows) throws SQLException {
        List<String> all = new java.util.ArrayList<>();
        while (rows.next()) {
            all.add(rows.getString(1));
        }
        return all;
    }
}
