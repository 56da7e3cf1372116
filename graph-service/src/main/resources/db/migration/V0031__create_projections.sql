-- Why: scores, the pipeline and the health of customers are asked for all day and cost a walk over the graph each; they are kept as tables that
-- the service refreshes by difference (decision 3): a reader sees the old rows until the commit and waits for nobody. docs/projections.md defines them.
-- Locks: creates only.

CREATE TABLE projections (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    name         text        NOT NULL,
    refreshed_at timestamptz NOT NULL,
    rows         bigint      NOT NULL,
    changed      bigint      NOT NULL,
    CONSTRAINT projections_pk PRIMARY KEY (tenant_id, name)
);
COMMENT ON TABLE projections IS 'When each projection was last brought up to date; its row lock keeps two replicas from doing it at once.';

CREATE TABLE entity_scores (
    tenant_id           text    NOT NULL DEFAULT current_tenant(),
    entity_id           uuid    NOT NULL,
    score               numeric NOT NULL,
    recency             numeric NOT NULL,
    revenue             numeric NOT NULL,
    activity            numeric NOT NULL,
    stage               numeric NOT NULL,
    linguistic          numeric NOT NULL,
    anti_match          numeric NOT NULL,
    last_interaction_at timestamptz,
    interactions_30d    bigint  NOT NULL,
    revenue_365d        numeric NOT NULL,
    best_stage          text,
    sentiment_90d       numeric,
    CONSTRAINT entity_scores_pk PRIMARY KEY (tenant_id, entity_id),
    CONSTRAINT entity_scores_range CHECK (score BETWEEN 0 AND 100)
);

CREATE TABLE inbox_counts (
    tenant_id    text   NOT NULL DEFAULT current_tenant(),
    slot         text   NOT NULL,
    owner_id     uuid,
    entity_id    uuid,
    priority     text,
    interactions bigint NOT NULL,
    tasks        bigint NOT NULL,
    CONSTRAINT inbox_counts_pk PRIMARY KEY (tenant_id, slot)
);

CREATE TABLE pipeline (
    tenant_id       text        NOT NULL DEFAULT current_tenant(),
    engagement_id   uuid        NOT NULL,
    entity_id       uuid,
    stage           text        NOT NULL,
    stage_since     timestamptz NOT NULL,
    age_days        integer     NOT NULL,
    currency        text,
    value           numeric     NOT NULL,
    invoiced        numeric     NOT NULL,
    paid            numeric     NOT NULL,
    probability     numeric     NOT NULL,
    forecast        numeric     NOT NULL,
    risk            numeric     NOT NULL,
    risk_signals    text[]      NOT NULL,
    revenue_at_risk numeric     NOT NULL,
    CONSTRAINT pipeline_pk PRIMARY KEY (tenant_id, engagement_id)
);

CREATE TABLE entity_focus_counts (
    tenant_id text   NOT NULL DEFAULT current_tenant(),
    slot      text   NOT NULL,
    entity_id uuid,
    focus     bigint NOT NULL,
    projects  text[] NOT NULL,
    CONSTRAINT entity_focus_counts_pk PRIMARY KEY (tenant_id, slot)
);
COMMENT ON COLUMN entity_focus_counts.entity_id IS 'Null in the row of the whole company, whose slot is *.';

CREATE TABLE entity_health (
    tenant_id              text    NOT NULL DEFAULT current_tenant(),
    entity_id              uuid    NOT NULL,
    warmth                 numeric NOT NULL,
    temperature            text    NOT NULL,
    response_latency_hours numeric,
    we_owe                 bigint  NOT NULL,
    they_owe               bigint  NOT NULL,
    overdue                bigint  NOT NULL,
    CONSTRAINT entity_health_pk PRIMARY KEY (tenant_id, entity_id),
    CONSTRAINT entity_health_temperature CHECK (temperature IN ('cold', 'cool', 'warm', 'hot'))
);

CALL secure_table('projections');
CALL secure_table('entity_scores');
CALL secure_table('inbox_counts');
CALL secure_table('pipeline');
CALL secure_table('entity_focus_counts');
CALL secure_table('entity_health');

