-- Why: the trigger that tells of texts must work for whoever writes, also for a COPY by somebody who has not the service's search path.
-- Locks: none that anybody notices.

ALTER FUNCTION note_text() SET search_path = ${schema}, public, pg_temp;
