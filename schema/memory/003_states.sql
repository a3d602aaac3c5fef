-- The working context of a person or agent, kept to return to: open files, symbols, notes, and the memories in play.

-- A state of more than a few kilobytes stands whole in `compressed_data`, and its `working_context` and `memory_state` then hold only
-- what is listed: {"compressed": true}. Sizes are in bytes of JSON.
CREATE TABLE state_captures (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    vault_id UUID NOT NULL DEFAULT active_vault(),
    name VARCHAR(255) NOT NULL,
    description TEXT,
    working_context JSONB NOT NULL,
    memory_state JSONB,
    compressed_data BYTEA,
    compression_type VARCHAR(20) DEFAULT 'gzip',
    uncompressed_size INTEGER,
    compressed_size INTEGER,
    tags TEXT[] NOT NULL DEFAULT '{}',
    auto_captured BOOLEAN NOT NULL DEFAULT false,
    importance FLOAT NOT NULL DEFAULT 0.5,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    expires_at TIMESTAMP WITH TIME ZONE,
    restore_count INTEGER NOT NULL DEFAULT 0,
    last_restored TIMESTAMP WITH TIME ZONE,
    CONSTRAINT state_captures_pkey PRIMARY KEY (vault_id, id),
    CONSTRAINT state_captures_vault_id_fkey FOREIGN KEY (vault_id) REFERENCES vaults (id) ON DELETE CASCADE,
    CONSTRAINT state_captures_importance_check CHECK (importance >= 0 AND importance <= 1),
    CONSTRAINT state_captures_name_check CHECK (btrim(name) <> '')
);
COMMENT ON CONSTRAINT state_captures_pkey ON state_captures IS 'Get by id, within the vault.';
COMMENT ON CONSTRAINT state_captures_vault_id_fkey ON state_captures IS 'States go with their vault.';
COMMENT ON CONSTRAINT state_captures_importance_check ON state_captures IS 'A share from 0 to 1.';
COMMENT ON CONSTRAINT state_captures_name_check ON state_captures IS 'A blank name cannot be typed on a command line.';
CREATE INDEX idx_states_vault ON state_captures (vault_id, created_at DESC, id);
COMMENT ON INDEX idx_states_vault IS 'Lists the states of a vault, newest first.';
CREATE INDEX idx_states_created ON state_captures (created_at DESC);
COMMENT ON INDEX idx_states_created IS 'Newest first across vaults.';
CREATE INDEX idx_states_tags ON state_captures USING gin (tags);
COMMENT ON INDEX idx_states_tags IS 'Filters by tags.';
CREATE INDEX idx_states_name ON state_captures (vault_id, name, created_at DESC);
COMMENT ON INDEX idx_states_name IS 'The latest state of a name, for those who restore by name.';
CREATE INDEX idx_states_expires ON state_captures (expires_at) WHERE expires_at IS NOT NULL;
COMMENT ON INDEX idx_states_expires IS 'Maintenance: what has expired.';
