package org.capitania.graph.projection;

/** What should be in each projection now; docs/projections.md defines every column. */
final class ProjectionSql {
    private static final String COMPONENTS = """
            SELECT i.*,
                   round(CASE WHEN i.last_interaction_at IS NULL THEN 0
                              ELSE power(0.5, extract(epoch FROM gap_now() - i.last_interaction_at) / 86400 / (s.c->>'half_life_days')::numeric) END, 4) AS recency,
                   round(coalesce(greatest(i.revenue_365d, 0) / nullif(greatest(max(i.revenue_365d) OVER (), 0), 0), 0), 4) AS revenue,
                   round(least(1, i.interactions_30d / (s.c->>'full_activity')::numeric), 4) AS activity,
                   CASE i.best_stage WHEN 'partner' THEN 1.0 WHEN 'delivery' THEN 1.0 WHEN 'contract' THEN 0.8 WHEN 'proposal' THEN 0.5
                                     WHEN 'discovery' THEN 0.25 ELSE 0.0 END AS stage,
                   round(coalesce((i.sentiment_90d + 1) / 2, 0.5), 4) AS linguistic,
                   CASE WHEN i.anti_match THEN 0.0 ELSE 1.0 END AS anti,
                   s.c
              FROM v_entity_inputs AS i CROSS JOIN (SELECT $1::text::jsonb AS c) AS s
             WHERE i.relationship IS DISTINCT FROM 'own'
            """;

    static final String ENTITY_SCORE = """
            SELECT x.entity_id, round(100 * (x.recency * w.recency + x.revenue * w.revenue + x.activity * w.activity + x.stage * w.stage
                       + x.linguistic * w.linguistic + x.anti * w.anti_match)
                       / (w.recency + w.revenue + w.activity + w.stage + w.linguistic + w.anti_match), 2) AS score,
                   x.recency, x.revenue, x.activity, x.stage, x.linguistic, x.anti AS anti_match, x.last_interaction_at, x.interactions_30d,
                   x.revenue_365d, x.best_stage, round(x.sentiment_90d, 4) AS sentiment_90d
              FROM (%s) AS x
              CROSS JOIN LATERAL jsonb_to_record(x.c->'weights')
                   AS w(recency numeric, revenue numeric, activity numeric, stage numeric, linguistic numeric, anti_match numeric)
            """.formatted(COMPONENTS);

    static final String HEALTH_PER_ENTITY = """
            SELECT y.entity_id, y.warmth,
                   -- Who complains or is about to leave is one band colder than the figures say.
                   (ARRAY['cold', 'cool', 'warm', 'hot'])[greatest(1, 1 + (y.warmth >= b.cool)::integer + (y.warmth >= b.warm)::integer
                       + (y.warmth >= b.hot)::integer - y.churn::integer)] AS temperature,
                   round(o.response_latency_hours::numeric, 2) AS response_latency_hours, o.we_owe, o.they_owe, o.overdue
              FROM (SELECT x.entity_id, x.churn, x.c,
                           round((x.recency * w.recency + x.activity * w.activity + x.linguistic * w.linguistic)
                                 / (w.recency + w.activity + w.linguistic), 4) AS warmth
                      FROM (%s) AS x
                      CROSS JOIN LATERAL jsonb_to_record(x.c->'warmth') AS w(recency numeric, activity numeric, linguistic numeric)) AS y
              JOIN v_entity_obligations AS o ON o.entity_id = y.entity_id
              CROSS JOIN LATERAL jsonb_to_record(y.c->'bands') AS b(cool numeric, warm numeric, hot numeric)
            """.formatted(COMPONENTS);

    static final String INBOX_COUNTS = """
            SELECT concat_ws('/', coalesce(i.owner_id::text, '-'), coalesce(i.entity_id::text, '-'), coalesce(i.priority, '-')) AS slot,
                   i.owner_id, i.entity_id, i.priority,
                   count(*) FILTER (WHERE i.kind = 'interaction') AS interactions, count(*) FILTER (WHERE i.kind = 'task') AS tasks
              FROM v_inbox_items AS i
             WHERE $1::text IS NOT NULL
             GROUP BY i.owner_id, i.entity_id, i.priority
            """;

    static final String PIPELINE = """
            SELECT p.engagement_id, p.entity_id, p.stage, p.stage_since,
                   floor(extract(epoch FROM gap_now() - p.stage_since) / 86400)::integer AS age_days,
                   p.currency, p.value, p.invoiced, p.paid, p.chance AS probability, p.forecast, p.risk, p.risk_signals,
                   round((p.forecast + greatest(p.invoiced - p.paid, 0)) * p.risk, 2) AS revenue_at_risk
              FROM (SELECT q.*, round(greatest(q.value - q.invoiced, 0) * q.chance, 2) AS forecast,
                           least(1, (CASE WHEN q.quiet THEN r.quiet ELSE 0 END) + (CASE WHEN q.late THEN r.late ELSE 0 END)
                                    + (CASE WHEN q.churn THEN r.churn ELSE 0 END) + (CASE WHEN q.unpaid THEN r.unpaid ELSE 0 END)) AS risk,
                           array_remove(ARRAY[CASE WHEN q.quiet THEN 'quiet' END, CASE WHEN q.late THEN 'late' END,
                                              CASE WHEN q.churn THEN 'churn' END, CASE WHEN q.unpaid THEN 'unpaid' END], NULL) AS risk_signals
                      FROM (SELECT i.*, s.c, CASE i.stage WHEN 'declined' THEN 0
                                             ELSE coalesce(i.probability, (s.c->'chances'->>i.stage)::numeric, 0) END AS chance
                              FROM v_pipeline_inputs AS i CROSS JOIN (SELECT $1::text::jsonb AS c) AS s) AS q
                      CROSS JOIN LATERAL jsonb_to_record(q.c->'risks') AS r(quiet numeric, late numeric, churn numeric, unpaid numeric)) AS p
            """;

    static final String ENTITY_FOCUS_COUNT = """
            SELECT coalesce(f.entity_id::text, '-') AS slot, f.entity_id, count(*) AS focus, array_agg(f.slug ORDER BY f.slug) AS projects
              FROM v_focus_projects AS f
             GROUP BY f.entity_id
            UNION ALL
            SELECT '*', NULL, count(*), coalesce(array_agg(f.slug ORDER BY f.slug), '{}')
              FROM v_focus_projects AS f
             WHERE $1::text IS NOT NULL
            """;

    private ProjectionSql() {}
}
