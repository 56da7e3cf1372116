package org.capitania.graph.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.capitania.graph.GraphApi.OWNER;
import static org.capitania.graph.GraphApi.unique;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.api.EdgeView;
import org.capitania.contract.api.HistoryEntry;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.Timeline;
import org.capitania.graph.DirectSql;
import org.capitania.testkit.FleetInfra;
import org.capitania.testkit.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(value = FleetInfra.class, initArgs = @ResourceArg(name = "service", value = "graph-service"))
class BitemporalIT {

    @Test
    void shouldSayWhoWhatAndWhyWhenANodeHasChanged() {
        // Given
        MutationResult made = contact("Ana");
        String id = made.byRef("c").id();
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"phone": "1", "name": null, "email": "a@b.c"}, "status": "left"}]}""", id);
        MutationResult archived = OWNER.mutate("{\"ops\": [{\"op\": \"archive\", \"id\": \"%s\"}]}", id);
        // When
        List<HistoryEntry> entries = OWNER.history(id).items();
        // Then
        assertThat(entries).extracting(HistoryEntry::op).containsExactly("archive", "update", "insert");
        assertThat(entries).extracting(HistoryEntry::version).containsExactly(3, 2, 1);
        assertThat(entries).extracting(HistoryEntry::actor).containsOnly("user:owner");
        assertThat(entries).extracting(HistoryEntry::reason).containsOnly("test");
        assertThat(entries.getFirst().mutationId()).isEqualTo(archived.auditEventId());
        assertThat(entries.get(1).changes())
                .extracting(HistoryEntry.Change::path)
                .containsExactly("status", "props.email", "props.name", "props.phone");
        assertThat(entries.get(1).changes().get(2).before()).hasToString("\"Ana\"");
        assertThat(entries.get(1).changes().get(2).after()).isNull();
    }

    @Test
    void shouldAnswerForBothTimesWhenAFactIsCorrectedLater() {
        // Given: true since January that she is a buyer; since June a director; in between we learnt that she had been
        // a manager all along
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Eva", "job_title": "Buyer"}, "valid_from": "2026-01-01T00:00:00Z"}]}""");
        String id = made.byRef("c").id();
        Instant first = OWNER.node(id).node().recordedAt();
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"job_title": "Director"}, "valid_from": "2026-06-01T00:00:00Z"}]}""", id);
        Instant second = OWNER.node(id).node().recordedAt();
        // Then
        assertThat(title(id, Map.of())).isEqualTo("Director");
        assertThat(title(id, Map.of("valid_at", "2026-03-01T00:00:00Z"))).isEqualTo("Buyer");
        assertThat(title(id, Map.of("valid_at", "2026-07-01T00:00:00Z"))).isEqualTo("Director");
        assertThat(title(id, Map.of("as_of", first.toString()))).isEqualTo("Buyer");
        assertThat(title(id, Map.of("as_of", first.toString(), "valid_at", "2026-07-01T00:00:00Z")))
                .isEqualTo("Buyer");
        assertThat(title(id, Map.of("as_of", second.toString(), "valid_at", "2026-03-01T00:00:00Z")))
                .isEqualTo("Buyer");
        assertThat(status(id, Map.of("as_of", first.minusMillis(1).toString()))).isEqualTo(404);
        assertThat(status(id, Map.of("valid_at", "2025-12-31T00:00:00Z"))).isEqualTo(404);
        assertThat(status(id, Map.of("as_of", "yesterday"))).isEqualTo(422);
    }

    @Test
    void shouldShowTheEdgesOfThatTimeWhenAskedAsOf() {
        // Given
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Gil"}},
                         {"op": "create", "ref": "e", "type": "entity", "props": {"name": "Before"}},
                         {"op": "link", "type": "works_for", "from": "@c", "to": "@e"}]}""");
        String id = made.byRef("c").id();
        Instant then = OWNER.node(id).edges().getFirst().validFrom();
        OWNER.mutate("""
                {"ops": [{"op": "unlink", "type": "works_for", "from": "%s", "to": "%s"},
                         {"op": "patch", "id": "%s", "props": {"name": "After"}}]}""", id, made.byRef("e").id(), made.byRef("e").id());
        // Then
        assertThat(OWNER.node(id).edges()).isEmpty();
        NodeView.Detail past = OWNER.get("/v1/nodes/" + id, Map.of("as_of", then.toString()), NodeView.Detail.class);
        assertThat(past.edges())
                .singleElement()
                .satisfies(edge -> assertThat(edge.other().title()).isEqualTo("Before"));
        // It was true then, also as known today.
        assertThat(OWNER.get("/v1/nodes/" + id, Map.of("valid_at", then.toString()), NodeView.Detail.class)
                        .edges())
                .hasSize(1);
    }

    @Test
    void shouldNotTakeItBackWhenAFactEnds() {
        // Given: a buyer since January; manager in February only, which we learn later; gone in June
        String id = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "Ivo", "job_title": "Buyer"}, "valid_from": "2026-01-01T00:00:00Z"}]}""").byRef("c").id();
        OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"valid_to\": \"2026-06-01T00:00:00Z\"}]}", id);
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"job_title": "Manager"}, "valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-03-01T00:00:00Z"}]}""", id);
        // Then
        assertThat(title(id, Map.of("valid_at", "2026-01-15T00:00:00Z"))).isEqualTo("Buyer");
        assertThat(title(id, Map.of("valid_at", "2026-02-15T00:00:00Z"))).isEqualTo("Manager");
        assertThat(title(id, Map.of("valid_at", "2026-04-01T00:00:00Z"))).isEqualTo("Buyer");
        assertThat(status(id, Map.of("valid_at", "2026-07-01T00:00:00Z"))).isEqualTo(404);
    }

    @Test
    void shouldAnswerForBothTimesWhereverThePastIsAskedFor() {
        // Given: with the entity from 2020 to 2022, which we learn now; then the task is renamed
        String word = unique("Past").replace("-", "");
        MutationResult made = OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "e", "type": "entity", "props": {"name": "%1$s Lda"}, "valid_from": "2019-01-01T00:00:00Z"},
                         {"op": "create", "ref": "t", "type": "task", "props": {"title": "%1$s before"}, "occurred_at": "2021-01-01T00:00:00Z", "valid_from": "2019-01-01T00:00:00Z"},
                         {"op": "link", "type": "related_to", "from": "@t", "to": "@e", "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2022-01-01T00:00:00Z"}]}""", word);
        String entity = made.byRef("e").id();
        String task = made.byRef("t").id();
        Instant known = OWNER.node(task).node().recordedAt().plusSeconds(0);
        Instant then = latest(task, entity);
        OWNER.mutate("""
                {"ops": [{"op": "patch", "id": "%s", "props": {"title": "%s after"}}, {"op": "archive", "id": "%s"}]}""", task, word, entity);
        Map<String, String> in2021 = Map.of("as_of", then.toString(), "valid_at", "2021-06-01T00:00:00Z");
        Map<String, String> in2023 = Map.of("as_of", then.toString(), "valid_at", "2023-06-01T00:00:00Z");
        // Then: edges
        assertThat(edges(entity, in2021).items())
                .singleElement()
                .satisfies(edge -> assertThat(edge.other().title()).isEqualTo(word + " before"));
        assertThat(edges(entity, in2021).settled()).isTrue();
        assertThat(edges(entity, in2023).items()).isEmpty();
        assertThat(edges(entity, Map.of("valid_at", "2021-06-01T00:00:00Z")).items())
                .singleElement()
                .satisfies(edge -> assertThat(edge.other().title()).isEqualTo(word + " after"));
        assertThat(edges(entity, Map.of("valid_at", "2021-06-01T00:00:00Z", "direction", "out"))
                        .items())
                .isEmpty();
        assertThat(edges(entity, Map.of("as_of", known.minusSeconds(60).toString()))
                        .items())
                .isEmpty();
        // And: lists
        assertThat(list(word, Map.of("as_of", then.toString(), "valid_at", "2021-06-01T00:00:00Z")))
                .containsExactlyInAnyOrder(word + " before", word + " Lda");
        assertThat(list(word, Map.of("valid_at", "2021-06-01T00:00:00Z"))).containsExactly(word + " after");
        assertThat(list(word, Map.of("valid_at", "2018-06-01T00:00:00Z"))).isEmpty();
        assertThat(list(word, Map.of("as_of", then.toString(), "valid_at", "2021-06-01T00:00:00Z", "type", "entity")))
                .containsExactly(word + " Lda");
        // And: the time line
        assertThat(timeline(entity, in2021).items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.title()).isEqualTo(word + " before"));
        assertThat(timeline(entity, in2023).items()).isEmpty();
        assertThat(timeline(entity, Map.of("as_of", then.toString())).items()).hasSize(1);
        assertThat(timeline(entity, Map.of()).items())
                .singleElement()
                .satisfies(entry -> assertThat(entry.title()).isEqualTo(word + " after"));
    }

    @Test
    void shouldSayThatAnAnswerMayGrowWhileAnOlderWriterIsOpen() throws SQLException {
        // Given
        String id = contact("Open").byRef("c").id();
        Instant then;
        try (DirectSql writer = DirectSql.as("graph", "main")) {
            writer.execute("UPDATE nodes SET status = 'left' WHERE id = ?", UUID.fromString(id));
            then = ((Timestamp) writer.query("SELECT clock_timestamp()")).toInstant();
            // Then: it has written before that time, and may yet commit
            assertThat(settled(id, then)).isFalse();
            assertThat(OWNER.node(id).settled()).isNull();
            writer.commit();
        }
        assertThat(settled(id, then)).isTrue();
        assertThat(OWNER.get("/v1/nodes/" + id, Map.of("as_of", then.toString()), NodeView.Detail.class)
                        .node()
                        .status())
                .isEqualTo("left");
        assertThat(settled(id, Instant.now().plusSeconds(3600))).isFalse();
    }

    @Test
    void shouldRecordWhatCopyBrings() throws Exception {
        // Given: row security refuses COPY to the service itself; a superuser's is recorded
        UUID id = UUID.randomUUID();
        contact("There");
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            assertThatThrownBy(() -> sql.execute("COPY nodes (id) FROM STDIN")).hasMessageContaining("not supported");
        }
        try (java.sql.Connection connection = TestPostgres.shared().connect()) {
            connection.setAutoCommit(false);
            try (var settings = connection.createStatement()) {
                settings.execute(
                        "SELECT set_config('hq.tenant', 'main', true), set_config('hq.actor', 'system:test', true)");
                var producer =
                        settings.executeQuery("SELECT producer_id FROM graph.nodes WHERE tenant_id = 'main' LIMIT 1");
                producer.next();
                connection
                        .unwrap(org.postgresql.PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY graph.nodes (id, type, slug, props, producer_id) FROM STDIN",
                                new java.io.StringReader(id + "\ttask\t" + unique("copied")
                                        + "\t{\"title\": \"Copied\"}\t" + producer.getString(1) + "\n"));
            }
            connection.commit();
        }
        assertPeriods(id, 1);
        assertThat(OWNER.node(id.toString()).node().text("title")).isEqualTo("Copied");
    }

    @Test
    void shouldHavePartitionsMadeAheadAndKeepThem() throws SQLException {
        try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
            assertThat(sql.query("SELECT make_history_partitions(8)")).isEqualTo(4);
            assertThat(sql.query("SELECT make_history_partitions(8)")).isEqualTo(0);
            assertThat(
                            sql.query(
                                    "SELECT count(*) FROM pg_inherits WHERE inhparent = 'history_nodes'::regclass AND inhrelid::regclass::text >= 'history_nodes_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')"))
                    .isEqualTo(9L);
            // Those that are made later are sampled as little as the first ones.
            assertThat(sql.query("""
                    SELECT count(*) FROM pg_inherits AS i JOIN pg_attribute AS a ON a.attrelid = i.inhrelid
                     WHERE i.inhparent IN ('history_nodes'::regclass, 'history_edges'::regclass) AND a.attname = 'row' AND a.attstattarget IS DISTINCT FROM 0""")).isEqualTo(0L);
        }
    }

    @Test
    void shouldLeaveOrderedNonEmptyPeriodsWhenOneTransactionUpdatesTwice() throws SQLException {
        // Given
        UUID id = UUID.fromString(contact("Twice").byRef("c").id());
        // When
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.execute("UPDATE nodes SET status = 'left' WHERE id = ?", id);
            sql.execute("UPDATE nodes SET status = 'blocked', version = 77, recorded_at = 'epoch' WHERE id = ?", id);
            sql.commit();
        }
        // Then
        assertPeriods(id, 3);
        assertThat(OWNER.history(id.toString()).items().getFirst().reason()).isEqualTo("by hand");
    }

    @Test
    void shouldRecordInTheOrderOfTheWritesWhenAnEarlierTransactionWritesLater() throws SQLException {
        // Given
        UUID id = UUID.fromString(contact("Late").byRef("c").id());
        try (DirectSql early = DirectSql.as("graph", "main")) {
            Timestamp began = (Timestamp) early.query("SELECT now()");
            // When
            OWNER.mutate("{\"ops\": [{\"op\": \"patch\", \"id\": \"%s\", \"status\": \"left\"}]}", id);
            early.execute("UPDATE nodes SET status = 'blocked' WHERE id = ?", id);
            early.commit();
            // Then
            assertPeriods(id, 3);
            assertThat(OWNER.node(id.toString()).node().status()).isEqualTo("blocked");
            assertThat(OWNER.node(id.toString()).node().recordedAt()).isAfter(began.toInstant());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUNCATE nodes CASCADE",
                "TRUNCATE edges",
                "TRUNCATE history_nodes",
                "TRUNCATE history_edges",
                "DELETE FROM nodes",
                "DELETE FROM edges",
                "UPDATE history_nodes SET actor = 'x'",
                "DELETE FROM history_nodes",
                "DELETE FROM history_edges",
                "UPDATE history_edges SET actor = 'x'",
                "INSERT INTO history_nodes (tenant_id, id, recorded_at, version, op, actor, producer_id, valid_from, row) VALUES ('main', gen_random_uuid(), now(), 1, 'insert', 'x', gen_random_uuid(), now(), '{}')",
                "UPDATE outbox SET key = 'x'",
                "DELETE FROM outbox",
                "TRUNCATE outbox",
                "ALTER TABLE nodes DISABLE TRIGGER ALL",
                "SET session_replication_role = replica"
            })
    void shouldRefuseWhenTheServiceRoleTriesToChangeWhatIsRecorded(String statement) throws SQLException {
        contact("Stays");
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            assertThatThrownBy(() -> sql.execute(statement)).isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRUNCATE nodes CASCADE",
                "TRUNCATE history_nodes",
                "DELETE FROM nodes",
                "UPDATE history_nodes SET actor = 'x'",
                "DELETE FROM history_edges",
                "partition"
            })
    void shouldRefuseWhenEvenTheOwnerOfTheTablesTries(String statement) throws SQLException {
        contact("Stays too");
        try (DirectSql sql = DirectSql.as("graph_owner", "main")) {
            String truth = statement.equals("partition")
                    ? "TRUNCATE "
                            + sql.query(
                                    "SELECT max(c.oid::regclass::text) FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid WHERE i.inhparent = 'history_nodes'::regclass")
                    : statement;
            assertThatThrownBy(() -> sql.execute(truth))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void shouldRefuseWhenAChangeNamesNobody() throws SQLException {
        UUID id = UUID.fromString(contact("Anonymous").byRef("c").id());
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            sql.query("SELECT set_config('hq.actor', '', true)");
            assertThatThrownBy(() -> sql.execute("UPDATE nodes SET status = 'left' WHERE id = ?", id))
                    .hasMessageContaining("hq.actor is not set");
        }
    }

    private static MutationResult contact(String name) {
        return OWNER.mutate("""
                {"ops": [{"op": "create", "ref": "c", "type": "contact", "props": {"name": "%s"}, "external_source": "test", "external_id": "%s"}]}""", name, unique(name));
    }

    /** A time at which all of them were known. */
    private static Instant latest(String... ids) {
        Instant latest = Instant.EPOCH;
        for (String id : ids) {
            Instant recorded = OWNER.node(id).node().recordedAt();
            latest = recorded.isAfter(latest) ? recorded : latest;
        }
        // The edge is written after its nodes, in the same transaction.
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            Timestamp edge = (Timestamp)
                    sql.query("SELECT max(recorded_at) FROM edges WHERE from_id = ANY (?::uuid[])", (Object) ids);
            return edge != null && edge.toInstant().isAfter(latest) ? edge.toInstant() : latest;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EdgeView.Page edges(String id, Map<String, String> when) {
        return OWNER.get("/v1/nodes/" + id + "/edges", when, EdgeView.Page.class);
    }

    private static List<String> list(String word, Map<String, String> when) {
        Map<String, String> query = new java.util.HashMap<>(when);
        query.put("q", word);
        return OWNER.get("/v1/nodes", query, NodeView.Page.class).items().stream()
                .map(NodeView::title)
                .toList();
    }

    private static Timeline timeline(String id, Map<String, String> when) {
        Map<String, String> query = new java.util.HashMap<>(when);
        query.put("about", id);
        return OWNER.get("/v1/timeline", query, Timeline.class);
    }

    private static boolean settled(String id, Instant then) {
        return Boolean.TRUE.equals(OWNER.get("/v1/nodes/" + id, Map.of("as_of", then.toString()), NodeView.Detail.class)
                .settled());
    }

    private static String title(String id, Map<String, String> when) {
        return OWNER.get("/v1/nodes/" + id, when, NodeView.Detail.class).node().text("job_title");
    }

    private static int status(String id, Map<String, String> when) {
        return OWNER.request().queryParams(when).get("/v1/nodes/" + id).statusCode();
    }

    private static void assertPeriods(UUID id, int versions) throws SQLException {
        try (DirectSql sql = DirectSql.as("graph", "main")) {
            List<List<Object>> rows = sql.rows(
                    "SELECT version, lead(recorded_at) OVER (ORDER BY version) > recorded_at, (row->>'version')::int = version FROM history_nodes WHERE id = ? ORDER BY recorded_at",
                    id);
            assertThat(rows).hasSize(versions);
            for (int i = 0; i < versions; i++) {
                assertThat(rows.get(i)).containsExactly(i + 1, i + 1 < versions ? Boolean.TRUE : null, true);
            }
        }
    }
}
