-- name: coverage
-- How many sites mean a symbol of the project, something outside, or are not understood.
SELECT coalesce(sum(n_sites_resolved), 0)::bigint AS resolved,
       coalesce(sum(n_sites_external), 0)::bigint AS external,
       coalesce(sum(n_sites_unresolved), 0)::bigint AS unresolved
FROM files
WHERE project_id = $1

-- name: languages
-- Files, lines and symbols by language; files without one hold a problem.
SELECT coalesce(language, '') AS language, count(*) AS n_files, coalesce(sum(n_lines), 0)::bigint AS n_lines,
       coalesce(sum(n_symbols), 0)::bigint AS n_symbols
FROM files
WHERE project_id = $1
GROUP BY language
ORDER BY count(*) DESC, language

-- name: flags
-- How many files were written by programs or others, by flag; a file may have several.
SELECT flag, count(*) AS n_files
FROM files, unnest(flags) AS flag
WHERE project_id = $1
GROUP BY flag
ORDER BY flag

-- name: problems
-- What is wrong with how many files, with the first $2 of them; the most frequent $3 problems.
SELECT problem, count(*) AS n_files, (array_agg(path ORDER BY path))[:$2] AS examples
FROM files
WHERE project_id = $1 AND problem IS NOT NULL
GROUP BY problem
ORDER BY count(*) DESC, problem
LIMIT $3

-- name: file_facts
-- What is wrong with one file, and its length; no row when the file is not known.
SELECT problem, n_lines
FROM files
WHERE project_id = $1 AND id = $2

-- name: counts_of
-- How many relationships some symbols have, by direction and type.
SELECT 'incoming' AS direction, relationship_type, count(*) AS n
FROM symbol_relationships
WHERE project_id = $1 AND target_id = ANY($2::uuid[])
GROUP BY relationship_type
UNION ALL
SELECT 'outgoing', relationship_type, count(*)
FROM symbol_relationships
WHERE project_id = $1 AND source_id = ANY($2::uuid[])
GROUP BY relationship_type
ORDER BY direction, relationship_type

-- name: sizes
-- The server's version, and bytes on disk of the database and of this project's tables.
SELECT current_setting('server_version') AS version,
       pg_database_size(current_database()) AS database,
       coalesce(sum(pg_total_relation_size(t.oid)), 0)::bigint AS project
FROM pg_class AS t
JOIN pg_inherits AS h ON h.inhrelid = t.oid
WHERE h.inhparent IN ('files'::regclass, 'code_symbols'::regclass, 'symbol_relationships'::regclass)
  AND (
      t.relname LIKE partition_pattern('files', $1)
      OR t.relname LIKE partition_pattern('code_symbols', $1)
      OR t.relname LIKE partition_pattern('symbol_relationships', $1)
  )
