package org.capitania.registry.doubt;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.DoubtList.Doubt;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** What is in doubt: calls that were done at once, and approved ones. */
@ApplicationScoped
class Doubts {
    private static final int MOST = 200;

    private final Sql sql;
    private final Scrubber scrubber;

    Doubts(Sql sql, Scrubber scrubber) {
        this.sql = sql;
        this.scrubber = scrubber;
    }

    List<Doubt> list(Scope scope) {
        List<Doubt> doubts = new ArrayList<>();
        sql.run(
                scope,
                tx -> tx.query("""
                        SELECT call_id AS id, NULL AS proposal_id, tool, actor, task_id, error ->> 'message' AS why, input::text AS input,
                               finished_at AS at
                          FROM calls WHERE status = 'unknown'
                        UNION ALL
                        SELECT x.proposal_id, x.proposal_id, c.tool, c.agent, c.task_id, x.reason, convert_from(r.canonical, 'UTF8'), x.updated_at
                          FROM executions x
                          JOIN frozen_calls c ON c.tenant_id = x.tenant_id AND c.proposal_id = x.proposal_id
                          JOIN frozen_revisions r ON r.tenant_id = x.tenant_id AND r.proposal_id = x.proposal_id AND r.revision = x.revision
                         WHERE x.outcome = 'unknown'
                         ORDER BY at DESC, id DESC LIMIT $1
                        """, MOST)
                        .forEach(row -> doubts.add(new Doubt(
                                row.getString("id"),
                                row.getString("proposal_id"),
                                row.getString("tool"),
                                row.getString("actor"),
                                row.getString("task_id"),
                                row.getString("why"),
                                scrubber.clean(Json.read(row.getString("input"), JsonNode.class)),
                                Times.instant(row, "at")))));
        return doubts;
    }
}
