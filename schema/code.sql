-- version 1
--
-- The derived tables: everything here is computed from the files of a project, and can be dropped and made
-- again.
--
-- The tables that hold a project's facts are LIST-partitioned by project_id, so that a project is loaded
-- beside the live data, attached in one step and dropped in one step, and so that the schema can be
-- distributed by that column: every key contains it. There are no foreign keys between derived tables. The
-- pipeline writes all rows that a change touches in one transaction and keeps them consistent; a cascade
-- would tear out the relationships that other files have to a symbol which is written again a moment later,
-- and checking each row of a load costs more than the load.
--
-- Text that is compared has COLLATE "C": the order of an export must not depend on a server's locale, and
-- prefixes can use an index. Names and paths have no limit of length, but a btree takes 2.7 kB: where one
-- would hold a name, it holds the first 255 characters or a hash. Lines count from 1; columns are 0-based
-- offsets in UTF-8 bytes.

-- One row a project: a tree that is indexed. `generation` grows by one with each commit.
CREATE TABLE projects (
    id UUID PRIMARY KEY,
    root TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    generation BIGINT NOT NULL DEFAULT 0,
    settings JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    last_indexed TIMESTAMP WITH TIME ZONE
);
COMMENT ON CONSTRAINT projects_pkey ON projects IS 'One row a project.';
CREATE INDEX idx_projects_root ON projects USING hash (root);
COMMENT ON INDEX idx_projects_root IS
    'Serves the look-up of a project by its root.';

-- The epoch of every generation in this database; at most one row. The table is unlogged, so PostgreSQL
-- empties it when it recovers from a crash, which is when commits that were not flushed are lost and their
-- numbers come again. `database_id` tells a restored copy from the original.
CREATE UNLOGGED TABLE index_epoch (
    is_present BOOLEAN PRIMARY KEY DEFAULT true CHECK (is_present),
    epoch BIGINT NOT NULL,
    database_id TEXT NOT NULL
);
COMMENT ON CONSTRAINT index_epoch_pkey ON index_epoch IS 'With the check, at most one row.';
COMMENT ON CONSTRAINT index_epoch_is_present_check ON index_epoch IS 'With the key, at most one row.';

-- The present epoch: milliseconds since 1970 at the time of the first look after a recovery.
CREATE FUNCTION current_epoch() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    here TEXT := (
        SELECT format('%s/%s', c.system_identifier, d.oid)
        FROM pg_control_system() AS c, pg_database AS d
        WHERE d.datname = current_database()
    );
    found_epoch BIGINT;
BEGIN
    SELECT epoch INTO found_epoch FROM index_epoch WHERE database_id = here;
    IF found_epoch IS NULL THEN
        INSERT INTO index_epoch AS e (epoch, database_id)
        VALUES (floor(extract(epoch FROM clock_timestamp()) * 1000), here)
        ON CONFLICT (is_present) DO UPDATE
        SET epoch = greatest(e.epoch + 1, excluded.epoch), database_id = excluded.database_id
        WHERE e.database_id <> excluded.database_id;
        SELECT epoch INTO found_epoch FROM index_epoch WHERE database_id = here;
    END IF;
    RETURN found_epoch;
END
$$;

-- Counts a commit; no row when there is no such project.
CREATE FUNCTION next_generation(project UUID) RETURNS TABLE (epoch BIGINT, generation BIGINT) LANGUAGE sql AS $$
    UPDATE projects AS p
    SET generation = p.generation + 1, last_indexed = now()
    WHERE p.id = project
    RETURNING current_epoch(), p.generation
$$;

-- One row a file, as it was last read; it is written in the same transaction as the file's symbols. `id` is a
-- UUIDv5 of project and path. `sites`, `imports`, `provides` and `reads` are packed by the pipeline and
-- opaque here. They are kept uncompressed, since packing leaves little to gain.
CREATE TABLE files (
    project_id UUID NOT NULL,
    id UUID NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C",
    size BIGINT NOT NULL,
    mtime_ns BIGINT NOT NULL,
    ctime_ns BIGINT NOT NULL,
    inode BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    extractor_version TEXT COLLATE "C" NOT NULL,
    problem TEXT,
    flags TEXT[] NOT NULL DEFAULT '{}',
    n_lines INTEGER NOT NULL DEFAULT 0,
    n_symbols INTEGER NOT NULL DEFAULT 0,
    n_sites_resolved INTEGER NOT NULL DEFAULT 0,
    n_sites_external INTEGER NOT NULL DEFAULT 0,
    n_sites_unresolved INTEGER NOT NULL DEFAULT 0,
    sites BYTEA STORAGE EXTERNAL,
    imports BYTEA STORAGE EXTERNAL,
    provides BYTEA STORAGE EXTERNAL,
    reads BYTEA STORAGE EXTERNAL,
    indexed_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (project_id, id)
) PARTITION BY LIST (project_id);
COMMENT ON CONSTRAINT files_pkey ON files IS 'Finds a file by its id, and so by its path.';
ALTER TABLE files
    ALTER sites SET STATISTICS 0, ALTER imports SET STATISTICS 0, ALTER provides SET STATISTICS 0,
    ALTER reads SET STATISTICS 0;
