-- Why: what is invoiced of an engagement was anything that lay beside it: a supplier's bill, a proforma, a credit note with the wrong sign; an invoice
-- for one of its features was not seen, and of one that is paid in part nothing counted as paid. The gap and the pipeline now ask one view.
-- Locks: creates a view; replaces two (ACCESS EXCLUSIVE on each, short).

SET ROLE graph_reader;

-- Read by the two views below and by nobody else.
CREATE VIEW v_engagement_invoices AS
    SELECT w.engagement_id, i.id AS invoice_id, i.status, i.props, coalesce(i.props->>'kind', 'invoice') AS kind
      FROM (SELECT d.tenant_id, d.to_id AS engagement_id, d.from_id AS invoice_id
              FROM edges AS d
             WHERE d.tenant_id = (SELECT current_tenant()) AND d.type = 'for_work' AND holds(d.valid_from, d.valid_to)
            UNION
            SELECT f.tenant_id, f.to_id, d.from_id
              FROM edges AS f
              JOIN edges AS d ON d.tenant_id = f.tenant_id AND d.to_id = f.from_id AND d.type = 'for_work' AND holds(d.valid_from, d.valid_to)
             WHERE f.tenant_id = (SELECT current_tenant()) AND f.type = 'fulfills' AND holds(f.valid_from, f.valid_to)
            UNION
            SELECT f.tenant_id, f.to_id, d.from_id
              FROM edges AS f
              JOIN edges AS h ON h.tenant_id = f.tenant_id AND h.from_id = f.from_id AND h.type = 'has_feature' AND holds(h.valid_from, h.valid_to)
              JOIN edges AS d ON d.tenant_id = h.tenant_id AND d.to_id = h.to_id AND d.type = 'for_work' AND holds(d.valid_from, d.valid_to)
             WHERE f.tenant_id = (SELECT current_tenant()) AND f.type = 'fulfills' AND holds(f.valid_from, f.valid_to)) AS w
      JOIN nodes AS i ON i.tenant_id = w.tenant_id AND i.id = w.invoice_id AND i.type = 'invoice' AND i.archived_at IS NULL
     WHERE coalesce(i.props->>'direction', 'issued') = 'issued' AND coalesce(i.props->>'kind', 'invoice') IN ('invoice', 'receipt', 'credit_note')
       AND i.status <> 'void';
COMMENT ON VIEW v_engagement_invoices IS 'What we invoiced for an engagement, for a project that fulfils it, or for a feature of one, each once; a credit note is one of its own kind.';

CREATE OR REPLACE VIEW v_gap_billing AS
    SELECT ARRAY[g.id] AS node_ids, worse_with_age(gap_now() - g.since, interval '0', interval '21 days') AS severity, g.since,
           format('“%s” has been under contract for %s and nothing was invoiced.', g.title, spoken(gap_now() - g.since)) AS sentence
      FROM (SELECT n.id, n.title, coalesce(status_since(n.id, n.status), n.updated_at) AS since
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'engagement' AND n.status = 'contract' AND n.archived_at IS NULL) AS g
     WHERE g.since <= gap_now() - interval '7 days'
       AND NOT EXISTS (SELECT 1 FROM v_engagement_invoices AS i WHERE i.engagement_id = g.id AND i.kind <> 'credit_note');

