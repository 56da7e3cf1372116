-- Why: each run looked at all runs of its agent; a window looks at each run once, and only at those of the last two weeks.
-- Locks: replaces a view (ACCESS EXCLUSIVE on it, short).

SET ROLE graph_reader;
CREATE OR REPLACE VIEW v_gap_cost_anomalies AS
    SELECT ARRAY[r.id] AS node_ids, CASE WHEN r.cost >= 5 * r.mean THEN 'blocker' ELSE 'impactful' END AS severity, r.at AS since,
           format('A run of %s cost %s USD, %s times its mean of the seven days before.', r.agent, round(r.cost, 2), round(r.cost / r.mean, 1)) AS sentence
      FROM (SELECT c.tenant_id, c.id, c.agent, c.cost, c.at, avg(c.cost) OVER before AS mean, count(*) OVER before AS runs
              FROM (SELECT n.tenant_id, n.id, n.props->>'agent' AS agent, prop_number(n.props, 'cost_usd') AS cost,
                           coalesce(prop_time(n.props, 'started_at'), n.created_at) AS at
                      FROM nodes AS n
                     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'agent_run' AND n.archived_at IS NULL) AS c
             WHERE c.cost IS NOT NULL AND c.at > gap_now() - interval '14 days'
            WINDOW before AS (PARTITION BY c.agent ORDER BY c.at RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW)) AS r
     WHERE r.runs >= 3 AND r.mean > 0 AND r.cost > 2 * r.mean AND r.at > gap_now() - interval '7 days'
       AND NOT EXISTS (
           SELECT 1 FROM edges AS x JOIN nodes AS w ON w.tenant_id = x.tenant_id AND w.id = x.from_id AND w.type IN ('decision', 'event', 'memo')
            WHERE x.tenant_id = r.tenant_id AND x.to_id = r.id AND x.type = 'related_to' AND x.valid_to IS NULL);
RESET ROLE;
