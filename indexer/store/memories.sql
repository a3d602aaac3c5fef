-- name: lock_vault
-- The vault's row, held against other writers of the vault until the commit, so that loops of parents or successors cannot
-- come about between two writers.
SELECT is_archived FROM vaults WHERE id = $1 FOR NO KEY UPDATE

-- name: vault_of_write
SELECT is_archived FROM vaults WHERE id = $1

-- name: insert
-- Nothing is inserted where the vault has the text in that context already.
INSERT INTO memories (
    vault_id, id, content, compressed_content, compression_ratio, compressed_hash, further_words, context, importance, tier, created_at,
    expires_at, metadata, tags, parent_memory_id, is_pinned, sketch
)
VALUES (
    $1, coalesce($2, gen_random_uuid()), $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, now()), $12, $13, $14, $15, $16, $17
)
ON CONFLICT (vault_id, content_hash, context) DO NOTHING
RETURNING id

-- name: by_hash
-- The memory that holds a text in a context.
SELECT id, forgotten_at IS NOT NULL AS is_forgotten, coalesce(expires_at <= now(), false) AS is_expired
FROM memories
WHERE vault_id = $1 AND content_hash = $2 AND context = $3

-- name: ids_by_hash
-- The memories that hold a text, in any context.
SELECT id FROM memories WHERE vault_id = $1 AND content_hash = $2 ORDER BY created_at, id

-- name: existing
-- Which of these ids the vault has.
SELECT id FROM memories WHERE vault_id = $1 AND id = ANY ($2::uuid[])

-- name: revive
-- A forgotten or expired memory that is stated again.
UPDATE memories
SET forgotten_at = NULL, expires_at = $3, modified_at = now()
WHERE vault_id = $1 AND id = $2

-- name: get
-- Whole rows by id, compressed content included, in the order asked for.
SELECT m.id, m.vault_id, m.content, m.compressed_content, m.content_hash, m.context, m.importance, m.created_at, m.accessed_at,
       m.modified_at, m.expires_at, m.access_count, m.last_recall_score, m.tier, m.tier_migrated_at, m.metadata, m.tags,
       m.parent_memory_id, m.consolidated_from, m.is_pinned, m.superseded_by, m.forgotten_at, m.compression_ratio,
       m.embedding IS NOT NULL AS is_embedded
FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, place)
JOIN memories AS m ON m.vault_id = $1 AND m.id = asked.id
ORDER BY asked.place

-- name: lock
-- Before a change, so that its history is of the row that it changes.
SELECT 1 FROM memories WHERE vault_id = $1 AND id = $2 FOR NO KEY UPDATE

-- name: custom_plan
-- Filters that are NULL must vanish from the plan; one plan for all of them would serve none.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true)

-- name: list
-- A page of a vault, newest first. Filters that are NULL let all pass; what is hidden shows only when asked for.
SELECT m.id, m.vault_id, m.content, NULL::bytea AS compressed_content, m.content_hash, m.context, m.importance, m.created_at,
       m.accessed_at, m.modified_at, m.expires_at, m.access_count, m.last_recall_score, m.tier, m.tier_migrated_at, m.metadata, m.tags,
       m.parent_memory_id, m.consolidated_from, m.is_pinned, m.superseded_by, m.forgotten_at, m.compression_ratio,
       m.embedding IS NOT NULL AS is_embedded
FROM memories AS m
WHERE m.vault_id = $1
  AND ($2::text[] IS NULL OR m.context = ANY ($2))
  AND ($3::text[] IS NULL OR m.tier = ANY ($3))
  AND ($4::text[] IS NULL OR m.tags @> $4)
  AND ($5::jsonb IS NULL OR m.metadata @> $5)
  AND ($6::float IS NULL OR m.importance >= $6)
  AND ($7::timestamptz IS NULL OR m.created_at >= $7)
  AND ($8::timestamptz IS NULL OR m.created_at < $8)
  AND ($9::uuid IS NULL OR m.parent_memory_id = $9)
  AND ($10::boolean IS NULL OR m.is_pinned = $10)
  AND (CASE WHEN $11 THEN m.forgotten_at IS NOT NULL ELSE m.forgotten_at IS NULL END)
  AND ($12 OR m.superseded_by IS NULL)
  AND ($13 OR m.expires_at IS NULL OR m.expires_at > now())
  AND ($14::text[] IS NULL OR m.id IN (
      SELECT a.memory_id FROM memory_anchors AS a WHERE a.vault_id = $1 AND a.state = ANY ($14)))
  AND ($15::uuid[] IS NULL OR m.id = ANY ($15))
