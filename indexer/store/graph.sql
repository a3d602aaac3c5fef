-- Where a row of another table is looked up by its key, a LATERAL subquery with LIMIT 1 says so: the planner keeps no statistics
-- of a partitioned table as a whole, and would guess thousands of rows and join them by hashing.
--
-- The blocks find_… take $2 kinds, $3 languages, $4 a regular expression for the path, $5 limit, $6 offset; they return the
-- symbols that match, best first and imports last, with the number of all that match. Each way to match is a statement of
-- its own, because preparing the unused branches of a common one costs more than the look-up.

-- name: find_exact
-- By name ($7: the possible names in the text $8), by qualified name or by an end of one ($9).
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       count(*) OVER () AS total
FROM symbol_rows AS s
WHERE s.project_id = $1
  AND ($2::text[] IS NULL OR s.kind = ANY($2::text[]) OR s.type = ANY($2::text[]))
  AND ($3::text[] IS NULL OR s.language = ANY($3::text[]))
  AND ($4::text IS NULL OR s.file_path ~ $4)
  AND s.name = ANY($7::text[])
  AND (s.name = $8 OR s.qualified_name = $8 OR right(s.qualified_name, length($8) + 1) = ANY($9::text[]))
ORDER BY s.type = 'import', s.flags && ARRAY['test', 'generated', 'vendored', 'minified'],
         -- What is used most is most likely meant; counted up to a bound, since some names are everywhere.
         CASE WHEN count(*) OVER () <= 100 THEN (SELECT count(*) FROM (
             SELECT FROM symbol_relationships AS r WHERE r.project_id = $1 AND r.target_id = s.id LIMIT 20
         ) AS uses) END DESC,
         s.file_path, s.line_number, s.id
LIMIT $5 OFFSET $6

-- name: find_style
-- By the folded name $7, so in any case style.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       count(*) OVER () AS total
FROM symbol_rows AS s
WHERE s.project_id = $1
  AND ($2::text[] IS NULL OR s.kind = ANY($2::text[]) OR s.type = ANY($2::text[]))
  AND ($3::text[] IS NULL OR s.language = ANY($3::text[]))
  AND ($4::text IS NULL OR s.file_path ~ $4)
  AND left(replace(s.words, ' ', ''), 255) = left($7, 255)
  AND replace(s.words, ' ', '') = $7
ORDER BY s.type = 'import', s.flags && ARRAY['test', 'generated', 'vendored', 'minified'],
         -- What is used most is most likely meant; counted up to a bound, since some names are everywhere.
         CASE WHEN count(*) OVER () <= 100 THEN (SELECT count(*) FROM (
             SELECT FROM symbol_relationships AS r WHERE r.project_id = $1 AND r.target_id = s.id LIMIT 20
         ) AS uses) END DESC,
         s.file_path, s.line_number, s.id
LIMIT $5 OFFSET $6

-- name: find_prefix
-- By the beginning $7 of the folded name, short names first.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       count(*) OVER () AS total
FROM symbol_rows AS s
WHERE s.project_id = $1
  AND ($2::text[] IS NULL OR s.kind = ANY($2::text[]) OR s.type = ANY($2::text[]))
  AND ($3::text[] IS NULL OR s.language = ANY($3::text[]))
  AND ($4::text IS NULL OR s.file_path ~ $4)
  AND left(replace(s.words, ' ', ''), 255) >= left($7, 255)
  AND left(replace(s.words, ' ', ''), 255) < left($7, 255) || U&'\+10FFFF'
  AND starts_with(replace(s.words, ' ', ''), $7)
ORDER BY s.type = 'import', length(s.name), s.flags && ARRAY['test', 'generated', 'vendored', 'minified'],
         s.file_path, s.line_number, s.id
LIMIT $5 OFFSET $6

-- name: find_words
-- By words anywhere in the name ($7 as a tsquery), short names first.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       count(*) OVER () AS total
FROM symbol_rows AS s
WHERE s.project_id = $1
  AND ($2::text[] IS NULL OR s.kind = ANY($2::text[]) OR s.type = ANY($2::text[]))
  AND ($3::text[] IS NULL OR s.language = ANY($3::text[]))
  AND ($4::text IS NULL OR s.file_path ~ $4)
  AND s.type <> 'import'
  AND symbol_text(s.words, s.documentation) @@ $7::tsquery