CREATE OR REPLACE VIEW v_pipeline_inputs AS
    SELECT g.id AS engagement_id, c.to_id AS entity_id, g.status AS stage, coalesce(status_since(g.id, g.status), g.created_at) AS stage_since,
           g.props->>'currency' AS currency, prop_number(g.props, 'probability') AS probability,
           coalesce(prop_number(g.props, 'price'), 0)
               + coalesce(prop_number(g.props, 'monthly_fee'), 0) * coalesce(prop_number(g.props, 'maintenance_months'), 0) AS value,
           coalesce(b.invoiced, 0) AS invoiced, coalesce(b.paid, 0) AS paid, coalesce(b.late, false) AS unpaid,
           coalesce(greatest(g.updated_at, (SELECT max(a.at) FROM v_activity AS a WHERE a.subject_id = g.id AND a.at <= gap_now())), g.updated_at)
               < gap_now() - CASE g.status WHEN 'proposal' THEN interval '14 days' ELSE interval '30 days' END AS quiet,
           EXISTS (SELECT 1 FROM edges AS a JOIN nodes AS x ON x.tenant_id = a.tenant_id AND x.id = a.from_id AND x.type = 'expectation'
                    WHERE a.tenant_id = g.tenant_id AND a.to_id IN (g.id, c.to_id) AND a.type = 'about' AND holds(a.valid_from, a.valid_to)
                      AND x.archived_at IS NULL AND x.status IN ('open', 'overdue') AND x.props->>'direction' <> 'they_owe'
                      AND prop_time(x.props, 'due_at') < gap_now()) AS late,
           EXISTS (SELECT 1 FROM edges AS a JOIN nodes AS x ON x.tenant_id = a.tenant_id AND x.id = a.from_id AND x.type = 'intent'
                    WHERE a.tenant_id = g.tenant_id AND a.to_id IN (g.id, c.to_id) AND a.type = 'about' AND holds(a.valid_from, a.valid_to)
                      AND x.archived_at IS NULL AND x.status = 'open' AND x.props->>'kind' IN ('churn_signal', 'complain')) AS churn
      FROM nodes AS g
      LEFT JOIN LATERAL (
          SELECT e.to_id FROM edges AS e
           WHERE e.tenant_id = g.tenant_id AND e.from_id = g.id AND e.type = 'covers' AND holds(e.valid_from, e.valid_to) ORDER BY e.id LIMIT 1) AS c ON true
      LEFT JOIN LATERAL (
          SELECT sum(m.amount) AS invoiced, sum(round(m.amount * (1 - m.open_share), 2)) AS paid, bool_or(m.late) AS late
            FROM (SELECT CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END * coalesce(prop_number(i.props, 'net'), prop_number(i.props, 'total'), 0) AS amount,
                         -- Amounts to pay are with tax, and so is what has been paid.
                         CASE WHEN i.status = 'paid' OR i.props ? 'paid_on' THEN 0
                              ELSE coalesce(least(1, greatest(0, coalesce(prop_number(i.props, 'open_amount'), t.gross - s.settled) / nullif(t.gross, 0))), 1)
                              END AS open_share,
                         i.kind = 'invoice' AND i.status IN ('issued', 'sent', 'partially_paid', 'overdue') AND NOT i.props ? 'paid_on'
                             AND prop_time(i.props, 'due_on') + interval '1 day' <= gap_now() AS late
                    FROM v_engagement_invoices AS i
                   CROSS JOIN LATERAL (SELECT coalesce(prop_number(i.props, 'total'), prop_number(i.props, 'net')) AS gross) AS t
                   CROSS JOIN LATERAL (
                       SELECT coalesce(sum(coalesce(prop_number(z.props, 'amount'), prop_number(p.props, 'amount')) * CASE p.props->>'kind' WHEN 'refund' THEN -1 ELSE 1 END), 0) AS settled
                         FROM edges AS z
                         JOIN nodes AS p ON p.tenant_id = z.tenant_id AND p.id = z.from_id AND p.type = 'payment' AND p.status = 'booked' AND p.archived_at IS NULL
                        WHERE z.tenant_id = g.tenant_id AND z.to_id = i.invoice_id AND z.type = 'settles' AND holds(z.valid_from, z.valid_to)) AS s
                   WHERE i.engagement_id = g.id AND i.status <> 'draft') AS m) AS b ON true
     WHERE g.tenant_id = (SELECT current_tenant()) AND g.type = 'engagement' AND g.archived_at IS NULL;

RESET ROLE;
