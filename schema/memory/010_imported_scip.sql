-- What compilers' indexes (SCIP) that people imported say of files: which symbol each written name means. Not derived from the
-- tree, so it outlives the derived tables. It holds for the content that it was made from, and is ignored for any other.
-- `targets` is packed by the program; empty ones take back what was imported. `is_applied` says that the index has taken note.
CREATE TABLE scip_documents (
    project_id UUID NOT NULL,
    file_id UUID NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    content_hash BYTEA NOT NULL,
    targets BYTEA STORAGE EXTERNAL NOT NULL,
    is_applied BOOLEAN NOT NULL DEFAULT false,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    CONSTRAINT scip_documents_pkey PRIMARY KEY (project_id, file_id)
);
COMMENT ON CONSTRAINT scip_documents_pkey ON scip_documents IS 'One row a file: the last import counts.';
