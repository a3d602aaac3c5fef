-- name: put
-- Takes in what an index says of some files; what was imported for them before is replaced.
INSERT INTO scip_documents (project_id, file_id, path, content_hash, targets)
SELECT $1, d.file_id, d.path, d.content_hash, d.targets
FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::bytea[]) AS d (file_id, path, content_hash, targets)
ON CONFLICT (project_id, file_id) DO UPDATE
SET content_hash = excluded.content_hash, targets = excluded.targets, is_applied = false, imported_at = now()

-- name: take_back
-- Empties everything that was imported for a project.
UPDATE scip_documents
SET targets = '', is_applied = false
WHERE project_id = $1

-- name: forget
-- What was imported for a project whose folder is gone.
DELETE FROM scip_documents
WHERE project_id = $1

-- name: documents
-- What was imported for a project, without the packed part.
SELECT path, content_hash, is_applied
FROM scip_documents
WHERE project_id = $1

-- name: targets
-- What is said of some files.
SELECT path, targets
FROM scip_documents
WHERE project_id = $1 AND file_id = ANY ($2::uuid[])

-- name: applied
-- The index has taken note of these.
UPDATE scip_documents
SET is_applied = true
WHERE project_id = $1 AND file_id = ANY ($2::uuid[])

-- name: drop_empty
-- What was taken back and noted is gone.
DELETE FROM scip_documents
WHERE project_id = $1 AND targets = '' AND is_applied
