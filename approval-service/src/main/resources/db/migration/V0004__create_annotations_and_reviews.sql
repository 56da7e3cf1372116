-- Why: owners grade single acts, which is what agents learn procedure from; and questions that wait for a person.
-- Locks: creates only.

CREATE TABLE annotations (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    id         uuid        NOT NULL,
    action_id  text        NOT NULL,
    task_id    text,
    grade      text        NOT NULL,
    note       text,
    annotator  text        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT annotations_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT annotations_grade CHECK (grade IN ('good', 'bad', 'missing', 'unnecessary')),
    CONSTRAINT annotations_missing_says_what CHECK (grade <> 'missing' OR note IS NOT NULL),
    CONSTRAINT annotations_by_person CHECK (annotator LIKE 'user:_%')
);
COMMENT ON TABLE annotations IS 'Grades of single acts; a second thought is a new row, and the latest stands.';
CREATE INDEX annotations_of_task ON annotations (tenant_id, task_id, created_at, id);
CREATE INDEX annotations_of_action ON annotations (tenant_id, action_id, created_at, id);
CALL secure_table('annotations');
REVOKE UPDATE, DELETE ON annotations FROM ${schema};

CREATE TABLE reviews (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    kind        text        NOT NULL,
    status      text        NOT NULL,
    title       text        NOT NULL,
    detail      text,
    node_id     text,
    opened_by   text        NOT NULL,
    created_at  timestamptz NOT NULL,
    resolved_at timestamptz,
    CONSTRAINT reviews_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT reviews_status CHECK (status IN ('open', 'resolved', 'deferred')),
    CONSTRAINT reviews_resolved CHECK ((status = 'resolved') = (resolved_at IS NOT NULL))
);
CREATE INDEX reviews_newest ON reviews (tenant_id, created_at DESC, id DESC);
CALL secure_table('reviews');
REVOKE DELETE ON reviews FROM ${schema};
