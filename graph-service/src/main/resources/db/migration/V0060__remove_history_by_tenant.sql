-- Why: how long history is kept is a tenant's choice; by default for ever. Partitions are shared by all tenants, so what is older is deleted row by
-- row, by one function of the owner, and only what no answer about the time since then rests on.
-- Locks: SHARE ROW EXCLUSIVE on the two history tables for their new triggers, short.

CREATE TABLE retention_acts (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    act         text        NOT NULL,
    keep_days   integer,
    known_since timestamptz,
    kind        text,
    rows        integer,
    xact        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    actor       text        NOT NULL,
    reason      text,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT retention_acts_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT retention_acts_act CHECK (act IN ('chosen', 'removed')),
    CONSTRAINT retention_acts_keep CHECK (keep_days BETWEEN 30 AND 36500),
    CONSTRAINT retention_acts_removal CHECK ((act = 'removed') = (known_since IS NOT NULL AND kind IS NOT NULL AND rows IS NOT NULL))
);
COMMENT ON TABLE retention_acts IS 'The journal of retention: each choice of a tenant (the last one counts) and each removal.';
COMMENT ON COLUMN retention_acts.keep_days IS 'How long closed history is kept; null: for ever.';
COMMENT ON COLUMN retention_acts.known_since IS 'History before is no longer whole. It stays so when the tenant later chooses to keep more.';
CREATE INDEX retention_acts_known ON retention_acts (tenant_id, known_since) WHERE act = 'removed';
CREATE INDEX retention_acts_xact ON retention_acts (tenant_id, xact) WHERE act = 'removed';
CREATE INDEX retention_acts_chosen ON retention_acts (tenant_id, id) WHERE act = 'chosen';
CALL secure_table('retention_acts');
REVOKE INSERT, UPDATE, DELETE ON retention_acts FROM ${schema};
CREATE TRIGGER retention_acts_stay BEFORE UPDATE OR DELETE ON retention_acts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER retention_acts_not_truncated BEFORE TRUNCATE ON retention_acts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE kept_statuses (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    node_id   uuid        NOT NULL,
    status    text,
    since     timestamptz NOT NULL,
    known_at  timestamptz NOT NULL,
    CONSTRAINT kept_statuses_pk PRIMARY KEY (tenant_id, node_id)
);
COMMENT ON TABLE kept_statuses IS 'Since when a node had the status it had at known_at: what the removed part of its history said.';
CALL secure_table('kept_statuses');
REVOKE INSERT, UPDATE, DELETE ON kept_statuses FROM ${schema};

CREATE OR REPLACE FUNCTION status_since(node uuid, status text) RETURNS timestamptz
    LANGUAGE sql STABLE
    RETURN coalesce((
        SELECT k.since
          FROM kept_statuses AS k
         WHERE k.tenant_id = (SELECT current_tenant()) AND k.node_id = node AND k.status IS NOT DISTINCT FROM status_since.status
           AND NOT EXISTS (
               SELECT 1 FROM history_nodes AS o
                WHERE o.tenant_id = (SELECT current_tenant()) AND o.id = node AND o.recorded_at > k.known_at
                  AND o.row->>'status' IS DISTINCT FROM status_since.status)), (
        SELECT min(h.recorded_at)
          FROM history_nodes AS h
         WHERE h.tenant_id = (SELECT current_tenant()) AND h.id = node
           AND h.recorded_at > coalesce((
               SELECT max(o.recorded_at) FROM history_nodes AS o
                WHERE o.tenant_id = (SELECT current_tenant()) AND o.id = node AND o.row->>'status' IS DISTINCT FROM status_since.status),
               '-infinity')));

-- Deleting history is refused to everybody, save in a transaction that has journalled the removal and no further than that says.
CREATE FUNCTION refuse_unless_removed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ${schema}, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM retention_acts AS a
         WHERE a.tenant_id = OLD.tenant_id AND a.act = 'removed' AND a.xact = pg_current_xact_id() AND OLD.recorded_at < a.known_since) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on %.% is refused: what is recorded stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
DROP TRIGGER history_stays ON history_nodes;
DROP TRIGGER history_stays ON history_edges;
CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE ON history_nodes FOR EACH ROW EXECUTE FUNCTION refuse_unless_removed();
CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE ON history_edges FOR EACH ROW EXECUTE FUNCTION refuse_unless_removed();

CREATE FUNCTION choose_retention(tenant text, actor text, reason text, days integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true);
    INSERT INTO retention_acts (act, keep_days, actor, reason) VALUES ('chosen', days, actor, reason);
END
$$;
COMMENT ON FUNCTION choose_retention(text, text, text, integer) IS 'A tenant''s choice: so many days, or for ever (null).';

