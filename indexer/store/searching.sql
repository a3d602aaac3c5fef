-- name: symbols
-- Every symbol of a project that is searched for, with the texts it is found by; an import repeats what it imports.
SELECT s.id, s.file_path, s.name, s.qualified_name, s.kind, s.type, s.language, s.signature, left(s.documentation, $2) AS documentation,
       left(s.definition, $2) AS definition
FROM code_symbols AS s
WHERE s.project_id = $1 AND s.type <> 'import'

-- name: symbols_of_files
-- The same of some files.
SELECT s.id, s.file_path, s.name, s.qualified_name, s.kind, s.type, s.language, s.signature, left(s.documentation, $2) AS documentation,
       left(s.definition, $2) AS definition
FROM code_symbols AS s
WHERE s.project_id = $1 AND s.type <> 'import' AND s.file_id = ANY($3::uuid[])

-- name: generation
-- Where the project's index stands, in the same snapshot as what is read beside it.
SELECT current_epoch() AS epoch, generation FROM projects WHERE id = $1

-- name: candidates
-- The symbols of these ids with the flags of their files, whether each overrides another, and whether it lies in a function.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static, s.flags,
       EXISTS (
           SELECT FROM symbol_relationships AS r
           WHERE r.project_id = $1 AND r.source_id = s.id AND r.relationship_type = 'overrides'
       ) AS is_override,
       EXISTS (
           SELECT FROM code_symbols AS c WHERE c.project_id = $1 AND c.id = s.container_id AND c.type IN ('function', 'method')
       ) AS is_nested
FROM unnest($2::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT x.id, x.file_id, x.file_path, x.name, x.qualified_name, x.kind, x.language, x.line_number, x.column_number,
           x.start_line, x.start_column, x.end_line, x.end_column, x.container_id, x.ordinal, x.signature,
           left(x.documentation, 2000) AS documentation, x.visibility, x.is_exported, x.is_async, x.is_generator, x.is_abstract,
           x.is_static, f.flags
    FROM code_symbols AS x
    CROSS JOIN LATERAL (SELECT y.flags FROM files AS y WHERE y.project_id = $1 AND y.id = x.file_id LIMIT 1) AS f
    WHERE x.project_id = $1 AND x.id = wanted.id
    LIMIT 1
) AS s

-- name: vectors
-- Every symbol of a project that can have a vector, with the key of its text and its vector of a model ($2) where there is one; the
-- vector as halfvec's binary form.
SELECT s.id, s.file_path, s.kind, s.type, s.language, s.documentation IS NOT NULL AS is_documented, f.flags,
       k.key, halfvec_send(e.embedding) AS embedding
FROM code_symbols AS s
CROSS JOIN LATERAL (SELECT x.flags FROM files AS x WHERE x.project_id = $1 AND x.id = s.file_id LIMIT 1) AS f
CROSS JOIN LATERAL (
    SELECT symbol_text_key(s.file_path, s.qualified_name, s.documentation, s.definition) AS key OFFSET 0
) AS k
LEFT JOIN symbol_embeddings AS e ON e.model = $2 AND e.key = k.key
WHERE s.project_id = $1
  AND s.type <> 'import'
  AND (s.documentation IS NOT NULL OR s.kind = 'accessor' OR s.type NOT IN ('variable', 'constant', 'property'))

-- name: vectors_of_files
-- The same of some files.
SELECT s.id, s.file_path, s.kind, s.type, s.language, s.documentation IS NOT NULL AS is_documented, f.flags,
       k.key, halfvec_send(e.embedding) AS embedding
FROM code_symbols AS s
CROSS JOIN LATERAL (SELECT x.flags FROM files AS x WHERE x.project_id = $1 AND x.id = s.file_id LIMIT 1) AS f
CROSS JOIN LATERAL (
    SELECT symbol_text_key(s.file_path, s.qualified_name, s.documentation, s.definition) AS key OFFSET 0
) AS k
LEFT JOIN symbol_embeddings AS e ON e.model = $2 AND e.key = k.key
WHERE s.project_id = $1
  AND s.file_id = ANY($3::uuid[])
  AND s.type <> 'import'
  AND (s.documentation IS NOT NULL OR s.kind = 'accessor' OR s.type NOT IN ('variable', 'constant', 'property'))

-- name: texts
-- What the vectors of symbols are made from, with the key of exactly that.
SELECT s.id, symbol_text_key(s.file_path, s.qualified_name, s.documentation, s.definition) AS key, s.qualified_name, s.file_path,
       left(s.documentation, 2000) AS documentation, left(s.definition, 2000) AS definition
