package org.capitania.graph.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.capitania.contract.api.MutationResult;
import org.capitania.graph.GraphApi;
import org.capitania.testkit.TestPostgres;

/**
 * What tenant {@code main} has and {@code other} must never see: some of everything, with a word in each text that nobody outside can know.
 *
 * @param word in every title, name, text and own type of it; never sent by a stranger
 * @param lantern a word beside it that a stranger may search for
 * @param deep a node whose id is never sent either
 * @param ids the ids of the others, which a stranger may have learnt
 * @param contact the id of a person, whose row is sealed in history
 * @param mutation the batch that made them
 */
record Veiled(String word, String lantern, String deep, List<String> ids, String contact, String mutation) {
    static final GraphApi STRANGER = new GraphApi("user:elsewhere", "other");
    static final String SOURCE = "veiled-source";

    /** Tables a stranger could reach with an id; the others are rewritten by what runs by itself. */
    private static final List<String> KEPT = List.of(
            "nodes",
            "edges",
            "history_nodes",
            "history_edges",
            "outbox",
            "idempotency_keys",
            "types",
            "embeddings",
            "executed_proposals",
            "node_keys");

    static Veiled make() throws SQLException {
        String word = unique("veil").replace("-", "");
        String lantern = unique("lantern").replace("-", "");
        String type = unique("kept").replace('-', '_');
        assertThat(OWNER.request()
                        .body("""
                {"kind": "node", "name": "%s", "schema": {"title": "%s", "required": ["name"], "x-slug": ["name"], "x-statuses": ["a"], "x-default-status": "a",
                 "properties": {"name": {"type": "string"}}}}""".formatted(type, word))
                        .post("/v1/types")
                        .statusCode())
                .isEqualTo(200);
        // Slugs are sent, and so say nothing.
        MutationResult made = OWNER.mutate("""
                {"ops": [
                  {"op": "create", "ref": "entity", "type": "entity", "slug": "entity-%2$s", "status": "prospect", "props": {"name": "%1$s"}},
                  {"op": "create", "ref": "contact", "type": "contact", "slug": "contact-%2$s", "props": {"name": "%1$s"}},
                  {"op": "create", "ref": "loner", "type": "contact", "slug": "loner-%2$s", "props": {"name": "%1$s"}},
                  {"op": "create", "ref": "deal", "type": "engagement", "slug": "deal-%2$s", "status": "proposal", "props": {"name": "%1$s", "price": 1000, "currency": "EUR"}},
                  {"op": "create", "ref": "conversation", "type": "conversation", "slug": "conversation-%2$s", "props": {"subject": "%1$s %2$s", "channel": "email"}},
                  {"op": "create", "ref": "interaction", "type": "interaction", "slug": "interaction-%2$s", "props": {"channel": "email", "direction": "in", "subject": "%1$s %2$s"}},
                  {"op": "create", "ref": "turn", "type": "turn_state", "slug": "turn-%2$s", "status": "ours", "props": {"last_turn_at": "2020-01-01T00:00:00Z", "blocked_reason": "%1$s"}},
                  {"op": "create", "ref": "task", "type": "task", "slug": "task-%2$s", "tags": ["veiled-tag"], "priority": "now",
                   "external_source": "%3$s", "external_id": "%2$s", "props": {"title": "%1$s %2$s"}},
                  {"op": "create", "ref": "project", "type": "project", "slug": "project-%2$s", "props": {"name": "%1$s"}},
                  {"op": "create", "ref": "expectation", "type": "expectation", "slug": "expectation-%2$s", "props": {"kind": "commitment_made", "direction": "we_owe", "description_md": "%1$s"}},
                  {"op": "create", "ref": "invoice", "type": "invoice", "slug": "invoice-%2$s", "status": "sent", "props": {"number": "%1$s", "net": 10, "due_on": "2020-01-01"}},
                  {"op": "create", "ref": "memo", "type": "memo", "slug": "memo-%2$s", "props": {"title": "%1$s", "body_md": "%1$s %2$s"}},
                  {"op": "create", "ref": "own", "type": "%4$s", "slug": "own-%2$s", "props": {"name": "%1$s"}},
                  {"op": "create", "ref": "deep", "type": "task", "slug": "deep-%2$s", "props": {"title": "%1$s"}},
                  {"op": "link", "type": "works_for", "from": "@contact", "to": "@entity"},
                  {"op": "link", "type": "covers", "from": "@deal", "to": "@entity"},
                  {"op": "link", "type": "part_of", "from": "@interaction", "to": "@conversation"},
                  {"op": "link", "type": "from", "from": "@interaction", "to": "@contact"},
                  {"op": "link", "type": "has_turn_state", "from": "@conversation", "to": "@turn"},
                  {"op": "link", "type": "about", "from": "@conversation", "to": "@deal"},
                  {"op": "link", "type": "about", "from": "@task", "to": "@entity"},
                  {"op": "link", "type": "driven_by", "from": "@task", "to": "@contact"},
                  {"op": "link", "type": "billed_to", "from": "@invoice", "to": "@entity"},
                  {"op": "link", "type": "owed_to", "from": "@expectation", "to": "@entity"},
                  {"op": "link", "type": "related_to", "from": "@task", "to": "@deep"}]}""", word, lantern, SOURCE, type);
        for (String projection :
                List.of("entity_score", "inbox_counts", "pipeline", "entity_focus_count", "health_per_entity")) {
            assertThat(OWNER.request()
                            .post("/v1/projections/" + projection + "/refresh")
                            .statusCode())
                    .isEqualTo(200);
        }
        String deep = made.byRef("deep").id();
        List<String> ids = new ArrayList<>();
        made.results().stream()
                .map(MutationResult.OpResult::id)
                .filter(id -> !id.equals(deep))
                .forEach(ids::add);
        Veiled veiled =
                new Veiled(word, lantern, deep, ids, made.byRef("contact").id(), made.auditEventId());
        veiled.awaitTimers();
        return veiled;
    }

    List<String> slugs() {
        return List.of("task-" + lantern, "entity-" + lantern, "own-" + lantern);
    }

    /** Fails when a text that a stranger was given shows something of it. */
    void assertNotIn(String text, String where) {
        assertThat(text).as(where).doesNotContain(word).doesNotContain(deep);
    }

    /** What the tenant's rows are, a digest each table. */
    Map<String, String> digests() throws SQLException {
        Map<String, String> digests = new TreeMap<>();
        for (String table : KEPT) {
            digests.put(
                    table,
                    one("SELECT coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') FROM graph." + table
                            + " AS t WHERE tenant_id = 'main'"));
        }
        return digests;
    }

    /** What is due by itself has happened; afterwards only somebody can change something. */
    private void awaitTimers() {
        await("due timers")
                .ignoreExceptions()
                .until(() ->
                        one("SELECT count(*)::text FROM graph.timers WHERE tenant_id = 'main' AND fired_at IS NULL AND attempts < 5 AND due_at < clock_timestamp()")
                                .equals("0"));
    }

    private static String one(String sql) throws SQLException {
        try (Connection admin = TestPostgres.shared().connect();
                Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
