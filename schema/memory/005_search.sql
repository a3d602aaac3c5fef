-- Search for those who speak SQL.

-- The words of a query as one OR: those of the text and those of its identifiers, stemmed as the memories are. NULL when it has none
-- (empty, or only stop words). At most 64 words, because a query of a page would match everything.
CREATE FUNCTION memory_query(query_text TEXT) RETURNS tsquery
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN (
    SELECT string_agg('''' || replace(replace(w.lexeme, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery
    FROM (
        SELECT u.lexeme
        FROM unnest(to_tsvector('pg_catalog.english'::regconfig, left(query_text, 10000))
            || to_tsvector('pg_catalog.english'::regconfig, coalesce(identifier_words(left(query_text, 10000)), ''))) AS u
        ORDER BY length(u.lexeme) DESC, u.lexeme
        LIMIT 64
    ) AS w
);

-- Memories that contain the query, share words with it or mean something near, best first.
--
--   exact     contains query_text as it stands, in any letter case; `%`, `_` and `\` are ordinary letters; three letters or more; of a
--             compressed text the beginning is looked at
--   text      shares words, by ts_rank; those of the content and the parts of its identifiers count more than description and tags
--   semantic  nearest by cosine (above 0) among the vectors of the current embedder; none when query_embedding is NULL
--
-- Exact hits stand before text hits in one lexical list, because ranks of the two cannot be compared. Each list gives a row
-- 11 / (10 + its place), which is 1 for the first (reciprocal rank fusion with k = 10), and
-- score = exact_weight * lexical + (1 - exact_weight) * semantic, where an exact hit counts as semantic at least as much as lexical: text
-- that is there word for word cannot lose to text that is merely near. Scores lie above 0 and up to 1.
--
-- Never returned: what matches in no list, is forgotten, superseded or expired. The other parameters filter; NULL lets all pass. The
-- semantic list is exact while at most 10,000 rows pass the filters, else from the HNSW index, scanned on until it has enough.
--
--   SELECT id, score, content FROM search_memories_hybrid('retry uploads', NULL, in_contexts => '{code_decision}');
CREATE FUNCTION search_memories_hybrid(
    query_text TEXT,
    query_embedding vector,
    exact_weight FLOAT DEFAULT 0.4,
    limit_count INTEGER DEFAULT 20,
    in_vault UUID DEFAULT NULL,
    in_contexts TEXT[] DEFAULT NULL,
    in_tiers TEXT[] DEFAULT NULL,
    with_tags TEXT[] DEFAULT NULL,
    with_metadata JSONB DEFAULT NULL,
    min_importance FLOAT DEFAULT NULL,
    created_from TIMESTAMP WITH TIME ZONE DEFAULT NULL,
    created_until TIMESTAMP WITH TIME ZONE DEFAULT NULL
)
RETURNS TABLE (id UUID, content TEXT, context VARCHAR(50), importance FLOAT, score FLOAT)
LANGUAGE plpgsql STABLE
-- The filters differ from call to call, and a plan made for all of them serves none.
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    wanted TEXT := btrim(query_text, E' \t\r\n');
    pattern TEXT := '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    words tsquery := memory_query(wanted);
    n_candidates INTEGER := greatest(4 * limit_count, 50);
    exact_keys TEXT[] := '{}';
    text_keys TEXT[] := '{}';
    semantic_keys TEXT[] := '{}';
BEGIN
    IF limit_count IS NULL OR limit_count < 1 THEN
        RETURN;
    END IF;
    IF exact_weight IS NULL OR exact_weight NOT BETWEEN 0 AND 1 THEN
        RAISE EXCEPTION 'exact_weight must lie between 0 and 1, not %', exact_weight USING ERRCODE = 'invalid_parameter_value';
    END IF;

    -- Keys are made for the chosen rows only: for all that match they would cost more than the search.
    IF length(wanted) >= 3 THEN
        exact_keys := ARRAY(
            SELECT c.vault_id || '/' || c.id
            FROM (
                SELECT m.vault_id, m.id
                FROM memories AS m
                WHERE m.content ILIKE pattern
                  AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
                  AND (in_vault IS NULL OR m.vault_id = in_vault)
                  AND (in_contexts IS NULL OR m.context = ANY (in_contexts))
                  AND (in_tiers IS NULL OR m.tier = ANY (in_tiers))
                  AND (with_tags IS NULL OR m.tags @> with_tags)
                  AND (with_metadata IS NULL OR m.metadata @> with_metadata)
                  AND (min_importance IS NULL OR m.importance >= min_importance)
                  AND (created_from IS NULL OR m.created_at >= created_from)
                  AND (created_until IS NULL OR m.created_at < created_until)
                ORDER BY ts_rank(m.search_vector, words) DESC NULLS LAST, m.importance DESC, m.created_at DESC, m.id
                LIMIT n_candidates
            ) AS c);
    END IF;

    IF words IS NOT NULL THEN
        text_keys := ARRAY(
            SELECT c.vault_id || '/' || c.id
            FROM (
                SELECT m.vault_id, m.id
                FROM memories AS m
                WHERE m.search_vector @@ words
                  AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
                  AND (in_vault IS NULL OR m.vault_id = in_vault)
                  AND (in_contexts IS NULL OR m.context = ANY (in_contexts))
                  AND (in_tiers IS NULL OR m.tier = ANY (in_tiers))
                  AND (with_tags IS NULL OR m.tags @> with_tags)
                  AND (with_metadata IS NULL OR m.metadata @> with_metadata)
                  AND (min_importance IS NULL OR m.importance >= min_importance)
                  AND (created_from IS NULL OR m.created_at >= created_from)
                  AND (created_until IS NULL OR m.created_at < created_until)
                ORDER BY ts_rank(m.search_vector, words) DESC, m.importance DESC, m.created_at DESC, m.id
                LIMIT n_candidates
            ) AS c);
    END IF;

    IF query_embedding IS NOT NULL THEN
        semantic_keys := nearest_memories(
            query_embedding, n_candidates, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from,
            created_until);
    END IF;

    RETURN QUERY
    WITH lexical AS (
        SELECT k.key, 11.0 / (10 + row_number() OVER (ORDER BY min(k.place))) AS score,
               min(k.place) <= cardinality(exact_keys) AS is_exact
        FROM unnest(exact_keys || text_keys) WITH ORDINALITY AS k (key, place)
        GROUP BY k.key
    ), semantic AS (
        SELECT s.key, 11.0 / (10 + s.place) AS score
        FROM unnest(semantic_keys) WITH ORDINALITY AS s (key, place)
    ), fused AS (
        SELECT key,
               exact_weight * coalesce(l.score, 0)
               + (1 - exact_weight) * greatest(coalesce(s.score, 0), CASE WHEN l.is_exact THEN l.score END) AS score
        FROM lexical AS l
        FULL JOIN semantic AS s USING (key)
    )
    SELECT m.id, m.content, m.context, m.importance, f.score::FLOAT
    FROM fused AS f
    JOIN memories AS m ON m.vault_id = split_part(f.key, '/', 1)::uuid AND m.id = split_part(f.key, '/', 2)::uuid
    WHERE f.score > 0
    ORDER BY f.score DESC, m.importance DESC, m.created_at DESC, m.id
    LIMIT limit_count;
END $$;

-- The keys 'vault/id' of the memories nearest to a vector among those that pass the filters (see search_memories_hybrid), nearest first.
-- The model and the dimension stand as constants in the statement, because the partial index is found by them.
CREATE FUNCTION nearest_memories(
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
LANGUAGE plpgsql STABLE
SET hnsw.iterative_scan = relaxed_order
SET hnsw.ef_search = 100
AS $$
DECLARE
    current embedders := (SELECT e FROM embedders AS e WHERE e.is_current);
    distance TEXT := format('(m.embedding::halfvec(%1$s) <=> $1::halfvec(%1$s))', current.dimensions);
    passing TEXT := format(
        'FROM memories AS m
         WHERE m.embedding_model = %s
           AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
           AND ($2 IS NULL OR m.vault_id = $2)
           AND ($3 IS NULL OR m.context = ANY ($3))
           AND ($4 IS NULL OR m.tier = ANY ($4))
           AND ($5 IS NULL OR m.tags @> $5)
           AND ($6 IS NULL OR m.metadata @> $6)
           AND ($7 IS NULL OR m.importance >= $7)
           AND ($8 IS NULL OR m.created_at >= $8)
           AND ($9 IS NULL OR m.created_at < $9)', current.id);
    n_passing INTEGER;
    keys TEXT[];
BEGIN
    IF vector_dims(query_embedding) <> current.dimensions THEN
        RAISE EXCEPTION 'the query''s vector has % dimensions, those of % have %',
            vector_dims(query_embedding), current.model, current.dimensions
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Embed the query with the model that the table embedders calls current.';
    END IF;
    EXECUTE 'SELECT count(*) FROM (SELECT 1 ' || passing || ' LIMIT 10001) AS p' INTO n_passing
        USING query_embedding, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from, created_until;
    -- "+ 0" keeps the planner from the index, which gives too few rows under a narrow filter.
    EXECUTE 'SELECT array_agg(n.key ORDER BY n.distance, n.key) FROM (
                 SELECT m.vault_id || ''/'' || m.id AS key, ' || distance || ' AS distance ' || passing
        || ' ORDER BY ' || distance || CASE WHEN n_passing <= 10000 THEN ' + 0' ELSE '' END || ' LIMIT $10) AS n WHERE n.distance < 1'
        INTO keys
        USING query_embedding, in_vault, in_contexts, in_tiers, with_tags, with_metadata, min_importance, created_from, created_until,
              limit_count;
    RETURN coalesce(keys, '{}');
END $$;
