-- Why: hq state rebuild --check replays the two change topics beside the live tables and compares; the graph must follow from its events.
-- Locks: creates only.

CREATE UNLOGGED TABLE scratch_rows (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    run_id     uuid        NOT NULL,
    kind       text        NOT NULL,
    id         uuid        NOT NULL,
    version    integer     NOT NULL,
    row        jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT scratch_rows_pk PRIMARY KEY (tenant_id, run_id, kind, id),
    CONSTRAINT scratch_rows_kind CHECK (kind IN ('node', 'edge'))
);
COMMENT ON TABLE scratch_rows IS 'The graph as one check has rebuilt it from the topics; emptied when the check ends, and by upkeep when it did not end.';
CALL secure_table('scratch_rows');

CREATE FUNCTION scratch_differences(run uuid) RETURNS TABLE (kind text, id uuid, live integer, replayed integer)
    LANGUAGE sql STABLE SET timezone = 'UTC'
AS $$
    SELECT 'node', coalesce(n.id, s.id), n.version, s.version
      FROM nodes AS n
      FULL JOIN (SELECT * FROM scratch_rows AS r WHERE r.run_id = run AND r.kind = 'node') AS s ON s.tenant_id = n.tenant_id AND s.id = n.id
     WHERE node_row(n) IS DISTINCT FROM s.row
    UNION ALL
    SELECT 'edge', coalesce(e.id, s.id), e.version, s.version
      FROM edges AS e
      FULL JOIN (SELECT * FROM scratch_rows AS r WHERE r.run_id = run AND r.kind = 'edge') AS s ON s.tenant_id = e.tenant_id AND s.id = e.id
     WHERE edge_row(e) IS DISTINCT FROM s.row
$$;
COMMENT ON FUNCTION scratch_differences(uuid) IS 'Rows that are live and not replayed, replayed and not live, or not the same.';