CREATE UNIQUE INDEX idx_files_path ON files (project_id, md5(path));
COMMENT ON INDEX idx_files_path IS
    'One row a path, whatever its length; serves people who look for a path without computing its id.';

-- The full text of a symbol: the words of its name weigh A, its documentation as English prose D.
CREATE FUNCTION symbol_text(words TEXT, documentation TEXT) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('simple', left(words, 10000)), 'A')
    || to_tsvector('english', left(coalesce(documentation, ''), 100000));

-- One row a definition. Every column of the source schema is here under its name; `line_number` and
-- `column_number` are the place of the name, `start_line` to `end_column` is the whole definition. `type` is
-- one of the source's 14, `kind` the finer one. `words` is the name split at case, digits and punctuation, in
-- lower case, joined by spaces. The long texts are stored uncompressed: compressing them took half of the
-- time of copying. `reference_count` and `last_referenced` are brought up to date by maintenance, not with
-- each commit.
CREATE TABLE code_symbols (
    project_id UUID NOT NULL,
    id UUID NOT NULL,
    file_id UUID NOT NULL,
    container_id UUID,
    name TEXT COLLATE "C" NOT NULL,
    qualified_name TEXT COLLATE "C" NOT NULL,
    words TEXT COLLATE "C" NOT NULL,
    type VARCHAR(50) COLLATE "C" NOT NULL CHECK (type IN (
        'function', 'class', 'interface', 'method', 'property',
        'variable', 'constant', 'enum', 'type', 'namespace',
        'import', 'export', 'module', 'package'
    )),
    kind TEXT COLLATE "C" NOT NULL,
    ordinal INTEGER NOT NULL DEFAULT 0,
    file_path TEXT COLLATE "C" NOT NULL,
    line_number INTEGER NOT NULL,
    column_number INTEGER NOT NULL,
    start_line INTEGER NOT NULL,
    start_column INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_column INTEGER NOT NULL,
    signature TEXT STORAGE EXTERNAL,
    documentation TEXT STORAGE EXTERNAL,
    language VARCHAR(50) COLLATE "C" NOT NULL,
    visibility VARCHAR(20) CHECK (visibility IN ('public', 'private', 'protected', 'internal')),
    definition TEXT STORAGE EXTERNAL,
    context_before TEXT STORAGE EXTERNAL,
    context_after TEXT STORAGE EXTERNAL,
    is_exported BOOLEAN NOT NULL DEFAULT false,
    is_async BOOLEAN NOT NULL DEFAULT false,
    is_generator BOOLEAN NOT NULL DEFAULT false,
    is_abstract BOOLEAN NOT NULL DEFAULT false,
    is_static BOOLEAN NOT NULL DEFAULT false,
    vault_id UUID,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    last_analyzed TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    reference_count INTEGER NOT NULL DEFAULT 0,
    last_referenced TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (project_id, id)
) PARTITION BY LIST (project_id);
COMMENT ON CONSTRAINT code_symbols_pkey ON code_symbols IS 'Finds a symbol by its id: the other side of a relationship.';
COMMENT ON CONSTRAINT code_symbols_type_check ON code_symbols IS 'The 14 types of the source schema; kind is finer.';
COMMENT ON CONSTRAINT code_symbols_visibility_check ON code_symbols IS 'Four words for visibility, whatever the language.';

-- Nothing filters or joins by the long texts, so ANALYZE need not read them; partitions get the same from
-- make_partition.
ALTER TABLE code_symbols
    ALTER signature SET STATISTICS 0, ALTER documentation SET STATISTICS 0, ALTER definition SET STATISTICS 0,
    ALTER context_before SET STATISTICS 0, ALTER context_after SET STATISTICS 0;

