-- A word that stands in a third of a vault took search_memories_hybrid half a second: to rank a match costs more than to find it. So of
-- more matches than 2,000 the newest are ranked, in `exact` and in `text` (see 005 and 009, which hold otherwise).
CREATE OR REPLACE FUNCTION search_memories_hybrid(
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
    most_ranked CONSTANT INTEGER := 2000;
    wanted TEXT := btrim(query_text, E' \t\r\n');
    pattern TEXT := '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
    words tsquery := memory_query(wanted);
    gate tsquery := memory_gate(wanted);
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
                FROM (
                    SELECT m.vault_id, m.id, m.search_vector, m.importance, m.created_at
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
                    ORDER BY m.created_at DESC
                    LIMIT most_ranked
                ) AS m
                ORDER BY ts_rank(m.search_vector, words) DESC NULLS LAST, m.importance DESC, m.created_at DESC, m.id
                LIMIT n_candidates
            ) AS c);
    END IF;

    WHILE gate IS NOT NULL LOOP
        text_keys := ARRAY(
            SELECT c.vault_id || '/' || c.id
            FROM (
                SELECT m.vault_id, m.id
                FROM (
                    SELECT m.vault_id, m.id, m.search_vector, m.importance, m.created_at
                    FROM memories AS m
                    WHERE m.search_vector @@ gate
                      AND m.forgotten_at IS NULL AND m.superseded_by IS NULL AND (m.expires_at IS NULL OR m.expires_at > now())
                      AND (in_vault IS NULL OR m.vault_id = in_vault)
                      AND (in_contexts IS NULL OR m.context = ANY (in_contexts))
                      AND (in_tiers IS NULL OR m.tier = ANY (in_tiers))
                      AND (with_tags IS NULL OR m.tags @> with_tags)
                      AND (with_metadata IS NULL OR m.metadata @> with_metadata)
                      AND (min_importance IS NULL OR m.importance >= min_importance)
                      AND (created_from IS NULL OR m.created_at >= created_from)
                      AND (created_until IS NULL OR m.created_at < created_until)
                    ORDER BY m.created_at DESC
                    LIMIT most_ranked
                ) AS m
                ORDER BY ts_rank(m.search_vector, words) DESC, m.importance DESC, m.created_at DESC, m.id
                LIMIT n_candidates
            ) AS c);
        EXIT WHEN gate = words OR cardinality(text_keys) >= limit_count;
        gate := words;
    END LOOP;

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