ORDER BY m.created_at DESC, m.id
LIMIT $16 OFFSET $17

-- name: count
-- How many memories `list` has in all its pages, counted up to a limit so that a large vault costs no more than a middling one.
SELECT count(*)
FROM (
    SELECT 1
    FROM memories AS m
    WHERE m.vault_id = $1
      AND ($2::text[] IS NULL OR m.context = ANY ($2))
      AND ($3::text[] IS NULL OR m.tier = ANY ($3))
      AND ($4::text[] IS NULL OR m.tags @> $4)
      AND ($5::jsonb IS NULL OR m.metadata @> $5)
      AND ($6::float IS NULL OR m.importance >= $6)
      AND ($7::timestamptz IS NULL OR m.created_at >= $7)
      AND ($8::timestamptz IS NULL OR m.created_at < $8)
      AND ($9::uuid IS NULL OR m.parent_memory_id = $9)
      AND ($10::boolean IS NULL OR m.is_pinned = $10)
      AND (CASE WHEN $11 THEN m.forgotten_at IS NOT NULL ELSE m.forgotten_at IS NULL END)
      AND ($12 OR m.superseded_by IS NULL)
      AND ($13 OR m.expires_at IS NULL OR m.expires_at > now())
      AND ($14::text[] IS NULL OR m.id IN (
          SELECT a.memory_id FROM memory_anchors AS a WHERE a.vault_id = $1 AND a.state = ANY ($14)))
      AND ($15::uuid[] IS NULL OR m.id = ANY ($15))
    LIMIT $16
) AS counted

-- name: find_text
-- Live memories that contain a text as it stands, in any letter case, most important first. $2 is a pattern for ILIKE, of a long text
-- that of its beginning, and $5 then the whole, which no index is asked for: that takes minutes. Of a compressed memory the words $3
-- suffice here: the caller looks into the whole.
SELECT m.id, m.vault_id, m.content, m.compressed_content, m.content_hash, m.context, m.importance, m.created_at, m.accessed_at,
       m.modified_at, m.expires_at, m.access_count, m.last_recall_score, m.tier, m.tier_migrated_at, m.metadata, m.tags,
       m.parent_memory_id, m.consolidated_from, m.is_pinned, m.superseded_by, m.forgotten_at, m.compression_ratio,
       m.embedding IS NOT NULL AS is_embedded
FROM memories AS m
WHERE m.vault_id = $1
  AND (m.content ILIKE $2 AND ($5::text IS NULL OR strpos(lower(m.content), lower($5)) > 0)
       OR m.search_vector @@ plainto_tsquery('pg_catalog.english', $3) AND m.compressed_content IS NOT NULL)
  AND m.forgotten_at IS NULL
  AND m.superseded_by IS NULL
  AND (m.expires_at IS NULL OR m.expires_at > now())
ORDER BY m.importance DESC, m.created_at DESC, m.id
LIMIT $4

-- name: update
-- A new text takes its vector away, which was that of the old.
UPDATE memories
SET content = $3, compressed_content = $4, compression_ratio = $5, compressed_hash = $6, further_words = $7, context = $8,
    importance = $9, expires_at = $10, metadata = $11, tags = $12, parent_memory_id = $13, sketch = $15,
    embedding = CASE WHEN $14 THEN NULL ELSE embedding END,
    embedding_model = CASE WHEN $14 THEN NULL ELSE embedding_model END
WHERE vault_id = $1 AND id = $2

-- name: record_history
-- What an operation changes, before it does; versions count from 1.
INSERT INTO memory_history (vault_id, memory_id, version, operation, before)
SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4
FROM memory_history
WHERE vault_id = $1 AND memory_id = $2

-- name: history
-- Newest first.
SELECT version, operation, before, changed_at
FROM memory_history
WHERE vault_id = $1 AND memory_id = $2
ORDER BY version DESC
LIMIT $3

-- name: has_ancestor
-- Whether $3 is $2 or one of its parents.
WITH RECURSIVE ancestors AS (
    SELECT id, parent_memory_id FROM memories WHERE vault_id = $1 AND id = $2
    UNION
    SELECT m.id, m.parent_memory_id
    FROM memories AS m
    JOIN ancestors AS a ON m.id = a.parent_memory_id
    WHERE m.vault_id = $1
)
SELECT EXISTS (SELECT 1 FROM ancestors WHERE id = $3)

