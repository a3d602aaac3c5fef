-- name: insert
-- Nothing where the name, or the path of a project, is taken.
INSERT INTO vaults (id, name, path, type, settings, metadata)
VALUES (coalesce($1, gen_random_uuid()), $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
RETURNING id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
          memory_count, symbol_count, total_size_bytes, revision

-- name: by_id
SELECT id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
       memory_count, symbol_count, total_size_bytes, revision
FROM vaults
WHERE id = $1

-- name: by_name
SELECT id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
       memory_count, symbol_count, total_size_bytes, revision
FROM vaults
WHERE name = $1

-- name: by_path
-- The vault of a project.
SELECT id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
       memory_count, symbol_count, total_size_bytes, revision
FROM vaults
WHERE md5(path) = md5($1) AND path = $1 AND type = 'project'

-- name: active
SELECT id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
       memory_count, symbol_count, total_size_bytes, revision
FROM vaults
WHERE is_active

-- name: list
-- By name; archived ones when asked for.
SELECT id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
       memory_count, symbol_count, total_size_bytes, revision
FROM vaults
WHERE $1 OR NOT is_archived
ORDER BY name

-- name: lock
-- One switch of the active vault at a time; readers go on.
LOCK TABLE vaults IN SHARE ROW EXCLUSIVE MODE

-- name: deactivate
UPDATE vaults SET is_active = false WHERE is_active

-- name: activate
UPDATE vaults SET is_active = true, last_accessed = now() WHERE id = $1

-- name: archive
-- Keeps the time of the first archiving.
UPDATE vaults
SET is_active = false, is_archived = true, archived_at = coalesce(archived_at, now())
WHERE id = $1
RETURNING id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
          memory_count, symbol_count, total_size_bytes, revision

-- name: unarchive
UPDATE vaults
SET is_archived = false, archived_at = NULL
WHERE id = $1
RETURNING id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
          memory_count, symbol_count, total_size_bytes, revision

-- name: configure
-- Keys at the top level; null removes.
UPDATE vaults
SET settings = (SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE value <> 'null'), '{}') FROM jsonb_each(settings || $2)),
    metadata = (SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE value <> 'null'), '{}') FROM jsonb_each(metadata || $3)),
    last_modified = now()
WHERE id = $1
RETURNING id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
          memory_count, symbol_count, total_size_bytes, revision

-- name: rivals
-- Other vaults that have the name, or the path of a project.
SELECT id
FROM vaults
WHERE id <> $1
  AND (name = $2 OR md5(path) = md5($3) AND type = 'project'
       AND (SELECT type FROM vaults WHERE id = $1) = 'project')

-- name: relocate
UPDATE vaults
SET name = $2, path = $3, last_modified = now()
WHERE id = $1
RETURNING id, name, path, type, is_active, is_archived, created_at, last_accessed, last_modified, archived_at, settings, metadata,
          memory_count, symbol_count, total_size_bytes, revision

-- name: touch
UPDATE vaults SET last_accessed = now() WHERE id = $1

-- name: statistics
-- Everything about one vault in one pass over its memories; nothing for a vault that does not exist.
WITH rated AS (
    SELECT m.context, m.tier, m.is_pinned, m.embedding IS NOT NULL AS is_embedded, m.forgotten_at, m.superseded_by,
           coalesce(m.expires_at <= now(), false) AS is_expired,
           octet_length(m.content) + coalesce(octet_length(m.compressed_content), 0) AS n_bytes
    FROM memories AS m
    WHERE m.vault_id = $1
), live AS (
    SELECT context, tier, is_pinned, is_embedded, n_bytes
    FROM rated
    WHERE forgotten_at IS NULL AND superseded_by IS NULL AND NOT is_expired
)
SELECT (SELECT count(*) FROM live) AS n_memories,
       (SELECT count(*) FROM rated WHERE forgotten_at IS NULL AND superseded_by IS NOT NULL) AS n_superseded,
       (SELECT count(*) FROM rated WHERE forgotten_at IS NOT NULL) AS n_forgotten,
       (SELECT count(*) FROM rated WHERE forgotten_at IS NULL AND superseded_by IS NULL AND is_expired) AS n_expired,
       (SELECT count(*) FROM live WHERE is_pinned) AS n_pinned,
       (SELECT count(*) FROM live WHERE is_embedded) AS n_embedded,
       (SELECT count(*) FROM memory_anchors WHERE vault_id = $1) AS n_anchors,
       (SELECT count(*) FROM state_captures WHERE vault_id = $1) AS n_states,
       (SELECT coalesce(sum(n_bytes), 0)::bigint FROM live) AS n_bytes,
       (SELECT coalesce(jsonb_object_agg(c.context, c.n), '{}')
        FROM (SELECT context, count(*) AS n FROM live GROUP BY context) AS c) AS by_context,
       (SELECT coalesce(jsonb_object_agg(t.tier, t.n), '{}')
        FROM (SELECT tier, count(*) AS n FROM live GROUP BY tier) AS t) AS by_tier,
       (SELECT coalesce(jsonb_object_agg(a.state, a.n), '{}')
        FROM (SELECT state, count(*) AS n FROM memory_anchors WHERE vault_id = $1 GROUP BY state) AS a) AS by_anchor_state
FROM vaults
WHERE id = $1