-- The inputs, from the graph as it is. Weights, thresholds and chances are configuration and come with the refresh.

CREATE VIEW v_entity_inputs AS
    SELECT e.id AS entity_id, e.slug, e.props->>'relationship' AS relationship, i.last_at AS last_interaction_at,
           coalesce(i.recent, 0) AS interactions_30d, i.sentiment AS sentiment_90d, coalesce(r.revenue, 0) AS revenue_365d, s.stage AS best_stage,
           coalesce(e.props->>'anti_match' = 'true', false) AS anti_match,
           EXISTS (SELECT 1 FROM edges AS a JOIN nodes AS c ON c.tenant_id = a.tenant_id AND c.id = a.from_id AND c.type = 'intent'
                    WHERE a.tenant_id = e.tenant_id AND a.to_id = e.id AND a.type = 'about' AND a.valid_to IS NULL
                      AND c.status = 'open' AND c.archived_at IS NULL AND c.props->>'kind' IN ('churn_signal', 'complain')) AS churn
      FROM nodes AS e
      LEFT JOIN LATERAL (
          SELECT max(x.at) AS last_at, count(*) FILTER (WHERE x.at > gap_now() - interval '30 days') AS recent,
                 avg(x.sentiment) FILTER (WHERE x.at > gap_now() - interval '90 days') AS sentiment
            FROM (SELECT DISTINCT a.node_id, a.at, prop_number(n.props, 'sentiment') AS sentiment
                    FROM v_activity AS a JOIN nodes AS n ON n.tenant_id = e.tenant_id AND n.id = a.node_id
                   WHERE a.subject_id = e.id AND a.type = 'interaction' AND a.at <= gap_now()) AS x) AS i ON true
      LEFT JOIN LATERAL (
          SELECT sum(coalesce(prop_number(n.props, 'net'), prop_number(n.props, 'total'), 0)
                     * CASE n.props->>'kind' WHEN 'credit_note' THEN -1 ELSE 1 END) AS revenue
            FROM edges AS b JOIN nodes AS n ON n.tenant_id = b.tenant_id AND n.id = b.from_id AND n.type = 'invoice' AND n.archived_at IS NULL
           WHERE b.tenant_id = e.tenant_id AND b.to_id = e.id AND b.type = 'billed_to' AND b.valid_to IS NULL
             AND n.status NOT IN ('draft', 'void') AND coalesce(n.props->>'kind', 'invoice') IN ('invoice', 'receipt', 'credit_note')
             AND coalesce(n.props->>'direction', 'issued') = 'issued'
             AND coalesce(prop_time(n.props, 'issued_on'), n.created_at) > gap_now() - interval '365 days') AS r ON true
      LEFT JOIN LATERAL (
          SELECT g.status AS stage
            FROM edges AS c JOIN nodes AS g ON g.tenant_id = c.tenant_id AND g.id = c.from_id AND g.type = 'engagement' AND g.archived_at IS NULL
           WHERE c.tenant_id = e.tenant_id AND c.to_id = e.id AND c.type = 'covers' AND c.valid_to IS NULL
           ORDER BY array_position(ARRAY['partner', 'delivery', 'contract', 'proposal', 'discovery', 'declined'], g.status) LIMIT 1) AS s ON true
     WHERE e.tenant_id = (SELECT current_tenant()) AND e.type = 'entity' AND e.archived_at IS NULL;

