-- Why: the console is opened by a link that works once, and remembers who opened it.
-- Locks: creates only.

CREATE TABLE sign_in_tickets (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    jti        text        NOT NULL,
    actor      text        NOT NULL,
    used_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sign_in_tickets_pk PRIMARY KEY (tenant_id, jti)
);
COMMENT ON TABLE sign_in_tickets IS 'Tickets that were used; the primary key is what makes one work once.';
CALL secure_table('sign_in_tickets');
REVOKE UPDATE ON sign_in_tickets FROM ${schema};

CREATE TABLE sessions (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    secret_hash text        NOT NULL,
    form_token  text        NOT NULL,
    actor       text        NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    CONSTRAINT sessions_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT sessions_secret_once UNIQUE (tenant_id, secret_hash),
    CONSTRAINT sessions_of_person CHECK (actor LIKE 'user:_%')
);
COMMENT ON COLUMN sessions.secret_hash IS 'SHA-256 of the cookie: who reads this table cannot sign in with it.';
COMMENT ON COLUMN sessions.form_token IS 'Sent with every form of the session, against requests forged by other pages.';
CALL secure_table('sessions');
