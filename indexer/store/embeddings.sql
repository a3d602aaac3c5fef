-- name: current
SELECT id, kind, model, dimensions FROM embedders WHERE is_current

-- name: use
SELECT use_embedder($1, $2, $3)

-- name: has_vectors
SELECT EXISTS (SELECT 1 FROM memories WHERE embedding IS NOT NULL)
    OR EXISTS (SELECT 1 FROM symbol_embeddings AS s JOIN embedders AS e ON e.id = s.model AND e.is_current)

-- name: pending
-- Those without a vector by their index, then those with a vector of another model.
(
    SELECT vault_id, id, content_hash, content, compressed_content, context, tags, metadata, created_at
    FROM memories
    WHERE embedding IS NULL AND forgotten_at IS NULL
    ORDER BY importance DESC, created_at DESC
    LIMIT $1
)
UNION ALL
(
    SELECT vault_id, id, content_hash, content, compressed_content, context, tags, metadata, created_at
    FROM memories
    WHERE embedding_model <> (SELECT id FROM embedders WHERE is_current) AND forgotten_at IS NULL
    LIMIT $1
)
LIMIT $1

-- name: count_pending
SELECT count(*)
FROM memories
WHERE ($1::uuid IS NULL OR vault_id = $1)
  AND embedding_model IS DISTINCT FROM (SELECT id FROM embedders WHERE is_current)
  AND forgotten_at IS NULL

-- name: fill
-- Only for the text that was embedded, and only while its model is current.
UPDATE memories
SET embedding = $4::text::halfvec, embedding_model = $5
WHERE vault_id = $1 AND id = $2 AND content_hash = $3
  AND EXISTS (SELECT 1 FROM embedders WHERE id = $5 AND is_current AND dimensions = vector_dims($4::text::halfvec))
