-- name: read_only
-- Nothing that follows in this session can write.
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY

-- name: as_reader
-- Until the transaction ends its rights are those of reading tables, where this user may give up more: a superuser in a
-- transaction that only reads can still run programs and read files.
SELECT set_config('role', 'pg_read_all_data', true)
WHERE pg_has_role(current_user, 'pg_read_all_data', 'SET')
