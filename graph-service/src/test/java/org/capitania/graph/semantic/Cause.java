package org.capitania.graph.semantic;

import java.sql.SQLException;
import org.capitania.graph.DirectSql;
import org.jspecify.annotations.Nullable;

/** What makes graph-service tell of something: one for each event type that is its own. */
interface Cause {
    /**
     * What has to be told.
     *
     * @param about an id that the event names, and that no other test knows
     * @param transaction the one that the cause was part of
     */
    record Told(String about, String key, @Nullable String subject, Object event, String transaction) {}

    /** Lets it happen, once. */
    Told happen() throws SQLException;

    /** Lets it nearly happen: its transaction is rolled back after the event was appended. Returns the id the event would have named, or nothing. */
    String fail() throws SQLException;

    /** The transaction of the last change of a node or edge. */
    static String changing(String id) {
        return text("SELECT xid::text FROM outbox WHERE key = ? AND topic LIKE 'graph.%' ORDER BY id DESC LIMIT 1", id);
    }

    /** The one value of the one row. */
    static String text(String sql, Object... args) {
        try (DirectSql direct = DirectSql.as("graph", "main")) {
            return (String) direct.query(sql, args);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
