-- name: begin_load
-- One load of a project at a time; the lock goes with the transaction.
SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid::text, 1))

-- name: begin_copy
-- The tables that a load makes are skipped or flushed at once where the log is minimal; nothing waits for the log.
SELECT set_config('synchronous_commit', 'off', true)

-- name: drop_leftovers
SELECT drop_leftovers($1)

-- name: make_partition
SELECT make_partition($1, $2, $3)

-- name: index_partition
SELECT index_partition($1, $2)

-- name: begin_swap
-- Whoever asks for the tables waits behind a waiting swap, so a swap does not wait for long.
SELECT set_config('lock_timeout', '2s', true), set_config('synchronous_commit', 'off', true)

-- name: attach_partition
SELECT attach_partition($1, $2, $3)

-- name: next_generation
SELECT epoch, generation FROM next_generation($1)
