-- name: one_moment
-- The first statement of a transaction that reads a vault as it is at one moment.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- name: memories
-- All of a vault by id, in batches.
SELECT id, content, compressed_content, context, importance, created_at, accessed_at, modified_at, expires_at, access_count,
       last_recall_score, tier, tier_migrated_at, metadata, tags, parent_memory_id, consolidated_from, is_pinned, superseded_by,
       forgotten_at
FROM memories
WHERE vault_id = $1 AND ($2::uuid IS NULL OR id > $2)
ORDER BY id
LIMIT $3

-- name: history
-- The history of a batch of memories.
SELECT memory_id, version, operation, before, changed_at
FROM memory_history
WHERE vault_id = $1 AND memory_id = ANY ($2::uuid[])
ORDER BY memory_id, version

-- name: anchors
-- The anchors of a batch of memories.
SELECT id, memory_id, path, qualified_name, kind, start_line, end_line, text_hash, text, confirmed_path,
       confirmed_name, seen_hash, seen_text, symbol_id, state, created_at, checked_at, confirmed_at
FROM memory_anchors
WHERE vault_id = $1 AND memory_id = ANY ($2::uuid[])
ORDER BY memory_id, id

-- name: states
-- All of a vault by id, in batches.
SELECT id, name, description, working_context, memory_state, compressed_data, tags, auto_captured, importance, created_at, expires_at,
       restore_count, last_restored
FROM state_captures
WHERE vault_id = $1 AND ($2::uuid IS NULL OR id > $2)
ORDER BY id
LIMIT $3

-- name: lock_vault
-- One import into a vault at a time.
SELECT id FROM vaults WHERE id = $1 AND NOT is_archived FOR NO KEY UPDATE

-- name: known
-- Which of these ids, or of these texts in their contexts, the vault has: the id that stands for each.
SELECT wanted.id AS wanted, m.id
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS wanted (id, content_hash, context)
JOIN LATERAL (
    SELECT k.id FROM memories AS k WHERE k.vault_id = $1 AND k.id = wanted.id
    UNION ALL
    SELECT k.id FROM memories AS k
    WHERE k.vault_id = $1 AND k.content_hash = wanted.content_hash AND k.context = wanted.context
    LIMIT 1
) AS m ON true

-- name: insert_memory
-- What others refer to may come later, so that is added in the end.
INSERT INTO memories (
    vault_id, id, content, compressed_content, compression_ratio, compressed_hash, further_words, context, importance, created_at,
    accessed_at, modified_at, expires_at, access_count, last_recall_score, tier, tier_migrated_at, metadata, tags, consolidated_from,
    is_pinned, forgotten_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)

-- name: refer
-- Parent and successor; with modified_at, or the change would count as one of today.
UPDATE memories SET parent_memory_id = $3, superseded_by = $4, modified_at = $5 WHERE vault_id = $1 AND id = $2

-- name: insert_history
INSERT INTO memory_history (vault_id, memory_id, version, operation, before, changed_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: insert_anchor
INSERT INTO memory_anchors (
    vault_id, id, memory_id, path, qualified_name, kind, start_line, end_line, text_hash, text, confirmed_path, confirmed_name,
    seen_hash, seen_text, symbol_id, state, created_at, checked_at, confirmed_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT DO NOTHING

-- name: insert_state
INSERT INTO state_captures (
    vault_id, id, name, description, working_context, memory_state, compressed_data, compression_type, uncompressed_size, compressed_size,
    tags, auto_captured, importance, expires_at, created_at, restore_count, last_restored
)
VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::bytea IS NOT NULL THEN 'gzip' END, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT DO NOTHING
RETURNING id
