"""What symbols and memories are found by in words: their documents in the text index, and the words of a query.

Names are split into their words everywhere (`store.rows.words`), in code as in prose, so that `getUserName`, `get_user_name` and
"get the user's name" meet.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
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

#: Fields that nearly every word of a document is in: how rare a word is shows there.
SYMBOL_WORDS: Final = ("body", "documentation")
MEMORY_WORDS: Final = ("content", "about")

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

#: Verbs that begin sentences about what a function does.
ACTIONS: Final = frozenset(
    "accept add allow analyze append apply attach bind build calculate call change check clean clear clone close collect compare "
    "compute configure connect construct convert copy count create decode define delete detach determine disable disconnect display "
    "draw drop dump emit enable encode ensure escape evaluate execute expand export extract fetch fill filter find force format "
    "generate get give handle hash import indicate initialize insert install invoke iterate join list load lock log look make map "
    "mark match merge modify move normalize open output parse perform populate prepare print process produce provide put raise read "
    "register release reload remove rename render replace report represent reset resolve restore retrieve return reverse round run "
    "save search send serialize set setup show skip sort split start stop store strip subtract take tell test transform traverse "
    "truncate try turn unpack unregister update use validate verify visit wait walk wrap write yield".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a query: `words` as they are written (split, in lower case), and what has to be said about them.

    `is_action` says that it begins with a verb, as 'Return the size' and 'returns the size' do: it tells what something does.
    """

    text: str
    words: tuple[str, ...]
    note: str | None = None
    is_action: bool = False


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
    is_action = bool(found) and not ACTIONS.isdisjoint((found[0], found[0].removesuffix("s"), found[0].removesuffix("es")))
    return Query(read, telling or tuple(found), note, is_action)


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a query that are looked for in an index: as they are written, as the index has them, and how much each tells."""

    words: tuple[tuple[str, tuple[str, ...], float], ...]

    @property
    def terms(self) -> list[str]:
        """The words as the index has them."""
        return list(dict.fromkeys(term for _, terms, _ in self.words for term in terms))

    def matched(self, index: lexical.Lexical, texts: Iterable[str | None]) -> list[str]:
        """Those of the words, as they are written, that stand in the texts in some form."""
        there = set(index.terms(rows.words(" ".join(text for text in texts if text))))
        return [word for word, terms, _ in self.words if not there.isdisjoint(terms)]

    def covered(self, there: Collection[str]) -> float:
        """The share of what all words tell that some of them make up, from 0 to 1."""
        return sum(telling for word, _, telling in self.words if word in there) / (sum(each[2] for each in self.words) or 1.0)


def asked(index: lexical.Lexical, fields: Iterable[str], query: Query, limit: int = MAX_TERMS) -> Asked:
    """What a query looks for: of more words than `limit` the rarest that there are in these fields, which decide the rank."""
    fields = tuple(fields)
    counted = []
    for word in query.words:
        terms = tuple(index.terms(word))
        counted.append((max((index.rarity(fields, term) for term in terms), default=0), word, terms))
    if len(counted) > limit:
        counted = sorted(each for each in counted if each[0])[:limit]
    n = index.n_documents + 1
    return Asked(tuple((word, terms, math.log(1 + n / (n_with + 1))) for n_with, word, terms in counted))


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
