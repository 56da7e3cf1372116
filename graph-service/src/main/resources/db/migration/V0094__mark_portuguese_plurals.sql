-- Why: manutenções is indexed as manutenção, for the stemmer takes them for two words; a snippet is cut from the text as it was written, where the
-- singular's stem is not found, so that even the very word somebody searched for was not marked.
-- Locks: creates only.

CREATE FUNCTION marked_query(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN any_word_query(words)
        || replace((plainto_tsquery('${schema}.hq_portuguese'::regconfig, words)
        || plainto_tsquery('${schema}.hq_portuguese'::regconfig, regexp_replace(words, '[aã]o\M', 'oes', 'gi'))
        || plainto_tsquery('${schema}.hq_portuguese'::regconfig, regexp_replace(words, '[aã]o\M', 'aes', 'gi')))::text, '&', '|')::tsquery;
COMMENT ON FUNCTION marked_query(text) IS 'What a snippet marks: any of the words, in the singular and the plural.';
