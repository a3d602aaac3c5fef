-- name: begin
-- An import begins, or goes on where an earlier attempt ended.
INSERT INTO migration_status (migration_name, phase, total_records, checksum)
VALUES ($1, $2, $3, $4)
ON CONFLICT (migration_name) DO UPDATE
SET phase = excluded.phase, status = 'running', total_records = excluded.total_records, processed_records = 0, failed_records = 0,
    errors = '[]', started_at = now(), completed_at = NULL, checksum = excluded.checksum

-- name: advance
UPDATE migration_status
SET phase = $2, processed_records = $3, failed_records = $4, errors = $5
WHERE migration_name = $1

-- name: end
UPDATE migration_status
SET phase = 'done', status = $2, completed_at = now(), errors = errors || coalesce($3, '[]'::jsonb)
WHERE migration_name = $1

-- name: get
SELECT phase, status, total_records, processed_records, failed_records, errors, checksum, started_at, completed_at
FROM migration_status
WHERE migration_name = $1

-- name: sources
-- Those of these ids that the vault has, and what they were imported from.
SELECT id, metadata #>> '{chroma,source}' AS source FROM memories WHERE vault_id = $1 AND id = ANY ($2::uuid[])

-- name: hashes
-- The texts that some memories hold, by their hashes.
SELECT id, content_hash FROM memories WHERE vault_id = $1 AND id = ANY ($2::uuid[])

-- name: remove
-- The memories of an import that nobody has changed since. $2 is part of their metadata.
DELETE FROM memories AS m
WHERE m.vault_id = $1 AND m.metadata @> $2
  AND NOT EXISTS (SELECT 1 FROM memory_history AS h WHERE h.vault_id = m.vault_id AND h.memory_id = m.id)

-- name: count
SELECT count(*) FROM memories AS m WHERE m.vault_id = $1 AND m.metadata @> $2
