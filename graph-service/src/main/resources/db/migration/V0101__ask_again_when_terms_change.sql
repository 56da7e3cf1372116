-- Why: a turn state inherits its SLA from the engagement of its conversation, but it was looked up only when the turn state itself was written:
-- a conversation that is found to be about an engagement later, or an engagement whose terms change, left it overdue at the wrong time.
-- Locks: SHARE ROW EXCLUSIVE on nodes and edges for their triggers, short.

CREATE TABLE due_again (
    tenant_id text   NOT NULL DEFAULT current_tenant(),
    id        bigint GENERATED ALWAYS AS IDENTITY,
    node_id   uuid   NOT NULL,
    CONSTRAINT due_again_pk PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE due_again IS 'Turn states that may stand under another SLA now. One row an asking and no key over them: who asks waits for nobody, and what is asked while another is answered is not lost.';
CALL secure_table('due_again');

CREATE FUNCTION ask_again() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    conversations uuid[];
BEGIN
    IF TG_TABLE_NAME = 'nodes' THEN
        conversations := ARRAY(
            SELECT a.from_id FROM edges AS a
             WHERE a.tenant_id = NEW.tenant_id AND a.to_id = NEW.id AND a.type = 'about' AND a.valid_to IS NULL
            UNION
            SELECT a.from_id FROM edges AS v
              JOIN edges AS a ON a.tenant_id = v.tenant_id AND a.to_id = v.to_id AND a.type = 'about' AND a.valid_to IS NULL
             WHERE v.tenant_id = NEW.tenant_id AND v.from_id = NEW.id AND v.type = 'covers' AND v.valid_to IS NULL);
    ELSIF NEW.type = 'covers' THEN
        conversations := ARRAY(
            SELECT a.from_id FROM edges AS a
             WHERE a.tenant_id = NEW.tenant_id AND a.to_id = NEW.to_id AND a.type = 'about' AND a.valid_to IS NULL);
    ELSE
        conversations := ARRAY[NEW.from_id];
    END IF;
    INSERT INTO due_again (node_id)
    SELECT t.id
      FROM edges AS h
      JOIN nodes AS t ON t.tenant_id = h.tenant_id AND t.id = h.to_id AND t.type = 'turn_state' AND t.status = 'ours' AND t.archived_at IS NULL
     WHERE h.tenant_id = NEW.tenant_id AND h.from_id = ANY (conversations) AND h.type = 'has_turn_state' AND h.valid_to IS NULL
       -- What this transaction has made was planned together with what it is connected to.
       AND (t.version > 1 OR t.xmin::text <> pg_current_xact_id()::xid::text);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION ask_again() IS 'Notes the turn states that inherit from an engagement, or through a connection, that has changed.';

CREATE TRIGGER nodes_ask_again AFTER UPDATE ON nodes
    FOR EACH ROW WHEN (NEW.type = 'engagement' AND (
        OLD.props->'turnaround_sla_hours' IS DISTINCT FROM NEW.props->'turnaround_sla_hours'
        OR OLD.props->'sla_calendar' IS DISTINCT FROM NEW.props->'sla_calendar'
        OR OLD.status IS DISTINCT FROM NEW.status OR OLD.archived_at IS DISTINCT FROM NEW.archived_at)) EXECUTE FUNCTION ask_again();
CREATE TRIGGER edges_ask_again_new AFTER INSERT ON edges
    FOR EACH ROW WHEN (NEW.type IN ('about', 'covers', 'has_turn_state')) EXECUTE FUNCTION ask_again();
CREATE TRIGGER edges_ask_again AFTER UPDATE ON edges
    FOR EACH ROW WHEN (NEW.type IN ('about', 'covers') AND OLD.valid_to IS DISTINCT FROM NEW.valid_to) EXECUTE FUNCTION ask_again();
