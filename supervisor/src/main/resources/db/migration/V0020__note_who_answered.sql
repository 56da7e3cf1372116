-- Why: a person may answer in an agent's place, and a note may go to a group; the row says so.
-- Locks: messages for the moment it takes to add columns without a default.

ALTER TABLE messages
    ADD COLUMN replied_by text,
    ADD COLUMN to_group   text;
COMMENT ON COLUMN messages.replied_by IS 'Who answered; NULL in rows of before: the recipient.';
COMMENT ON COLUMN messages.to_group IS 'The group that the note was sent to, of which this recipient is one.';
