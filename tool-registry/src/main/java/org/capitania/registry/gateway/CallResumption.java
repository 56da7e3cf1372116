package org.capitania.registry.gateway;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.handler.Call;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Scope;

/** Runs a call once more from what the journal kept of it. */
@ApplicationScoped
class CallResumption {
    private final Catalogue catalogue;
    private final OutsideTools outside;
    private final CallRunner runner;

    CallResumption(Catalogue catalogue, OutsideTools outside, CallRunner runner) {
        this.catalogue = catalogue;
        this.outside = outside;
        this.runner = runner;
    }

    void resume(Scope scope, JournalRow row) {
        Optional<ToolDefinition> tool = catalogue.find(row.tool()).or(() -> outside.find(scope, row.tool()));
        if (tool.isEmpty()) {
            Log.errorf("an open call names a tool that is gone call=%s tool=%s", row.callId(), row.tool());
            return;
        }
        try {
            run(scope, tool.get(), row);
        } catch (RuntimeException e) {
            Log.warnf(e, "an open call could not be taken up, the sweeper comes back call=%s", row.callId());
        }
    }

    private void run(Scope scope, ToolDefinition tool, JournalRow row) {
        Scope own = scope.withCorrelation(row.taskId()).withCausation(row.callId());
        runner.run(
                new Call(
                        own,
                        tool,
                        tool.verb(row.input()),
                        row.callId(),
                        Call.person(row.actor()),
                        row.sessionId(),
                        row.taskId(),
                        row.runId(),
                        row.input()),
                true);
    }
}