-- name: has_successor
-- Whether $3 is $2 or one of its successors.
WITH RECURSIVE successors AS (
    SELECT id, superseded_by FROM memories WHERE vault_id = $1 AND id = $2
    UNION
    SELECT m.id, m.superseded_by
    FROM memories AS m
    JOIN successors AS s ON m.id = s.superseded_by
    WHERE m.vault_id = $1
)
SELECT EXISTS (SELECT 1 FROM successors WHERE id = $3)

-- name: pin
UPDATE memories SET is_pinned = $3 WHERE vault_id = $1 AND id = $2

-- name: supersede
UPDATE memories SET superseded_by = $3 WHERE vault_id = $1 AND id = $2

-- name: forget
UPDATE memories SET forgotten_at = now() WHERE vault_id = $1 AND id = $2

-- name: unforget
-- An expiry that has passed goes as well, or the memory would stay hidden.
UPDATE memories
SET forgotten_at = NULL, expires_at = CASE WHEN expires_at > now() THEN expires_at END
WHERE vault_id = $1 AND id = $2

-- name: undo_window
SELECT memory_undo_window()

-- name: is_undoable
SELECT forgotten_at >= now() - memory_undo_window() FROM memories WHERE vault_id = $1 AND id = $2

-- name: superseded_by
-- What a memory stands in for.
SELECT id FROM memories WHERE vault_id = $1 AND superseded_by = $2 ORDER BY id FOR NO KEY UPDATE

-- name: last_superseded_by
-- What a memory stood in for until it was forgotten, unless something else has taken its place since.
SELECT m.id
FROM memories AS m
JOIN LATERAL (
    SELECT h.operation, h.before
    FROM memory_history AS h
    WHERE h.vault_id = m.vault_id AND h.memory_id = m.id AND h.operation IN ('supersede', 'revive')
    ORDER BY h.version DESC
    LIMIT 1
) AS last ON last.operation = 'revive' AND last.before ->> 'superseded_by' = $2::uuid::text
WHERE m.vault_id = $1 AND m.superseded_by IS NULL
ORDER BY m.id
FOR NO KEY UPDATE OF m

-- name: set_sources
UPDATE memories SET consolidated_from = $3 WHERE vault_id = $1 AND id = $2

-- name: copy_anchors
-- A merged memory is about all that its sources are about.
INSERT INTO memory_anchors (
    vault_id, memory_id, path, qualified_name, kind, start_line, end_line, text_hash, text, confirmed_path,
    confirmed_name, seen_hash, seen_text, symbol_id, state, checked_at, confirmed_at
)
SELECT DISTINCT ON (a.path, a.qualified_name, a.kind, a.start_line, a.end_line)
       a.vault_id, $2, a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.text_hash, a.text,
       a.confirmed_path, a.confirmed_name, a.seen_hash, a.seen_text, a.symbol_id, a.state, a.checked_at, a.confirmed_at
FROM memory_anchors AS a
WHERE a.vault_id = $1 AND a.memory_id = ANY ($3::uuid[]) AND a.memory_id <> $2
  AND NOT EXISTS (
      SELECT 1 FROM memory_anchors AS o
      WHERE o.vault_id = $1 AND o.memory_id = $2
        AND (o.path, o.qualified_name, o.kind, o.start_line, o.end_line)
            IS NOT DISTINCT FROM (a.path, a.qualified_name, a.kind, a.start_line, a.end_line)
  )
ORDER BY a.path, a.qualified_name, a.kind, a.start_line, a.end_line, a.confirmed_at DESC

-- name: similar
-- Live memories of a vault that have something of a sketch, most of it first: candidates for near-duplicates.
SELECT m.id, m.content
FROM memories AS m
WHERE m.vault_id = $1
  AND m.sketch && $2::integer[]
  AND ($3::uuid IS NULL OR m.id <> $3)
  AND m.forgotten_at IS NULL
  AND m.superseded_by IS NULL
  AND (m.expires_at IS NULL OR m.expires_at > now())
ORDER BY (SELECT count(*) FROM unnest(m.sketch) AS s (hash) WHERE s.hash = ANY ($2::integer[])) DESC, m.created_at, m.id
LIMIT $4

-- name: unsketched
-- What came in bulk or over SQL.
SELECT vault_id, id, content, content_hash FROM memories WHERE sketch IS NULL ORDER BY vault_id, id LIMIT $1

-- name: set_sketch
-- Unless the text has changed meanwhile.
UPDATE memories SET sketch = $4 WHERE vault_id = $1 AND id = $2 AND content_hash = $3
