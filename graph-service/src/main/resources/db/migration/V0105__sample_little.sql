-- Why: each time a table has grown by a tenth its contents are sampled, 30,000 rows of it, and writes meanwhile wait for the CPU. No question is planned by
-- what JSON or words are frequent: those who search hand their words over as a parameter. History is read by its keys and its time.
-- Locks: SHARE UPDATE EXCLUSIVE on the tables, for a moment; reads and writes go on. Replaces a function.

ALTER TABLE nodes
    ALTER COLUMN props SET STATISTICS 0,
    ALTER COLUMN full_text SET STATISTICS 0;

CREATE PROCEDURE sample_little(history regclass)
    LANGUAGE plpgsql
AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = history AND a.attnum > 0 AND NOT a.attisdropped LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', history, name, CASE WHEN name IN ('row', 'reason') THEN 0 ELSE 10 END);
    END LOOP;
END
$$;
COMMENT ON PROCEDURE sample_little(regclass) IS 'Lets a table of history be sampled by 3,000 rows, and not what only its rows hold; its partitions too.';
CALL sample_little('history_nodes');
CALL sample_little('history_edges');

CREATE OR REPLACE FUNCTION make_history_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    parent    text;
    month     timestamptz;
    partition text;
    made      integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'months_ahead is %, expected 0 to 120', months_ahead;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_history_partitions'));
    FOREACH parent IN ARRAY ARRAY['history_nodes', 'history_edges'] LOOP
        FOR month IN
            SELECT generate_series(date_trunc('month', clock_timestamp()) - interval '1 month',
                                   date_trunc('month', clock_timestamp()) + make_interval(months => months_ahead), interval '1 month')
        LOOP
            partition := parent || '_' || to_char(month, 'YYYY_MM');
            CONTINUE WHEN to_regclass(partition) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
            EXECUTE format('REVOKE ALL ON %I FROM ${schema}', partition);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
            EXECUTE format('CREATE POLICY owner_migrates ON %I TO ${schema}_owner USING (true) WITH CHECK (true)', partition);
            EXECUTE format('CREATE TRIGGER history_not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', partition);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, month, month + interval '1 month');
            CALL sample_little(partition::regclass);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