CREATE INDEX idx_symbols_name ON code_symbols USING hash (name);
COMMENT ON INDEX idx_symbols_name IS
    'Serves find by exact name, qualified names and their ends (the last segment is the name).';
CREATE INDEX idx_symbols_folded ON code_symbols (left(replace(words, ' ', ''), 255));
COMMENT ON INDEX idx_symbols_folded IS
    'Serves find in any case style and by prefix: get_user, getUser and GetUser are all ''getuser''.';
CREATE INDEX idx_symbols_qualified ON code_symbols USING hash (qualified_name);
COMMENT ON INDEX idx_symbols_qualified IS
    'Serves memories'' anchors, and people who have a qualified name.';
CREATE INDEX idx_symbols_file_id ON code_symbols (file_id);
COMMENT ON INDEX idx_symbols_file_id IS
    'Serves outline, at, and the replacement of a file.';
CREATE INDEX idx_symbols_file ON code_symbols USING hash (file_path);
COMMENT ON INDEX idx_symbols_file IS
    'Serves memories'' anchors and people, who ask by path.';
CREATE INDEX idx_symbols_lookup ON code_symbols (project_id, type, left(name, 255));
COMMENT ON INDEX idx_symbols_lookup IS
    'Serves lists of one type by name; stands for the source''s indexes on type and on project as well.';
CREATE INDEX idx_symbols_language ON code_symbols (language);
COMMENT ON INDEX idx_symbols_language IS
    'Serves lists of one language in a project of several.';
CREATE INDEX idx_symbols_search ON code_symbols USING gin (symbol_text(words, documentation)) WHERE type <> 'import';
COMMENT ON INDEX idx_symbols_search IS
    'Serves find by words that a name contains, and people''s full-text queries; an import repeats the name it imports.';

-- One row for each (source, target, type), in the forward direction; v_relationships adds the inverse types.
-- A relationship belongs to the file of its source, and is replaced with it. `sites` holds its places in
-- source order as line, column, line, column, …; `confidence` is the highest of its sites', `evidence` that
-- site's (model.Evidence). `id` is made of the key and so repeats with each indexing; it has no index of its
-- own, since nothing looks for it. `context` may hold a line; v_relationships takes it from the source's
-- definition where it is NULL.
CREATE TABLE symbol_relationships (
    project_id UUID NOT NULL,
    id UUID NOT NULL,
    source_id UUID NOT NULL,
    target_id UUID NOT NULL,
    relationship_type VARCHAR(50) COLLATE "C" NOT NULL CHECK (relationship_type IN (
        'calls', 'imports', 'extends', 'implements', 'uses', 'references', 'overrides', 'decorates'
    )),
    file_id UUID NOT NULL,
    confidence FLOAT NOT NULL DEFAULT 1.0,
    evidence SMALLINT NOT NULL DEFAULT 0,
    n_sites INTEGER NOT NULL DEFAULT 0,
    sites INTEGER[] NOT NULL DEFAULT '{}',
    context TEXT,
    metadata JSONB,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    -- The project comes last: being the same in all of a partition, it would make the index slower to build and search.
    PRIMARY KEY (source_id, relationship_type, target_id, project_id)
) PARTITION BY LIST (project_id);
COMMENT ON CONSTRAINT symbol_relationships_pkey ON symbol_relationships IS
    'One row for each source, target and type. Serves callees and whatever starts from a source; stands for the source
schema''s idx_rel_source and idx_rel_source_type.';
COMMENT ON CONSTRAINT symbol_relationships_relationship_type_check ON symbol_relationships IS
    'The forward types of the source schema; v_relationships has the inverse ones.';
CREATE INDEX idx_rel_target ON symbol_relationships (target_id);
COMMENT ON INDEX idx_rel_target IS
    'Serves callers, refs, impact.';
CREATE INDEX idx_rel_type ON symbol_relationships (relationship_type)
    WHERE relationship_type IN ('extends', 'implements', 'overrides', 'decorates');
COMMENT ON INDEX idx_rel_type IS
    'Serves questions for a rare type (what overrides, what is decorated); a frequent one reads most of the table anyway.';

