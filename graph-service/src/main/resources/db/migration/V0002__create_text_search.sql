-- Why: names and texts are found without accents, stemmed in Portuguese or English where the language of a node is known.
-- Locks: creates only.

CREATE TEXT SEARCH CONFIGURATION hq_portuguese (COPY = pg_catalog.portuguese);
ALTER TEXT SEARCH CONFIGURATION hq_portuguese
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.portuguese_stem;
CREATE TEXT SEARCH CONFIGURATION hq_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION hq_english
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.english_stem;
CREATE TEXT SEARCH CONFIGURATION hq_simple (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION hq_simple
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.simple;

-- Bodies are bound when they are created (RETURN …), so that neither a search path nor a restore can change what they mean.
CREATE FUNCTION search_configuration(language text) RETURNS regconfig
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE language
        WHEN 'pt' THEN '${schema}.hq_portuguese'::regconfig
        WHEN 'en' THEN '${schema}.hq_english'::regconfig
        ELSE '${schema}.hq_simple'::regconfig
    END;

CREATE FUNCTION node_title(slug text, props jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN left(coalesce(
        nullif(props->>'name', ''), nullif(props->>'title', ''), nullif(props->>'subject', ''), nullif(props->>'number', ''),
        nullif(props->>'summary', ''), nullif(props->>'email', ''), nullif(props->>'body_md', ''), nullif(props->>'description_md', ''), slug), 200);
COMMENT ON FUNCTION node_title(text, jsonb) IS 'What people see in a list; the first of a few props that has a value, the slug at last.';

CREATE FUNCTION node_text(props jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT left(string_agg(
                   CASE WHEN jsonb_typeof(p.value) IN ('array', 'object')
                        THEN regexp_replace(p.value::text, '[0-9a-f]{64}', '', 'g')
                        ELSE p.value #>> '{}' END, ' ' ORDER BY p.key), 200000)
          FROM jsonb_each(props) AS p(key, value)
         WHERE jsonb_typeof(p.value) IN ('string', 'array', 'object')
           AND p.key NOT IN ('references', 'arguments', 'result', 'digest', 'path', 'labels')
           AND p.key !~ '(_id|_at|_on|_key|_url|^url|sha256)$');
COMMENT ON FUNCTION node_text(jsonb) IS 'The words of a node that are worth finding: its strings but ids, times, hashes and addresses. Full text is the dearest index, so it is not fed more.';

CREATE FUNCTION portuguese_singular(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(words, '[oõaã]es\M', 'ao', 'gi');
COMMENT ON FUNCTION portuguese_singular(text) IS 'The stemmer takes manutenção and manutenções for two words; this makes them one.';

CREATE FUNCTION search_vector(language text, words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector(search_configuration(language), CASE language WHEN 'pt' THEN portuguese_singular(words) ELSE words END);

CREATE FUNCTION node_full_text(language text, slug text, props jsonb, tags text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN setweight(search_vector(language, node_title(slug, props)), 'A')
        || setweight(array_to_tsvector(array_remove(tags, '')), 'B')
        || setweight(search_vector(language, coalesce(node_text(props), '')), 'D');

CREATE FUNCTION search_query(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN websearch_to_tsquery('${schema}.hq_simple'::regconfig, words)
        || websearch_to_tsquery('${schema}.hq_portuguese'::regconfig, portuguese_singular(words))
        || websearch_to_tsquery('${schema}.hq_english'::regconfig, words);
COMMENT ON FUNCTION search_query(text) IS 'All the words, in any of the three configurations: a node is indexed in one, a query does not know which.';

CREATE FUNCTION any_word_query(words text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace((plainto_tsquery('${schema}.hq_simple'::regconfig, words)
        || plainto_tsquery('${schema}.hq_portuguese'::regconfig, portuguese_singular(words))
        || plainto_tsquery('${schema}.hq_english'::regconfig, words))::text, '&', '|')::tsquery;
COMMENT ON FUNCTION any_word_query(text) IS 'Any of the words: what finds something when all of them together find nothing.';
