package org.capitania.graph.retention;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.testkit.TestPostgres;
import org.jspecify.annotations.Nullable;

/**
 * History as it would be had the test begun years ago; written past every trigger, and gone with its partitions when the test ends. What
 * is live says again then what its events say, so that a rebuild of the same company finds no difference.
 */
public final class OldHistory implements AutoCloseable {
    private final Connection admin;
    private final Statement statement;

    /** By table and id: when the rows whose making was moved were truly made. */
    private final Map<List<String>, Timestamp> madeAt = new LinkedHashMap<>();

    public OldHistory() throws SQLException {
        admin = TestPostgres.shared().connect();
        statement = admin.createStatement();
        statement.execute("SET search_path = graph; SET timezone = 'UTC'");
        for (String kind : new String[] {"nodes", "edges"}) {
            statement.execute("""
                    DO $$ BEGIN
                      EXECUTE format('CREATE TABLE history_%1$s_old PARTITION OF history_%1$s FOR VALUES FROM (%%L) TO (%%L)',
                                     '2000-01-01', date_trunc('month', clock_timestamp()) - interval '1 month');
                    END $$""".formatted(kind));
        }
        statement.execute("SET session_replication_role = replica");
    }

    /** Moves what is recorded of one version of a row to an earlier time; with its first version, a node itself. */
    public void backdate(String kind, String id, int version, Instant to) throws SQLException {
        try (var update = admin.prepareStatement(
                "UPDATE history_" + kind + "s SET recorded_at = ? WHERE id = ?::uuid AND version = ?")) {
            update.setTimestamp(1, Timestamp.from(to));
            update.setString(2, id);
            update.setInt(3, version);
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("no version " + version + " of " + id);
            }
        }
        if (kind.equals("node") && version == 1) {
            made("nodes", id, to);
        }
    }

    /** Says that an edge was made at an earlier time. */
    public void edgeMade(String id, Instant at) throws SQLException {
        made("edges", id, at);
    }

    private void made(String table, String id, Instant at) throws SQLException {
        try (var update = admin.prepareStatement("WITH before AS (SELECT id, created_at FROM " + table
                + " WHERE id = ?::uuid) UPDATE " + table
                + " AS t SET created_at = ? FROM before AS b WHERE t.id = b.id RETURNING b.created_at")) {
            update.setString(1, id);
            update.setTimestamp(2, Timestamp.from(at));
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("none of the " + table + " is " + id);
                }
                madeAt.putIfAbsent(List.of(table, id), row.getTimestamp(1));
            }
        }
    }

    /** A version of a node that nothing but history knows of before {@link #stand}. */
    void row(String tenant, UUID id, int version, Instant at, String status, Instant from, @Nullable Instant to)
            throws SQLException {
        try (var insert = admin.prepareStatement("""
                INSERT INTO history_nodes (tenant_id, id, recorded_at, version, op, actor, producer_id, valid_from, valid_to, row)
                VALUES (?, ?, ?, ?, 'update', 'system:test', ?, ?, ?, jsonb_build_object('id', ?::text, 'version', ?, 'status', ?, 'slug', 's', 'props', '{}'::jsonb, 'recorded_at', ?::timestamptz))""")) {
            insert.setString(1, tenant);
            insert.setObject(2, id);
            insert.setTimestamp(3, Timestamp.from(at));
            insert.setInt(4, version);
            insert.setObject(5, id);
            insert.setTimestamp(6, Timestamp.from(from));
            insert.setTimestamp(7, to == null ? null : Timestamp.from(to));
            insert.setString(8, id.toString());
            insert.setInt(9, version);
            insert.setString(10, status);
            insert.setTimestamp(11, Timestamp.from(at));
            insert.executeUpdate();
        }
    }

    /** The node as its last version has it. */
    void stand(UUID id) throws SQLException {
        statement.execute("""
                INSERT INTO nodes (tenant_id, id, type, slug, status, producer_id, valid_from, valid_to, version, created_at, updated_at, recorded_at)
                SELECT h.tenant_id, h.id, 'task', 'old-' || h.id, h.row->>'status', h.id, h.valid_from, h.valid_to, h.version,
                       min(h.recorded_at) OVER (), h.recorded_at, h.recorded_at
                  FROM history_nodes AS h WHERE h.id = '%s' ORDER BY h.version DESC LIMIT 1""".formatted(id));
    }

    void forget(UUID id) throws SQLException {
        statement.execute(
                "DELETE FROM history_nodes WHERE id = '%1$s'; DELETE FROM nodes WHERE id = '%1$s'".formatted(id));
    }

    @Override
    public void close() throws SQLException {
        for (Map.Entry<List<String>, Timestamp> row : madeAt.entrySet()) {
            try (var update = admin.prepareStatement(
                    "UPDATE " + row.getKey().getFirst() + " SET created_at = ? WHERE id = ?::uuid")) {
                update.setTimestamp(1, row.getValue());
                update.setString(2, row.getKey().getLast());
                update.executeUpdate();
            }
        }
        statement.execute("DROP TABLE history_nodes_old, history_edges_old");
        admin.close();
    }
}
