-- Why: vectors are in the table embeddings; two columns of nodes that nothing ever filled say otherwise, and a gap view believes them.
-- Locks: nodes ACCESS EXCLUSIVE for a moment; the view likewise.

SET ROLE graph_reader;
CREATE OR REPLACE VIEW v_gap_documents_never_embedded AS
    SELECT ARRAY[n.id] AS node_ids, 'nice' AS severity, n.created_at AS since,
           format('The document “%s” is found by its words only: it was never embedded.', n.title) AS sentence
      FROM nodes AS n
     WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'document' AND n.archived_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM embedding_models AS m
                         JOIN embeddings AS e ON e.tenant_id = m.tenant_id AND e.model = m.model AND e.node_id = n.id
                        WHERE m.tenant_id = n.tenant_id);
RESET ROLE;

ALTER TABLE nodes DROP COLUMN embedding, DROP COLUMN embedding_model;