-- A row is closed when a later one of the same id was recorded. It goes when that happened before the limit and no question about what was known
-- since then can lead to it: the later row is the same fact (the same valid_from) and covers all its time, or the row has never been another fact.
-- So what is the only record of what was true in some time stays, however old.
CREATE FUNCTION remove_history(tenant text, actor text, reason text, kind text, after uuid, most integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    keep    integer;
    horizon timestamptz;
    looked  uuid[];
    ids     uuid[];
    times   timestamptz[];
BEGIN
    IF kind NOT IN ('node', 'edge') THEN
        RAISE EXCEPTION 'a kind is node or edge';
    END IF;
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true);
    SELECT a.keep_days INTO keep FROM retention_acts AS a WHERE a.tenant_id = tenant AND a.act = 'chosen' ORDER BY a.id DESC LIMIT 1;
    IF keep IS NULL THEN
        RETURN '{"rows": 0}';
    END IF;
    horizon := clock_timestamp() - make_interval(days => keep);
    EXECUTE format('SELECT ARRAY(SELECT h.id FROM %I AS h WHERE h.tenant_id = $1 AND h.id > $2 AND h.recorded_at <= $3
                                  GROUP BY h.id HAVING count(*) > 1 ORDER BY h.id LIMIT $4)', 'history_' || kind || 's')
       INTO looked USING tenant, after, horizon, most;
    IF looked = '{}' THEN
        RETURN '{"rows": 0}';
    END IF;
    -- Whoever reads the past holds this lock shared, from the look at known_since to the end of the reading.
    PERFORM pg_advisory_xact_lock(hashtextextended('history ' || tenant, 0));
    EXECUTE format('
        SELECT array_agg(v.id), array_agg(v.recorded_at)
          FROM (SELECT h.id, h.recorded_at, h.valid_from, h.valid_to, lead(h.recorded_at) OVER w AS next_at, lead(h.valid_from) OVER w AS next_from,
                       lead(h.valid_to) OVER w AS next_to, min(h.valid_from) OVER w AS earliest, max(h.valid_from) OVER w AS latest
                  FROM %I AS h
                 WHERE h.tenant_id = $1 AND h.id = ANY ($2) AND h.recorded_at <= $3
                WINDOW w AS (PARTITION BY h.id ORDER BY h.recorded_at)) AS v
         WHERE v.next_at IS NOT NULL AND v.next_from = v.valid_from
           AND (v.earliest = v.latest OR v.next_to IS NULL OR v.valid_to <= v.next_to)', 'history_' || kind || 's')
       INTO ids, times USING tenant, looked, horizon;
    IF ids IS NOT NULL THEN
        INSERT INTO retention_acts (act, keep_days, known_since, kind, rows, actor, reason)
        VALUES ('removed', keep, horizon, kind, cardinality(ids), actor, reason);
        IF kind = 'node' THEN
            INSERT INTO kept_statuses (node_id, status, since, known_at)
            SELECT s.id, s.status, coalesce((
                       SELECT k.since FROM kept_statuses AS k
                        WHERE k.tenant_id = tenant AND k.node_id = s.id AND k.status IS NOT DISTINCT FROM s.status
                          AND NOT EXISTS (
                              SELECT 1 FROM history_nodes AS o
                               WHERE o.tenant_id = tenant AND o.id = s.id AND o.recorded_at > k.known_at AND o.recorded_at <= horizon
                                 AND o.row->>'status' IS DISTINCT FROM s.status)), (
                       SELECT min(h.recorded_at) FROM history_nodes AS h
                        WHERE h.tenant_id = tenant AND h.id = s.id
                          AND h.recorded_at > coalesce((
                              SELECT max(o.recorded_at) FROM history_nodes AS o
                               WHERE o.tenant_id = tenant AND o.id = s.id AND o.recorded_at <= horizon
                                 AND o.row->>'status' IS DISTINCT FROM s.status), '-infinity'))), horizon
              FROM (SELECT DISTINCT ON (h.id) h.id, h.row->>'status' AS status
                      FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.id = ANY (ids) AND h.recorded_at <= horizon
                     ORDER BY h.id, h.recorded_at DESC) AS s
            ON CONFLICT (tenant_id, node_id) DO UPDATE SET status = EXCLUDED.status, since = EXCLUDED.since, known_at = EXCLUDED.known_at;
        END IF;
        EXECUTE format('DELETE FROM %I AS h USING unnest($2, $3) AS gone(id, recorded_at)
                         WHERE h.tenant_id = $1 AND h.id = gone.id AND h.recorded_at = gone.recorded_at', 'history_' || kind || 's')
          USING tenant, ids, times;
        PERFORM outbox_append('hq.nodes', 'nodes.history_removed', tenant, jsonb_build_object(
            'kind', kind, 'rows', cardinality(ids), 'keep_days', keep, 'known_since', horizon), kind);
    END IF;
    RETURN jsonb_build_object('rows', coalesce(cardinality(ids), 0), 'last', looked[cardinality(looked)]);
END
$$;
COMMENT ON FUNCTION remove_history(text, text, text, text, uuid, integer) IS 'Removes what the tenant''s choice lets go of the history of some ids after one; says how many rows, and the last id looked at while there may be more.';

CREATE FUNCTION history_known_since() RETURNS timestamptz
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('history ' || current_tenant(), 0));
    RETURN (SELECT max(a.known_since) FROM retention_acts AS a WHERE a.tenant_id = current_tenant() AND a.act = 'removed');
END
$$;
COMMENT ON FUNCTION history_known_since() IS 'The time from which on history is whole; null: always. It stays so until the end of the transaction.';
