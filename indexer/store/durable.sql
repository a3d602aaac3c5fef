-- name: synchronous
-- A server may default to less; one that waits for replicas is left as it is.
SELECT set_config('synchronous_commit', 'on', true)
WHERE current_setting('synchronous_commit') IN ('off', 'local')
