-- name: record
-- Only accesses of memories that are still there: one that was removed meanwhile must not cost the others.
INSERT INTO access_patterns (
    vault_id, memory_id, operation, accessed_at, query_text, query_embedding, similarity_score, result_rank, duration_ms, session_id,
    user_context
)
SELECT a.vault_id, a.memory_id, a.operation, a.accessed_at, a.query_text, a.query_embedding::halfvec, a.score, a.rank, a.duration_ms,
       a.session_id, a.user_context
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::float[], $8::integer[], $9::integer[],
    $10::uuid[], $11::jsonb[]
) AS a (
    vault_id, memory_id, operation, accessed_at, query_text, query_embedding, score, rank, duration_ms, session_id, user_context
)
JOIN memories AS m ON m.vault_id = a.vault_id AND m.id = a.memory_id

-- name: count
-- The counters of recalled memories. Rows are locked in the order of their ids, so that two daemons cannot wait for each other.
WITH used AS (
    SELECT vault_id, memory_id, sum(n) AS n, max(accessed_at) AS accessed_at,
           (array_agg(score ORDER BY accessed_at DESC))[1] AS score
    FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::timestamptz[], $5::float[]) AS a (vault_id, memory_id, n, accessed_at, score)
    GROUP BY vault_id, memory_id
), locked AS (
    SELECT m.vault_id, m.id, used.n, used.accessed_at, used.score
    FROM memories AS m
    JOIN used ON used.vault_id = m.vault_id AND used.memory_id = m.id
    ORDER BY m.vault_id, m.id
    FOR NO KEY UPDATE OF m
)
UPDATE memories AS m
SET access_count = m.access_count + locked.n,
    accessed_at = greatest(m.accessed_at, locked.accessed_at),
    last_recall_score = coalesce(locked.score, m.last_recall_score)
FROM locked
WHERE m.vault_id = locked.vault_id AND m.id = locked.id

-- name: of_memory
-- Newest first.
SELECT operation, accessed_at, query_text, similarity_score AS score, result_rank AS rank, duration_ms, session_id, user_context
FROM access_patterns
WHERE vault_id = $1 AND memory_id = $2
ORDER BY accessed_at DESC, id DESC
LIMIT $3

-- name: recalled_since
-- What was recalled lately, latest first.
SELECT memory_id
FROM access_patterns
WHERE vault_id = $1 AND operation = 'recall' AND accessed_at >= $2 AND ($3::uuid IS NULL OR session_id = $3)
GROUP BY memory_id
ORDER BY max(accessed_at) DESC
LIMIT $4

-- name: migrate
-- One batch of moves with their log. The row that moves is the one that was locked, so a change meanwhile is not overwritten.
WITH candidates AS (
    SELECT m.vault_id, m.id, m.tier, c.target_tier
    FROM migration_candidates AS c
    JOIN memories AS m ON m.vault_id = c.vault_id AND m.id = c.id
    JOIN vaults AS v ON v.id = m.vault_id AND NOT v.is_archived
    ORDER BY m.vault_id, m.id
    LIMIT $1
    FOR NO KEY UPDATE OF m
), moved AS (
    UPDATE memories AS m
    SET tier = candidates.target_tier
    FROM candidates
    WHERE m.vault_id = candidates.vault_id AND m.id = candidates.id
    RETURNING m.vault_id, m.id AS memory_id, candidates.tier AS from_tier, candidates.target_tier AS to_tier
), logged AS (
    INSERT INTO access_patterns (vault_id, memory_id, operation, user_context)
    SELECT vault_id, memory_id, 'migrate', jsonb_build_object('from', from_tier, 'to', to_tier)
    FROM moved
)
SELECT vault_id, memory_id, from_tier, to_tier FROM moved

-- name: compressible
-- Texts of the last tier that are not compressed, largest first.
SELECT vault_id, id, content
FROM memories
WHERE tier = 'longterm' AND compressed_content IS NULL AND octet_length(content) >= $1
ORDER BY octet_length(content) DESC, vault_id, id
LIMIT $2

-- name: compress
-- Unless the text has changed meanwhile.
WITH compressed AS (
    UPDATE memories
    SET content = $4, compressed_content = $5, compression_ratio = $6, compressed_hash = $3, further_words = $7
    WHERE vault_id = $1 AND id = $2 AND content_hash = $3 AND compressed_content IS NULL
    RETURNING vault_id, id
)
INSERT INTO access_patterns (vault_id, memory_id, operation)
SELECT vault_id, id, 'compress' FROM compressed
