-- name: by_qualified_names
-- In any file: one name may be in several.
SELECT id, file_path AS path, name, qualified_name, kind, start_line, end_line, definition AS text
FROM code_symbols
WHERE project_id = $1 AND kind NOT IN ('import', 'module') AND definition IS NOT NULL
  AND qualified_name = ANY ($2::text[])
ORDER BY file_path, start_line, start_column, id
LIMIT $3

-- name: by_names
-- By the last segment.
SELECT id, file_path AS path, name, qualified_name, kind, start_line, end_line, definition AS text
FROM code_symbols
WHERE project_id = $1 AND kind NOT IN ('import', 'module') AND definition IS NOT NULL
  AND name = ANY ($2::text[])
ORDER BY file_path, start_line, start_column, id
LIMIT $3

-- name: at_paths
SELECT id, file_path AS path, name, qualified_name, kind, start_line, end_line, definition AS text
FROM code_symbols
WHERE project_id = $1 AND kind NOT IN ('import', 'module') AND definition IS NOT NULL
  AND file_path = ANY ($2::text[])
ORDER BY file_path, start_line, start_column, id
LIMIT $3

-- name: of_sizes
-- The length of a text that is stored uncompressed is known without reading it.
SELECT id, file_path AS path, name, qualified_name, kind, start_line, end_line, definition AS text
FROM code_symbols
WHERE project_id = $1 AND kind NOT IN ('import', 'module') AND definition IS NOT NULL
  AND kind = $2 AND octet_length(definition) = ANY ($3::integer[])
ORDER BY file_path, start_line, start_column, id
LIMIT $4

-- name: by_id
SELECT id, file_path AS path, name, qualified_name, kind, start_line, end_line, definition AS text
FROM code_symbols
WHERE project_id = $1 AND kind NOT IN ('import', 'module') AND definition IS NOT NULL
  AND id = $2
ORDER BY file_path, start_line, start_column, id
LIMIT $3

-- name: paths_near
-- Files by their last segment or their folder; those of the same name first.
SELECT path
FROM files
WHERE project_id = $1
  AND (substring(path FROM '[^/]*$') = ANY ($2::text[])
       OR coalesce(substring(path FROM '^(.*)/[^/]*$'), '') = ANY ($3::text[]))
ORDER BY substring(path FROM '[^/]*$') = ANY ($2::text[]) DESC, path
LIMIT $4
