-- name: try_lock
SELECT pg_try_advisory_lock($1)

-- name: unlock
SELECT pg_advisory_unlock($1)

-- name: is_due
-- Whether a task was never done, or longer ago than this.
SELECT NOT EXISTS (SELECT 1 FROM maintenance_runs WHERE task = $1 AND finished_at > now() - $2::interval)

-- name: note_run
INSERT INTO maintenance_runs (task, finished_at, report)
VALUES ($1, now(), $2)
ON CONFLICT (task) DO UPDATE SET finished_at = excluded.finished_at, report = excluded.report

-- name: last_run
SELECT finished_at, report FROM maintenance_runs WHERE task = 'daily'

-- name: make_partitions
SELECT make_access_partitions()

-- name: drop_partitions
-- Ninety days, as in perform_maintenance.
SELECT drop_access_partitions(now() - INTERVAL '90 days')

-- name: remove_expired
SELECT remove_expired()

-- name: update_statistics
SELECT update_vault_statistics()

-- name: tables
-- The tables that maintenance looks after, with the statements for each; derived ones are rebuilt when they are indexed again, so
-- they are only analyzed.
SELECT format('ANALYZE %s', c.oid::regclass) AS analyze,
       CASE WHEN t.is_ours THEN format('REINDEX TABLE CONCURRENTLY %s', c.oid::regclass) END AS reindex,
       (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) AS n_indexes
FROM (VALUES
    ('memories', true), ('memory_anchors', true), ('memory_history', true), ('state_captures', true), ('access_patterns', true),
    ('code_symbols', false), ('symbol_relationships', false)
) AS t (name, is_ours)
JOIN pg_class AS c ON c.oid = to_regclass(t.name)
ORDER BY t.name

-- name: left_behind
-- Invalid indexes of an interrupted REINDEX CONCURRENTLY.
SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %s', c.oid::regclass) AS statement
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)\d*$' AND c.relnamespace = to_regnamespace(current_schema())
