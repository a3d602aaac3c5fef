"""The store: the only SQL of this program, and the only door to asyncpg.

    connect    a pool that reconnects, start-up checks, library errors translated queries    the named blocks
    of the `.sql` file beside each module schema     brings a database to the schema of this program, one
    process at a time rows       symbols, relationships and files as COPY bytes; imports no database library,
    so workers may use it code       writing the index of a project: bulk load, incremental commits, blobs,
    the cache of facts graph      reading it: find, show, outline, callers, impact, paths, export

Nothing is imported here: worker processes import `store.rows` alone and must stay light.
"""
