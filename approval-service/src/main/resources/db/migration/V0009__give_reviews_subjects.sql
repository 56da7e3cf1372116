-- Why: services ask for a person's look; asked twice about one subject is one review, and one whose cause is over is closed by itself.
-- Locks: reviews for the moment it takes to add columns that may be empty; an index over a table that was empty so far.

ALTER TABLE reviews ADD COLUMN subject text, ADD COLUMN resolution text;
COMMENT ON COLUMN reviews.subject IS 'What a service asked about; there is one review a subject, opened again when its cause comes back.';
COMMENT ON COLUMN reviews.resolution IS 'How it was resolved, for people.';
CREATE UNIQUE INDEX reviews_by_subject ON reviews (tenant_id, subject) WHERE subject IS NOT NULL;
