-- Why: a function in SQL that cannot be put into its caller's plan is read and planned anew in each statement that calls it, here for each row
-- that is written: half of what a write computed. In PL/pgSQL its plan stays with the session. What they answer is the same, to the byte.
-- Locks: replaces functions; the generated columns that use them keep their values.

-- Names are written in full, as bound bodies had them: no search path and no restore changes what they mean.
CREATE OR REPLACE FUNCTION node_text(props jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN (
        SELECT pg_catalog.left(pg_catalog.string_agg(
                   CASE WHEN pg_catalog.jsonb_typeof(p.value) IN ('array', 'object')
                        THEN pg_catalog.regexp_replace(p.value::text, '[0-9a-f]{64}', '', 'g')
                        ELSE p.value #>> '{}' END, ' ' ORDER BY p.key), 200000)
          FROM pg_catalog.jsonb_each(props) AS p(key, value)
         WHERE pg_catalog.jsonb_typeof(p.value) IN ('string', 'array', 'object')
           AND p.key NOT IN ('references', 'arguments', 'result', 'digest', 'path', 'labels')
           AND p.key !~ '(_id|_at|_on|_key|_url|^url|sha256)$');
END
$$;

CREATE OR REPLACE FUNCTION search_vector(language text, words text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN CASE language
        WHEN 'pt' THEN pg_catalog.to_tsvector('${schema}.hq_portuguese'::regconfig, ${schema}.portuguese_singular(words))
        WHEN 'en' THEN pg_catalog.to_tsvector('${schema}.hq_english'::regconfig, words)
        ELSE pg_catalog.to_tsvector('${schema}.hq_simple'::regconfig, words)
    END;
END
$$;

CREATE OR REPLACE FUNCTION embedded_text(type text, slug text, props jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN CASE WHEN type NOT IN ('producer', 'turn_state', 'agent_run', 'agent_session', 'triage_decision')
                THEN nullif(pg_catalog.left(pg_catalog.concat_ws(E'\n', ${schema}.node_title(slug, props), ${schema}.node_text(props)), 2000), '') END;
END
$$;

CREATE OR REPLACE FUNCTION text_hash(words text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
BEGIN
    RETURN pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(words, 'UTF8')), 'hex');
END
$$;
