"""How right the index is, measured against truth that others wrote.

`python -m tests.accuracy` runs the program as a user would (`indexer export`), makes the truth with
Python's own `ast`, with compilers' SCIP indexes, with other languages' own parsers and with a published
micro-benchmark, and prints shares of right, wrong and missing answers with the first of each by construct.
Truth that cannot be decided is left out, never guessed. Nothing here imports the program: the contract is
the export's JSON lines.
"""
