-- version 1
--
-- The derived tables: everything here is computed from the files of a project, and can be dropped and made again.
--
-- The tables of a project's facts are LIST-partitioned by project_id, so that a project is loaded beside the live data, attached in
-- one step and dropped in one step, and so that the schema can be distributed by that column: every key begins with it.
-- There are no foreign keys between derived tables. The pipeline writes a file's rows in one transaction and keeps them
-- consistent; a cascade would tear out relationships that the next transaction needs, and checking each row of a load
-- costs more than all of the rest of it.
--
-- Text that is compared has COLLATE "C": the order of an export must not depend on the server's locale, and prefixes can use
-- an index. Lines count from 1; columns are 0-based UTF-8 byte offsets.

-- One row a project: a tree that is indexed. `generation` grows by one with each commit.
CREATE TABLE projects (
    id UUID PRIMARY KEY,
    root TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    generation BIGINT NOT NULL DEFAULT 0,
    extractor_version TEXT,
    settings JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    last_indexed TIMESTAMP WITH TIME ZONE
);
-- Serves the look-up by root; a root may be longer than a btree takes, so its hash stands for it.
CREATE UNIQUE INDEX idx_projects_root ON projects (md5(root));

-- The epoch of all generations in this database. The table is unlogged, so PostgreSQL empties it when it recovers from a crash,
-- which is when commits that were not flushed may be lost and their numbers used again.
CREATE UNLOGGED TABLE index_epoch (
    is_present BOOLEAN PRIMARY KEY DEFAULT true CHECK (is_present),
    epoch BIGINT NOT NULL,
    database_id BIGINT NOT NULL
);

-- One row a file, as it was last read. `sites`, `imports`, `provides` and `reads` are opaque here.
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
    sites BYTEA,
    imports BYTEA,
    provides BYTEA,
    reads BYTEA,
    indexed_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (project_id, id)
) PARTITION BY LIST (project_id);