-- What extraction found in a content, whatever its path and project; shared by all projects and bounded by
-- the program. Unlogged: after a crash it is empty, and that costs parsing again, nothing more.
CREATE UNLOGGED TABLE facts_cache (
    content_hash BYTEA NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    extractor_version TEXT COLLATE "C" NOT NULL,
    facts BYTEA STORAGE EXTERNAL NOT NULL,
    size INTEGER NOT NULL GENERATED ALWAYS AS (octet_length(facts)) STORED,
    last_used TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (content_hash, language, extractor_version)
);
COMMENT ON CONSTRAINT facts_cache_pkey ON facts_cache IS 'Finds the facts of a content before it is parsed.';
CREATE INDEX idx_facts_cache_last_used ON facts_cache (last_used);
COMMENT ON INDEX idx_facts_cache_last_used IS
    'Serves the eviction of what was not used for longest.';

-- What a symbol's vector stands for, as a hash (the key of symbol_embeddings): the beginning of its texts, as far as a model reads, with
-- its name and place. The number in front is that of the way in which vectors are made from them.
CREATE FUNCTION symbol_text_key(path TEXT, qualified_name TEXT, documentation TEXT, definition TEXT) RETURNS UUID
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5('2' || E'\x01' || path || E'\x01' || qualified_name || E'\x01' || coalesce(left(documentation, 2000), '') || E'\x01'
    || coalesce(left(definition, 2000), ''))::uuid;

-- Makes an unattached table for a project's part of a partitioned table and returns its name. The CHECK lets
-- ATTACH skip its scan. Statistics are kept of what queries filter and join by only, in a small sample:
-- analysing long texts costs more than it tells.
CREATE FUNCTION make_partition(parent TEXT, project UUID, suffix TEXT) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    part TEXT := format('%s_%s_%s', parent, replace(project::text, '-', ''), suffix);
    wide TEXT;
BEGIN
    EXECUTE format(
        'CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE, CHECK (project_id = %L))',
        part, parent, project
    );
    FOR wide IN
        SELECT attname FROM pg_attribute
        WHERE attrelid = part::regclass AND attnum > 0 AND attstorage = 'e'
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', part, wide);
    END LOOP;
    RETURN part;
END
$$;

-- Gives an unattached table the keys and indexes of its parent, so that ATTACH finds them in place, and
-- statistics.
CREATE FUNCTION index_partition(parent TEXT, part TEXT) RETURNS VOID LANGUAGE plpgsql
SET maintenance_work_mem = '64MB' SET max_parallel_maintenance_workers = 0 SET default_statistics_target = 10 AS $$
DECLARE
    statement TEXT;
BEGIN
    FOR statement IN
        SELECT CASE
            WHEN c.oid IS NULL THEN
                regexp_replace(
                    pg_get_indexdef(i.indexrelid),
                    '^CREATE (UNIQUE )?INDEX .*? ON ONLY .*? USING ',
                    format('CREATE \1INDEX ON %I USING ', part)
                )
            ELSE format('ALTER TABLE %I ADD %s', part, pg_get_constraintdef(c.oid))
        END
        FROM pg_index AS i
        LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u')
        WHERE i.indrelid = parent::regclass
        ORDER BY i.indexrelid
    LOOP
        EXECUTE statement;
    END LOOP;
    EXECUTE format('ANALYZE %I', part);
END
$$;

-- What the names of a project's tables look like, attached or left over from a load that was killed.
CREATE FUNCTION partition_pattern(parent TEXT, project UUID) RETURNS TEXT LANGUAGE sql IMMUTABLE
RETURN replace(parent, '_', '\_') || '\_' || replace(project::text, '-', '') || '\_%';

-- Puts a finished table in the place of the project's part of `parent`; the former one is dropped.
CREATE FUNCTION attach_partition(parent TEXT, project UUID, part TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    former TEXT;
BEGIN
    FOR former IN
        SELECT t.relname
        FROM pg_inherits AS h
        JOIN pg_class AS t ON t.oid = h.inhrelid
        WHERE h.inhparent = parent::regclass AND t.relname LIKE partition_pattern(parent, project)
    LOOP
        EXECUTE format('DROP TABLE %I', former);
    END LOOP;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', parent, part, project);
END
$$;

-- Drops a project's tables that a killed load left unattached.
CREATE FUNCTION drop_leftovers(project UUID) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    part TEXT;
BEGIN
    FOR part IN
        SELECT t.relname
        FROM unnest(ARRAY['files', 'code_symbols', 'symbol_relationships']) AS parent
        JOIN pg_class AS t ON t.relname LIKE partition_pattern(parent, project)
        WHERE t.relkind = 'r'
          AND NOT t.relispartition
          AND t.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'projects'::regclass)
    LOOP
        EXECUTE format('DROP TABLE %I', part);
    END LOOP;
