-- The vectors of symbols are derived, but dear: they stand here so that they outlive the derived tables, which are dropped whenever
-- their schema changes. They are found by the text that they stand for (symbol_text_key) and the model (embedders.id), so a text is
-- embedded once, whatever its project and however often it is indexed. The daemon compares them; there is no vector index.
CREATE TABLE IF NOT EXISTS symbol_embeddings (
    model SMALLINT NOT NULL,
    key UUID NOT NULL,
    embedding halfvec STORAGE EXTERNAL NOT NULL,
    CONSTRAINT symbol_embeddings_pkey PRIMARY KEY (model, key)
);
COMMENT ON CONSTRAINT symbol_embeddings_pkey ON symbol_embeddings IS 'Finds the vector of a text.';

-- Where it stood among the derived tables, their next change must not take it along.
UPDATE code_schema
SET objects = ARRAY(
    SELECT o.statement
    FROM unnest(objects) WITH ORDINALITY AS o (statement, place)
    WHERE o.statement !~ '\msymbol_embeddings$'
    ORDER BY o.place
);

COMMENT ON CONSTRAINT vaults_pkey ON vaults IS 'Finds a vault by its id; what memories and states belong to.';
COMMENT ON CONSTRAINT embedders_pkey ON embedders IS 'Finds the model of a vector.';
