package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import org.capitania.contract.api.ToolCallRequest;
import org.capitania.contract.api.ToolResult;
import org.capitania.registry.handler.Call;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Sql;

/** A call that a tool makes inside a call, in the name of who called: it passes every check again, and has its own row below the first. */
@ApplicationScoped
public class CallWithin {
    private final Sql sql;
    // By instance: the gateway is made of the tools, and some of them call through this.
    private final Instance<Gateway> gateway;

    CallWithin(Sql sql, Instance<Gateway> gateway) {
        this.sql = sql;
        this.gateway = gateway;
    }

    /**
     * Makes it; the same suffix within the same call is answered what it was answered first.
     *
     * @param suffix tells the calls within one call apart
     */
    public ToolResult call(Call outer, String suffix, String tool, JsonNode arguments) {
        // Its run may be another by now than the one it was begun in.
        Row row = sql.read(
                outer.scope(),
                tx -> tx.one("SELECT run_id, fence FROM calls WHERE call_id = $1", outer.callId())
                        .orElseThrow());
        Caller caller = new Caller(outer.scope().tenant(), outer.actor(), outer.actor(), kind(outer), "tool-registry");
        return gateway.get()
                .call(
                        caller,
                        outer.scope(),
                        tool,
                        new ToolCallRequest(
                                outer.callId() + "/" + suffix,
                                outer.sessionId(),
                                outer.taskId(),
                                row.getString("run_id"),
                                row.getLong("fence"),
                                outer.callId(),
                                arguments));
    }

    private static PrincipalKind kind(Call call) {
        if (call.human()) {
            return PrincipalKind.PERSON;
        }
        return call.actor().startsWith("client:") ? PrincipalKind.CLIENT : PrincipalKind.AGENT;
    }
}