END
$$;

-- Makes sure that a project has its parts of the three tables, so that rows can be written without a load.
CREATE FUNCTION ensure_partitions(project UUID) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    parent TEXT;
    part TEXT;
BEGIN
    FOREACH parent IN ARRAY ARRAY['files', 'code_symbols', 'symbol_relationships'] LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM pg_inherits AS h
            JOIN pg_class AS t ON t.oid = h.inhrelid
            WHERE h.inhparent = parent::regclass AND t.relname LIKE partition_pattern(parent, project)
        );
        part := make_partition(parent, project, 'first');
        PERFORM index_partition(parent, part);
        PERFORM attach_partition(parent, project, part);
    END LOOP;
END
$$;

-- Removes a project with everything that was derived from it.
CREATE FUNCTION drop_project(project UUID) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    part TEXT;
BEGIN
    PERFORM drop_leftovers(project);
    FOR part IN
        SELECT t.relname
        FROM unnest(ARRAY['files', 'code_symbols', 'symbol_relationships']) AS parent
        JOIN pg_inherits AS h ON h.inhparent = parent::regclass
        JOIN pg_class AS t ON t.oid = h.inhrelid
        WHERE t.relname LIKE partition_pattern(parent, project)
    LOOP
        EXECUTE format('DROP TABLE %I', part);
    END LOOP;
    DELETE FROM projects AS p WHERE p.id = project;
END
$$;

-- Makes this connection's staging tables, or empties those of the last commit. Deleting a few rows is far
-- cheaper than truncating three tables, so that is left for when they have grown; the indexes keep a plan
-- that was made for a small commit good for a large one.
CREATE FUNCTION prepare_staging() RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('pg_temp.staged_symbols') IS NULL THEN
        CREATE TEMP TABLE staged_files (LIKE files INCLUDING DEFAULTS INCLUDING STORAGE);
        CREATE TEMP TABLE staged_symbols (LIKE code_symbols INCLUDING DEFAULTS INCLUDING STORAGE, PRIMARY KEY (id));
        CREATE TEMP TABLE staged_relationships (
            LIKE symbol_relationships INCLUDING DEFAULTS, PRIMARY KEY (source_id, target_id, relationship_type)
        );
    ELSIF pg_total_relation_size('pg_temp.staged_symbols') > 2000000
        OR pg_total_relation_size('pg_temp.staged_relationships') > 2000000
        OR pg_total_relation_size('pg_temp.staged_files') > 2000000
    THEN
        TRUNCATE pg_temp.staged_files, pg_temp.staged_symbols, pg_temp.staged_relationships;
    ELSE
        DELETE FROM pg_temp.staged_files;
        DELETE FROM pg_temp.staged_symbols;
        DELETE FROM pg_temp.staged_relationships;
    END IF;
END
$$;

-- Writes a change of a project: what is staged takes the place of what the files `replaced`, `removed` and `again` had; the last
-- were only resolved again, and NULL in their arrays leaves a packed column as it is. Rows that are equal to those before are not
-- touched. Answers where the project stands after it, and by how much its sites of each outcome have become more; no row when the
-- project is gone, and is_current false, with nothing done, when it is not at the generation that the change was computed from
-- (NULL: any). What the planner decides for staging tables that are nearly empty is kept, so it must be good for thousands of
-- files as well: rows are looked up by their keys, and joins are made by hashing; a loop over both sides took minutes.
CREATE FUNCTION apply_change(
    of_project UUID, after_epoch BIGINT, after_generation BIGINT, replaced UUID[], removed UUID[],
    again UUID[], again_sites BYTEA[], again_reads BYTEA[],
    again_resolved INTEGER[], again_external INTEGER[], again_unresolved INTEGER[]
) RETURNS TABLE (
    is_current BOOLEAN, epoch BIGINT, generation BIGINT, more_resolved BIGINT, more_external BIGINT, more_unresolved BIGINT
) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
    written UUID[] := replaced || removed;
    every_id UUID[] := written || again;
    stands RECORD;
    before RECORD;
    after RECORD;
