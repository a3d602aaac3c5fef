-- name: is_archived
SELECT is_archived FROM vaults WHERE id = $1

-- name: insert
INSERT INTO state_captures (
    vault_id, id, name, description, working_context, memory_state, compressed_data, compression_type, uncompressed_size, compressed_size,
    tags, auto_captured, importance, expires_at, created_at
)
VALUES (
    $1, coalesce($2, gen_random_uuid()), $3, $4, $5, $6, $7, CASE WHEN $7::bytea IS NOT NULL THEN 'gzip' END, $8, $9,
    $10, $11, $12, $13, coalesce($14, now())
)
RETURNING id, vault_id, name, description, working_context, memory_state, compressed_data, tags, auto_captured, importance, created_at,
          expires_at, restore_count, last_restored, uncompressed_size, compressed_size

-- name: list
-- Newest first; of compressed states only what is listed.
SELECT id, vault_id, name, description, working_context, memory_state, NULL::bytea AS compressed_data, tags, auto_captured, importance, created_at,
       expires_at, restore_count, last_restored, uncompressed_size, compressed_size
FROM state_captures
WHERE vault_id = $1
  AND tags @> $2::text[]
  AND ($3::text IS NULL OR name = $3)
  AND (expires_at IS NULL OR expires_at > now())
ORDER BY created_at DESC, id
LIMIT $4 OFFSET $5

-- name: count
SELECT count(*)
FROM state_captures
WHERE vault_id = $1
  AND tags @> $2::text[]
  AND ($3::text IS NULL OR name = $3)
  AND (expires_at IS NULL OR expires_at > now())

-- name: get
-- By id, or the latest by name.
SELECT id, vault_id, name, description, working_context, memory_state, compressed_data, tags, auto_captured, importance, created_at,
       expires_at, restore_count, last_restored, uncompressed_size, compressed_size
FROM state_captures
WHERE vault_id = $1
  AND (id = $2 OR $2 IS NULL AND name = $3)
  AND (expires_at IS NULL OR expires_at > now())
ORDER BY created_at DESC, id
LIMIT 1

-- name: restore
-- The same, counted.
UPDATE state_captures
SET restore_count = restore_count + 1, last_restored = now()
WHERE vault_id = $1 AND id = (
    SELECT s.id
    FROM state_captures AS s
    WHERE s.vault_id = $1
      AND (s.id = $2 OR $2 IS NULL AND s.name = $3)
      AND (s.expires_at IS NULL OR s.expires_at > now())
    ORDER BY s.created_at DESC, s.id
    LIMIT 1
)
RETURNING id, vault_id, name, description, working_context, memory_state, compressed_data, tags, auto_captured, importance, created_at,
          expires_at, restore_count, last_restored, uncompressed_size, compressed_size

-- name: remove
DELETE FROM state_captures WHERE vault_id = $1 AND id = $2 RETURNING id
