"""What symbols and memories are found by in words: their documents in the text index, and the words of a query.

Names are split into their words everywhere (`store.rows.words`), in code as in prose, so that `getUserName`, `get_user_name` and
"get the user's name" meet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.memory import lexical
from indexer.store import rows, searching

#: Words of a query that are looked for, the rarest of a longer one.
MAX_TERMS: Final = 32
#: Characters of a query that are read.
MAX_QUERY_CHARS: Final = 10_000

#: Fitted on functions of a large project sought by their docstrings, which were taken out (tests/bench/bench_search.py): half as much
#: or twice as much of any of them costs up to .01 of the mean reciprocal rank, or changes nothing.
SYMBOL_WEIGHTS: Final = {"name": 2.0, "qualified": 0.5, "path": 0.4, "signature": 0.5, "documentation": 2.0, "body": 2.0}
MEMORY_WEIGHTS: Final = {"content": 1.0, "about": 0.8}

SYMBOLS: Final = lexical.Layout(
    1,
    "id",
    {"id": "raw", "file": "raw", "kind": "raw", "language": "raw", **dict.fromkeys(SYMBOL_WEIGHTS, "words")},
)
MEMORIES: Final = lexical.Layout(
    1,
    "id",
    {
        "id": "raw",
        "context": "raw",
        "tier": "raw",
        "tag": "raw",
        "importance": "number",
        "created": "time",
        **dict.fromkeys(MEMORY_WEIGHTS, "words"),
    },
)

#: English words that stand in most sentences and tell nothing; those that are keywords or common names of code stay.
STOP_WORDS: Final = frozenset(
    "a about after again all also am an and any are as at be because been before being but by can cannot could did "
    "do does doing done each few for from further had has have having he her here hers him his how i if in into is "
    "it its itself just me more most my no nor not now of off on once only or other our out over own same she "
    "should so some such than that the their them then there these they this those through to too under until up us "
    "very was we were what when where which while who whom why will with would you your s t don".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a query: `words` as they are written (split, in lower case), and what has to be said about them."""

    text: str
    words: tuple[str, ...]
    note: str | None = None


def query_of(text: str) -> Query:
    """The words that a query asks for; stop words only where there is nothing else."""
    read = rows.clean(text[:MAX_QUERY_CHARS]).strip()
    found = list(dict.fromkeys(rows.words(read).split()))
    telling = tuple(word for word in found if word not in STOP_WORDS)
    note = None
    if len(text) > MAX_QUERY_CHARS:
        note = f"Of the query, the first {MAX_QUERY_CHARS:,} characters are looked for."
    elif found and not telling:
        note = "The query has only words that stand everywhere; name what it is about."
    return Query(read, telling or tuple(found), note)


def rarest(index: lexical.Lexical, fields: Iterable[str], terms: Sequence[str], limit: int = MAX_TERMS) -> list[str]:
    """At most `limit` of the words, the rarest that there are: they decide the rank, and the others cost most."""
    if len(terms) <= limit:
        return list(terms)
    fields = tuple(fields)
    counted = [(index.rarity(fields, term), term) for term in terms]
    return [term for _, term in sorted(pair for pair in counted if pair[0])[:limit]]


def symbol_document(symbol: searching.SymbolText) -> Mapping[str, lexical.Value]:
    """A symbol as the text index has it. Kind and type can both be filtered by."""
    return {
        "id": str(symbol.id),
        "file": symbol.path,
        "kind": list({symbol.kind, symbol.type}),
        "language": symbol.language,
        "name": rows.words(symbol.name),
        "qualified": rows.words(symbol.qualified_name),
        "path": rows.words(symbol.path),
        "signature": rows.words(symbol.signature or ""),
        "documentation": rows.words(symbol.documentation or ""),
        "body": rows.words(symbol.definition or ""),
    }


def memory_document(memory: searching.MemoryText) -> Mapping[str, lexical.Value]:
    """A memory as the text index has it. Who, when and about what count for less than what it says."""
    created = memory.created_at
    about = (
        *(memory.context, *memory.tags, memory.author or "", memory.description or "", *memory.anchored),
        created.strftime("%Y %m %d"),
    )
    return {
        "id": str(memory.id),
        "context": memory.context,
        "tier": memory.tier,
        "tag": memory.tags,
        "importance": memory.importance,
        "created": created.timestamp(),
        "content": rows.words(f"{memory.content} {memory.further_words or ''}"),
        "about": rows.words(" ".join(about)),
    }


def covered(index: lexical.Lexical, fields: Iterable[str], query: Query, there: Collection[str]) -> float:
    """The share of what the query's words tell (their rarity in an index) that some of them make up, from 0 to 1."""
    fields = tuple(fields)
    telling = {}
    for word in query.words[:MAX_TERMS]:
        n_with = max((index.rarity(fields, term) for term in index.terms(word)), default=0)
        telling[word] = math.log(1 + (index.n_documents + 1) / (n_with + 1))
    return sum(telling.get(word, 0.0) for word in there) / (sum(telling.values()) or 1.0)


def matched(index: lexical.Lexical, terms: Collection[str], texts: Iterable[str | None], query: Query) -> list[str]:
    """Those of the query's words, as it writes them, that were looked for and stand in the texts in some form."""
    there = set(index.terms(rows.words(" ".join(text for text in texts if text))))
    return [word for word in query.words if any(term in there and term in terms for term in index.terms(word))]