FROM code_symbols AS s
WHERE s.project_id = $1 AND s.id = ANY($2::uuid[])

-- name: known_vectors
-- Vectors of a model by the keys of their texts.
SELECT key, halfvec_send(embedding) AS embedding FROM symbol_embeddings WHERE model = $1 AND key = ANY($2::uuid[])

-- name: keep_vectors
-- Only while the model is current; the row of a text is the same whoever writes it.
INSERT INTO symbol_embeddings (model, key, embedding)
SELECT $1, v.key, v.embedding::halfvec
FROM unnest($2::uuid[], $3::text[]) AS v (key, embedding)
WHERE EXISTS (SELECT 1 FROM embedders WHERE id = $1 AND is_current)
ON CONFLICT DO NOTHING

-- name: prune_vectors
-- Removes the vectors of texts that no project has, once these are the larger part; not in the week after the derived tables were
-- made anew, when projects come back one by one.
DELETE FROM symbol_embeddings AS e
WHERE (SELECT count(*) FROM symbol_embeddings) > 2 * (SELECT count(*) FROM code_symbols) + 10000
  AND (SELECT applied_at FROM code_schema) < now() - INTERVAL '7 days'
  AND NOT EXISTS (
      SELECT 1
      FROM (SELECT symbol_text_key(s.file_path, s.qualified_name, s.documentation, s.definition) AS key FROM code_symbols AS s) AS k
      WHERE k.key = e.key
  )

-- name: try_fill
-- Held by the one daemon that fills in the vectors of memories, which belong to the database and not to a project.
SELECT pg_try_advisory_lock($1)

-- name: revision
-- How many statements have changed the vault's memories, with the epoch that such numbers belong to.
SELECT current_epoch() AS epoch, (SELECT revision FROM vaults WHERE id = $1) AS revision

-- name: memories
-- What the memories of a vault are found by; $2 narrows it to some, NULL is all. `is_hidden` ones are not to be found.
SELECT m.id, left(m.content, $3) AS content, m.further_words, m.context, m.tags, m.tier, m.importance, m.created_at,
       m.metadata ->> 'author' AS author, m.metadata ->> 'description' AS description,
       m.forgotten_at IS NOT NULL OR m.superseded_by IS NOT NULL OR coalesce(m.expires_at <= now(), false) AS is_hidden,
       ARRAY(
           SELECT coalesce(a.qualified_name, a.path) FROM memory_anchors AS a WHERE a.vault_id = m.vault_id AND a.memory_id = m.id
       ) AS anchored
FROM memories AS m
WHERE m.vault_id = $1
  AND ($2::uuid[] IS NULL OR m.id = ANY($2::uuid[]))

-- name: nearest
-- The memories nearest to a vector under the filters, with their cosines, nearest first; see near_memories. None once its model ($10)
-- is not current.
SELECT n.id, n.similarity
FROM embedders AS e
CROSS JOIN LATERAL near_memories($1::text::vector, $2, $3, $4, $5, $6, NULL, $7, $8, $9) AS n
WHERE e.id = $10 AND e.is_current

-- name: paths
-- The files whose path matches a regular expression.
SELECT path FROM files WHERE project_id = $1 AND path ~ $2 AND n_symbols > 0

-- name: neighbours
-- The surest relationships of the symbols $2, in both directions: where they lead, and from where they are reached.
(
    SELECT r.source_id, r.target_id, r.relationship_type, r.confidence
    FROM symbol_relationships AS r
    WHERE r.project_id = $1 AND r.source_id = ANY($2::uuid[]) AND r.relationship_type <> 'imports'
    ORDER BY r.confidence DESC, r.n_sites DESC, r.source_id, r.target_id
    LIMIT $3
)
UNION
(
    SELECT r.source_id, r.target_id, r.relationship_type, r.confidence
    FROM symbol_relationships AS r
    WHERE r.project_id = $1 AND r.target_id = ANY($2::uuid[]) AND r.relationship_type <> 'imports'
    ORDER BY r.confidence DESC, r.n_sites DESC, r.source_id, r.target_id
    LIMIT $3
)

-- name: definitions
-- The code of symbols.
SELECT id, left(definition, $3) AS definition FROM code_symbols WHERE project_id = $1 AND id = ANY($2::uuid[])

-- name: names
-- Every name in a project.
SELECT DISTINCT name
FROM code_symbols
WHERE project_id = $1
