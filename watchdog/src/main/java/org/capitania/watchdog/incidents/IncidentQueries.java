package org.capitania.watchdog.incidents;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.IncidentView;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Incidents as people see them, newest first. */
@ApplicationScoped
class IncidentQueries {
    private static final String SELECT = """
            SELECT i.incident_id, i.check_name, i.subject, i.tier, i.state, i.detail, i.role, i.task_id, i.seen, i.opened_at, i.last_seen_at,
                   i.cleared_at, i.acknowledged_at, i.acknowledged_by,
                   ARRAY(SELECT v.action || ': ' || v.outcome FROM interventions v
                         WHERE v.tenant_id = i.tenant_id AND v.incident_id = i.incident_id ORDER BY v.seq) AS actions
            FROM incidents i
            """;

    IncidentView.Page list(Tx tx, @Nullable String state, @Nullable String check, int limit) {
        List<IncidentView> items = new ArrayList<>();
        tx.query(SELECT + """
                                WHERE ($1::text IS NULL OR i.state = $1) AND ($2::text IS NULL OR i.check_name = $2)
                                ORDER BY i.opened_at DESC, i.incident_id DESC LIMIT $3
                                """, state, check, limit).forEach(row -> items.add(view(row)));
        return new IncidentView.Page(items);
    }

    IncidentView one(Tx tx, UUID incidentId) {
        return tx.one(SELECT + "WHERE i.incident_id = $1", incidentId)
                .map(IncidentQueries::view)
                .orElseThrow(() -> new CapitaniaException(ErrorCode.NOT_FOUND, "there is no incident " + incidentId));
    }

    private static IncidentView view(Row row) {
        return new IncidentView(
                row.getUUID("incident_id").toString(),
                row.getString("check_name"),
                row.getString("subject"),
                row.getString("tier"),
                row.getString("state"),
                row.getString("detail"),
                row.getString("role"),
                row.getString("task_id"),
                row.getInteger("seen"),
                Times.instant(row, "opened_at"),
                Times.instant(row, "last_seen_at"),
                Times.instantOrNull(row, "cleared_at"),
                Times.instantOrNull(row, "acknowledged_at"),
                row.getString("acknowledged_by"),
                Arrays.asList(row.getArrayOfStrings("actions")));
    }
}
