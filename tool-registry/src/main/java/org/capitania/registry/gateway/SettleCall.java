package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.ToolResult.ToolError;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.effects.SettleEffect;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.outside.OutsideTools;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** Ends a call that is in doubt as a person says it ended. */
@ApplicationScoped
public class SettleCall {
    private final Sql sql;
    private final CallJournal journal;
    private final SettleEffect effects;
    private final Catalogue catalogue;
    private final OutsideTools outside;
    private final Acts acts;

    SettleCall(
            Sql sql, CallJournal journal, SettleEffect effects, Catalogue catalogue, OutsideTools outside, Acts acts) {
        this.sql = sql;
        this.journal = journal;
        this.effects = effects;
        this.catalogue = catalogue;
        this.outside = outside;
        this.acts = acts;
    }

    /** False when no such call is in doubt. */
    public boolean settle(Scope scope, String callId, boolean happened, @Nullable String note) {
        Optional<JournalRow> row =
                sql.tx(scope, tx -> journal.find(tx, callId)).filter(found -> found.status() == CallStatus.UNKNOWN);
        if (row.isEmpty()) {
            return false;
        }
        Scope acting = scope.withActor(row.get().actor())
                .withCorrelation(row.get().taskId())
                .withCausation(callId);
        effects.settle(acting, callId, tool(scope, row.get()), happened, scope.actor(), note);
        ObjectNode said = SettleEffect.said(happened, scope.actor(), note);
        ToolError error = happened
                ? null
                : new ToolError(
                        ErrorCode.PROVIDER_REJECTED.code(),
                        "it was not done, as " + scope.actor() + " found" + (note == null ? "" : ": " + note),
                        "call it again under a new call id if it is still wanted",
                        List.of());
        return sql.tx(scope, tx -> journal.settle(tx, callId, happened ? said : null, error))
                .isPresent();
    }

    private Optional<OutwardTool> tool(Scope scope, JournalRow row) {
        return catalogue
                .find(row.tool())
                .or(() -> outside.find(scope, row.tool()))
                .flatMap(definition -> acts.of(definition, definition.verb(row.input())));
    }
}
