package org.capitania.graph.load;

import io.quarkus.logging.Log;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.graph.mutation.StagedPlan;
import org.capitania.servicekit.Scope;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A connection of JDBC, whose driver has COPY, with staging tables and the one load of a tenant that may run at a time. A chunk is one
 * transaction: nothing is open between two.
 */
final class Staging implements AutoCloseable {
    private static final String WRITE = "SELECT load_chunk(?, ?, ?, ?, ?::jsonb)";
    private static final String LOCK = "SELECT pg_advisory_lock(hashtext('graph load'), hashtext(?))";
    /** A client that was cut off holds its lock until its server side has noticed. */
    private static final String PATIENCE = "SET LOCAL lock_timeout = '5s'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Connection connection;
    private final String tenant;

    private Staging(Connection connection, String tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    static Staging open(DataSource source, String tenant) {
        try {
            Connection connection = source.getConnection();
            Staging staging = new Staging(connection, tenant);
            try {
                staging.prepare();
            } catch (SQLException | RuntimeException e) {
                staging.close();
                throw e;
            }
            return staging;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw new CapitaniaException(
                        ErrorCode.RATE_LIMITED, "another file of this tenant is being loaded; one at a time", e);
            }
            throw gone(e);
        }
    }

    private void prepare() throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                PreparedStatement lock = connection.prepareStatement(LOCK)) {
            statement.execute(PATIENCE);
            lock.setString(1, tenant);
            lock.execute();
            statement.execute("SELECT open_staging()");
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** The second trip of a chunk: writes what was planned, and moves its load on by its lines. */
    void write(UUID load, Scope scope, StagedPlan plan, Chunk chunk) {
        try {
            connection.setAutoCommit(false);
            CopyManager copy = new CopyManager(connection.unwrap(BaseConnection.class));
            copyIn(copy, "staged_nodes", plan.nodes());
            copyIn(copy, "staged_edges", plan.edges());
            copyIn(copy, "staged_events", plan.events());
            copyIn(copy, "staged_refs", plan.refs());
            var settings = plan.settings();
            settings.put("after", chunk.after());
            settings.put("lines", chunk.last());
            settings.put("digest", chunk.digest());
            settings.put("nodes", plan.nodesMade());
            settings.put("edges", plan.edgesMade());
            settings.put("found", chunk.ops().size() - plan.nodesMade() - plan.edgesMade());
            try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
                statement.setString(1, scope.tenant());
                statement.setString(2, scope.actor());
                statement.setString(3, scope.reason());
                statement.setObject(4, load);
                statement.setString(5, Json.write(settings));
                statement.execute();
            }
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            rollback(e);
            throw refused(e);
        } catch (IOException e) {
            rollback(e);
            throw gone(e);
        }
    }

    private static void copyIn(CopyManager copy, String table, String rows) throws SQLException, IOException {
        if (!rows.isEmpty()) {
            copy.copyIn("COPY pg_temp." + table + " FROM STDIN", new StringReader(rows));
        }
    }

    private void rollback(Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** As the reactive client would have thrown it, so that one place knows what each failure means. */
    private static RuntimeException refused(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        if (message == null) {
            return gone(e);
        }
        PgException failure = new PgException(
                message.getMessage(),
                message.getSeverity(),
                message.getSQLState(),
                message.getDetail(),
                message.getHint(),
                null,
                null,
                message.getInternalQuery(),
                message.getWhere(),
                message.getFile(),
                null,
                message.getRoutine(),
                message.getSchema(),
                message.getTable(),
                message.getColumn(),
                message.getDatatype(),
                message.getConstraint());
        failure.addSuppressed(e);
        return failure;
    }

    private static CapitaniaException gone(Exception e) {
        return new CapitaniaException(
                ErrorCode.PEER_UNAVAILABLE, "the store does not take the load: " + e.getMessage(), List.of(), null, e);
    }

    @Override
    public void close() {
        try (connection;
                PreparedStatement unlock =
                        connection.prepareStatement("SELECT pg_advisory_unlock(hashtext('graph load'), hashtext(?))")) {
            unlock.setString(1, tenant);
            unlock.execute();
        } catch (SQLException e) {
            Log.warnf(e, "a load's connection could not be given back tenant=%s", tenant);
        }
    }
}
