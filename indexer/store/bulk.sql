-- name: is_archived
SELECT is_archived FROM vaults WHERE id = $1

-- name: existing
-- Which of these texts the vault has, by context.
SELECT content_hash, context FROM memories WHERE vault_id = $1 AND content_hash = ANY ($2::text[])

-- name: count_in
-- Until maintenance counts the vault again: near_memories need not count a vault that is known to be large.
UPDATE vaults SET memory_count = memory_count + $2 WHERE id = $1

-- name: widen_pending_lists
-- 128 MB, for this transaction.
SELECT set_config('gin_pending_list_limit', '131072', true)

-- name: widen_memory
-- 128 MB, for this session: what cleans a list in one go writes each page of the index once.
SELECT set_config('maintenance_work_mem', '128MB', false)

-- name: clean_pending_lists
-- Searches read the pending lists from end to end, so a load does not leave them full.
SELECT gin_clean_pending_list(i.indexrelid::regclass)
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_am AS a ON a.oid = c.relam
WHERE i.indrelid = 'memories'::regclass AND a.amname = 'gin'
