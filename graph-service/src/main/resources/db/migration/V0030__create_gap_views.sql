-- Why: what is missing in a company is a question of views and not of a model: each answers one "who waits for what" from the facts as they are.
-- The rules are those of V0005: owned by graph_reader, the tenant's filter inside. Thresholds are the design's and stand where they are used.
-- Locks: creates only.

CREATE FUNCTION gap_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('hq.at', true), '')::timestamptz, statement_timestamp());
COMMENT ON FUNCTION gap_now() IS 'The time the gap views are asked for: hq.at of this transaction (what will be missing on Monday?), else now.';

CREATE FUNCTION prop_time(props jsonb, name text) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN pg_input_is_valid(props->>name, 'timestamptz') THEN (props->>name)::timestamptz END;
COMMENT ON FUNCTION prop_time(jsonb, text) IS 'A prop as a time; null where it is none, so that one odd node does not break a view for all.';

CREATE FUNCTION prop_number(props jsonb, name text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN jsonb_typeof(props->name) = 'number' THEN (props->>name)::numeric END;

CREATE FUNCTION spoken(length interval) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN length >= interval '36 hours' THEN round(extract(epoch FROM length) / 86400) || ' days'
        WHEN length >= interval '90 minutes' THEN round(extract(epoch FROM length) / 3600) || ' hours'
        WHEN length >= interval '90 seconds' THEN round(extract(epoch FROM length) / 60) || ' minutes'
        ELSE 'a minute' END;
COMMENT ON FUNCTION spoken(interval) IS 'A length of time as people say it, in one unit.';

CREATE FUNCTION worse_with_age(age interval, impactful interval, blocker interval) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN age >= blocker THEN 'blocker' WHEN age >= impactful THEN 'impactful' ELSE 'nice' END;

CREATE FUNCTION status_since(node uuid, status text) RETURNS timestamptz
    LANGUAGE sql STABLE
    RETURN (
        SELECT min(h.recorded_at)
          FROM history_nodes AS h
         WHERE h.tenant_id = (SELECT current_tenant()) AND h.id = node
           AND h.recorded_at > coalesce((
               SELECT max(o.recorded_at) FROM history_nodes AS o
                WHERE o.tenant_id = (SELECT current_tenant()) AND o.id = node AND o.row->>'status' IS DISTINCT FROM status), '-infinity'));
COMMENT ON FUNCTION status_since(uuid, text) IS 'Since when a node has had the status it has now, by its history: a change of its props does not make it younger.';

-- What happened around a node: the node and the time, whichever way it hangs together.
CREATE VIEW v_activity AS
    SELECT e.to_id AS subject_id, n.id AS node_id, n.type, coalesce(n.occurred_at, n.created_at) AS at
      FROM edges AS e JOIN nodes AS n ON n.tenant_id = e.tenant_id AND n.id = e.from_id AND n.archived_at IS NULL
     WHERE e.tenant_id = (SELECT current_tenant()) AND e.valid_to IS NULL AND e.type IN ('about', 'proposes', 'for_work', 'mentions')
       AND n.type <> 'conversation'
    UNION ALL
    SELECT a.to_id, n.id, n.type, coalesce(n.occurred_at, n.created_at)
      FROM edges AS a
      JOIN edges AS p ON p.tenant_id = a.tenant_id AND p.to_id = a.from_id AND p.type = 'part_of' AND p.valid_to IS NULL
      JOIN nodes AS n ON n.tenant_id = p.tenant_id AND n.id = p.from_id AND n.type = 'interaction' AND n.archived_at IS NULL
     WHERE a.tenant_id = (SELECT current_tenant()) AND a.valid_to IS NULL AND a.type = 'about'
    UNION ALL
    SELECT w.to_id, n.id, n.type, coalesce(n.occurred_at, n.created_at)
      FROM edges AS w
      JOIN edges AS f ON f.tenant_id = w.tenant_id AND f.to_id = w.from_id AND f.type IN ('from', 'to', 'cc', 'has_participant') AND f.valid_to IS NULL
      JOIN nodes AS n ON n.tenant_id = f.tenant_id AND n.id = f.from_id AND n.type = 'interaction' AND n.archived_at IS NULL
     WHERE w.tenant_id = (SELECT current_tenant()) AND w.valid_to IS NULL AND w.type IN ('works_for', 'owned_by');
COMMENT ON VIEW v_activity IS 'What touched an engagement, a project or an entity: directly, through a conversation about it, or through one of its people.';

-- The conversation of a turn state, and who is on its other side.
CREATE VIEW v_turns AS
    SELECT t.id AS turn_state_id, t.status, t.props, t.updated_at, c.id AS conversation_id, c.title AS subject,
           coalesce(
               (SELECT e.title FROM edges AS a JOIN nodes AS e ON e.tenant_id = a.tenant_id AND e.id = a.to_id AND e.type = 'entity'
                 WHERE a.tenant_id = c.tenant_id AND a.from_id = c.id AND a.type = 'about' AND a.valid_to IS NULL ORDER BY a.id LIMIT 1),
               (SELECT p.title FROM edges AS o
                  JOIN edges AS f ON f.tenant_id = o.tenant_id AND f.from_id = o.from_id AND f.type = 'from' AND f.valid_to IS NULL
                  JOIN nodes AS p ON p.tenant_id = f.tenant_id AND p.id = f.to_id
                 WHERE o.tenant_id = c.tenant_id AND o.to_id = c.id AND o.type = 'part_of' AND o.valid_to IS NULL ORDER BY f.id DESC LIMIT 1),
               'Somebody') AS who
      FROM nodes AS t
      JOIN edges AS h ON h.tenant_id = t.tenant_id AND h.to_id = t.id AND h.type = 'has_turn_state' AND h.valid_to IS NULL
      JOIN nodes AS c ON c.tenant_id = h.tenant_id AND c.id = h.from_id AND c.archived_at IS NULL
     WHERE t.tenant_id = (SELECT current_tenant()) AND t.type = 'turn_state' AND t.archived_at IS NULL;

-- Each gap has the columns node_ids (the one that is amiss first), severity (blocker, impactful, nice), since, sentence.

CREATE VIEW v_gap_overdue_replies AS
    SELECT ARRAY[t.conversation_id, t.turn_state_id] AS node_ids,
           worse_with_age(gap_now() - prop_time(t.props, 'overdue_at'), interval '0', interval '2 days') AS severity,
           prop_time(t.props, 'overdue_at') AS since,
           format('%s has waited %s for our answer to “%s”; it was due %s ago.', t.who,
                  spoken(gap_now() - coalesce(prop_time(t.props, 'last_turn_at'), t.updated_at)), t.subject,
                  spoken(gap_now() - prop_time(t.props, 'overdue_at'))) AS sentence
      FROM v_turns AS t
      JOIN nodes AS n ON n.tenant_id = (SELECT current_tenant()) AND n.id = t.turn_state_id
     WHERE t.status = 'ours' AND prop_time(t.props, 'overdue_at') < gap_now();

CREATE VIEW v_gap_stale_proposals AS
    SELECT ARRAY[g.id] AS node_ids, worse_with_age(gap_now() - g.last, interval '0', interval '30 days') AS severity, g.last AS since,
           format('Nothing has happened to the proposal “%s” for %s.', g.title, spoken(gap_now() - g.last)) AS sentence
      FROM (SELECT n.id, n.title, greatest(n.updated_at, (SELECT max(a.at) FROM v_activity AS a WHERE a.subject_id = n.id AND a.at <= gap_now())) AS last
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'engagement' AND n.status = 'proposal' AND n.archived_at IS NULL) AS g
     WHERE g.last < gap_now() - interval '14 days';

CREATE VIEW v_gap_billing AS
    SELECT ARRAY[g.id] AS node_ids, worse_with_age(gap_now() - g.since, interval '0', interval '21 days') AS severity, g.since,
           format('“%s” has been under contract for %s and nothing was invoiced.', g.title, spoken(gap_now() - g.since)) AS sentence
      FROM (SELECT n.tenant_id, n.id, n.title, coalesce(status_since(n.id, n.status), n.updated_at) AS since
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'engagement' AND n.status = 'contract' AND n.archived_at IS NULL) AS g
     WHERE g.since <= gap_now() - interval '7 days'
       AND NOT EXISTS (
           SELECT 1 FROM edges AS w JOIN nodes AS i ON i.tenant_id = w.tenant_id AND i.id = w.from_id AND i.type = 'invoice' AND i.archived_at IS NULL
            WHERE w.tenant_id = g.tenant_id AND w.type = 'for_work' AND w.valid_to IS NULL AND i.status <> 'void'
              AND (w.to_id = g.id OR w.to_id IN (
                  SELECT f.from_id FROM edges AS f
                   WHERE f.tenant_id = g.tenant_id AND f.to_id = g.id AND f.type = 'fulfills' AND f.valid_to IS NULL)));

CREATE VIEW v_gap_stalled_projects AS
    SELECT ARRAY[p.id] AS node_ids, worse_with_age(gap_now() - p.last, interval '0', interval '60 days') AS severity, p.last AS since,
           format('The project “%s” is in progress, and none of its tasks has moved for %s.', p.title, spoken(gap_now() - p.last)) AS sentence
      FROM (SELECT n.id, n.title, greatest(coalesce(status_since(n.id, n.status), n.created_at), (
                       SELECT max(t.updated_at) FROM nodes AS t
                        WHERE t.tenant_id = n.tenant_id AND t.type = 'task' AND t.archived_at IS NULL AND t.id IN (
                            SELECT e.to_id FROM edges AS e
                             WHERE e.tenant_id = n.tenant_id AND e.from_id = n.id AND e.type = 'has_task' AND e.valid_to IS NULL
                            UNION ALL
                            SELECT e.from_id FROM edges AS e
                             WHERE e.tenant_id = n.tenant_id AND e.to_id = n.id AND e.type IN ('belongs_to', 'part_of') AND e.valid_to IS NULL
                            UNION ALL
                            SELECT e.to_id FROM edges AS f
                              JOIN edges AS e ON e.tenant_id = f.tenant_id AND e.from_id = f.to_id AND e.type = 'has_task' AND e.valid_to IS NULL
                             WHERE f.tenant_id = n.tenant_id AND f.from_id = n.id AND f.type = 'has_feature' AND f.valid_to IS NULL
                            UNION ALL
                            SELECT e.from_id FROM edges AS f
                              JOIN edges AS e ON e.tenant_id = f.tenant_id AND e.to_id = f.to_id AND e.type = 'belongs_to' AND e.valid_to IS NULL
                             WHERE f.tenant_id = n.tenant_id AND f.from_id = n.id AND f.type = 'has_feature' AND f.valid_to IS NULL))) AS last
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'project' AND n.status = 'in_progress' AND n.archived_at IS NULL) AS p
     WHERE p.last < gap_now() - interval '30 days';

CREATE VIEW v_gap_incomplete_specs AS
    SELECT ARRAY[f.id] AS node_ids, worse_with_age(gap_now() - f.since, interval '0', interval '14 days') AS severity, f.since,
           format('The feature “%s” is being built without acceptance criteria.', f.title) AS sentence
      FROM (SELECT n.id, n.title, coalesce(status_since(n.id, n.status), n.updated_at) AS since
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'feature' AND n.status = 'in_progress' AND n.archived_at IS NULL
               AND coalesce(n.props->'acceptance_criteria', '[]') IN ('[]', 'null')) AS f;

-- Somebody may have moved an expectation to overdue already: it is open all the same.
CREATE VIEW v_gap_overdue_expectations AS
    SELECT ARRAY[x.id] AS node_ids, coalesce(x.props->>'severity', 'impactful') AS severity, x.due_at AS since,
           format(CASE x.props->>'direction'
                      WHEN 'we_owe' THEN 'We owe %s “%s” since %s.'
                      WHEN 'they_owe' THEN '%s owes us “%s” since %s.'
                      ELSE 'We and %s owe each other “%s” since %s.' END,
                  coalesce(x.party, 'somebody'), x.title, spoken(gap_now() - x.due_at)) AS sentence
      FROM (SELECT n.id, n.title, n.props, prop_time(n.props, 'due_at') AS due_at,
                   (SELECT p.title FROM edges AS o JOIN nodes AS p ON p.tenant_id = o.tenant_id AND p.id = o.to_id
                     WHERE o.tenant_id = n.tenant_id AND o.from_id = n.id AND o.valid_to IS NULL
                       AND o.type = CASE n.props->>'direction' WHEN 'they_owe' THEN 'owed_by' ELSE 'owed_to' END ORDER BY o.id LIMIT 1) AS party
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'expectation' AND n.status IN ('open', 'overdue') AND n.archived_at IS NULL) AS x
     WHERE x.due_at < gap_now();

CREATE VIEW v_gap_recurring_missed AS
    SELECT ARRAY[n.id] AS node_ids, coalesce(n.props->>'severity', 'impactful') AS severity,
           coalesce(prop_time(n.props, 'next_due_at'), n.updated_at) AS since,
           format(CASE WHEN n.status IN ('open', 'overdue') THEN '“%s” is still open, and its next turn was due %s ago.'
                       ELSE 'The next “%s” did not appear, %s after the last was closed.' END,
                  n.title, spoken(gap_now() - CASE WHEN n.status IN ('open', 'overdue') THEN prop_time(n.props, 'next_due_at') ELSE n.updated_at END)) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'expectation' AND n.archived_at IS NULL
       AND n.props->>'kind' = 'recurring_obligation' AND n.props ? 'next_due_at'
       AND ((n.status IN ('open', 'overdue') AND prop_time(n.props, 'next_due_at') < gap_now())
            OR (n.status IN ('resolved', 'abandoned') AND n.updated_at < gap_now() - interval '1 hour'))
       AND NOT EXISTS (SELECT 1 FROM edges AS s
                        WHERE s.tenant_id = n.tenant_id AND s.to_id = n.id AND s.type = 'spawned_from' AND s.valid_to IS NULL);
COMMENT ON VIEW v_gap_recurring_missed IS 'next_due_at is the next date of the rule, written by this service with the instance; absent when the rule has ended.';

CREATE VIEW v_gap_unresolved_intents AS
    SELECT ARRAY[i.id] AS node_ids, coalesce(i.props->>'urgency', 'impactful') AS severity, i.due_at AS since,
           format('Nobody has dealt with what was asked (%s): “%s”; it was due %s ago.', i.props->>'kind', i.title, spoken(gap_now() - i.due_at)) AS sentence
      FROM (SELECT n.tenant_id, n.id, n.title, n.props,
                   coalesce(prop_time(n.props, 'explicit_due_at'), coalesce((
                       SELECT coalesce(s.occurred_at, s.created_at) FROM edges AS e
                         JOIN nodes AS s ON s.tenant_id = e.tenant_id AND s.id = e.to_id
                        WHERE e.tenant_id = n.tenant_id AND e.from_id = n.id AND e.type = 'extracted_from' AND e.valid_to IS NULL ORDER BY e.id LIMIT 1),
                       n.occurred_at, n.created_at)
                       + CASE n.props->>'urgency' WHEN 'blocker' THEN interval '24 hours' WHEN 'nice' THEN interval '7 days'
                                                  ELSE interval '72 hours' END) AS due_at
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'intent' AND n.status = 'open' AND n.archived_at IS NULL
               AND n.props->>'kind' NOT IN ('inform', 'confirm', 'approve', 'thank')) AS i
     WHERE i.due_at < gap_now()
       AND NOT EXISTS (SELECT 1 FROM edges AS f
                        WHERE f.tenant_id = i.tenant_id AND f.from_id = i.id AND f.type = 'fulfilled_by' AND f.valid_to IS NULL);
COMMENT ON VIEW v_gap_unresolved_intents IS 'Its SLA is the date the sender named, else 24 hours for a blocker, 72 as a rule, 7 days for what is nice to have. What only tells something asks for nothing.';

CREATE VIEW v_gap_abandoned_tasks AS
    SELECT ARRAY[n.id] AS node_ids, worse_with_age(gap_now() - n.updated_at, interval '0', interval '30 days') AS severity, n.updated_at AS since,
           format('The task “%s” is in progress and has not moved for %s.', n.title, spoken(gap_now() - n.updated_at)) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'task' AND n.status = 'in_progress' AND n.archived_at IS NULL
       AND n.updated_at < gap_now() - interval '7 days';

CREATE VIEW v_gap_unread_documents AS
    SELECT ARRAY[d.id] AS node_ids, worse_with_age(gap_now() - d.sent_at, interval '0', interval '30 days') AS severity, d.sent_at AS since,
           format('The proposal document “%s” went out %s ago, and nobody has opened it.', d.title, spoken(gap_now() - d.sent_at)) AS sentence
      FROM (SELECT n.tenant_id, n.id, n.title, coalesce(prop_time(n.props, 'sent_at'), status_since(n.id, n.status)) AS sent_at
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'document' AND n.archived_at IS NULL AND n.props->>'kind' = 'proposal'
               AND n.status = 'sent') AS d
     WHERE d.sent_at < gap_now() - interval '14 days'
       AND NOT EXISTS (
           SELECT 1 FROM edges AS a JOIN nodes AS e ON e.tenant_id = a.tenant_id AND e.id = a.from_id AND e.type = 'event' AND e.archived_at IS NULL
            WHERE a.tenant_id = d.tenant_id AND a.to_id = d.id AND a.type = 'about' AND a.valid_to IS NULL AND e.props->>'action' = 'read');

CREATE VIEW v_gap_quiet_customers AS
    SELECT array_remove(ARRAY[g.id, g.entity_id], NULL) AS node_ids,
           worse_with_age(gap_now() - g.last, interval '0', interval '60 days') AS severity, g.last AS since,
           format('We have not talked to %s for %s, and “%s” is active.', coalesce(g.entity, 'the customer'), spoken(gap_now() - g.last), g.title) AS sentence
      FROM (SELECT n.id, n.title, c.id AS entity_id, c.title AS entity,
                   coalesce(greatest(
                       (SELECT max(a.at) FROM v_activity AS a WHERE a.subject_id = n.id AND a.type = 'interaction' AND a.at <= gap_now()),
                       (SELECT max(a.at) FROM v_activity AS a WHERE a.subject_id = c.id AND a.type = 'interaction' AND a.at <= gap_now())),
                       n.created_at) AS last
              FROM nodes AS n
              LEFT JOIN LATERAL (
                  SELECT e.id, e.title FROM edges AS v JOIN nodes AS e ON e.tenant_id = v.tenant_id AND e.id = v.to_id
                   WHERE v.tenant_id = n.tenant_id AND v.from_id = n.id AND v.type = 'covers' AND v.valid_to IS NULL ORDER BY v.id LIMIT 1) AS c ON true
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'engagement' AND n.status IN ('contract', 'delivery', 'partner')
               AND n.archived_at IS NULL) AS g
     WHERE g.last < gap_now() - interval '30 days';

CREATE VIEW v_gap_cost_anomalies AS
    SELECT ARRAY[r.id] AS node_ids, CASE WHEN r.cost >= 5 * r.mean THEN 'blocker' ELSE 'impactful' END AS severity, r.at AS since,
           format('A run of %s cost %s USD, %s times its mean of the seven days before.', r.agent, round(r.cost, 2), round(r.cost / r.mean, 1)) AS sentence
      FROM (SELECT n.tenant_id, n.id, n.props->>'agent' AS agent, prop_number(n.props, 'cost_usd') AS cost,
                   coalesce(prop_time(n.props, 'started_at'), n.created_at) AS at, before.mean
              FROM nodes AS n
              JOIN LATERAL (
                  SELECT avg(prop_number(o.props, 'cost_usd')) AS mean, count(*) AS runs FROM nodes AS o
                   WHERE o.tenant_id = n.tenant_id AND o.type = 'agent_run' AND o.id <> n.id AND o.props->>'agent' = n.props->>'agent'
                     AND prop_number(o.props, 'cost_usd') IS NOT NULL
                     AND coalesce(prop_time(o.props, 'started_at'), o.created_at)
                         BETWEEN coalesce(prop_time(n.props, 'started_at'), n.created_at) - interval '7 days'
                             AND coalesce(prop_time(n.props, 'started_at'), n.created_at)) AS before ON before.runs >= 3 AND before.mean > 0
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'agent_run' AND n.archived_at IS NULL) AS r
     WHERE r.cost > 2 * r.mean AND r.at > gap_now() - interval '7 days'
       AND NOT EXISTS (
           SELECT 1 FROM edges AS x JOIN nodes AS w ON w.tenant_id = x.tenant_id AND w.id = x.from_id AND w.type IN ('decision', 'event', 'memo')
            WHERE x.tenant_id = r.tenant_id AND x.to_id = r.id AND x.type = 'related_to' AND x.valid_to IS NULL);
COMMENT ON VIEW v_gap_cost_anomalies IS 'Needs three earlier runs of the agent; gone after seven days, or when a decision, event or memo related to the run explains it.';

CREATE VIEW v_gap_unassigned_tasks AS
    SELECT ARRAY[n.id] AS node_ids,
           CASE WHEN n.priority IN ('focus', 'now') OR n.props->>'urgency' = 'blocker' THEN 'blocker' WHEN n.priority = 'backlog' THEN 'nice'
                ELSE 'impactful' END AS severity,
           n.created_at AS since, format('Nobody drives the task “%s”.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'task' AND n.status IN ('open', 'in_progress', 'blocked') AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM edges AS d WHERE d.tenant_id = n.tenant_id AND d.from_id = n.id AND d.type = 'driven_by' AND d.valid_to IS NULL);

CREATE VIEW v_gap_expectations_without_due_date AS
    SELECT ARRAY[n.id] AS node_ids, CASE n.props->>'severity' WHEN 'blocker' THEN 'impactful' ELSE 'nice' END AS severity, n.created_at AS since,
           format('Nobody has said by when “%s” is %s.', n.title,
                  CASE n.props->>'direction' WHEN 'they_owe' THEN 'owed to us' WHEN 'we_owe' THEN 'owed by us' ELSE 'owed' END) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'expectation' AND n.status IN ('open', 'overdue') AND n.archived_at IS NULL
       AND prop_time(n.props, 'due_at') IS NULL;

CREATE VIEW v_gap_projects_without_driver AS
    SELECT ARRAY[n.id] AS node_ids, CASE WHEN n.priority IN ('focus', 'now') THEN 'blocker' ELSE 'impactful' END AS severity, n.created_at AS since,
           format('Nobody drives the project “%s”.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'project' AND n.status NOT IN ('done', 'cancelled') AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM edges AS d WHERE d.tenant_id = n.tenant_id AND d.from_id = n.id AND d.type = 'driven_by' AND d.valid_to IS NULL);

CREATE VIEW v_gap_contacts_without_entity AS
    SELECT ARRAY[n.id] AS node_ids, 'nice' AS severity, n.created_at AS since,
           format('It is not known for whom %s works.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'contact' AND n.status = 'active' AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM edges AS w
                        WHERE w.tenant_id = n.tenant_id AND w.from_id = n.id AND w.type IN ('works_for', 'owned_by') AND w.valid_to IS NULL);

CREATE VIEW v_gap_invoices_past_due AS
    SELECT ARRAY[i.id] AS node_ids, worse_with_age(gap_now() - i.due, interval '0', interval '30 days') AS severity, i.due AS since,
           format(CASE WHEN i.props->>'direction' = 'received' THEN 'We have not paid invoice %s%s, due %s ago.'
                       ELSE 'Invoice %s%s is not paid, due %s ago.' END,
                  i.props->>'number', coalesce(' of ' || i.party, ''), spoken(gap_now() - i.due)) AS sentence
      FROM (SELECT n.id, n.props, prop_time(n.props, 'due_on') + interval '1 day' AS due,
                   (SELECT e.title FROM edges AS b JOIN nodes AS e ON e.tenant_id = b.tenant_id AND e.id = b.to_id
                     WHERE b.tenant_id = n.tenant_id AND b.from_id = n.id AND b.type = 'billed_to' AND b.valid_to IS NULL ORDER BY b.id LIMIT 1) AS party
              FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'invoice' AND n.archived_at IS NULL
               AND n.status IN ('issued', 'sent', 'partially_paid', 'overdue') AND coalesce(n.props->>'kind', 'invoice') = 'invoice'
               AND NOT n.props ? 'paid_on') AS i
     WHERE i.due <= gap_now();
COMMENT ON VIEW v_gap_invoices_past_due IS 'An invoice may be paid until the end of its due day.';

CREATE VIEW v_gap_unmapped_producers AS
    SELECT ARRAY[n.id] AS node_ids, worse_with_age(gap_now() - n.created_at, interval '0', interval '7 days') AS severity, n.created_at AS since,
           format('Facts come from “%s”, and nobody has said what it is.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'producer' AND n.archived_at IS NULL
       AND (n.status = 'unmapped' OR n.props->>'mapped' = 'false') AND n.status <> 'retired';

CREATE VIEW v_gap_documents_never_embedded AS
    SELECT ARRAY[n.id] AS node_ids, 'nice' AS severity, n.created_at AS since,
           format('The document “%s” is found by its words only: it was never embedded.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'document' AND n.archived_at IS NULL AND n.embedding IS NULL;

CREATE VIEW v_gap_conversations_without_turn_state AS
    SELECT ARRAY[n.id] AS node_ids, worse_with_age(gap_now() - n.created_at, interval '1 day', interval '7 days') AS severity, n.created_at AS since,
           format('Nobody knows whose turn it is in “%s”.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'conversation' AND n.status = 'open' AND n.archived_at IS NULL
       AND coalesce(n.props->>'channel', '') <> 'agent'
       AND NOT EXISTS (SELECT 1 FROM edges AS h
                        WHERE h.tenant_id = n.tenant_id AND h.from_id = n.id AND h.type = 'has_turn_state' AND h.valid_to IS NULL);

GRANT EXECUTE ON FUNCTION gap_now(), prop_time(jsonb, text), prop_number(jsonb, text), spoken(interval), worse_with_age(interval, interval, interval)
    TO graph_reader;
GRANT EXECUTE ON FUNCTION status_since(uuid, text) TO graph_reader;

DO $$
DECLARE
    target text;
BEGIN
    FOR target IN
        SELECT c.relname FROM pg_class AS c
         WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind = 'v' AND (c.relname LIKE 'v\_gap\_%' OR c.relname IN ('v_activity', 'v_turns'))
    LOOP
        EXECUTE format('ALTER VIEW %I OWNER TO graph_reader', target);
        SET ROLE graph_reader;
        EXECUTE format('REVOKE ALL ON %I FROM ${schema}', target);
        EXECUTE format('GRANT SELECT ON %I TO ${schema}', target);
        RESET ROLE;
    END LOOP;
END
$$;