CREATE VIEW v_inbox_items AS
    SELECT n.id AS node_id, 'interaction' AS kind, n.owner_id, n.priority, (
               SELECT w.to_id FROM edges AS f
                 JOIN edges AS w ON w.tenant_id = f.tenant_id AND w.from_id = f.to_id AND w.type IN ('works_for', 'owned_by') AND w.valid_to IS NULL
                WHERE f.tenant_id = n.tenant_id AND f.from_id = n.id AND f.type = 'from' AND f.valid_to IS NULL ORDER BY w.id LIMIT 1) AS entity_id
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'interaction' AND n.status = 'new' AND n.archived_at IS NULL
       AND coalesce(n.props->>'direction', 'in') = 'in'
    UNION ALL
    SELECT n.id, 'task', coalesce((
               SELECT d.to_id FROM edges AS d
                WHERE d.tenant_id = n.tenant_id AND d.from_id = n.id AND d.type = 'driven_by' AND d.valid_to IS NULL LIMIT 1), n.owner_id),
           n.priority, (
               SELECT a.to_id FROM edges AS a JOIN nodes AS e ON e.tenant_id = a.tenant_id AND e.id = a.to_id AND e.type = 'entity'
                WHERE a.tenant_id = n.tenant_id AND a.from_id = n.id AND a.type = 'about' AND a.valid_to IS NULL ORDER BY a.id LIMIT 1)
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'task' AND n.status IN ('open', 'in_progress', 'blocked') AND n.archived_at IS NULL;

CREATE VIEW v_pipeline_inputs AS
    SELECT g.id AS engagement_id, c.to_id AS entity_id, g.status AS stage, coalesce(status_since(g.id, g.status), g.created_at) AS stage_since,
           g.props->>'currency' AS currency, prop_number(g.props, 'probability') AS probability,
           coalesce(prop_number(g.props, 'price'), 0)
               + coalesce(prop_number(g.props, 'monthly_fee'), 0) * coalesce(prop_number(g.props, 'maintenance_months'), 0) AS value,
           coalesce(b.invoiced, 0) AS invoiced, coalesce(b.paid, 0) AS paid, coalesce(b.late, false) AS unpaid,
           coalesce(greatest(g.updated_at, (SELECT max(a.at) FROM v_activity AS a WHERE a.subject_id = g.id AND a.at <= gap_now())), g.updated_at)
               < gap_now() - CASE g.status WHEN 'proposal' THEN interval '14 days' ELSE interval '30 days' END AS quiet,
           EXISTS (SELECT 1 FROM edges AS a JOIN nodes AS x ON x.tenant_id = a.tenant_id AND x.id = a.from_id AND x.type = 'expectation'
                    WHERE a.tenant_id = g.tenant_id AND a.to_id IN (g.id, c.to_id) AND a.type = 'about' AND a.valid_to IS NULL AND x.archived_at IS NULL
                      AND x.status IN ('open', 'overdue') AND x.props->>'direction' <> 'they_owe' AND prop_time(x.props, 'due_at') < gap_now()) AS late,
           EXISTS (SELECT 1 FROM edges AS a JOIN nodes AS x ON x.tenant_id = a.tenant_id AND x.id = a.from_id AND x.type = 'intent'
                    WHERE a.tenant_id = g.tenant_id AND a.to_id IN (g.id, c.to_id) AND a.type = 'about' AND a.valid_to IS NULL AND x.archived_at IS NULL
                      AND x.status = 'open' AND x.props->>'kind' IN ('churn_signal', 'complain')) AS churn
      FROM nodes AS g
      LEFT JOIN LATERAL (
          SELECT e.to_id FROM edges AS e
           WHERE e.tenant_id = g.tenant_id AND e.from_id = g.id AND e.type = 'covers' AND e.valid_to IS NULL ORDER BY e.id LIMIT 1) AS c ON true
      LEFT JOIN LATERAL (
          SELECT sum(i.amount) AS invoiced, sum(i.settled) AS paid, bool_or(i.late) AS late
            FROM (SELECT DISTINCT n.id, coalesce(prop_number(n.props, 'net'), prop_number(n.props, 'total'), 0) AS amount,
                         CASE WHEN n.status = 'paid' THEN coalesce(prop_number(n.props, 'net'), prop_number(n.props, 'total'), 0) ELSE 0 END AS settled,
                         n.status IN ('issued', 'sent', 'partially_paid', 'overdue')
                             AND prop_time(n.props, 'due_on') + interval '1 day' <= gap_now() AS late
                    FROM edges AS w JOIN nodes AS n ON n.tenant_id = w.tenant_id AND n.id = w.from_id AND n.type = 'invoice' AND n.archived_at IS NULL
                   WHERE w.tenant_id = g.tenant_id AND w.type = 'for_work' AND w.valid_to IS NULL AND n.status NOT IN ('draft', 'void')
                     AND (w.to_id = g.id OR w.to_id IN (
                         SELECT f.from_id FROM edges AS f
                          WHERE f.tenant_id = g.tenant_id AND f.to_id = g.id AND f.type = 'fulfills' AND f.valid_to IS NULL))) AS i) AS b ON true
     WHERE g.tenant_id = (SELECT current_tenant()) AND g.type = 'engagement' AND g.archived_at IS NULL;

