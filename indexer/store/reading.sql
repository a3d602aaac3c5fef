-- name: read_only
-- Nothing that follows in this session can write.
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY
