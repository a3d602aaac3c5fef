-- Run once by the image, as its superuser, in the database `indexer`: what an ordinary user may not create
-- everywhere. The program creates its tables itself.
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
