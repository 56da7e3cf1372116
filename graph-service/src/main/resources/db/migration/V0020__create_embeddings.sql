-- Why: vectors are derived and large; they live beside the nodes, not in them, with the model that made them, so that a new model can be
-- filled while the old one still answers, and so that they stay out of history and events (decision 8).
-- Locks: creates triggers on nodes (SHARE ROW EXCLUSIVE) and the rest. The columns of nodes that were meant for this go with V0050.

CREATE FUNCTION embedded_text(type text, slug text, props jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN type NOT IN ('producer', 'turn_state', 'agent_run', 'agent_session', 'triage_decision')
                THEN nullif(left(concat_ws(E'\n', node_title(slug, props), node_text(props)), 2000), '') END;
COMMENT ON FUNCTION embedded_text(text, text, jsonb) IS 'What a vector is made of: the title and the first words, as many as a small model reads (512 tokens). NULL for nodes that only keep books.';

CREATE FUNCTION text_hash(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN encode(sha256(convert_to(words, 'UTF8')), 'hex');

CREATE TABLE embedding_models (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    model      text        NOT NULL,
    dimensions integer     NOT NULL,
    state      text        NOT NULL,
    walked_to  uuid,
    walked_at  timestamptz,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT embedding_models_pk PRIMARY KEY (tenant_id, model),
    CONSTRAINT embedding_models_state CHECK (state IN ('filling', 'current', 'retired')),
    CONSTRAINT embedding_models_dimensions CHECK (dimensions BETWEEN 1 AND 512)
);
COMMENT ON COLUMN embedding_models.state IS 'filling: complete it and it takes over; current: queries use it, one a tenant; retired: its vectors are on their way out.';
COMMENT ON COLUMN embedding_models.walked_to IS 'How far the walk over all nodes has come that finds what has no vector; NULL while none is under way.';
COMMENT ON COLUMN embedding_models.walked_at IS 'When the last walk came to the end.';
CREATE UNIQUE INDEX embedding_models_current ON embedding_models (tenant_id) WHERE state = 'current';
CALL secure_table('embedding_models');

CREATE TABLE embeddings_due (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    model      text        NOT NULL,
    node_id    uuid        NOT NULL,
    text_hash  text        NOT NULL,
    since      timestamptz NOT NULL DEFAULT clock_timestamp(),
    not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
    failures   integer     NOT NULL DEFAULT 0,
    error      text,
    CONSTRAINT embeddings_due_pk PRIMARY KEY (tenant_id, model, node_id),
    CONSTRAINT embeddings_due_node_fk FOREIGN KEY (tenant_id, node_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT embeddings_due_model_fk FOREIGN KEY (tenant_id, model) REFERENCES embedding_models (tenant_id, model)
);
COMMENT ON TABLE embeddings_due IS 'Texts that have no vector yet, or an older one.';
COMMENT ON COLUMN embeddings_due.not_before IS 'Handed out until then, or put off after a failure.';
CREATE INDEX embeddings_due_next ON embeddings_due (tenant_id, model, not_before) WHERE failures < 8;
CALL secure_table('embeddings_due');

CREATE TABLE embeddings (
    tenant_id   text               NOT NULL DEFAULT current_tenant(),
    model       text               NOT NULL,
    node_id     uuid               NOT NULL,
    dimensions  integer            NOT NULL,
    text_hash   text               NOT NULL,
    vector      public.vector(512) NOT NULL,
    embedded_at timestamptz        NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT embeddings_pk PRIMARY KEY (tenant_id, model, node_id),
    CONSTRAINT embeddings_node_fk FOREIGN KEY (tenant_id, node_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT embeddings_model_fk FOREIGN KEY (tenant_id, model) REFERENCES embedding_models (tenant_id, model)
) PARTITION BY LIST (tenant_id);
COMMENT ON TABLE embeddings IS 'One vector a node and model. A partition a tenant: an index of vectors cannot lead with the tenant, and one shared by all finds next to nothing for a small one.';
COMMENT ON COLUMN embeddings.dimensions IS 'As the model gave it; the rest of the vector is zero, which leaves the cosine as it is.';
CALL secure_table('embeddings');

CREATE FUNCTION make_embeddings_partition() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, public, pg_temp
AS $$
DECLARE
    partition text := 'embeddings_' || left(md5(current_tenant()), 16);
BEGIN
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext(partition));
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE embeddings INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
    EXECUTE format('REVOKE ALL ON %I FROM ${schema}', partition);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
    EXECUTE format('CREATE POLICY owner_migrates ON %I TO ${schema}_owner USING (true) WITH CHECK (true)', partition);
    -- 2 kB would be put out of line, a second lookup for each of the thousands that an exact search compares.
    EXECUTE format('ALTER TABLE %I ALTER COLUMN vector SET STORAGE PLAIN', partition);
    EXECUTE format('CREATE INDEX %I ON %I USING hnsw (vector vector_cosine_ops) WITH (m = 16, ef_construction = 100)', partition || '_hnsw', partition);
    EXECUTE format('ALTER TABLE embeddings ATTACH PARTITION %I FOR VALUES IN (%L)', partition, current_tenant());
    RETURN true;
END
$$;
COMMENT ON FUNCTION make_embeddings_partition() IS 'Makes the place for the vectors of this transaction''s tenant; false when it was there.';

CREATE POLICY reader_views ON embeddings FOR SELECT TO graph_reader USING (true);
CREATE POLICY reader_views ON embedding_models FOR SELECT TO graph_reader USING (true);
GRANT SELECT ON embeddings, embedding_models TO graph_reader;
CREATE VIEW v_embeddings AS
    SELECT tenant_id, model, node_id, dimensions, text_hash, vector, embedded_at
      FROM embeddings
     WHERE tenant_id = (SELECT current_tenant());
ALTER VIEW v_embeddings OWNER TO graph_reader;
SET ROLE graph_reader;
REVOKE ALL ON v_embeddings FROM ${schema};
GRANT SELECT ON v_embeddings TO ${schema};
RESET ROLE;

CREATE FUNCTION note_text() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    words text := embedded_text(NEW.type, NEW.slug, NEW.props);
    hash  text := text_hash(words);
BEGIN
    IF TG_OP = 'INSERT' AND words IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF words IS NULL OR NEW.redaction_policy <> OLD.redaction_policy THEN
            -- A vector of what has been erased still tells of it.
            DELETE FROM embeddings WHERE tenant_id = NEW.tenant_id AND node_id = NEW.id;
            DELETE FROM embeddings_due WHERE tenant_id = NEW.tenant_id AND node_id = NEW.id;
        ELSIF words = embedded_text(OLD.type, OLD.slug, OLD.props) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF words IS NOT NULL THEN
        INSERT INTO embeddings_due (tenant_id, model, node_id, text_hash)
        SELECT m.tenant_id, m.model, NEW.id, hash FROM embedding_models AS m WHERE m.tenant_id = NEW.tenant_id AND m.state <> 'retired'
        ON CONFLICT (tenant_id, model, node_id)
        DO UPDATE SET text_hash = excluded.text_hash, not_before = excluded.not_before, failures = 0, error = NULL;
    END IF;
    PERFORM outbox_append('hq.nodes', 'nodes.text_changed', NEW.id::text,
                          jsonb_strip_nulls(jsonb_build_object('id', NEW.id, 'type', NEW.type, 'text_hash', hash)), NEW.type);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION note_text() IS 'Tells that a text to embed is new or has changed, in the transaction of the change.';

CREATE TRIGGER nodes_text_new AFTER INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION note_text();
CREATE TRIGGER nodes_text AFTER UPDATE ON nodes FOR EACH ROW
    WHEN (OLD.props IS DISTINCT FROM NEW.props OR OLD.slug <> NEW.slug OR OLD.redaction_policy <> NEW.redaction_policy)
    EXECUTE FUNCTION note_text();
