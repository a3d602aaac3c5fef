-- Memories for people and programs that speak SQL: names of columns stay as they are from release to release. What is hidden
-- (forgotten, superseded, expired) is left out.
CREATE VIEW v_memories AS
SELECT v.name AS vault, m.context, m.content, m.importance, m.tier, m.tags, m.is_pinned AS pinned, m.created_at, m.accessed_at,
       m.access_count, m.metadata, ARRAY(
           SELECT DISTINCT coalesce(a.qualified_name, a.path)
           FROM memory_anchors AS a
           WHERE a.vault_id = m.vault_id AND a.memory_id = m.id
           ORDER BY 1
       ) AS about, m.vault_id, m.id
FROM memories AS m
JOIN vaults AS v ON v.id = m.vault_id
WHERE m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now());

-- What code they are about, and whether that is as it was: fresh, drifted, moved or orphaned.
CREATE VIEW v_memory_code AS
SELECT m.vault, m.context, m.content, a.path, a.qualified_name AS symbol, a.start_line AS line, a.end_line, a.state, a.checked_at,
       m.vault_id, m.id
FROM v_memories AS m
JOIN memory_anchors AS a ON a.vault_id = m.vault_id AND a.memory_id = m.id;