ORDER BY s.type = 'import', length(s.name), s.flags && ARRAY['test', 'generated', 'vendored', 'minified'],
         s.file_path, s.line_number, s.id
LIMIT $5 OFFSET $6

-- name: find_fuzzy
-- By names that are spelt alike ($7, the most alike first).
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       count(*) OVER () AS total
FROM symbol_rows AS s
WHERE s.project_id = $1
  AND ($2::text[] IS NULL OR s.kind = ANY($2::text[]) OR s.type = ANY($2::text[]))
  AND ($3::text[] IS NULL OR s.language = ANY($3::text[]))
  AND ($4::text IS NULL OR s.file_path ~ $4)
  AND s.type <> 'import'
  AND s.name = ANY($7::text[])
ORDER BY array_position($7::text[], s.name), s.flags && ARRAY['test', 'generated', 'vendored', 'minified'],
         s.file_path, s.line_number, s.id
LIMIT $5 OFFSET $6

-- name: symbols
-- The symbols of these ids, in the order of the ids.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static
FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (id, place)
CROSS JOIN LATERAL (
    SELECT x.id, x.file_id, x.file_path, x.name, x.qualified_name, x.kind, x.language, x.line_number, x.column_number,
           x.start_line, x.start_column, x.end_line, x.end_column, x.container_id, x.ordinal, x.signature, x.documentation,
           x.visibility, x.is_exported, x.is_async, x.is_generator, x.is_abstract, x.is_static
    FROM code_symbols AS x WHERE x.project_id = $1 AND x.id = wanted.id LIMIT 1
) AS s
ORDER BY wanted.place

-- name: texts
-- The long texts of one symbol.
SELECT definition, context_before, context_after, metadata
FROM code_symbols
WHERE project_id = $1 AND id = $2

-- name: named
-- The symbols with a qualified name, or with an end of one: whole matches first, imports last.
-- $2 possible names, $3 the text, $4 ends of a qualified name.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static
FROM code_symbols AS s
WHERE s.project_id = $1
  AND s.name = ANY($2::text[])
  AND (s.name = $3 OR s.qualified_name = $3 OR right(s.qualified_name, length($3) + 1) = ANY($4::text[]))
ORDER BY s.type = 'import', s.qualified_name <> $3, s.file_path, s.line_number, s.id
LIMIT $5

-- name: declared
-- Those of some symbols that only declare.
SELECT s.id
FROM code_symbols AS s
WHERE s.project_id = $1 AND s.id = ANY($2::uuid[]) AND s.metadata ? 'declaration'

-- name: occurrences
-- A symbol with those that declare it or that it declares: definitions first, then the symbol itself.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static
FROM code_symbols AS o
JOIN code_symbols AS s
    ON s.project_id = o.project_id
   AND s.name = o.name
   AND s.qualified_name = o.qualified_name
   AND (s.id = o.id OR (s.type <> 'import' AND (s.metadata ? 'declaration' OR o.metadata ? 'declaration')))
WHERE o.project_id = $1 AND o.id = $2
ORDER BY s.metadata ? 'declaration', s.id <> o.id, s.file_path, s.line_number, s.id
LIMIT $3

-- name: outline
-- The symbols of a file, in source order.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static
FROM code_symbols AS s
WHERE s.project_id = $1 AND s.file_id = $2
ORDER BY s.start_line, s.start_column, s.end_line DESC, s.end_column DESC, s.line_number, s.column_number, s.id

-- name: at
-- The symbols of a file whose definition covers a place, innermost first; without a column, any on that line.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static
FROM code_symbols AS s
WHERE s.project_id = $1
  AND s.file_id = $2
  AND $3 BETWEEN s.start_line AND s.end_line
  AND (
      $4::int IS NULL
      OR ((s.start_line, s.start_column) <= ($3, $4::int) AND (s.end_line, s.end_column) > ($3, $4::int))
      OR (s.line_number = $3 AND $4::int >= s.column_number AND $4::int < s.column_number + octet_length(s.name))
  )
