-- name: project
-- Gets or makes a project; a project that moved keeps its id under the root that is given.
INSERT INTO projects AS p (id, root, name)
VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET root = excluded.root, name = excluded.name
RETURNING p.id, p.root, p.name, current_epoch() AS epoch, p.generation

-- name: projects
-- All projects of this database, by root.
SELECT id, root, name, current_epoch() AS epoch, generation
FROM projects
ORDER BY root, id

-- name: generation
-- Where a project's index stands.
SELECT current_epoch() AS epoch, generation
FROM projects
WHERE id = $1

-- name: drop_project
SELECT drop_project($1)

-- name: signatures
-- What every file was when it was read, for comparison with the disk.
SELECT id, path, language, size, mtime_ns, ctime_ns, inode, content_hash, extractor_version, problem, flags, n_lines
FROM files
WHERE project_id = $1
ORDER BY path

-- name: file_blobs
-- The asked packed columns of some files; the others stay where they are stored.
SELECT id,
       CASE WHEN 'sites' = ANY($3::text[]) THEN sites END AS sites,
       CASE WHEN 'imports' = ANY($3::text[]) THEN imports END AS imports,
       CASE WHEN 'provides' = ANY($3::text[]) THEN provides END AS provides,
       CASE WHEN 'reads' = ANY($3::text[]) THEN reads END AS reads
FROM files
WHERE project_id = $1 AND id = ANY($2::uuid[])

-- name: all_file_blobs
-- The same for all files of a project.
SELECT id,
       CASE WHEN 'sites' = ANY($2::text[]) THEN sites END AS sites,
       CASE WHEN 'imports' = ANY($2::text[]) THEN imports END AS imports,
       CASE WHEN 'provides' = ANY($2::text[]) THEN provides END AS provides,
       CASE WHEN 'reads' = ANY($2::text[]) THEN reads END AS reads
FROM files
WHERE project_id = $1

-- name: ensure_partitions
SELECT ensure_partitions($1)

-- name: begin_commit
-- Opens a commit, in one round trip. Derived rows need not be on disk when it returns: after a crash the files are read again. It may
-- take longer than a question: it may hold thousands of files.
BEGIN;
SELECT prepare_staging(), set_config('synchronous_commit', 'off', true), set_config('statement_timeout', '600s', true)

-- name: apply_change
-- All of a commit: what is staged takes its place, and the generation is counted up.
SELECT is_current, epoch, generation, more_resolved, more_external, more_unresolved
FROM apply_change($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: touch_files
-- Records what a file is on disk where its content proved to be the same.
UPDATE files AS f
SET size = u.size, mtime_ns = u.mtime_ns, ctime_ns = u.ctime_ns, inode = u.inode
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    AS u (id, size, mtime_ns, ctime_ns, inode)
WHERE f.project_id = $1 AND f.id = u.id

-- name: count_references
-- Brings reference_count and last_referenced up to date for at most $2 symbols of a project whose count is wrong.
WITH counted AS (
    SELECT target_id, sum(greatest(n_sites, 1))::int AS n
    FROM symbol_relationships
    WHERE project_id = $1
    GROUP BY target_id
), wrong AS (
    SELECT s.id, coalesce(c.n, 0) AS n
    FROM code_symbols AS s
    LEFT JOIN counted AS c ON c.target_id = s.id
    WHERE s.project_id = $1 AND s.reference_count <> coalesce(c.n, 0)
    LIMIT $2
)
UPDATE code_symbols AS s
SET reference_count = w.n, last_referenced = CASE WHEN w.n > 0 THEN now() ELSE s.last_referenced END
FROM wrong AS w
WHERE s.project_id = $1 AND s.id = w.id

-- name: facts_get
-- The facts of contents that were seen before.
SELECT content_hash, facts
FROM facts_cache
WHERE content_hash = ANY($1::bytea[]) AND language = $2 AND extractor_version = $3

-- name: facts_touch
-- Marks facts as used; once an hour is enough to know which are old.
UPDATE facts_cache
SET last_used = now()
WHERE content_hash = ANY($1::bytea[]) AND language = $2 AND extractor_version = $3
  AND last_used < now() - INTERVAL '1 hour'

-- name: facts_put
INSERT INTO facts_cache (content_hash, language, extractor_version, facts)
SELECT DISTINCT ON (u.hash) u.hash, $2, $3, u.facts
FROM unnest($1::bytea[], $4::bytea[]) AS u (hash, facts)
ON CONFLICT DO NOTHING

-- name: has_facts
SELECT EXISTS (SELECT FROM facts_cache)

-- name: facts_missing
-- Files whose facts would have to be made again, in the order of their paths.
SELECT f.path
FROM files AS f
WHERE f.project_id = $1 AND f.language IS NOT NULL AND f.path COLLATE "C" > $3
  AND NOT EXISTS (
      SELECT FROM facts_cache AS c
      WHERE c.content_hash = f.content_hash AND c.language = f.language AND c.extractor_version = $2
  )
ORDER BY f.path COLLATE "C"
LIMIT $4

-- name: facts_size
SELECT coalesce(sum(size), 0)::bigint FROM facts_cache

-- name: facts_evict
-- Removes what was not used for longest, until the rest fits in $1 bytes.
DELETE FROM facts_cache AS c
USING (
    SELECT content_hash, language, extractor_version,
           sum(size) OVER (ORDER BY last_used DESC, content_hash, language, extractor_version) AS running
    FROM facts_cache
) AS o
WHERE o.running > $1
  AND c.content_hash = o.content_hash
  AND c.language = o.language
  AND c.extractor_version = o.extractor_version
