-- name: lock_memory
-- The memory of an anchor, held against other changes of its history.
SELECT id FROM memories WHERE vault_id = $1 AND id = $2 FOR NO KEY UPDATE

-- name: insert
-- Nothing where the memory is tied to that place already.
INSERT INTO memory_anchors (
    vault_id, memory_id, path, qualified_name, kind, start_line, end_line, text_hash, text, symbol_id
)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
WHERE NOT EXISTS (
    SELECT 1
    FROM memory_anchors AS o
    WHERE o.vault_id = $1 AND o.memory_id = $2
      AND (o.path, o.qualified_name, o.kind, o.start_line, o.end_line)
          IS NOT DISTINCT FROM ($3::text, $4::text, $5::text, $6::integer, $7::integer)
)

-- name: get
SELECT a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
WHERE a.vault_id = $1 AND a.id = $2

-- name: of_memories
-- In the order in which they were made.
SELECT a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
WHERE a.vault_id = $1 AND a.memory_id = ANY ($2::uuid[])
ORDER BY a.memory_id, a.created_at, a.path, a.start_line, a.qualified_name, a.id

-- name: at_paths
-- Anchors of memories that are not hidden. Paths are found by their hashes, which the index holds.
SELECT a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
JOIN memories AS m ON m.vault_id = a.vault_id AND m.id = a.memory_id
    AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
WHERE a.vault_id = $1
  AND md5(a.path) = ANY (ARRAY(SELECT md5(p) FROM unnest($2::text[]) AS p))
  AND a.path = ANY ($2::text[])
ORDER BY a.path, a.start_line, a.qualified_name, a.id

-- name: by_names
-- Anchors of memories that are not hidden.
SELECT a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
JOIN memories AS m ON m.vault_id = a.vault_id AND m.id = a.memory_id
    AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
WHERE a.vault_id = $1
  AND md5(a.qualified_name) = ANY (ARRAY(SELECT md5(n) FROM unnest($2::text[]) AS n))
  AND a.qualified_name = ANY ($2::text[])
ORDER BY a.qualified_name, a.path, a.id

-- name: in_states
-- What wants a second look, latest first.
SELECT a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
JOIN memories AS m ON m.vault_id = a.vault_id AND m.id = a.memory_id
    AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
WHERE a.vault_id = $1 AND a.state = ANY ($2::text[])
ORDER BY a.checked_at DESC, a.path, a.id
LIMIT $3 OFFSET $4

-- name: count_in_states
SELECT count(*)
FROM memory_anchors AS a
JOIN memories AS m ON m.vault_id = a.vault_id AND m.id = a.memory_id
    AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
WHERE a.vault_id = $1 AND a.state = ANY ($2::text[])

-- name: every
-- All of a vault in batches.
SELECT a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
WHERE a.vault_id = $1 AND ($2::uuid IS NULL OR a.id > $2)
ORDER BY a.id
LIMIT $3

-- name: paths
-- The files that a vault's anchors, or those of some of its memories, are in.
SELECT DISTINCT path FROM memory_anchors WHERE vault_id = $1 AND ($2::uuid[] IS NULL OR memory_id = ANY ($2))

-- name: mentions
-- Anchors in these files, to symbols of these names or to no symbol, with the beginning of their memories, unless those are hidden; the
-- most important first.
SELECT a.memory_id, left(m.content, $4) AS content, m.context, m.importance, a.path, a.qualified_name, a.start_line, a.end_line, a.state
FROM memory_anchors AS a
JOIN memories AS m ON m.vault_id = a.vault_id AND m.id = a.memory_id
    AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
WHERE a.vault_id = $1
  AND md5(a.path) = ANY (ARRAY(SELECT md5(p) FROM unnest($2::text[]) AS p))
  AND a.path = ANY ($2::text[])
  AND (a.qualified_name IS NULL OR a.qualified_name = ANY ($3::text[]))
ORDER BY m.importance DESC, m.created_at DESC, a.id

-- name: lock
-- An anchor, held against other changes.
SELECT id FROM memory_anchors WHERE vault_id = $1 AND id = $2 FOR NO KEY UPDATE

-- name: record_move
-- Where an anchor was, if it is about to follow its code elsewhere.
INSERT INTO memory_history (vault_id, memory_id, version, operation, before)
SELECT a.vault_id, a.memory_id,
       (SELECT coalesce(max(h.version), 0) + 1 FROM memory_history AS h WHERE h.vault_id = a.vault_id AND h.memory_id = a.memory_id),
       'anchor',
       jsonb_build_object('anchor', a.id, 'path', a.path, 'qualified_name', a.qualified_name, 'kind', a.kind)
FROM memory_anchors AS a
WHERE a.vault_id = $1 AND a.id = $2 AND a.confirmed_at = $3
  AND (a.path, a.qualified_name) IS DISTINCT FROM ($4::text, $5::text)
FOR NO KEY UPDATE OF a

-- name: note
-- What was found; nothing for an anchor that was confirmed since.
UPDATE memory_anchors
SET state = $4, path = $5, qualified_name = $6, kind = $7, start_line = $8, end_line = $9, confirmed_path = $10, confirmed_name = $11,
    seen_hash = $12, seen_text = $13, symbol_id = coalesce($14, symbol_id), checked_at = now()
WHERE vault_id = $1 AND id = $2 AND confirmed_at = $3

-- name: record
-- What an anchor was tied to, before it is tied to something else or confirmed.
INSERT INTO memory_history (vault_id, memory_id, version, operation, before)
SELECT a.vault_id, a.memory_id,
       (SELECT coalesce(max(h.version), 0) + 1 FROM memory_history AS h WHERE h.vault_id = a.vault_id AND h.memory_id = a.memory_id),
       'anchor',
       jsonb_build_object(
           'anchor', a.id, 'path', a.path, 'qualified_name', a.qualified_name, 'kind', a.kind, 'start_line', a.start_line,
           'end_line', a.end_line, 'state', a.state, 'text_hash', encode(a.text_hash, 'hex'), 'text', a.text)
FROM memory_anchors AS a
WHERE a.vault_id = $1 AND a.id = $2

-- name: confirm
UPDATE memory_anchors AS a
SET path = $3, qualified_name = $4, kind = $5, start_line = $6, end_line = $7, text_hash = $8, text = $9, symbol_id = $10,
    confirmed_path = NULL, confirmed_name = NULL, seen_hash = NULL, seen_text = NULL, state = 'fresh', checked_at = now(),
    confirmed_at = now()
WHERE a.vault_id = $1 AND a.id = $2
RETURNING a.id, a.vault_id, a.memory_id, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
          a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.created_at, a.checked_at, a.confirmed_at

-- name: remove
DELETE FROM memory_anchors WHERE vault_id = $1 AND id = $2 RETURNING id
