-- Why: when a company moves to another time zone, the due times that are there already are worked out again; for that it has to be known in
-- which zone they are, and how far the work has come when a process dies in it.
-- Locks: creates only.

CREATE TABLE due_zones (
    tenant_id text NOT NULL DEFAULT current_tenant(),
    zone      text NOT NULL,
    target    text,
    done_to   uuid,
    CONSTRAINT due_zones_pk PRIMARY KEY (tenant_id),
    CONSTRAINT due_zones_step CHECK (target IS NOT NULL OR done_to IS NULL)
);
COMMENT ON TABLE due_zones IS 'The time zone that the open due times of a company were worked out in; while they are moved to another one, that one, and the last node that is done.';
CALL secure_table('due_zones');
