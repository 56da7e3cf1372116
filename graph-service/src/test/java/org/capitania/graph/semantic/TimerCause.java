package org.capitania.graph.semantic;

import static org.awaitility.Awaitility.await;
import static org.capitania.graph.GraphApi.OWNER;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.Function;
import org.capitania.contract.api.MutationResult;
import org.capitania.testkit.TestPostgres;

/**
 * A stored time that comes.
 *
 * @param timer its kind
 * @param setUp the batch that makes the node {@code n}, whose time is still far away
 * @param due what makes the time come, of the node {@code %s}
 * @param told what is told, of what the set-up answered, once it has been
 */
record TimerCause(String timer, String setUp, String due, Function<MutationResult, BatchCause.Event> told)
        implements Cause {
    private static final String FIRED =
            "SELECT count(*)::text FROM timers WHERE kind = ? AND node_id = ? AND fired_at IS NOT NULL";
    private static final String FAILED =
            "SELECT count(*)::text FROM timers WHERE kind = ? AND node_id = ? AND attempts > 0";

    @Override
    public Told happen() {
        MutationResult made = OWNER.mutate(setUp);
        UUID node = UUID.fromString(made.byRef("n").id());
        OWNER.mutate(due, node);
        await("the timer of " + node).until(() -> is(FIRED, node));
        BatchCause.Event expected = told.apply(made);
        return new Told(
                node.toString(),
                expected.key(),
                expected.subject(),
                expected.event(),
                Cause.text("SELECT xmin::text FROM timers WHERE kind = ? AND node_id = ?", timer, node));
    }

    /** That it has fired is written last, in the same transaction; here it cannot be. */
    @Override
    public String fail() throws SQLException {
        UUID node = UUID.fromString(OWNER.mutate(setUp).byRef("n").id());
        try (Connection admin = TestPostgres.shared().connect();
                Statement statement = admin.createStatement()) {
            statement.execute(
                    "ALTER TABLE graph.timers ADD CONSTRAINT may_not_fire CHECK (fired_at IS NULL OR node_id <> '"
                            + node + "') NOT VALID");
            try {
                OWNER.mutate(due, node);
                await("the failure of " + node).until(() -> is(FAILED, node));
            } finally {
                // It rests then: nobody wants to hear of it later.
                statement.execute("UPDATE graph.timers SET attempts = 5 WHERE node_id = '" + node + "'");
                statement.execute("ALTER TABLE graph.timers DROP CONSTRAINT may_not_fire");
            }
        }
        return node.toString();
    }

    private boolean is(String sql, UUID node) {
        return Cause.text(sql, timer, node).equals("1");
    }
}
