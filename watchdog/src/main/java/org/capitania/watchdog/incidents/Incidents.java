package org.capitania.watchdog.incidents;

import io.quarkus.logging.Log;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import org.capitania.contract.event.AgentIncident;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Tx;

/** Opens and clears incidents. Filing the same thing again only counts it: one incident and one event while it lasts. */
@ApplicationScoped
public class Incidents {
    private final Ids ids;

    Incidents(Ids ids) {
        this.ids = ids;
    }

    /** Files a report; answers the incident. A tier only rises while an incident lasts. */
    public UUID file(Tx tx, Report report) {
        Row row = tx.query(
                        """
                        INSERT INTO incidents AS i (incident_id, check_name, subject, lasting, tier, detail, role, task_id)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                        ON CONFLICT (tenant_id, check_name, subject) WHERE state = 'open' DO UPDATE SET
                            seen = i.seen + 1, last_seen_at = clock_timestamp(), detail = EXCLUDED.detail,
                            tier = CASE WHEN array_position(ARRAY['soft', 'medium', 'hard', 'critical'], EXCLUDED.tier)
                                           > array_position(ARRAY['soft', 'medium', 'hard', 'critical'], i.tier)
                                        THEN EXCLUDED.tier ELSE i.tier END
                        RETURNING incident_id, seen
                        """,
                        ids.v7(),
                        report.check(),
                        report.subject(),
                        report.lasting(),
                        report.tier().wireName(),
                        report.detail(),
                        report.role(),
                        report.taskId())
                .iterator()
                .next();
        UUID id = row.getUUID("incident_id");
        if (row.getInteger("seen") == 1) {
            tx.publish(
                    AgentIncident.TYPE,
                    id.toString(),
                    new AgentIncident(
                            id.toString(),
                            report.check(),
                            report.tier().wireName(),
                            report.role(),
                            report.taskId(),
                            report.detail()));
            Log.warnf(
                    "incident opened tenant=%s check=%s subject=%s tier=%s",
                    tx.scope().tenant(),
                    report.check(),
                    report.subject(),
                    report.tier().wireName());
        }
        return id;
    }

    /** Clears what a check has found before and finds no more. */
    public void clearOthers(Tx tx, String check, Set<String> found) {
        for (Row row : tx.query("""
                UPDATE incidents SET state = 'cleared', cleared_at = clock_timestamp()
                WHERE check_name = $1 AND state = 'open' AND lasting AND subject <> ALL($2)
                RETURNING subject
                """, check, found.toArray(String[]::new))) {
            Log.infof(
                    "incident cleared tenant=%s check=%s subject=%s",
                    tx.scope().tenant(), check, row.getString("subject"));
        }
    }

    /** A person has seen it; what only happened is over with that. Acknowledged stays acknowledged. */
    boolean acknowledge(Tx tx, UUID incidentId, String by) {
        return tx.execute("""
                        UPDATE incidents SET acknowledged_at = coalesce(acknowledged_at, clock_timestamp()),
                            acknowledged_by = coalesce(acknowledged_by, $2),
                            state = CASE WHEN lasting THEN state ELSE 'cleared' END,
                            cleared_at = CASE WHEN lasting THEN cleared_at ELSE coalesce(cleared_at, clock_timestamp()) END
                        WHERE incident_id = $1
                        """, incidentId, by) == 1;
    }
}
