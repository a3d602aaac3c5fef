-- name: server_facts
-- What decides whether this server and database can carry the schema.
SELECT current_setting('server_version_num')::int AS version,
       current_setting('server_version') AS version_text,
       current_setting('server_encoding') AS encoding,
       current_database()::text AS database,
       current_user::text AS role,
       current_schema()::text AS schema,
       coalesce(
           has_schema_privilege(current_schema(), 'USAGE') AND has_schema_privilege(current_schema(), 'CREATE'), false
       ) AS may_create,
       pg_is_in_recovery() AS is_standby

-- name: extensions
-- Each wanted extension with the version that the server offers and the one that is installed.
SELECT wanted.name, offered.default_version AS available, offered.installed_version AS installed
FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
LEFT JOIN pg_available_extensions AS offered ON offered.name = wanted.name
ORDER BY wanted.place

-- name: lock_extensions
-- Programs that start together take turns here.
SELECT pg_advisory_xact_lock($1)

-- name: create_vector
-- Vectors and their HNSW index.
CREATE EXTENSION IF NOT EXISTS vector

-- name: create_pg_trgm
-- Similarity of names and texts.
CREATE EXTENSION IF NOT EXISTS pg_trgm

-- name: create_btree_gin
-- Scalar columns inside GIN indexes.
CREATE EXTENSION IF NOT EXISTS btree_gin

-- name: begin
-- Opens a transaction under the session's limits.
BEGIN

-- name: commit
COMMIT

-- name: rollback
ROLLBACK
