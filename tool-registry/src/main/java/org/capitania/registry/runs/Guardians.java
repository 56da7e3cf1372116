package org.capitania.registry.runs;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.servicekit.Tx;

/** Whether the supervisor and the watchdog are alive, by the database's clock. Without both nothing gated is done (decision 24). */
@ApplicationScoped
public class Guardians {
    static final Duration LIMIT = Duration.ofSeconds(10);
    private static final List<String> ALL = List.of("supervisor", "watchdog");

    void beat(Tx tx, String component) {
        if (!ALL.contains(component)) {
            throw new CapitaniaException(ErrorCode.BAD_REQUEST, "component is one of " + ALL + ", not " + component);
        }
        tx.execute("""
                INSERT INTO heartbeats (component) VALUES ($1)
                ON CONFLICT (tenant_id, component) DO UPDATE SET at = clock_timestamp()
                """, component);
    }

    /** The guardians that have been silent for longer than {@link #LIMIT}; empty when gated acts may start. */
    public List<String> silent(Tx tx) {
        List<String> silent = new ArrayList<>(ALL);
        tx.query("SELECT component FROM heartbeats WHERE at > clock_timestamp() - make_interval(secs => $1::int)", (int)
                        LIMIT.toSeconds())
                .forEach(row -> silent.remove(row.getString("component")));
        return silent;
    }
}
