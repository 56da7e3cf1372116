-- Why: before a letter leaves without anybody being asked it is counted whom others have reached that answer the same message.
-- Locks: effects against writes while the index is built.

CREATE INDEX effects_that_answer ON effects (tenant_id, (effect ->> 'interaction_id')) WHERE tool = 'email_send';
