-- name: symbols
-- Every symbol of a project, by place.
SELECT id, file_path, line_number, column_number, end_line, end_column, name, qualified_name, type, kind, language, container_id
FROM code_symbols
WHERE project_id = $1
ORDER BY file_path, line_number, column_number, qualified_name, kind, ordinal

-- name: sites
-- The packed sites of every file, by path.
SELECT path, sites
FROM files
WHERE project_id = $1 AND sites IS NOT NULL
ORDER BY path

-- name: relationships
-- Every relationship of a project, by the places of its ends.
SELECT r.source_id, r.target_id, r.relationship_type, r.confidence, r.n_sites
FROM symbol_relationships AS r
LEFT JOIN code_symbols AS s ON s.project_id = $1 AND s.id = r.source_id
LEFT JOIN code_symbols AS t ON t.project_id = $1 AND t.id = r.target_id
WHERE r.project_id = $1
ORDER BY s.file_path, s.line_number, s.column_number, t.file_path, t.line_number, t.column_number, r.relationship_type,
         r.source_id, r.target_id

-- name: overrides
-- What overrides what, by the places of the overriding definitions.
SELECT r.source_id, r.target_id
FROM symbol_relationships AS r
LEFT JOIN code_symbols AS s ON s.project_id = $1 AND s.id = r.source_id
WHERE r.project_id = $1 AND r.relationship_type = 'overrides'
ORDER BY s.file_path, s.line_number, s.column_number, r.source_id, r.target_id

-- name: described
-- Every symbol of a project with what a reader is told of it, by place.
SELECT s.id, s.file_path, s.line_number, s.column_number, s.start_line, s.start_column, s.end_line, s.end_column, s.name,
       s.qualified_name, s.kind, s.language, s.container_id, s.ordinal, s.signature, s.documentation
FROM code_symbols AS s
WHERE s.project_id = $1
ORDER BY s.file_path, s.line_number, s.column_number, s.qualified_name, s.kind, s.ordinal

-- name: files
-- Every source file of a project, by path.
SELECT path, language, flags
FROM files
WHERE project_id = $1 AND language IS NOT NULL
ORDER BY path
