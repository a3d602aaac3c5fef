-- Nearest memories at a fraction of the cost: what passes the filters is read once, and not counted at all where the vault is known to
-- be large.

-- With its vector a row has some 2 kB, and a value that is moved out of it costs four more pages to read. So rows stay whole up to 4 kB.
ALTER TABLE memories SET (toast_tuple_target = 4080);

-- The memories nearest to a vector among those that pass the filters (see search_memories_hybrid) with their cosines (above 0),
-- nearest first.
--
-- While at most 10,000 pass the filters, all of them are compared. Above, the HNSW index is asked, which is scanned on until it has
-- enough; where even so it gives too few, as for a small part of a very large table, all are compared after all.
-- The model and the dimension stand as constants in the statement, because the partial index is found by them.
CREATE FUNCTION near_memories(
    query_embedding vector,
    limit_count INTEGER,
    in_vault UUID DEFAULT NULL,
    in_contexts TEXT[] DEFAULT NULL,
    in_tiers TEXT[] DEFAULT NULL,
    with_tags TEXT[] DEFAULT NULL,
    with_metadata JSONB DEFAULT NULL,
    min_importance FLOAT DEFAULT NULL,
    created_from TIMESTAMP WITH TIME ZONE DEFAULT NULL,
    created_until TIMESTAMP WITH TIME ZONE DEFAULT NULL
)
RETURNS TABLE (vault_id UUID, id UUID, similarity FLOAT)
LANGUAGE plpgsql STABLE
SET hnsw.iterative_scan = relaxed_order
SET hnsw.ef_search = 100
AS $$
DECLARE
    most_compared CONSTANT INTEGER := 10000;
    current embedders := (SELECT e FROM embedders AS e WHERE e.is_current);
    distance TEXT := format('(m.embedding::halfvec(%1$s) <=> $1::halfvec(%1$s))', current.dimensions);
    passing TEXT := format(
        'SELECT m.vault_id, m.id, %s AS distance
         FROM memories AS m
         WHERE m.embedding_model = %s
           AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
           AND ($2 IS NULL OR m.vault_id = $2)
           AND ($3 IS NULL OR m.context = ANY ($3))
           AND ($4 IS NULL OR m.tier = ANY ($4))
           AND ($5 IS NULL OR m.tags @> $5)
           AND ($6 IS NULL OR m.metadata @> $6)
           AND ($7 IS NULL OR m.importance >= $7)
           AND ($8 IS NULL OR m.created_at >= $8)
           AND ($9 IS NULL OR m.created_at < $9)', distance, current.id);
    -- $10 is how many to return, $11 how many to look at. MATERIALIZED keeps the planner from the vector index, which gives too few
    -- rows under a narrow filter.
    compared TEXT := 'WITH p AS MATERIALIZED (' || passing || ' LIMIT $11)
         SELECT (SELECT count(*) FROM p), array_agg(n.vault_id), array_agg(n.id), array_agg(n.distance)
         FROM (SELECT * FROM p ORDER BY p.distance, p.id LIMIT $10) AS n';
    indexed TEXT := 'SELECT count(*), array_agg(n.vault_id ORDER BY n.distance, n.id), array_agg(n.id ORDER BY n.distance, n.id),
                array_agg(n.distance ORDER BY n.distance, n.id)
         FROM (' || passing || ' ORDER BY ' || distance || ' LIMIT $10) AS n';
    is_large BOOLEAN := false;
    n_found BIGINT;
    vaults_found UUID[];
    ids_found UUID[];
    distances_found FLOAT[];
BEGIN
    IF vector_dims(query_embedding) <> current.dimensions THEN
        RAISE EXCEPTION 'the query''s vector has % dimensions, those of % have %',
            vector_dims(query_embedding), current.model, current.dimensions
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Embed the query with the model that the table embedders calls current.';
    END IF;
    IF num_nonnulls(in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from, created_until) = 0 THEN
        is_large := coalesce(
            (SELECT sum(v.memory_count) FROM vaults AS v WHERE in_vault IS NULL OR v.id = in_vault) > most_compared, false);
        IF NOT is_large AND in_vault IS NOT NULL THEN
            -- Without the model, so that the index of the vault alone is read.
            is_large := (
                SELECT count(*) > most_compared
                FROM (
                    SELECT 1
                    FROM memories AS m
                    WHERE m.vault_id = in_vault AND m.forgotten_at IS NULL AND m.superseded_by IS NULL
                      AND (m.expires_at IS NULL OR m.expires_at > now())
                    LIMIT most_compared + 1
                ) AS live
            );
        END IF;
    END IF;
    IF NOT is_large THEN
        EXECUTE compared INTO n_found, vaults_found, ids_found, distances_found
            USING query_embedding, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from,
                  created_until, limit_count, most_compared + 1;
        is_large := n_found > most_compared;
    END IF;
    IF is_large THEN
        EXECUTE indexed INTO n_found, vaults_found, ids_found, distances_found
            USING query_embedding, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from,
                  created_until, limit_count;
        IF n_found < limit_count THEN
            EXECUTE compared INTO n_found, vaults_found, ids_found, distances_found
                USING query_embedding, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from,
                      created_until, limit_count, NULL::INTEGER;
        END IF;
    END IF;
    RETURN QUERY
    SELECT n.vault_id, n.id, 1 - n.distance
    FROM unnest(vaults_found, ids_found, distances_found) WITH ORDINALITY AS n (vault_id, id, distance, place)
    WHERE n.distance < 1
    ORDER BY n.place;
END $$;

-- As before (see 005): the same as keys 'vault/id'.
CREATE OR REPLACE FUNCTION nearest_memories(
    query_embedding vector,
    limit_count INTEGER,
    in_vault UUID DEFAULT NULL,
    in_contexts TEXT[] DEFAULT NULL,
    in_tiers TEXT[] DEFAULT NULL,
    with_tags TEXT[] DEFAULT NULL,
    with_metadata JSONB DEFAULT NULL,
    min_importance FLOAT DEFAULT NULL,
    created_from TIMESTAMP WITH TIME ZONE DEFAULT NULL,
    created_until TIMESTAMP WITH TIME ZONE DEFAULT NULL
)
RETURNS TEXT[]
LANGUAGE sql STABLE
RETURN ARRAY(
    SELECT n.vault_id || '/' || n.id
    FROM near_memories(query_embedding, limit_count, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance,
                       created_from, created_until) WITH ORDINALITY AS n (vault_id, id, similarity, place)
    ORDER BY n.place
);
