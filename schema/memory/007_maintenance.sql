-- Regular work on people's data. The daemon calls it daily; pg_cron can as well:
--   SELECT cron.schedule('maintenance', '0 2 * * *', 'SELECT perform_maintenance()');

-- When each task was last done, and what it found; so that several daemons on one database do it once.
CREATE TABLE maintenance_runs (
    task TEXT NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    report JSONB NOT NULL DEFAULT '{}',
    CONSTRAINT maintenance_runs_pkey PRIMARY KEY (task)
);
COMMENT ON CONSTRAINT maintenance_runs_pkey ON maintenance_runs IS 'One row a task: the last time.';

-- For this long a forgotten or expired memory can be had back.
CREATE FUNCTION memory_undo_window() RETURNS INTERVAL LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN INTERVAL '7 days';

-- Counts what every vault holds, into the vault's row. Leaves last_modified alone, since nobody modified anything.
CREATE FUNCTION update_vault_statistics() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE vaults AS v SET memory_count = counted.n, total_size_bytes = counted.size
    FROM (
        SELECT o.id, count(m.id) AS n,
               coalesce(sum(octet_length(m.content) + coalesce(octet_length(m.compressed_content), 0)), 0) AS size
        FROM vaults AS o
        LEFT JOIN memories AS m ON m.vault_id = o.id AND m.forgotten_at IS NULL
            AND (m.expires_at IS NULL OR m.expires_at > now())
        GROUP BY o.id
    ) AS counted
    WHERE v.id = counted.id AND (v.memory_count, v.total_size_bytes) IS DISTINCT FROM (counted.n, counted.size);
    -- The derived tables may be away at the moment.
    IF to_regclass('code_symbols') IS NOT NULL THEN
        UPDATE vaults AS v SET symbol_count = counted.n
        FROM (
            SELECT o.id, count(s.id) AS n
            FROM vaults AS o
            LEFT JOIN code_symbols AS s ON s.vault_id = o.id
            GROUP BY o.id
        ) AS counted
        WHERE v.id = counted.id AND v.symbol_count IS DISTINCT FROM counted.n;
    END IF;
END $$;

-- Removes for good what expired or was forgotten longer ago than the undo window; returns how many memories and states.
CREATE FUNCTION remove_expired() RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    n_memories BIGINT;
    n_states BIGINT;
BEGIN
    DELETE FROM memories
    WHERE expires_at < now() - memory_undo_window() OR forgotten_at < now() - memory_undo_window();
    GET DIAGNOSTICS n_memories = ROW_COUNT;
    DELETE FROM state_captures WHERE expires_at < now();
    GET DIAGNOSTICS n_states = ROW_COUNT;
    RETURN n_memories + n_states;
END $$;

-- All of it, for every vault, once at a time: a second call while one runs returns at once. Rebuilding indexes is not in it, because
-- REINDEX CONCURRENTLY cannot run inside a function.
CREATE FUNCTION perform_maintenance() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- The same number as in the program (store.maintenance).
    IF NOT pg_try_advisory_xact_lock(1957453) THEN
        RETURN;
    END IF;
    PERFORM make_access_partitions();
    PERFORM drop_access_partitions(now() - INTERVAL '90 days');
    PERFORM remove_expired();
    PERFORM update_vault_statistics();
    ANALYZE memories;
    IF to_regclass('code_symbols') IS NOT NULL THEN
        ANALYZE code_symbols;
    END IF;
END $$;
