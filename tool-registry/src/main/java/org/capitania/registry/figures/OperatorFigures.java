package org.capitania.registry.figures;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.capitania.contract.Service;
import org.capitania.contract.api.FiguresView;
import org.capitania.contract.api.FiguresView.Figure;
import org.capitania.contract.api.GraphStats;
import org.capitania.registry.reconcile.WriteConflicts;
import org.capitania.servicekit.CompanyZone;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** Operator's six figures of section 18.7 of the seeds, and the writes that crossed. No model is asked. */
@ApplicationScoped
public class OperatorFigures {
    private static final Duration MONTH = Duration.ofDays(30);

    /** Of each task the first review that came to a verdict. */
    private static final String REVIEWS = """
            SELECT count(*) AS reviewed, count(*) FILTER (WHERE verdict = 'pass') AS passed
              FROM (SELECT DISTINCT ON (task_id) verdict, opened_at FROM sessions
                     WHERE role = $1 AND verdict IS NOT NULL ORDER BY task_id, opened_at) AS firsts
             WHERE opened_at > $2
            """;

    /** An evening has something to learn from when an agent was woken since the one before: without an event the beat wakes nobody. */
    private static final String EVENINGS = """
            SELECT count(DISTINCT evening) FILTER (WHERE learned) AS learned, count(DISTINCT evening) AS expected
              FROM (SELECT (opened_at AT TIME ZONE $3::text)::date AS evening, closed_at IS NOT NULL AS learned
                      FROM sessions
                     WHERE role = $1 AND subagent IS NULL AND opened_at > $2 AND trigger ->> 'type' = 'beat.fired.operator_learning'
                       AND (opened_at AT TIME ZONE $3)::time >= '22:00'
                    UNION ALL
                    SELECT ((opened_at AT TIME ZONE $3) + interval '2 hours')::date, false
                      FROM sessions
                     WHERE subagent IS NULL AND opened_at > $2 AND trigger ->> 'type' IS DISTINCT FROM 'beat.fired.operator_learning') AS days
             WHERE evening < $4::date
            """;

    private final Sql sql;
    private final Peers peers;
    private final Clock clock;
    private final CompanyZone zones;
    private final WriteConflicts conflicts;

    OperatorFigures(Sql sql, Peers peers, Clock clock, CompanyZone zones, WriteConflicts conflicts) {
        this.sql = sql;
        this.peers = peers;
        this.clock = clock;
        this.zones = zones;
        this.conflicts = conflicts;
    }

    /** The figures of now, and the conflicts since a time. */
    public FiguresView of(Scope scope, Instant since) {
        GraphStats.Work work =
                peers.get(Service.GRAPH_SERVICE, "/v1/stats/work?role=operator", scope, GraphStats.Work.class);
        ZoneId zone = zones.of(scope.tenant()).orElseGet(() -> zones.known(scope.tenant()));
        Instant from = clock.instant().minus(MONTH);
        Row reviews = sql.read(
                scope, tx -> tx.one(REVIEWS, "operator", Times.db(from)).orElseThrow());
        Row evenings = sql.read(
                scope,
                tx -> tx.one(
                                EVENINGS,
                                "operator",
                                Times.db(from),
                                zone.getId(),
                                LocalDate.ofInstant(clock.instant(), zone))
                        .orElseThrow());
        List<Figure> figures = List.of(
                share(
                        "task_completion_rate_30d",
                        work.tasksInTime(),
                        work.tasks(),
                        "graph: tasks driven by operator that were done by their due date, else within seven days",
                        0.85,
                        true),
                share(
                        "code_review_pass_rate_first_attempt",
                        reviews.getLong("passed"),
                        reviews.getLong("reviewed"),
                        "ledger: tasks of 30 days that passed the first review of code-reviewer, of those that it came to a verdict on",
                        0.70,
                        true),
                hours(
                        "kb_ingest_freshness",
                        work.articleHours(),
                        "graph: the longest time of 30 days from a document to the article that names it as its source",
                        24),
                hours(
                        "graph_gap_resolution_p50_hours",
                        work.intentHours(),
                        "graph: median of 30 days from when an ask was overdue (gap_unresolved_intents) until it was dealt with",
                        12),
                share(
                        "success_example_promotion_rate_30d",
                        work.examplesInTime(),
                        work.examples(),
                        "graph: examples of 30 days that were active within seven days, of those that had seven days or are active",
                        0.60,
                        true),
                share(
                        "learning_loop_completion",
                        evenings.getLong("learned"),
                        evenings.getLong("expected"),
                        "ledger: evenings of 30 days with a closed session of the learning loop, of those before which an agent was woken",
                        1,
                        false));
        return new FiguresView(since, figures, conflicts.since(scope, since));
    }

    private static Figure share(String name, long part, long whole, String source, double goal, boolean above) {
        double value = whole == 0 ? 0 : Math.round(1000.0 * part / whole) / 1000.0;
        Boolean holds = whole == 0 ? null : Boolean.valueOf(above ? value > goal : value >= goal);
        return new Figure(name, value, "ratio", source, (above ? "> " : ">= ") + goal, holds);
    }

    private static Figure hours(String name, @Nullable Double value, String source, double goal) {
        double shown = value == null ? 0 : Math.round(10 * value) / 10.0;
        return new Figure(
                name, shown, "hours", source, "< " + goal, value == null ? null : Boolean.valueOf(value < goal));
    }
}
