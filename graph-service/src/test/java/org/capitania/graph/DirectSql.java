package org.capitania.graph;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.capitania.testkit.TestPostgres;

/** The database as somebody with the service's password sees it: what no API stands in front of. */
public final class DirectSql implements AutoCloseable {
    private final Connection connection;

    private DirectSql(Connection connection) {
        this.connection = connection;
    }

    /** An open transaction as a role, for a tenant. */
    public static DirectSql as(String role, String tenant) {
        try {
            Connection connection = TestPostgres.shared().connectAs(role);
            connection.setAutoCommit(false);
            DirectSql sql = new DirectSql(connection);
            sql.begin(tenant);
            return sql;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins the next transaction, for a tenant. */
    public void begin(String tenant) {
        query(
                "SELECT set_config('hq.tenant', ?, true), set_config('hq.actor', 'system:test', true), set_config('hq.reason', 'by hand', true)",
                tenant);
    }

    public void rollback() throws SQLException {
        connection.rollback();
    }

    public int execute(String sql, Object... args) throws SQLException {
        try (PreparedStatement statement = prepared(sql, args)) {
            return statement.executeUpdate();
        }
    }

    public List<List<Object>> rows(String sql, Object... args) throws SQLException {
        try (PreparedStatement statement = prepared(sql, args);
                ResultSet rows = statement.executeQuery()) {
            List<List<Object>> all = new ArrayList<>();
            while (rows.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getObject(i));
                }
                all.add(row);
            }
            return all;
        }
    }

    /** The one value of the one row. */
    public Object query(String sql, Object... args) {
        try {
            return rows(sql, args).getFirst().getFirst();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }

    private PreparedStatement prepared(String sql, Object... args) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < args.length; i++) {
            statement.setObject(i + 1, args[i]);
        }
        return statement;
    }
}
