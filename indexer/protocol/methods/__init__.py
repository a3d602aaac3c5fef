"""Every method that a daemon answers, with its parameters. Importing this package declares them all.

To add one: declare it in the module of its noun (see `registry`), and give the server a handler by its
name.
"""

from indexer.protocol.methods import graph, index, memory, search, state, symbols, system, vault
from indexer.protocol.registry import METHODS, Method, Params, Query, decode_params, nearest

__all__ = [
    "METHODS",
    "Method",
    "Params",
    "Query",
    "decode_params",
    "graph",
    "index",
    "memory",
    "nearest",
    "search",
    "state",
    "symbols",
    "system",
    "vault",
]
