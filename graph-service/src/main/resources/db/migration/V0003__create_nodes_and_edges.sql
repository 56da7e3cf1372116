-- Why: the property graph; every fact of a company is a node or an edge, with its tenant, its source and the time it holds.
-- Locks: creates only.

CREATE TABLE nodes (
    tenant_id        text        NOT NULL DEFAULT current_tenant(),
    id               uuid        NOT NULL,
    type             text        NOT NULL,
    slug             text        NOT NULL,
    status           text,
    priority         text,
    occurred_at      timestamptz,
    archived_at      timestamptz,
    props            jsonb       NOT NULL DEFAULT '{}',
    tags             text[]      NOT NULL DEFAULT '{}',
    producer_id      uuid        NOT NULL,
    owner_id         uuid,
    external_source  text,
    external_id      text,
    valid_from       timestamptz NOT NULL,
    valid_to         timestamptz,
    version          integer     NOT NULL,
    tainted          boolean     NOT NULL DEFAULT false,
    confidence       real,
    language         text        NOT NULL DEFAULT 'simple',
    redaction_policy text        NOT NULL DEFAULT 'none',
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    recorded_at      timestamptz NOT NULL,
    title            text        GENERATED ALWAYS AS (node_title(slug, props)) STORED,
    full_text        tsvector    GENERATED ALWAYS AS (node_full_text(language, slug, props, tags)) STORED,
    embedding        public.vector(512),
    embedding_model  text,
    CONSTRAINT nodes_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT nodes_slug_unique UNIQUE (tenant_id, slug),
    CONSTRAINT nodes_producer_fk FOREIGN KEY (tenant_id, producer_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT nodes_owner_fk FOREIGN KEY (tenant_id, owner_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT nodes_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9:._@-]*$' AND length(slug) <= 200),
    CONSTRAINT nodes_props_object CHECK (jsonb_typeof(props) = 'object'),
    CONSTRAINT nodes_external_whole CHECK ((external_source IS NULL) = (external_id IS NULL)),
    CONSTRAINT nodes_valid_period CHECK (valid_to IS NULL OR valid_from < valid_to),
    CONSTRAINT nodes_confidence CHECK (confidence BETWEEN 0 AND 1),
    CONSTRAINT nodes_language CHECK (language IN ('pt', 'en', 'simple'))
);
COMMENT ON TABLE nodes IS 'What is known now. Nothing is deleted: archived_at hides, history keeps.';
COMMENT ON COLUMN nodes.valid_from IS 'Since when it is true in the world (valid time); recorded_at is since when we know it (transaction time).';
COMMENT ON COLUMN nodes.version IS 'Rises by one with each change, whoever makes it; what optimistic writers compare.';
COMMENT ON COLUMN nodes.recorded_at IS 'Strictly rising for a row: the wall clock at the write, not the start of its transaction.';
COMMENT ON COLUMN nodes.tainted IS 'It came from outside, or was derived from what did, and no person has vouched for it.';
COMMENT ON COLUMN nodes.producer_id IS 'The one source of this node (the edge produced_by).';

CREATE UNIQUE INDEX nodes_external_unique ON nodes (tenant_id, type, external_source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX nodes_type ON nodes (tenant_id, type, id);
CREATE INDEX nodes_status ON nodes (tenant_id, type, status, id);
CREATE INDEX nodes_priority ON nodes (tenant_id, type, priority) WHERE priority IS NOT NULL;
CREATE INDEX nodes_occurred ON nodes (tenant_id, type, occurred_at);
CREATE INDEX nodes_producer ON nodes (tenant_id, producer_id, id);
CREATE INDEX nodes_owner ON nodes (tenant_id, owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX nodes_props ON nodes USING gin (tenant_id, props jsonb_path_ops);
CREATE INDEX nodes_tags ON nodes USING gin (tenant_id, tags);
CREATE INDEX nodes_full_text ON nodes USING gin (tenant_id, full_text);
CREATE INDEX nodes_names ON nodes USING gin (tenant_id, title public.gin_trgm_ops, slug public.gin_trgm_ops);

CREATE TABLE edges (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    from_id     uuid        NOT NULL,
    to_id       uuid        NOT NULL,
    props       jsonb       NOT NULL DEFAULT '{}',
    producer_id uuid        NOT NULL,
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz,
    version     integer     NOT NULL,
    tainted     boolean     NOT NULL DEFAULT false,
    confidence  real,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT edges_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT edges_from_fk FOREIGN KEY (tenant_id, from_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT edges_to_fk FOREIGN KEY (tenant_id, to_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT edges_producer_fk FOREIGN KEY (tenant_id, producer_id) REFERENCES nodes (tenant_id, id),
    CONSTRAINT edges_props_object CHECK (jsonb_typeof(props) = 'object'),
    CONSTRAINT edges_valid_period CHECK (valid_to IS NULL OR valid_from < valid_to),
    CONSTRAINT edges_confidence CHECK (confidence BETWEEN 0 AND 1)
);
COMMENT ON TABLE edges IS 'Facts between two nodes. One that no longer holds gets a valid_to; the row stays.';

CREATE UNIQUE INDEX edges_live_unique ON edges (tenant_id, type, from_id, to_id) WHERE valid_to IS NULL;
CREATE INDEX edges_from ON edges (tenant_id, from_id, type, id);
CREATE INDEX edges_to ON edges (tenant_id, to_id, type, id);

CALL secure_table('nodes');
CALL secure_table('edges');
REVOKE DELETE ON nodes, edges FROM ${schema};
