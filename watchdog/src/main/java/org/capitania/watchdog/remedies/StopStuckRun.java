package org.capitania.watchdog.remedies;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.Service;
import org.capitania.contract.api.RunView;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/**
 * Asks the supervisor to stop a run, once for each run. It neither pauses nor resumes, so that it cannot contradict what a person said about
 * an agent; a run of a paused agent is being stopped already, and stopping it again changes nothing.
 */
@ApplicationScoped
public class StopStuckRun {
    private static final String ACTION = "stop_run";

    private final Peers peers;
    private final Sql sql;

    StopStuckRun(Peers peers, Sql sql) {
        this.peers = peers;
        this.sql = sql;
    }

    public void stop(Scope scope, UUID incident, String runId, String why) {
        String item = "run:" + runId;
        boolean done = sql.tx(
                scope,
                tx -> tx.one("SELECT 1 FROM interventions WHERE item = $1 AND action = $2", item, ACTION)
                        .isPresent());
        if (done) {
            return;
        }
        String outcome;
        try {
            peers.post(Service.SUPERVISOR, "/v1/runs/" + runId + "/stop", scope, new RunView.Stop(why), Void.class);
            outcome = "asked the supervisor to stop run " + runId;
        } catch (CapitaniaException e) {
            if (e.code().type().retryable()) {
                // Nothing was done: the next round may try again.
                Log.warnf("a stuck run could not be stopped run=%s why=%s", runId, e.detail());
                return;
            }
            outcome = "the supervisor would not stop run " + runId + ": " + e.detail();
        }
        String text = outcome;
        sql.run(scope, tx -> tx.execute("""
                        INSERT INTO interventions (incident_id, item, action, outcome) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
                        """, incident, item, ACTION, text));
    }
}