ORDER BY coalesce(
             s.line_number = $3 AND $4::int >= s.column_number AND $4::int < s.column_number + octet_length(s.name), false
         ) DESC,
         s.end_line - s.start_line, s.start_line DESC, s.start_column DESC, s.id
LIMIT $5

-- name: enclosing
-- For each file and line the smallest symbol around it.
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static, asked.place
FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked (file_id, line, place)
CROSS JOIN LATERAL (
    SELECT x.id, x.file_id, x.file_path, x.name, x.qualified_name, x.kind, x.language, x.line_number, x.column_number,
           x.start_line, x.start_column, x.end_line, x.end_column, x.container_id, x.ordinal, x.signature, x.documentation,
           x.visibility, x.is_exported, x.is_async, x.is_generator, x.is_abstract, x.is_static
    FROM code_symbols AS x
    WHERE x.project_id = $1
      AND x.file_id = asked.file_id
      AND asked.line BETWEEN x.start_line AND x.end_line
      AND x.kind NOT IN ('module', 'import')
    ORDER BY x.end_line - x.start_line, x.start_line DESC, x.start_column, x.id
    LIMIT 1
) AS s

-- name: enclosed
-- The places whose smallest symbol is of one of these kinds or types.
SELECT asked.place
FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked (file_id, line, place)
CROSS JOIN LATERAL (
    SELECT x.kind, x.type
    FROM code_symbols AS x
    WHERE x.project_id = $1
      AND x.file_id = asked.file_id
      AND asked.line BETWEEN x.start_line AND x.end_line
      AND x.kind NOT IN ('module', 'import')
    ORDER BY x.end_line - x.start_line, x.start_line DESC, x.start_column, x.id
    LIMIT 1
) AS s
WHERE s.kind = ANY ($4::text[]) OR s.type = ANY ($4::text[])

-- name: incoming
-- The relationships to the symbols $2 with their sources, best first, and how many there are in all.
WITH ranked AS (
    SELECT r.source_id AS other_id, r.relationship_type, r.confidence, r.evidence, r.sites, s.file_path AS path, f.flags,
           count(*) OVER () AS total, sum(r.n_sites) OVER () AS sites_total,
           row_number() OVER (
               ORDER BY r.confidence DESC, f.flags && ARRAY['test', 'generated', 'vendored', 'minified'],
                        s.file_path, s.line_number, s.id, r.relationship_type, r.target_id
           ) AS place
    FROM symbol_relationships AS r
    CROSS JOIN LATERAL (
        SELECT x.id, x.file_id, x.file_path, x.line_number
        FROM code_symbols AS x WHERE x.project_id = $1 AND x.id = r.source_id LIMIT 1
    ) AS s
    CROSS JOIN LATERAL (SELECT x.flags FROM files AS x WHERE x.project_id = $1 AND x.id = s.file_id LIMIT 1) AS f
    WHERE r.project_id = $1
      AND r.target_id = ANY($2::uuid[])
      AND r.relationship_type = ANY($3::text[])
      AND r.confidence >= $4
    ORDER BY place
    LIMIT $5 OFFSET $6
)
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       r.relationship_type, r.confidence, r.evidence, r.sites, r.path, r.flags, r.total, r.sites_total
FROM ranked AS r
CROSS JOIN LATERAL (
    SELECT x.id, x.file_id, x.file_path, x.name, x.qualified_name, x.kind, x.language, x.line_number, x.column_number,
           x.start_line, x.start_column, x.end_line, x.end_column, x.container_id, x.ordinal, x.signature, x.documentation,
           x.visibility, x.is_exported, x.is_async, x.is_generator, x.is_abstract, x.is_static
    FROM code_symbols AS x WHERE x.project_id = $1 AND x.id = r.other_id LIMIT 1
) AS s
ORDER BY r.place

