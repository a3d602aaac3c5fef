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
-- Derived rows need not be on disk when the commit returns: after a crash the files are read again. What the planner decides for a
-- table that is nearly empty is kept, so it must be good for thousands of files as well: rows are looked up by their keys, and joins are
-- made by hashing; a loop over both sides took minutes. A commit may take longer than a question.
SELECT prepare_staging(), set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('statement_timeout', $1, true)

-- name: lock_project
-- Where the project stands; nobody else commits to it until the transaction ends.
SELECT current_epoch() AS epoch, generation
FROM projects
WHERE id = $1
FOR UPDATE

-- name: apply_relationships
-- Makes the relationships whose sources lie in the files $2 those that are staged; equal rows are left untouched. These are found by a
-- join with what the files had: looked up one by one, the planner may choose the index on targets, where thousands of rows of this
-- very command have the same one.
WITH before AS (
    SELECT r.source_id, r.relationship_type, r.target_id, r.confidence, r.evidence, r.sites
    FROM symbol_relationships AS r
    WHERE r.project_id = $1
      AND r.source_id = ANY(ARRAY(
          SELECT s.id FROM code_symbols AS s WHERE s.project_id = $1 AND s.file_id = ANY($2::uuid[])
      ))
), gone AS (
    DELETE FROM symbol_relationships AS r
    WHERE r.project_id = $1
      AND r.source_id = ANY(ARRAY(
          SELECT s.id FROM code_symbols AS s WHERE s.project_id = $1 AND s.file_id = ANY($2::uuid[])
      ))
      -- Here and below, OFFSET 0 keeps a subquery from becoming a join: each row is looked up by its key, whatever the planner
      -- believes of the staging tables, which have no statistics.
      AND NOT EXISTS (
          SELECT FROM staged_relationships AS t
          WHERE t.source_id = r.source_id
            AND t.relationship_type = r.relationship_type
            AND t.target_id = r.target_id
          OFFSET 0
      )
)
INSERT INTO symbol_relationships AS r (
    project_id, id, source_id, target_id, relationship_type, file_id, confidence, evidence, n_sites, sites
)
SELECT t.project_id, t.id, t.source_id, t.target_id, t.relationship_type, t.file_id, t.confidence, t.evidence, t.n_sites,
       t.sites
FROM staged_relationships AS t
LEFT JOIN before AS b
    ON b.source_id = t.source_id AND b.relationship_type = t.relationship_type AND b.target_id = t.target_id
-- A conflict locks its row, and so writes to it, even where nothing is to be updated.
WHERE b.source_id IS NULL OR (b.confidence, b.evidence, b.sites) IS DISTINCT FROM (t.confidence, t.evidence, t.sites)
ON CONFLICT (source_id, relationship_type, target_id, project_id) DO UPDATE
SET file_id = excluded.file_id,
    confidence = excluded.confidence,
    evidence = excluded.evidence,
    n_sites = excluded.n_sites,
    sites = excluded.sites

-- name: apply_symbols
-- Makes the symbols of the files $2 those that are staged; a symbol that stays keeps created_at, and one that is equal is
-- left untouched.
WITH gone AS (
    DELETE FROM code_symbols AS s
    WHERE s.project_id = $1
      AND s.file_id = ANY($2::uuid[])
      AND NOT EXISTS (SELECT FROM staged_symbols AS t WHERE t.id = s.id OFFSET 0)
)
INSERT INTO code_symbols AS s (
    project_id, id, file_id, container_id, name, qualified_name, words, type, kind, ordinal, file_path,
    line_number, column_number, start_line, start_column, end_line, end_column, signature, documentation,
    language, visibility, definition, context_before, context_after,
    is_exported, is_async, is_generator, is_abstract, is_static, metadata
)
SELECT t.project_id, t.id, t.file_id, t.container_id, t.name, t.qualified_name, t.words, t.type, t.kind, t.ordinal,
       t.file_path, t.line_number, t.column_number, t.start_line, t.start_column, t.end_line, t.end_column, t.signature,
       t.documentation, t.language, t.visibility, t.definition, t.context_before, t.context_after, t.is_exported,
       t.is_async, t.is_generator, t.is_abstract, t.is_static, t.metadata
