-- Why: whoever writes by hand may have another search path; the timers and the cap on focus hold all the same.
-- Locks: none that a running fleet would notice.

ALTER FUNCTION arm_timers() SET search_path = ${schema}, pg_temp;
ALTER FUNCTION cap_focus() SET search_path = ${schema}, pg_temp;
