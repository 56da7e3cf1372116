-- Why: what an agent does because a beat woke it is no reason to wake it again the next day.
-- Locks: routed_events exclusively while the column comes and beats are marked.

ALTER TABLE routed_events ADD COLUMN of_beat boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN routed_events.of_beat IS 'A beat, or what an agent did in a task that only beats and their consequences opened.';
UPDATE routed_events SET of_beat = true WHERE type = 'beat.fired';