BEGIN
    -- Nobody else commits to the project until the transaction ends.
    SELECT current_epoch() AS epoch, p.generation INTO stands
    FROM projects AS p
    WHERE p.id = of_project
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    is_current := after_generation IS NULL OR (stands.epoch, stands.generation) = (after_epoch, after_generation);
    IF NOT is_current THEN
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT coalesce(sum(f.n_sites_resolved), 0) AS resolved, coalesce(sum(f.n_sites_external), 0) AS external,
           coalesce(sum(f.n_sites_unresolved), 0) AS unresolved
    INTO before
    FROM files AS f
    WHERE f.project_id = of_project AND f.id = ANY(every_id);

    -- The relationships that start in the files. Those that stay are found by a join with what the files had: looked up one by one,
    -- the planner may choose the index on targets, where thousands of rows of this very change have the same one.
    WITH before AS (
        SELECT r.source_id, r.relationship_type, r.target_id, r.confidence, r.evidence, r.sites
        FROM symbol_relationships AS r
        WHERE r.project_id = of_project
          AND r.source_id = ANY(ARRAY(
              SELECT s.id FROM code_symbols AS s WHERE s.project_id = of_project AND s.file_id = ANY(every_id)
          ))
    ), gone AS (
        DELETE FROM symbol_relationships AS r
        WHERE r.project_id = of_project
          AND r.source_id = ANY(ARRAY(
              SELECT s.id FROM code_symbols AS s WHERE s.project_id = of_project AND s.file_id = ANY(every_id)
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
        sites = excluded.sites;

    IF cardinality(written) > 0 THEN
        -- A symbol that stays keeps created_at.
        WITH gone AS (
            DELETE FROM code_symbols AS s
            WHERE s.project_id = of_project
              AND s.file_id = ANY(written)
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
            WHERE o.project_id = of_project
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
            last_analyzed = now();
        WITH gone AS (
            DELETE FROM files WHERE project_id = of_project AND id = ANY(removed)
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
            indexed_at = now();
    END IF;

    IF cardinality(again) > 0 THEN
        UPDATE files AS f
        SET sites = coalesce(u.sites, f.sites),
            reads = coalesce(u.reads, f.reads),
            n_sites_resolved = u.resolved,
            n_sites_external = u.external,
            n_sites_unresolved = u.unresolved
        FROM unnest(again, again_sites, again_reads, again_resolved, again_external, again_unresolved)
            AS u (id, sites, reads, resolved, external, unresolved)
        WHERE f.project_id = of_project AND f.id = ANY(again) AND f.id = u.id;
    END IF;

    SELECT coalesce(sum(f.n_sites_resolved), 0) AS resolved, coalesce(sum(f.n_sites_external), 0) AS external,
           coalesce(sum(f.n_sites_unresolved), 0) AS unresolved
    INTO after
    FROM files AS f
    WHERE f.project_id = of_project AND f.id = ANY(every_id);
    more_resolved := after.resolved - before.resolved;
    more_external := after.external - before.external;
    more_unresolved := after.unresolved - before.unresolved;
    SELECT n.epoch, n.generation INTO epoch, generation FROM next_generation(of_project) AS n;
    RETURN NEXT;
END
$$;

-- The symbols with the flags of their files, for ranking: LIMIT 1 has the file looked up by its key, row by
-- row.
CREATE VIEW symbol_rows AS
SELECT s.id, s.file_id, s.file_path, s.name, s.qualified_name, s.kind, s.language, s.line_number, s.column_number,
       s.start_line, s.start_column, s.end_line, s.end_column, s.container_id, s.ordinal, s.signature, s.documentation,
       s.visibility, s.is_exported, s.is_async, s.is_generator, s.is_abstract, s.is_static,
       s.project_id, s.type, s.words, f.flags
FROM code_symbols AS s
CROSS JOIN LATERAL (
    SELECT x.flags FROM files AS x WHERE x.project_id = s.project_id AND x.id = s.file_id LIMIT 1
) AS f;

-- What reaches `starts` backwards along relationships of these types, breadth first: the distance in
-- relationships, the best product of confidences among the shortest ways, and the next symbol on that way. It
-- stops after the level that brings the count to `most`, and then says so in `is_cut`. Symbols of `starts`
-- are not among the answers. Whoever calls what a definition overrides may call the definition: such a step is only
-- possible (`is_possible`, and so is all beyond it), with the confidence that `overriding` gives it, and a surer way is preferred.
CREATE FUNCTION reach(
    project UUID, starts UUID[], types TEXT[], most_steps INTEGER, most INTEGER, least_confidence FLOAT, overriding FLOAT
) RETURNS TABLE (
    id UUID, distance INTEGER, confidence FLOAT, next_id UUID, relationship_type VARCHAR, is_possible BOOLEAN, is_cut BOOLEAN
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    seen UUID[] := starts;
    level_ids UUID[] := starts;
    level_confidences FLOAT[] := array_fill(1.0::float, ARRAY[cardinality(starts)]);
    level_possible BOOLEAN[] := array_fill(false, ARRAY[cardinality(starts)]);
    level_next UUID[];
    level_types VARCHAR[];
    n INTEGER := 0;
BEGIN
    FOR step IN 1..most_steps LOOP
        SELECT array_agg(b.source_id), array_agg(b.along), array_agg(b.next_id), array_agg(b.type), array_agg(b.is_possible)
        INTO level_ids, level_confidences, level_next, level_types, level_possible
        FROM (
            SELECT DISTINCT ON (r.source_id)
                   r.source_id, f.confidence * r.confidence AS along, f.id AS next_id, r.relationship_type AS type,
                   f.is_possible OR r.is_possible AS is_possible
            FROM unnest(level_ids, level_confidences, level_possible) AS f (id, confidence, is_possible)
            CROSS JOIN LATERAL (
                (
                    SELECT x.source_id, x.relationship_type, x.confidence, false AS is_possible
                    FROM symbol_relationships AS x
                    WHERE x.project_id = project AND x.target_id = f.id
                      AND x.relationship_type = ANY (types) AND x.confidence >= least_confidence
                    OFFSET 0
                ) UNION ALL (
                    WITH RECURSIVE overridden (id, depth) AS (
                        SELECT x.target_id, 1
                        FROM symbol_relationships AS x
                        WHERE x.project_id = project AND x.source_id = f.id AND x.relationship_type = 'overrides'
                        UNION
                        SELECT x.target_id, o.depth + 1
                        FROM overridden AS o
                        JOIN symbol_relationships AS x
                          ON x.project_id = project AND x.source_id = o.id AND x.relationship_type = 'overrides'
                        WHERE o.depth < 10
                    )
                    SELECT x.source_id, x.relationship_type, x.confidence * overriding, true
                    FROM overridden AS o
                    CROSS JOIN LATERAL (
                        SELECT y.source_id, y.relationship_type, y.confidence
                        FROM symbol_relationships AS y
                        WHERE y.project_id = project AND y.target_id = o.id AND y.relationship_type = 'calls'
                          AND y.confidence * overriding >= least_confidence
                          -- What overrides it as well calls just that (super).
                          AND NOT EXISTS (
                              SELECT FROM symbol_relationships AS z
                              WHERE z.project_id = project AND z.source_id = y.source_id
                                AND z.relationship_type = 'overrides' AND z.target_id = o.id
                          )
                        OFFSET 0
                    ) AS x
                    WHERE 'calls' = ANY (types)
                )
            ) AS r
            WHERE NOT EXISTS (SELECT FROM unnest(seen) AS v (id) WHERE v.id = r.source_id)
            ORDER BY r.source_id, f.is_possible OR r.is_possible, along DESC, f.id, r.relationship_type
        ) AS b;
        EXIT WHEN level_ids IS NULL;
        n := n + cardinality(level_ids);
        RETURN QUERY
        SELECT l.id, step, l.along, l.next_id, l.type, l.is_possible, n >= most AND step < most_steps
        FROM unnest(level_ids, level_confidences, level_next, level_types, level_possible)
            AS l (id, along, next_id, type, is_possible);
        EXIT WHEN n >= most;
        seen := seen || level_ids;
    END LOOP;
END
$$;

-- Every relationship in both directions, with the source schema's inverse types (called_by, …), and the text
-- of the first site's line as context. In an inverse row, source and target have changed places; sites stay
-- those of the forward one.
CREATE VIEW v_relationships AS
SELECT r.project_id, r.id, d.source_id, d.target_id, d.relationship_type, r.confidence, r.evidence,
       r.n_sites, r.sites, r.file_id, s.file_path,
       coalesce(r.context, CASE WHEN r.sites[1] >= s.start_line THEN
           btrim(split_part(s.definition, E'\n', r.sites[1] - s.start_line + 1), E' \t\r')
       END) AS context,
       coalesce(r.metadata, '{}') AS metadata, r.created_at
FROM symbol_relationships AS r
CROSS JOIN LATERAL (VALUES
    (r.source_id, r.target_id, r.relationship_type::text),
    (r.target_id, r.source_id, CASE r.relationship_type
        WHEN 'calls' THEN 'called_by'
        WHEN 'imports' THEN 'imported_by'
        WHEN 'extends' THEN 'extended_by'
        WHEN 'implements' THEN 'implemented_by'
        WHEN 'uses' THEN 'used_by'
        WHEN 'references' THEN 'referenced_by'
        WHEN 'overrides' THEN 'overridden_by'
        WHEN 'decorates' THEN 'decorated_by'
    END)
) AS d (source_id, target_id, relationship_type)
LEFT JOIN code_symbols AS s ON s.project_id = r.project_id AND s.id = r.source_id;

-- The word for an evidence (model.Evidence), as answers have it.
CREATE FUNCTION evidence_label(evidence SMALLINT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (ARRAY[
    'unresolved', 'scope', 'import', 'module', 'self', 'inheritance', 'type', 'inferred', 'override', 'unique-name', 'scip',
    'external'
])[evidence + 1];

-- For people and programs that speak SQL: names of columns stay as they are from release to release, whatever the tables below
-- become. `project` is the project's name, lines count from 1. docs/sql.md shows them at work.

-- The files of every project.
CREATE VIEW v_files AS
SELECT p.name AS project, p.root, f.path, f.language, f.n_lines AS lines, f.size AS bytes, f.n_symbols AS symbols,
       f.n_sites_resolved AS resolved, f.n_sites_external AS external, f.n_sites_unresolved AS unresolved, f.problem, f.flags,
       'test' = ANY (f.flags) AS is_test, f.indexed_at, f.project_id, f.id
FROM files AS f
JOIN projects AS p ON p.id = f.project_id;

-- The definitions of every project; imports, which repeat a name, are left out.
CREATE VIEW v_symbols AS
SELECT p.name AS project, s.file_path AS path, s.line_number AS line, s.end_line, s.name, s.qualified_name, s.kind, s.type,
       s.language, s.signature, s.documentation, s.visibility, s.is_exported, s.definition, s.reference_count,
       c.qualified_name AS container, s.project_id, s.id
FROM code_symbols AS s
JOIN projects AS p ON p.id = s.project_id
LEFT JOIN code_symbols AS c ON c.project_id = s.project_id AND c.id = s.container_id
WHERE s.type <> 'import';

-- What each symbol does with another: one row for each pair and type, with the first place and the number of places.
CREATE VIEW v_uses AS
SELECT p.name AS project, s.qualified_name AS source, s.kind AS source_kind, s.file_path AS path, r.sites[1] AS line,
       r.relationship_type AS type, t.qualified_name AS target, t.kind AS target_kind, t.file_path AS target_path,
       t.line_number AS target_line, r.n_sites AS places, r.confidence, evidence_label(r.evidence) AS evidence, r.project_id,
       r.source_id, r.target_id
FROM symbol_relationships AS r
JOIN projects AS p ON p.id = r.project_id
JOIN code_symbols AS s ON s.project_id = r.project_id AND s.id = r.source_id
JOIN code_symbols AS t ON t.project_id = r.project_id AND t.id = r.target_id;

-- The calls among them.
CREATE VIEW v_calls AS
SELECT u.project, u.source AS caller, u.path, u.line, u.target AS callee, u.target_path AS callee_path,
       u.target_line AS callee_line, u.places, u.confidence, u.evidence, u.project_id, u.source_id AS caller_id,
       u.target_id AS callee_id
FROM v_uses AS u
WHERE u.type = 'calls';

-- How often each symbol is called and by how many; those that nobody calls too.
CREATE VIEW v_callers AS
SELECT s.project, s.qualified_name, s.kind, s.path, s.line, count(r.source_id) AS callers, coalesce(sum(r.n_sites), 0) AS places,
       s.project_id, s.id
FROM v_symbols AS s
LEFT JOIN symbol_relationships AS r
    ON r.project_id = s.project_id AND r.target_id = s.id AND r.relationship_type = 'calls'
GROUP BY s.project, s.qualified_name, s.kind, s.path, s.line, s.project_id, s.id;

-- The role is made by schema/memory/012_reader.sql, where the database's owner may make roles.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'indexer_reader') THEN
        GRANT SELECT ON v_files, v_symbols, v_uses, v_calls, v_callers TO indexer_reader;
    END IF;
END
$$;
