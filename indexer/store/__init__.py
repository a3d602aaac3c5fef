"""The store: the only SQL of this program, and the only door to asyncpg.

- connect: a pool that reconnects, start-up checks; faults: what libraries raise, as this program's errors
- queries: the named blocks of the `.sql` file beside each module
- schema: brings a database to the schema of this program; guard: holds it there, and listens
- rows: symbols, relationships and files as COPY bytes, for worker processes
- code: the index of a project, written; loading: all of it at once; graph: the index, read
- the others: memories, vaults and what belongs to them

Nothing is imported here: worker processes import `store.rows` alone and must stay light.
"""
