-- Why: some gaps hid. An archived driver, entity or turn state counted as there; a task that was made for a recurring obligation counted as its next
-- instance, and one without a rule or a first date was never missed; a proposal document that was sent and kept its status final was not waited for.
-- Locks: replaces views (ACCESS EXCLUSIVE on each, short).

SET ROLE graph_reader;

CREATE OR REPLACE VIEW v_gap_recurring_missed AS
    SELECT ARRAY[n.id] AS node_ids, coalesce(n.props->>'severity', 'impactful') AS severity,
           CASE WHEN n.scheduled THEN coalesce(n.next_due_at, n.updated_at) ELSE n.created_at END AS since,
           format(CASE WHEN NOT n.scheduled THEN '“%s” is to recur, and nobody has said when: there will be no next one.'
                       WHEN n.status IN ('open', 'overdue') THEN '“%s” is still open, and its next turn was due %s ago.'
                       ELSE 'The next “%s” did not appear, %s after the last was closed.' END,
                  n.title, spoken(gap_now() - CASE WHEN n.status IN ('open', 'overdue') THEN n.next_due_at ELSE n.updated_at END)) AS sentence
      FROM (SELECT x.tenant_id, x.id, x.title, x.status, x.props, x.created_at, x.updated_at, prop_time(x.props, 'next_due_at') AS next_due_at,
                   x.props ? 'rrule' AND x.props ? 'due_at' AS scheduled
              FROM nodes AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.type = 'expectation' AND x.archived_at IS NULL
               AND x.props->>'kind' = 'recurring_obligation') AS n
     WHERE ((NOT n.scheduled AND n.status IN ('open', 'overdue', 'resolved', 'abandoned'))
            OR (n.props ? 'next_due_at' AND n.status IN ('open', 'overdue') AND n.next_due_at < gap_now())
            OR (n.props ? 'next_due_at' AND n.status IN ('resolved', 'abandoned') AND n.updated_at < gap_now() - interval '1 hour'))
       AND NOT EXISTS (SELECT 1 FROM edges AS s
                         JOIN nodes AS i ON i.tenant_id = s.tenant_id AND i.id = s.from_id AND i.type = 'expectation' AND i.props->>'kind' = 'recurring_obligation'
                        WHERE s.tenant_id = n.tenant_id AND s.to_id = n.id AND s.type = 'spawned_from' AND holds(s.valid_from, s.valid_to));

CREATE OR REPLACE VIEW v_gap_unread_documents AS
    SELECT ARRAY[d.id] AS node_ids, worse_with_age(gap_now() - d.sent_at, interval '0', interval '30 days') AS severity, d.sent_at AS since,
           format('The proposal document “%s” went out %s ago, and nobody has opened it.', d.title, spoken(gap_now() - d.sent_at)) AS sentence
      FROM (SELECT n.tenant_id, n.id, n.title,
                   coalesce(prop_time(n.props, 'sent_at'), CASE n.status WHEN 'sent' THEN status_since(n.id, n.status) END) AS sent_at
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'document' AND n.archived_at IS NULL AND n.props->>'kind' = 'proposal'
               AND n.status IN ('sent', 'final')) AS d
     WHERE d.sent_at < gap_now() - interval '14 days'
       AND NOT EXISTS (
           SELECT 1 FROM edges AS a JOIN nodes AS e ON e.tenant_id = a.tenant_id AND e.id = a.from_id AND e.type = 'event' AND e.archived_at IS NULL
            WHERE a.tenant_id = d.tenant_id AND a.to_id = d.id AND a.type = 'about' AND holds(a.valid_from, a.valid_to) AND e.props->>'action' = 'read');

CREATE OR REPLACE VIEW v_gap_unassigned_tasks AS
    SELECT ARRAY[n.id] AS node_ids,
           CASE WHEN n.priority IN ('focus', 'now') OR n.props->>'urgency' = 'blocker' THEN 'blocker' WHEN n.priority = 'backlog' THEN 'nice'
                ELSE 'impactful' END AS severity,
           n.created_at AS since, format('Nobody drives the task “%s”.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'task' AND n.status IN ('open', 'in_progress', 'blocked') AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM edges AS d JOIN nodes AS w ON w.tenant_id = d.tenant_id AND w.id = d.to_id AND w.archived_at IS NULL
                        WHERE d.tenant_id = n.tenant_id AND d.from_id = n.id AND d.type = 'driven_by' AND holds(d.valid_from, d.valid_to));

CREATE OR REPLACE VIEW v_gap_projects_without_driver AS
    SELECT ARRAY[n.id] AS node_ids, CASE WHEN n.priority IN ('focus', 'now') THEN 'blocker' ELSE 'impactful' END AS severity, n.created_at AS since,
           format('Nobody drives the project “%s”.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'project' AND n.status NOT IN ('done', 'cancelled') AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM edges AS d JOIN nodes AS w ON w.tenant_id = d.tenant_id AND w.id = d.to_id AND w.archived_at IS NULL
                        WHERE d.tenant_id = n.tenant_id AND d.from_id = n.id AND d.type = 'driven_by' AND holds(d.valid_from, d.valid_to));

CREATE OR REPLACE VIEW v_gap_contacts_without_entity AS
    SELECT ARRAY[n.id] AS node_ids, 'nice' AS severity, n.created_at AS since,
           format('It is not known for whom %s works.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'contact' AND n.status = 'active' AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM edges AS w JOIN nodes AS e ON e.tenant_id = w.tenant_id AND e.id = w.to_id AND e.archived_at IS NULL
                        WHERE w.tenant_id = n.tenant_id AND w.from_id = n.id AND w.type IN ('works_for', 'owned_by') AND holds(w.valid_from, w.valid_to));

CREATE OR REPLACE VIEW v_gap_conversations_without_turn_state AS
    SELECT ARRAY[n.id] AS node_ids, worse_with_age(gap_now() - n.created_at, interval '1 day', interval '7 days') AS severity, n.created_at AS since,
           format('Nobody knows whose turn it is in “%s”.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'conversation' AND n.status = 'open' AND n.archived_at IS NULL
       AND coalesce(n.props->>'channel', '') <> 'agent'
       AND NOT EXISTS (SELECT 1 FROM edges AS h JOIN nodes AS t ON t.tenant_id = h.tenant_id AND t.id = h.to_id AND t.archived_at IS NULL
                        WHERE h.tenant_id = n.tenant_id AND h.from_id = n.id AND h.type = 'has_turn_state' AND holds(h.valid_from, h.valid_to));

RESET ROLE;
