-- Tiers: working for two days, session for two weeks, then longterm.

-- The tier that a memory should be in, or its own. An important one (0.8 and above) stays twice as long. One that was used three times
-- or more ages from its last use. A pinned one stays. Who is older than two weeks goes from working straight to longterm; nobody goes
-- back. The program has the same rule; a test compares them.
CREATE FUNCTION target_tier(
    tier TEXT, importance FLOAT, created_at TIMESTAMP WITH TIME ZONE, accessed_at TIMESTAMP WITH TIME ZONE, access_count INTEGER,
    is_pinned BOOLEAN, at_time TIMESTAMP WITH TIME ZONE
)
RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN is_pinned THEN tier
    WHEN tier IN ('working', 'session')
        AND extract(epoch FROM at_time - CASE WHEN access_count >= 3 THEN greatest(created_at, accessed_at) ELSE created_at END)
            > CASE WHEN importance >= 0.8 THEN 2 ELSE 1 END * 14 * 86400 THEN 'longterm'
    WHEN tier = 'working'
        AND extract(epoch FROM at_time - CASE WHEN access_count >= 3 THEN greatest(created_at, accessed_at) ELSE created_at END)
            > CASE WHEN importance >= 0.8 THEN 2 ELSE 1 END * 48 * 3600 THEN 'session'
    ELSE tier
END;

-- The memories that should move, with where to. Columns are named, so that a column of the table can change its type.
CREATE VIEW migration_candidates AS
SELECT m.id, m.content, m.content_hash, m.context, m.importance, m.created_at, m.accessed_at, m.modified_at, m.expires_at,
       m.access_count, m.last_recall_score, m.tier, m.tier_migrated_at, m.vault_id, m.metadata, m.tags, m.compressed_content,
       m.compression_ratio, m.parent_memory_id, m.consolidated_from, t.target_tier
FROM memories AS m
CROSS JOIN LATERAL (
    SELECT target_tier(m.tier, m.importance, m.created_at, m.accessed_at, m.access_count, m.is_pinned, now()) AS target_tier
) AS t
WHERE m.tier IN ('working', 'session')
  -- Nothing is due before the shortest limit of its tier; this is what the index on (vault_id, tier, created_at) can use.
  AND m.created_at < now() - CASE m.tier WHEN 'working' THEN INTERVAL '48 hours' ELSE INTERVAL '14 days' END
  AND t.target_tier <> m.tier
  AND m.forgotten_at IS NULL
  AND (m.expires_at IS NULL OR m.expires_at > now());
