-- Why: what the type files tag personal is what history and topics seal. Made of the files at each start (PersonalProps), and run again when they
-- have changed, so that a type or prop that is new needs no migration. A function and not a table: nobody but Flyway can loosen it.
-- Locks: none that a running fleet would notice.

CREATE OR REPLACE FUNCTION personal_props(kind text, type text) RETURNS text[]
    -- Not in SQL: that would be planned again for each row of a write.
    LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_variable
DECLARE
    everybodys text[] := CASE kind || ' ' || type
${personal_props}
        ELSE '{}'::text[] END;
    own jsonb;
BEGIN
    SELECT t.schema->'properties' INTO own FROM types AS t
     WHERE t.tenant_id = current_tenant() AND t.kind = kind AND t.name = type
     ORDER BY t.revision DESC LIMIT 1;
    IF own IS NULL THEN
        RETURN everybodys;
    END IF;
    RETURN everybodys || ARRAY(SELECT p.key FROM jsonb_each(own) AS p WHERE p.value->>'x-sensitivity' = 'personal' ORDER BY p.key);
END
$$;
COMMENT ON FUNCTION personal_props(text, text) IS 'The props that a type tags personal: those of its file, and a tenant''s own.';