FROM staged_symbols AS t
-- Equal rows must not even conflict.
WHERE NOT EXISTS (
    SELECT FROM code_symbols AS o
    WHERE o.project_id = $1
      AND o.id = t.id
      AND (
          o.file_id, o.container_id, o.name, o.qualified_name, o.type, o.kind, o.ordinal, o.file_path, o.line_number,
          o.column_number, o.start_line, o.start_column, o.end_line, o.end_column, o.signature, o.documentation,
          o.language, o.visibility, o.definition, o.context_before, o.context_after, o.is_exported, o.is_async,
          o.is_generator, o.is_abstract, o.is_static, o.metadata
      ) IS NOT DISTINCT FROM (
          t.file_id, t.container_id, t.name, t.qualified_name, t.type, t.kind, t.ordinal, t.file_path, t.line_number,
          t.column_number, t.start_line, t.start_column, t.end_line, t.end_column, t.signature, t.documentation,
          t.language, t.visibility, t.definition, t.context_before, t.context_after, t.is_exported, t.is_async,
          t.is_generator, t.is_abstract, t.is_static, t.metadata
      )
    OFFSET 0
)
ON CONFLICT (project_id, id) DO UPDATE
SET file_id = excluded.file_id,
    container_id = excluded.container_id,
    name = excluded.name,
    qualified_name = excluded.qualified_name,
    words = excluded.words,
    type = excluded.type,
    kind = excluded.kind,
    ordinal = excluded.ordinal,
    file_path = excluded.file_path,
    line_number = excluded.line_number,
    column_number = excluded.column_number,
    start_line = excluded.start_line,
    start_column = excluded.start_column,
    end_line = excluded.end_line,
    end_column = excluded.end_column,
    signature = excluded.signature,
    documentation = excluded.documentation,
    language = excluded.language,
    visibility = excluded.visibility,
    definition = excluded.definition,
    context_before = excluded.context_before,
    context_after = excluded.context_after,
    is_exported = excluded.is_exported,
    is_async = excluded.is_async,
    is_generator = excluded.is_generator,
    is_abstract = excluded.is_abstract,
    is_static = excluded.is_static,
    metadata = excluded.metadata,
    last_analyzed = now()

-- name: apply_files
-- Removes the files $2 and writes the staged ones.
WITH gone AS (
    DELETE FROM files WHERE project_id = $1 AND id = ANY($2::uuid[])
)
INSERT INTO files AS f (
    project_id, id, path, language, size, mtime_ns, ctime_ns, inode, content_hash, extractor_version, problem, flags,
    n_lines, n_symbols, n_sites_resolved, n_sites_external, n_sites_unresolved, sites, imports, provides, reads
)
SELECT project_id, id, path, language, size, mtime_ns, ctime_ns, inode, content_hash, extractor_version, problem, flags,
       n_lines, n_symbols, n_sites_resolved, n_sites_external, n_sites_unresolved, sites, imports, provides, reads
FROM staged_files
ON CONFLICT (project_id, id) DO UPDATE
SET path = excluded.path,
    language = excluded.language,
    size = excluded.size,
    mtime_ns = excluded.mtime_ns,
    ctime_ns = excluded.ctime_ns,
    inode = excluded.inode,
    content_hash = excluded.content_hash,
    extractor_version = excluded.extractor_version,
    problem = excluded.problem,
    flags = excluded.flags,
    n_lines = excluded.n_lines,
    n_symbols = excluded.n_symbols,
    n_sites_resolved = excluded.n_sites_resolved,
    n_sites_external = excluded.n_sites_external,
    n_sites_unresolved = excluded.n_sites_unresolved,
    sites = excluded.sites,
    imports = excluded.imports,
    provides = excluded.provides,
    reads = excluded.reads,
    indexed_at = now()

-- name: apply_resolved
-- What resolving again found in files that were not read again: NULL leaves a packed column as it is.
UPDATE files AS f
SET sites = coalesce(u.sites, f.sites),
    reads = coalesce(u.reads, f.reads),
    n_sites_resolved = u.resolved,
    n_sites_external = u.external,
    n_sites_unresolved = u.unresolved
FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::int[], $6::int[], $7::int[])
    AS u (id, sites, reads, resolved, external, unresolved)
WHERE f.project_id = $1 AND f.id = ANY($2::uuid[]) AND f.id = u.id

-- name: touch_files
-- Records what a file is on disk where its content proved to be the same.
UPDATE files AS f
SET size = u.size, mtime_ns = u.mtime_ns, ctime_ns = u.ctime_ns, inode = u.inode
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
    AS u (id, size, mtime_ns, ctime_ns, inode)
WHERE f.project_id = $1 AND f.id = u.id

-- name: next_generation
-- The last statement of a commit; no row when the project was dropped meanwhile.
SELECT epoch, generation FROM next_generation($1)

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
