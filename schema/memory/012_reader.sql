-- A role that sees the views for people and none of the tables: whoever is to read is made a member of it. It belongs to the
-- whole server, so another database may have made it; an owner who may not make roles does without.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'indexer_reader') THEN
        CREATE ROLE indexer_reader NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'indexer_reader') THEN
        GRANT SELECT ON v_memories, v_memory_code TO indexer_reader;
    END IF;
END
$$;
