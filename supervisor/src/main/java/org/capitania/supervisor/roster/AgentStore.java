package org.capitania.supervisor.roster;

import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.AgentView;
import org.capitania.contract.api.RegisterAgent;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the agents. Whoever changes anything of a role locks its row first, several in the order of their names: that order is
 * what keeps the transactions of this service free of deadlocks.
 */
@ApplicationScoped
public class AgentStore {
    private static final String SELECT = """
            SELECT role, triggers, paused_by, paused_reason, paused_until, state, last_seen_at, instance, url, workspace_version, fresh_from,
                   paused_at IS NOT NULL AND (paused_until IS NULL OR paused_until > clock_timestamp()) AS paused,
                   rested_at IS NULL AND coalesce(last_seen_at > clock_timestamp() - ($1 * interval '1 millisecond'), false) AS alive,
                   CASE WHEN starts < 2 THEN rested_at END AS resting_since
            FROM agents
            """;

    private final RosterConfig config;

    AgentStore(RosterConfig config) {
        this.config = config;
    }

    /** The agent, its row locked until the transaction ends. */
    public Agent lock(Tx tx, String role) {
        requireKnown(role);
        return tx.one(SELECT + "WHERE role = $2 FOR UPDATE", silence(), role)
                .map(Agent::of)
                .orElseThrow(() -> unknown(role));
    }

    /** All agents of the tenant, their rows locked until the transaction ends. */
    public List<Agent> lockAll(Tx tx) {
        return agents(tx.query(SELECT + "ORDER BY role FOR UPDATE", silence()));
    }

    public List<Agent> list(Tx tx) {
        return agents(tx.query(SELECT + "ORDER BY role", silence()));
    }

    public Optional<Agent> find(Tx tx, String role) {
        return tx.one(SELECT + "WHERE role = $2", silence(), role).map(Agent::of);
    }

    /** Makes sure that every role of the roster has its row. */
    public void ensure(Tx tx) {
        for (String role : config.roles()) {
            tx.execute("INSERT INTO agents (role) VALUES ($1) ON CONFLICT DO NOTHING", role);
            tx.execute("INSERT INTO leases (role) VALUES ($1) ON CONFLICT DO NOTHING", role);
        }
    }

    public void register(Tx tx, String role, RegisterAgent registration) {
        tx.execute(
                """
                UPDATE agents SET triggers = $2, instance = $3, url = $4, workspace_version = $5,
                    registered_at = CASE WHEN instance IS DISTINCT FROM $3 THEN clock_timestamp() ELSE registered_at END,
                    last_seen_at = clock_timestamp(), starts = 0, start_again_at = NULL,
                    rested_at = CASE WHEN instance = $3 AND rested_at > clock_timestamp() - ($6 * interval '1 millisecond') THEN rested_at END
                WHERE role = $1
                """,
                role,
                new JsonArray(Json.write(registration.triggers())),
                registration.instance(),
                registration.url(),
                registration.workspaceVersion(),
                silence());
    }

    /** Notes that the role's process is stopped: from now on it is not alive, whatever it may still say while it ends. */
    public void rest(Tx tx, String role) {
        tx.execute("UPDATE agents SET rested_at = clock_timestamp() WHERE role = $1", role);
    }

    /** It was not stopped after all. */
    public void noRest(Tx tx, String role) {
        tx.execute("UPDATE agents SET rested_at = NULL WHERE role = $1", role);
    }

    /** Notes a sign of life of the role's process. */
    public void touch(Tx tx, String role) {
        tx.put("UPDATE agents SET last_seen_at = clock_timestamp() WHERE role = $1", role);
    }

    public void pause(Tx tx, String role, String by, @Nullable String reason, @Nullable Duration length) {
        tx.execute("""
                UPDATE agents SET paused_at = clock_timestamp(), paused_by = $2, paused_reason = $3,
                    paused_until = clock_timestamp() + ($4::bigint * interval '1 millisecond')
                WHERE role = $1
                """, role, by, reason, length == null ? null : length.toMillis());
    }

    public void resume(Tx tx, String role) {
        tx.execute(
                "UPDATE agents SET paused_at = NULL, paused_by = NULL, paused_reason = NULL, paused_until = NULL WHERE role = $1",
                role);
    }

    public void announced(Tx tx, String role, AgentView.State state) {
        tx.execute(
                "UPDATE agents SET state = $2, state_since = clock_timestamp() WHERE role = $1",
                role,
                state.wireName());
    }

    /** Notes that the role's process is started; empty when that was done often enough, or too short a while ago. */
    public Optional<Integer> starting(Tx tx, String role, int most, Duration pause) {
        return tx.one("""
                        UPDATE agents SET starts = starts + 1,
                            start_again_at = clock_timestamp() + (($3::bigint << starts) * interval '1 millisecond')
                        WHERE role = $1 AND starts < $2 AND (start_again_at IS NULL OR start_again_at <= clock_timestamp())
                        RETURNING starts
                        """, role, most, pause.toMillis()).map(row -> row.getInteger("starts"));
    }

    /** It may be started as if it had never failed to come. */
    public void startAgain(Tx tx, String role) {
        tx.execute("UPDATE agents SET starts = 0, start_again_at = NULL WHERE role = $1", role);
    }

    /** From now on the role's sessions begin afresh. */
    public void freshen(Tx tx, String role) {
        tx.execute("UPDATE agents SET fresh_from = clock_timestamp() WHERE role = $1", role);
    }

    /** Numbers the next read-only run of the role. */
    public long nextAsk(Tx tx, String role) {
        return tx.query("UPDATE agents SET asks = asks + 1 WHERE role = $1 RETURNING asks", role)
                .iterator()
                .next()
                .getLong("asks");
    }

    /** Refuses a role that is not of the roster. */
    public void requireKnown(String role) {
        if (!config.roles().contains(role)) {
            throw unknown(role);
        }
    }

    private CapitaniaException unknown(String role) {
        return new CapitaniaException(
                ErrorCode.UNKNOWN_PEER,
                "no agent is called " + role + "; there are " + String.join(", ", config.roles()));
    }

    private long silence() {
        return config.silence().toMillis();
    }

    private static List<Agent> agents(RowSet<Row> rows) {
        List<Agent> agents = new ArrayList<>();
        rows.forEach(row -> agents.add(Agent.of(row)));
        return agents;
    }
}