-- name: outgoing
-- The relationships from the symbols $2 with their targets, in the order of their first sites, and how many there are.
WITH ranked AS (
    SELECT r.target_id AS other_id, r.relationship_type, r.confidence, r.evidence, r.sites, o.path AS path, f.flags,
           count(*) OVER () AS total, sum(r.n_sites) OVER () AS sites_total,
           row_number() OVER (
               ORDER BY r.sites[1] NULLS LAST, r.sites[2], r.relationship_type, s.file_path, s.line_number, s.id,
                        r.source_id
           ) AS place
    FROM symbol_relationships AS r
    CROSS JOIN LATERAL (SELECT x.path FROM files AS x WHERE x.project_id = $1 AND x.id = r.file_id LIMIT 1) AS o
    CROSS JOIN LATERAL (
        SELECT x.id, x.file_id, x.file_path, x.line_number
        FROM code_symbols AS x WHERE x.project_id = $1 AND x.id = r.target_id LIMIT 1
    ) AS s
    CROSS JOIN LATERAL (SELECT x.flags FROM files AS x WHERE x.project_id = $1 AND x.id = s.file_id LIMIT 1) AS f
    WHERE r.project_id = $1
      AND r.source_id = ANY($2::uuid[])
      AND r.relationship_type = ANY($3::text[])
      AND r.confidence >= $4
    ORDER BY place
    LIMIT $5 OFFSET $6
)
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       r.relationship_type, r.confidence, r.evidence, r.sites, r.path, r.flags, r.total, r.sites_total
FROM ranked AS r
CROSS JOIN LATERAL (
    SELECT x.id, x.file_id, x.file_path, x.name, x.qualified_name, x.kind, x.language, x.line_number, x.column_number,
           x.start_line, x.start_column, x.end_line, x.end_column, x.container_id, x.ordinal, x.signature, x.documentation,
           x.visibility, x.is_exported, x.is_async, x.is_generator, x.is_abstract, x.is_static
    FROM code_symbols AS x WHERE x.project_id = $1 AND x.id = r.other_id LIMIT 1
) AS s
ORDER BY r.place

-- name: impact
-- What reaches the symbols $2 backwards, what is certain first, then nearest and surest, and how much there is in all; see reach().
WITH reached AS (
    SELECT b.id, b.distance, b.confidence, b.next_id, b.relationship_type, b.is_possible, b.is_cut, count(*) OVER () AS total,
           count(*) FILTER (WHERE b.is_possible) OVER () AS possible
    FROM reach($1, $2::uuid[], $3::text[], $4, $5, $6, $9) AS b
    ORDER BY b.is_possible, b.distance, b.confidence DESC, b.id
    LIMIT $7 OFFSET $8
)
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       b.distance, b.confidence, b.next_id, b.relationship_type, f.flags, b.is_possible, b.total, b.possible, b.is_cut
FROM reached AS b
CROSS JOIN LATERAL (
    SELECT x.id, x.file_id, x.file_path, x.name, x.qualified_name, x.kind, x.language, x.line_number, x.column_number,
           x.start_line, x.start_column, x.end_line, x.end_column, x.container_id, x.ordinal, x.signature, x.documentation,
           x.visibility, x.is_exported, x.is_async, x.is_generator, x.is_abstract, x.is_static
    FROM code_symbols AS x WHERE x.project_id = $1 AND x.id = b.id LIMIT 1
) AS s
CROSS JOIN LATERAL (SELECT x.flags FROM files AS x WHERE x.project_id = $1 AND x.id = s.file_id LIMIT 1) AS f
ORDER BY b.is_possible, b.distance, b.confidence DESC, b.id

-- name: steps_forward
-- The best relationship from each of the symbols $2 to each of its targets.
SELECT DISTINCT ON (r.target_id) r.source_id, r.target_id, r.relationship_type, r.confidence, r.sites
FROM symbol_relationships AS r
WHERE r.project_id = $1
  AND r.source_id = ANY($2::uuid[])
  AND r.relationship_type = ANY($3::text[])
  AND r.confidence >= $4
ORDER BY r.target_id, r.confidence DESC, r.source_id, r.relationship_type

-- name: steps_backward
-- The best relationship to each of the symbols $2 from each of its sources.
SELECT DISTINCT ON (r.source_id) r.source_id, r.target_id, r.relationship_type, r.confidence, r.sites
FROM symbol_relationships AS r
WHERE r.project_id = $1
  AND r.target_id = ANY($2::uuid[])
  AND r.relationship_type = ANY($3::text[])
  AND r.confidence >= $4
ORDER BY r.source_id, r.confidence DESC, r.target_id, r.relationship_type
