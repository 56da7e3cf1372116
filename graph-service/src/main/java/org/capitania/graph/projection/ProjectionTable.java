package org.capitania.graph.projection;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;

/** The projections: each a table, and the statement that says what should be in it ({@code $1}: the configured figures). */
enum ProjectionTable {
    ENTITY_SCORE(
            "entity_scores",
            "entity_id",
            "entity_id",
            "score DESC",
            List.of(
                    "score",
                    "recency",
                    "revenue",
                    "activity",
                    "stage",
                    "linguistic",
                    "anti_match",
                    "last_interaction_at",
                    "interactions_30d",
                    "revenue_365d",
                    "best_stage",
                    "sentiment_90d"),
            ProjectionSql.ENTITY_SCORE),
    INBOX_COUNTS(
            "inbox_counts",
            "slot",
            "entity_id",
            "interactions + tasks DESC",
            List.of("owner_id", "entity_id", "priority", "interactions", "tasks"),
            ProjectionSql.INBOX_COUNTS),
    PIPELINE(
            "pipeline",
            "engagement_id",
            "engagement_id",
            "forecast DESC",
            List.of(
                    "entity_id",
                    "stage",
                    "stage_since",
                    "age_days",
                    "currency",
                    "value",
                    "invoiced",
                    "paid",
                    "probability",
                    "forecast",
                    "risk",
                    "risk_signals",
                    "revenue_at_risk"),
            ProjectionSql.PIPELINE),
    ENTITY_FOCUS_COUNT(
            "entity_focus_counts",
            "slot",
            "entity_id",
            "focus DESC",
            List.of("entity_id", "focus", "projects"),
            ProjectionSql.ENTITY_FOCUS_COUNT),
    HEALTH_PER_ENTITY(
            "entity_health",
            "entity_id",
            "entity_id",
            "warmth DESC",
            List.of("warmth", "temperature", "response_latency_hours", "we_owe", "they_owe", "overdue"),
            ProjectionSql.HEALTH_PER_ENTITY);

    /** Brings the table up to date by difference, in one statement; rows that are as they should be are not touched. */
    final String refresh;

    /** A page of rows as JSON, with slug and title of the node each is about: {@code $1} rows from {@code $2}. */
    final String page;

    ProjectionTable(String table, String key, String node, String order, List<String> columns, String fresh) {
        String all = key + ", " + String.join(", ", columns);
        String set = columns.stream().map(c -> c + " = EXCLUDED." + c).collect(Collectors.joining(", "));
        String old = columns.stream().map(c -> "t." + c).collect(Collectors.joining(", "));
        String put = columns.stream().map(c -> "EXCLUDED." + c).collect(Collectors.joining(", "));
        this.refresh = """
                WITH fresh AS MATERIALIZED (%1$s),
                gone AS (
                    DELETE FROM %2$s AS t WHERE NOT EXISTS (SELECT 1 FROM fresh AS f WHERE f.%3$s = t.%3$s) RETURNING 1),
                put AS (
                    INSERT INTO %2$s AS t (%4$s) SELECT %4$s FROM fresh
                    ON CONFLICT (tenant_id, %3$s) DO UPDATE SET %5$s WHERE (%6$s) IS DISTINCT FROM (%7$s) RETURNING 1)
                SELECT (SELECT count(*) FROM fresh) AS rows, (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS changed
                """.formatted(fresh, table, key, all, set, old, put);
        this.page = """
                SELECT (to_jsonb(t) - 'tenant_id' - 'slot' || jsonb_strip_nulls(jsonb_build_object('slug', n.slug, 'title', n.title)))::text AS row
                  FROM %1$s AS t LEFT JOIN v_nodes AS n ON n.id = t.%2$s
                 ORDER BY %3$s, t.%4$s LIMIT $1 OFFSET $2
                """.formatted(table, node, order, key);
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The projection of a name, said with or without the {@code mv_} of its first home. */
    static ProjectionTable of(String name) {
        String said = name.toLowerCase(Locale.ROOT).replace('-', '_');
        for (ProjectionTable projection : values()) {
            if (said.equals(projection.wireName()) || said.equals("mv_" + projection.wireName())) {
                return projection;
            }
        }
        String allowed = Arrays.stream(values()).map(ProjectionTable::wireName).collect(Collectors.joining(", "));
        throw new CapitaniaException(
                ErrorCode.NOT_FOUND,
                "there is no projection " + name + "; there are " + allowed,
                List.of(new FieldError("/name", name, allowed, "there is no projection of this name")));
    }
}
