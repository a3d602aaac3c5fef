-- What a memory is about, and what it was before.

-- An anchor ties a memory to code by what survives a re-index: repository-relative path, qualified name, kind and text. A file's anchor
-- has neither name nor kind; one of lines has `start_line` and `end_line` (from 1, inclusive). These say where the code is as of
-- `checked_at`, and `confirmed_path` and `confirmed_name` where it was when somebody tied or confirmed it, NULL while that is the same.
-- `text_hash` and `text` are of the text that was confirmed; `seen_hash` and `seen_text` of the text as of `checked_at`, NULL while that is
-- the same. A hash is SHA-256 over the whole text, its whitespace normalised; a text is kept as it is, up to 64 kB, to show
-- what changed. `symbol_id` is a look-up and never a foreign key.
CREATE TABLE memory_anchors (
    vault_id UUID NOT NULL,
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    memory_id UUID NOT NULL,
    path TEXT NOT NULL,
    qualified_name TEXT,
    kind TEXT,
    start_line INTEGER,
    end_line INTEGER,
    text_hash BYTEA NOT NULL,
    text TEXT NOT NULL,
    confirmed_path TEXT,
    confirmed_name TEXT,
    seen_hash BYTEA,
    seen_text TEXT,
    symbol_id UUID,
    state VARCHAR(20) NOT NULL DEFAULT 'fresh',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    confirmed_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    CONSTRAINT memory_anchors_pkey PRIMARY KEY (vault_id, id),
    CONSTRAINT memory_anchors_memory_fkey FOREIGN KEY (vault_id, memory_id) REFERENCES memories (vault_id, id) ON DELETE CASCADE,
    CONSTRAINT memory_anchors_state_check CHECK (state IN ('fresh', 'drifted', 'moved', 'orphaned')),
    CONSTRAINT memory_anchors_name_check CHECK ((qualified_name IS NULL) = (kind IS NULL)),
    CONSTRAINT memory_anchors_lines_check CHECK (
        (start_line IS NULL) = (end_line IS NULL) AND (start_line IS NULL OR start_line BETWEEN 1 AND end_line)
    ),
    CONSTRAINT memory_anchors_text_hash_check CHECK (length(text_hash) = 32 AND length(seen_hash) = 32),
    CONSTRAINT memory_anchors_seen_check CHECK ((seen_hash IS NULL) = (seen_text IS NULL))
);
COMMENT ON CONSTRAINT memory_anchors_pkey ON memory_anchors IS 'Get by id, within the vault.';
COMMENT ON CONSTRAINT memory_anchors_memory_fkey ON memory_anchors IS 'An anchor lives as long as its memory.';
COMMENT ON CONSTRAINT memory_anchors_state_check ON memory_anchors IS 'The four states.';
COMMENT ON CONSTRAINT memory_anchors_name_check ON memory_anchors IS 'A symbol has both a name and a kind, a file or lines neither.';
COMMENT ON CONSTRAINT memory_anchors_lines_check ON memory_anchors IS 'A range of lines has two ends, in order, from 1.';
COMMENT ON CONSTRAINT memory_anchors_text_hash_check ON memory_anchors IS 'SHA-256.';
COMMENT ON CONSTRAINT memory_anchors_seen_check ON memory_anchors IS 'A hash and its text go together.';
CREATE INDEX idx_anchors_memory ON memory_anchors (vault_id, memory_id);
COMMENT ON INDEX idx_anchors_memory IS 'The anchors of the memories in an answer; the foreign key.';
-- Paths and names may be longer than a btree takes, so their hashes stand for them.
CREATE INDEX idx_anchors_path ON memory_anchors (vault_id, md5(path));
COMMENT ON INDEX idx_anchors_path IS 'Which memories are about this file or a symbol in it.';
CREATE INDEX idx_anchors_name ON memory_anchors (vault_id, md5(qualified_name)) WHERE qualified_name IS NOT NULL;
COMMENT ON INDEX idx_anchors_name IS 'Which memories are about a symbol of this name, wherever it is.';
CREATE INDEX idx_anchors_state ON memory_anchors (vault_id, state) WHERE state <> 'fresh';
COMMENT ON INDEX idx_anchors_state IS 'What wants a second look.';

-- A memory that is re-anchored is found by other names than before.
CREATE FUNCTION anchors_were_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce_memories(w.vault_id, (array_agg(DISTINCT w.memory_id))[:101])
    FROM written AS w
    GROUP BY w.vault_id
    ORDER BY w.vault_id;
    RETURN NULL;
END $$;

CREATE FUNCTION anchors_were_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce_memories(n.vault_id, (array_agg(DISTINCT n.memory_id))[:101])
    FROM written AS n
    JOIN before AS o USING (vault_id, id)
    WHERE (n.path, n.qualified_name) IS DISTINCT FROM (o.path, o.qualified_name)
    GROUP BY n.vault_id
    ORDER BY n.vault_id;
    RETURN NULL;
END $$;

CREATE TRIGGER anchors_inserted AFTER INSERT ON memory_anchors
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION anchors_were_written();
CREATE TRIGGER anchors_deleted AFTER DELETE ON memory_anchors
REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION anchors_were_written();
CREATE TRIGGER anchors_updated AFTER UPDATE ON memory_anchors
REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION anchors_were_updated();

-- What an operation changed: `before` holds the fields that it changed, as they were. `version` counts from 1 within a memory.
CREATE TABLE memory_history (
    vault_id UUID NOT NULL,
    memory_id UUID NOT NULL,
    version INTEGER NOT NULL,
    operation VARCHAR(50) NOT NULL,
    before JSONB NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    CONSTRAINT memory_history_pkey PRIMARY KEY (vault_id, memory_id, version),
    CONSTRAINT memory_history_memory_fkey FOREIGN KEY (vault_id, memory_id) REFERENCES memories (vault_id, id) ON DELETE CASCADE,
    CONSTRAINT memory_history_operation_check CHECK (operation IN (
        'update', 'pin', 'supersede', 'revive', 'forget', 'restore', 'anchor'
    ))
);
COMMENT ON CONSTRAINT memory_history_pkey ON memory_history IS 'The history of a memory, in order.';
COMMENT ON CONSTRAINT memory_history_memory_fkey ON memory_history IS 'History goes with its memory.';
COMMENT ON CONSTRAINT memory_history_operation_check ON memory_history IS 'What can be done to a memory.';
