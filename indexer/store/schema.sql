-- name: lock_shared
-- Held by everybody who uses the schema.
SELECT pg_advisory_lock_shared($1)

-- name: unlock_shared
SELECT pg_advisory_unlock_shared($1)

-- name: try_lock
-- Held by the one who changes the schema.
SELECT pg_try_advisory_lock($1)

-- name: unlock
SELECT pg_advisory_unlock($1)

-- name: lock_holders
-- Who else holds the schema's lock in this database, oldest first.
SELECT coalesce(nullif(a.application_name, ''), 'a program') AS program,
       l.pid,
       to_char(a.backend_start, 'YYYY-MM-DD HH24:MI') AS since
FROM pg_locks AS l
JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'advisory'
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = ($1::bigint >> 32)::int::oid
  AND l.objid = ($1::bigint & 4294967295)::oid
  AND l.granted
  AND l.pid <> pg_backend_pid()
ORDER BY a.backend_start, l.pid

-- name: has_records
-- Whether the two tables that record the schema's state exist.
SELECT to_regclass('migration_status') IS NOT NULL AND to_regclass('code_schema') IS NOT NULL

-- name: create_migration_status
-- The source schema's record of migrations, with the checksum of the script; imports are recorded here as well.
DO $$
BEGIN
    CREATE TABLE IF NOT EXISTS migration_status (
        id SERIAL PRIMARY KEY,
        migration_name VARCHAR(255) NOT NULL,
        phase VARCHAR(50) NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
        completed_at TIMESTAMP WITH TIME ZONE,
        total_records INTEGER,
        processed_records INTEGER DEFAULT 0,
        failed_records INTEGER DEFAULT 0,
        errors JSONB DEFAULT '[]',
        status VARCHAR(20) DEFAULT 'running' CHECK (status IN (
            'pending', 'running', 'completed', 'failed', 'rolled_back'
        )),
        checksum TEXT,
        UNIQUE (migration_name)
    );
    COMMENT ON CONSTRAINT migration_status_pkey ON migration_status IS 'A short name for a row.';
    COMMENT ON CONSTRAINT migration_status_migration_name_key ON migration_status IS
        'One row a migration, which its attempts share; finds it by name.';
    COMMENT ON CONSTRAINT migration_status_status_check ON migration_status IS 'The five states of a migration.';
END
$$

-- name: create_code_schema
-- What the derived tables were made from; at most one row. `objects` are the DROP statements that undo it, in order.
DO $$
BEGIN
    CREATE TABLE IF NOT EXISTS code_schema (
        is_present BOOLEAN PRIMARY KEY DEFAULT true CHECK (is_present),
        version INTEGER NOT NULL,
        checksum TEXT NOT NULL,
        applied_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
        objects TEXT[] NOT NULL
    );
    COMMENT ON CONSTRAINT code_schema_pkey ON code_schema IS 'With the check, at most one row.';
    COMMENT ON CONSTRAINT code_schema_is_present_check ON code_schema IS 'With the key, at most one row.';
END
$$

-- name: code_record
SELECT version, checksum, applied_at FROM code_schema

-- name: code_checksum
SELECT checksum FROM code_schema

-- name: code_objects
-- The statements that drop what code.sql made, last made first.
SELECT o.statement
FROM code_schema, unnest(objects) WITH ORDINALITY AS o (statement, place)
ORDER BY o.place

-- name: record_code
-- Records the script and everything of its own that this transaction made: tables and views (with their
-- indexes, types and partitions), sequences of their own, functions, types.
INSERT INTO code_schema (version, checksum, objects)
SELECT $1, $2, coalesce(array_agg('DROP ' || i.type || ' IF EXISTS ' || i.identity ORDER BY made.oid DESC), '{}')
FROM (
    SELECT 'pg_class'::regclass AS class, oid, xmin FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, xmin FROM pg_proc
    UNION ALL
    SELECT 'pg_type'::regclass, oid, xmin FROM pg_type WHERE typtype IN ('e', 'd', 'r')
) AS made
CROSS JOIN LATERAL pg_identify_object(made.class, made.oid, 0) AS i
WHERE made.xmin = pg_current_xact_id()::xid
  AND NOT EXISTS (
      SELECT FROM pg_depend AS d
      WHERE d.classid = made.class AND d.objid = made.oid AND d.refobjid <> d.objid AND d.deptype IN ('a', 'i', 'e')
  )
ON CONFLICT (is_present) DO UPDATE
SET version = excluded.version, checksum = excluded.checksum, objects = excluded.objects, applied_at = now()

-- name: applied_migrations
-- The memory migrations in the database, in order.
SELECT substr(migration_name, 8) AS name, checksum
FROM migration_status
WHERE migration_name LIKE 'schema/%' AND status = 'completed'
ORDER BY migration_name

-- name: migration_starts
-- Stands before the migration's own transaction, so that a failure leaves its trace.
INSERT INTO migration_status (migration_name, phase, checksum)
VALUES ('schema/' || $1::text, 'apply', $2)
ON CONFLICT (migration_name) DO UPDATE
SET phase = 'apply', status = 'running', checksum = excluded.checksum, started_at = now(), completed_at = NULL

-- name: migration_ends
UPDATE migration_status
SET phase = 'done', status = 'completed', completed_at = now()
WHERE migration_name = 'schema/' || $1::text

-- name: migration_fails
-- Keeps the errors of earlier attempts.
UPDATE migration_status
SET status = 'failed', errors = errors || $2::jsonb
WHERE migration_name = 'schema/' || $1::text

-- name: all_migrations
-- Everything that is recorded, imports too: the schema's own first.
SELECT migration_name, phase, status, started_at, completed_at, errors, checksum
FROM migration_status
ORDER BY migration_name NOT LIKE 'schema/%', migration_name