CREATE VIEW v_focus_projects AS
    SELECT p.id AS project_id, p.slug, p.status, o.to_id AS entity_id
      FROM nodes AS p
      LEFT JOIN LATERAL (
          SELECT e.to_id FROM edges AS e
           WHERE e.tenant_id = p.tenant_id AND e.from_id = p.id AND e.type = 'owned_by' AND e.valid_to IS NULL ORDER BY e.id LIMIT 1) AS o ON true
     WHERE p.tenant_id = (SELECT current_tenant()) AND p.type = 'project' AND p.priority = 'focus' AND p.archived_at IS NULL;

CREATE VIEW v_entity_obligations AS
    SELECT e.id AS entity_id,
           count(x.id) FILTER (WHERE x.direction IN ('we_owe', 'mutual')) AS we_owe,
           count(x.id) FILTER (WHERE x.direction IN ('they_owe', 'mutual')) AS they_owe,
           count(x.id) FILTER (WHERE x.due_at < gap_now()) AS overdue,
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.answered - r.asked) / 3600)
              FROM (SELECT a.at AS asked, (
                               SELECT min(coalesce(n.occurred_at, n.created_at))
                                 FROM edges AS c
                                 JOIN edges AS s ON s.tenant_id = c.tenant_id AND s.to_id = c.to_id AND s.type = 'part_of' AND s.valid_to IS NULL
                                 JOIN nodes AS n ON n.tenant_id = s.tenant_id AND n.id = s.from_id AND n.type = 'interaction' AND n.archived_at IS NULL
                                WHERE c.tenant_id = e.tenant_id AND c.from_id = a.node_id AND c.type = 'part_of' AND c.valid_to IS NULL
                                  AND n.props->>'direction' = 'out' AND coalesce(n.occurred_at, n.created_at) >= a.at) AS answered
                      FROM (SELECT DISTINCT v.node_id, v.at FROM v_activity AS v
                              JOIN nodes AS m ON m.tenant_id = e.tenant_id AND m.id = v.node_id AND m.props->>'direction' = 'in'
                             WHERE v.subject_id = e.id AND v.type = 'interaction'
                               AND v.at BETWEEN gap_now() - interval '90 days' AND gap_now()) AS a) AS r) AS response_latency_hours
      FROM nodes AS e
      LEFT JOIN LATERAL (
          SELECT DISTINCT n.id, n.props->>'direction' AS direction, prop_time(n.props, 'due_at') AS due_at
            FROM edges AS a JOIN nodes AS n ON n.tenant_id = a.tenant_id AND n.id = a.from_id AND n.type = 'expectation' AND n.archived_at IS NULL
           WHERE a.tenant_id = e.tenant_id AND a.to_id = e.id AND a.type IN ('about', 'owed_by', 'owed_to') AND a.valid_to IS NULL
             AND n.status IN ('open', 'overdue')) AS x ON true
     WHERE e.tenant_id = (SELECT current_tenant()) AND e.type = 'entity' AND e.archived_at IS NULL
     GROUP BY e.tenant_id, e.id;

DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['v_entity_inputs', 'v_inbox_items', 'v_pipeline_inputs', 'v_focus_projects', 'v_entity_obligations'] LOOP
        EXECUTE format('ALTER VIEW %I OWNER TO graph_reader', target);
        SET ROLE graph_reader;
        EXECUTE format('REVOKE ALL ON %I FROM ${schema}', target);
        EXECUTE format('GRANT SELECT ON %I TO ${schema}', target);
        RESET ROLE;
    END LOOP;
END
$$;
