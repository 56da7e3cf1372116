package org.capitania.registry.autonomy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.PauseAgent;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/**
 * Ends an agent's loop: its runs are over here at once, whether or not anybody else can be reached, and the supervisor is told to let it wake
 * no more until somebody resumes it.
 */
@ApplicationScoped
class KillLoop {
    private static final List<String> LATER = List.of("playbook", "calibration");

    private final Sql sql;
    private final Peers peers;
    private final Runs runs;

    KillLoop(Sql sql, Peers peers, Runs runs) {
        this.sql = sql;
        this.peers = peers;
        this.runs = runs;
    }

    ObjectNode kill(Scope scope, String callId, String loop, String reason) {
        if (LATER.contains(loop)) {
            throw new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, "there is no " + loop + " loop yet")
                    .withHint("kill the loop of an agent, or all");
        }
        List<Runs.Ended> ended = sql.tx(scope, tx -> runs.endAll(tx, loop.equals("all") ? null : loop));
        List<String> roles = loop.equals("all") ? sql.tx(scope, runs::roles) : List.of(loop);
        ObjectNode data = Json.MAPPER.createObjectNode().put("loop", loop);
        ArrayNode over = data.putArray("runs_ended");
        ended.forEach(run -> over.add(run.runId()));
        ArrayNode paused = data.putArray("paused");
        ArrayNode notPaused = data.putArray("not_paused");
        for (String role : roles) {
            try {
                pause(scope, callId, role, reason);
                paused.add(role);
            } catch (CapitaniaException e) {
                if (e.code() == ErrorCode.UNKNOWN_PEER && ended.isEmpty()) {
                    throw new CapitaniaException(ErrorCode.NOT_FOUND, "no loop is called " + loop, e)
                            .withHint("hq agent list names the agents; all ends every loop");
                }
                // Its runs are over all the same; the answer says that it may wake again.
                Log.warnf("the supervisor did not pause a killed loop role=%s why=%s", role, e.detail());
                notPaused.addObject().put("role", role).put("why", e.detail());
            }
        }
        return data;
    }

    private void pause(Scope scope, String callId, String role, String reason) {
        peers.post(
                Service.SUPERVISOR,
                "/v1/agents/" + role + "/pause",
                scope,
                new PauseAgent("killed: " + reason, null),
                ObjectNode.class,
                PeerOptions.idempotent(callId + ":" + role).onBehalfOf(scope.actor()));
    }
}
