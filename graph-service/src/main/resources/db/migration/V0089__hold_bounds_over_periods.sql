-- Why: what a rollback has withdrawn stood in the way of the same fact when it was stated again with its period. And an upper bound counted only
-- edges without an end: a task with a driver until next year could be given a second one for today.
-- Locks: none; replaces a function. The plan no longer sends `bounds` and `periods`, which apply would look at.

CREATE OR REPLACE FUNCTION apply_whole(tenant text, actor text, reason text, batch jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    response    jsonb := apply(tenant, actor, reason, batch);
    changed     integer;
    overlapping text;
    bound       record;
    made        edges;
    moment      timestamptz;
BEGIN
    IF batch ? 'spans' THEN
        SELECT p.path INTO overlapping
          FROM jsonb_to_recordset(batch->'spans') AS p(id uuid, path text)
          JOIN edges AS a ON a.tenant_id = tenant AND a.id = p.id
          JOIN edges AS b ON b.tenant_id = tenant AND b.from_id = a.from_id AND b.type = a.type AND b.to_id = a.to_id AND b.id <> a.id
           AND b.valid_from < coalesce(a.valid_to, 'infinity') AND a.valid_from < coalesce(b.valid_to, 'infinity')
           -- What a rollback has withdrawn holds for the shortest time there is.
           AND b.valid_to IS DISTINCT FROM b.valid_from + interval '1 microsecond'
         LIMIT 1;
        IF overlapping IS NOT NULL THEN
            RAISE EXCEPTION '%', overlapping USING ERRCODE = 'HQ005';
        END IF;
    END IF;

    IF batch ? 'limits' THEN
        moment := clock_timestamp();
        FOR bound IN
            SELECT b.* FROM jsonb_to_recordset(batch->'limits') AS b(id uuid, side text, most integer, path text)
        LOOP
            SELECT * INTO made FROM edges AS e WHERE e.tenant_id = tenant AND e.id = bound.id;
            -- From now on: how many hold at once, each time that another begins while the new one holds.
            SELECT max(s.many) INTO changed
              FROM (SELECT (SELECT count(*) FROM edges AS e
                             WHERE e.tenant_id = tenant AND e.type = made.type
                               AND CASE WHEN bound.side = 'from' THEN e.from_id = made.from_id ELSE e.to_id = made.to_id END
                               AND e.valid_from <= b.at AND (e.valid_to IS NULL OR e.valid_to > b.at)
                               AND e.valid_to IS DISTINCT FROM e.valid_from + interval '1 microsecond') AS many
                      FROM (SELECT greatest(o.valid_from, made.valid_from, moment) AS at FROM edges AS o
                             WHERE o.tenant_id = tenant AND o.type = made.type
                               AND CASE WHEN bound.side = 'from' THEN o.from_id = made.from_id ELSE o.to_id = made.to_id END) AS b
                     WHERE made.valid_to IS NULL OR b.at < made.valid_to) AS s;
            IF changed > bound.most THEN
                RAISE EXCEPTION '%', bound.path USING ERRCODE = 'HQ002';
            END IF;
        END LOOP;
    END IF;

    IF batch ? 'policies' THEN
        UPDATE nodes AS n SET redaction_policy = p.policy
          FROM jsonb_to_recordset(batch->'policies') AS p(id uuid, version integer, policy text)
         WHERE n.tenant_id = tenant AND n.id = p.id AND n.version = p.version;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> jsonb_array_length(batch->'policies') THEN
            RAISE EXCEPTION 'a node has changed since it was read' USING ERRCODE = 'HQ001';
        END IF;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN response;
END
$$;
COMMENT ON FUNCTION apply_whole(text, text, text, jsonb) IS 'apply, then what holds of edges over time (HQ002, HQ005) and the redaction policies that a batch sets, and what has to hold at its end checked before it answers: an error at the commit would come after the answer.';
