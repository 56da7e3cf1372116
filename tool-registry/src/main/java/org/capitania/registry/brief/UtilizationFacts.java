package org.capitania.registry.brief;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;

/** Whether chief uses what it may, and the agents keep to what is theirs (seeds 17.7), as the journal of calls tells. */
@ApplicationScoped
class UtilizationFacts {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration FORTNIGHT = Duration.ofDays(14);
    private static final Duration WEEK = Duration.ofDays(7);

    /** A reply is a task with one: it may have been drafted twice. */
    private static final String USED = """
            SELECT count(DISTINCT task_id) FILTER (WHERE actor = 'agent:chief' AND tool = 'email_send' AND status IN ('done', 'proposed')) AS replies,
                   count(DISTINCT task_id) FILTER (WHERE actor = 'agent:chief' AND tool = 'agent_spawn' AND status = 'done'
                                                     AND input ->> 'subagent' = 'customer-deep-dive') AS deep_dives,
                   count(*) FILTER (WHERE actor = 'agent:chief' AND tool IN ('file_write', 'file_edit') AND status = 'done'
                                      AND input ->> 'path' LIKE 'outputs/%' AND started_at >= $2) AS artifacts,
                   count(*) FILTER (WHERE actor = 'agent:chief' AND tool = 'project_run' AND status = 'done') AS chief_runs,
                   count(*) FILTER (WHERE actor = 'agent:operator' AND tool = 'project_run' AND status = 'done') AS operator_runs,
                   count(*) FILTER (WHERE error ->> 'code' = 'cross_scope_violation' AND started_at >= $3) AS violations
              FROM calls WHERE started_at >= $1 AND starts_with(actor, 'agent:')
            """;

    private final Sql sql;

    UtilizationFacts(Sql sql) {
        this.sql = sql;
    }

    void of(Scope scope, Instant now, Section section) {
        Row used = sql.read(
                scope,
                tx -> tx.one(
                                USED,
                                Times.db(now.minus(MONTH)),
                                Times.db(now.minus(WEEK)),
                                Times.db(now.minus(FORTNIGHT)))
                        .orElseThrow());
        section.figure("replies", used.getLong("replies"), "tasks")
                .figure("deep_dives", used.getLong("deep_dives"), "tasks")
                .figure("artifact_edits", used.getLong("artifacts"), "files")
                .figure("project_runs_by_chief", used.getLong("chief_runs"), "runs")
                .figure("project_runs_by_operator", used.getLong("operator_runs"), "runs")
                .figure("cross_scope_violations", used.getLong("violations"), "calls", 0);
    }
}
