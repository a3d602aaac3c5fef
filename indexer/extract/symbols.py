"""What a definition's text says about its symbol: kind, flags, visibility, signature and documentation.

Pure functions over text, driven by the tables of language.toml; the syntax tree is not seen here.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer import languages
from indexer.extract.facts import Define, Flag, SymbolFact
from indexer.languages import Language

CLASS_KINDS: Final = frozenset({"class", "struct", "union", "record", "object", "interface", "trait", "protocol", "enum"})
FUNCTION_KINDS: Final = frozenset({"function", "method", "constructor", "accessor", "macro"})
#: What these promise is everybody's, whatever stands in front of it.
CONTRACT_KINDS: Final = frozenset({"interface", "trait", "protocol"})
TYPE_KINDS: Final = CLASS_KINDS | {"type", "typedef"}
VISIBILITIES: Final = frozenset({"public", "protected", "internal", "private"})
FLAG_OF_WORD: Final = {
    "async": Flag.async_,
    "generator": Flag.generator,
    "abstract": Flag.abstract,
    "static": Flag.static,
    "exported": Flag.exported,
    "overload": Flag.overload,
    "setter": Flag.setter,
    "partial": Flag.partial,
}
#: A signature longer than this says less than its beginning; bytes.
MAX_SIGNATURE: Final = 2000

_LAST_WORD = re.compile(rb"^[\s@]*([\w.$]+)")
_TYPE_NAME = re.compile(rb"[^\W\d][\w$]*(?:(?:\.|::)[^\W\d][\w$]*)*")
_ARGUMENTS = re.compile(rb"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r"""(['"])([^'"\\]*)\1""")


@dataclass(frozen=True, slots=True)
class Rules:
    """The parts of language.toml that decide on a symbol, as sets."""

    constructors: frozenset[str]
    private_prefix: str
    protected_prefix: str
    has_constants: bool
    export_list: bytes
    receiver_is_first: bool
    class_methods: frozenset[str]
    enum_bases: frozenset[str]
    static: frozenset[str]
    class_method: frozenset[str]
    abstract: frozenset[str]
    accessor: frozenset[str]
    overload: frozenset[str]
    setter: frozenset[str]
    #: What words in front of a definition do: a flag's or kind's name or a visibility.
    modifiers: Mapping[str, Sequence[str]]
    #: The visibility of what no word or name decides on: at the top, in a class, in an interface or enum.
    default_visibility: tuple[str, str, str]
    #: The same for members of types of some kinds.
    visibility_in: Mapping[str, str]
    #: Whether a modifier for all that follow is one of fields and types too, not of functions alone.
    sections_are_whole: bool
    #: 'visible' (what is public), 'upper' (by its first letter) or 'marked' (by a word, or listed).
    exported: str
    separators: Separators
    #: What line comments begin with.
    comment: str
    #: Quotes and colons that may be written around a name and are no part of it.
    marks: bytes
    #: Whether functions of one name that follow each other are clauses of one.
    has_clauses: bool
    #: Whether what has no body is shown by its first line.
    signs_by_line: bool
    #: The kind of what is only written in front of its members, and whether all that is written of it is its name.
    receiver_kind: str
    #: The type of nodes that nest around a receiver and what stands in front of it.
    receiver_path_node: str
    #: Whether what has its class's name is a constructor.
    constructor_is_class: bool
    #: Whether the scope of a definition begins with what is wrapped around it (template parameters).
    wraps_whole: bool
    receiver_is_path: bool
    #: Whether members may be written for a function.
    functions_have_members: bool

    @staticmethod
    def of(language: Language) -> Rules:
        """The rules of a language; what its file leaves out is empty."""
        names, receiver = language.section("names"), language.section("receiver")
        decorators = language.section("decorators")
        words = {key: frozenset(decorators.get(key, ())) for key in DECORATOR_KEYS}
        return Rules(
            constructors=frozenset(names.get("constructors", ())),
            private_prefix=names.get("private_prefix", ""),
            protected_prefix=names.get("protected_prefix", ""),
            has_constants=names.get("constant") == "upper",
            export_list=names.get("export_list", "").encode(),
            receiver_is_first=receiver.get("parameter") == "first",
            class_methods=frozenset(receiver.get("class_methods", ())),
            enum_bases=frozenset(language.section("kinds").get("enum_bases", ())),
            modifiers=_actions_by_word(language.section("modifiers")),
            default_visibility=_default_visibility(language),
            visibility_in=language.section("visibility").get("in", {}),
            sections_are_whole=language.section("visibility").get("sections") == "all",
            exported=language.section("visibility").get("exported", "visible"),
            separators=Separators.of(language),
            comment=str(languages.inherited(language.name, "comment") or "//"),
            marks=names.get("marks", "").encode(),
            has_clauses=language.section("kinds").get("clauses", False),
            receiver_is_path=receiver.get("path", False),
            functions_have_members=receiver.get("functions", False),
            receiver_kind=receiver.get("kind", "class"),
            receiver_path_node=receiver.get("path_node", ""),
            constructor_is_class=names.get("constructor") == "class",
            wraps_whole=language.section("scopes").get("wraps_whole", False),
            signs_by_line=names.get("signature") == "line",
            **words,
        )

    def flags_and_kind(self, kind: str, name: str, container: str, decorators: Sequence[str]) -> tuple[Flag, str]:
        """The flags that decorators give, and the kind in a container of that kind."""
        flags = Flag(0)
        for word in decorators:
            for words, flag in (
                (self.static, Flag.static),
                (self.class_method, Flag.class_method),
                (self.abstract, Flag.abstract),
                (self.overload, Flag.overload),
                (self.setter, Flag.setter),
            ):
                if word in words:
                    flags |= flag
        if kind == "function" and container in CLASS_KINDS:
            kind = "method"
            if Flag.setter in flags or not self.accessor.isdisjoint(decorators):
                kind = "accessor"
        if kind == "method" and name in self.constructors:
            kind = "constructor"
        return flags, kind

    def is_last_name(self, qualified: str, name: str) -> bool:
        """Whether a qualified name ends in a name."""
        return qualified == name or qualified.endswith(self.separators.plain + name)

    def modified(self, words: Sequence[str], flags: Flag, kind: str) -> tuple[Flag, str, str | None]:
        """The flags, kind and visibility with what the words in front of a definition say."""
        visibility = None
        for action in (action for word in words for action in self._actions(word)):
            if action in FLAG_OF_WORD:
                flags |= FLAG_OF_WORD[action]
            elif action in VISIBILITIES:
                # 'protected internal' and the like: the wider one is written first or second, the first counts.
                visibility = visibility or action
            else:
                kind = action
        return flags, kind, visibility

    def _actions(self, word: str) -> Sequence[str]:
        """What a modifier does; one that names in brackets where it holds (`private[app]`) is as wide as that."""
        if word not in self.modifiers and word.endswith("]") and word.partition("[")[0] in self.modifiers:
            return ("internal",)
        return self.modifiers.get(word, ())

    def visibility(self, name: str, container: str, kind: str) -> str:
        """By the language's naming convention, else what holds without a word in a container of that kind."""
        is_dunder = name.startswith("__") and name.endswith("__")
        if self.private_prefix and name.startswith(self.private_prefix) and not is_dunder:
            return "private"
        if self.protected_prefix and name.startswith(self.protected_prefix) and not is_dunder:
            return "protected"
        if self.exported == "upper":
            return "public" if name[:1].isupper() else "internal"
        top, member, contract = self.default_visibility
        if container in CONTRACT_KINDS or kind == "enum_member" or (container == "record" and kind == "property"):
            return contract
        return self.visibility_in.get(container, member) if container in CLASS_KINDS else top

    def variable_kind(self, name: str, container: str, bases: Sequence[str], said: str) -> str:
        """The kind of a name that is assigned in a module or class body; `said` is what its pattern says, or ''."""
        if said:
            return "field" if said == "variable" and container in CLASS_KINDS else said
        if container in CLASS_KINDS and not self.enum_bases.isdisjoint(bases) and not name.startswith("_"):
            return "enum_member"
        if self.has_constants and name.isupper():
            return "constant"
        return "field" if container in CLASS_KINDS else "variable"

    def receiver(self, symbols: Sequence[SymbolFact], number: int) -> Define | None:
        """What the first parameter of a function is, where it is the instance or class that it works on."""
        symbol = symbols[number]
        if not self.receiver_is_first or symbol.container < 0 or symbols[symbol.container].kind not in CLASS_KINDS:
            return None
        if symbol.flags & Flag.class_method or symbol.qualified.rpartition(".")[2] in self.class_methods:
            return Define.cls
        return None if symbol.flags & Flag.static else Define.self_


def _actions_by_word(said: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for action, words in said.items():
        for word in words:
            found.setdefault(word, []).append(action)
    return found


def _default_visibility(language: Language) -> tuple[str, str, str]:
    said = language.section("visibility")
    return said.get("top", "public"), said.get("member", "public"), said.get("contract", "public")


@dataclass(frozen=True, slots=True)
class Separators:
    """What joins names: types and namespaces, members of types, and their methods on instances and on the type itself."""

    plain: str
    member: str
    instance: str
    static: str

    @staticmethod
    def of(language: Language) -> Separators:
        """The separators of `[names]`."""
        said = language.section("names")
        plain = language.separator
        member = said.get("member", plain)
        return Separators(plain, member, said.get("instance", member), said.get("static", member))

    def join(self, outer: str, container: str, name: str, kind: str, flags: Flag) -> str:
        """The qualified name of something in a container of that kind."""
        if not outer:
            return name
        if container not in CLASS_KINDS or kind in CLASS_KINDS:
            return f"{outer}{self.plain}{name}"
        if kind not in FUNCTION_KINDS:
            return f"{outer}{self.member}{name}"
        return f"{outer}{self.static if flags & Flag.static else self.instance}{name}"


DECORATOR_KEYS: Final = ("static", "class_method", "abstract", "accessor", "overload", "setter")


class Lines:
    """Where lines begin; rows and columns of byte offsets."""

    def __init__(self, source: bytes) -> None:
        self.starts = [0]
        find = source.find
        place = find(b"\n")
        while place != -1:
            self.starts.append(place + 1)
            place = find(b"\n", place + 1)
        #: A line feed at the end begins no further line.
        self.n_lines = len(self.starts) - (self.starts[-1] == len(source))

    def point(self, place: int) -> tuple[int, int]:
        """Row and column, both from 0, of a byte offset."""
        row = bisect_right(self.starts, place) - 1
        return row, place - self.starts[row]


def last_word(text: bytes) -> str:
    """The last name of the dotted name that a decorator or base class begins with; '' where there is none."""
    found = _LAST_WORD.match(text)
    return found[1].rpartition(b".")[2].decode("utf-8", "replace") if found else ""


def type_name(text: bytes) -> str:
    """The last name of a type as written, without what stands around it: T for `*pkg.T[int]`."""
    found = _TYPE_NAME.search(text)
    return found[0].rpartition(b".")[2].rpartition(b":")[2].decode("utf-8", "replace") if found else ""


def type_path(text: bytes) -> str:
    """A type as a path of names, without blanks and arguments: A::B for `A<T> :: B<T>`."""
    bare = b"".join(text.split())
    while (shorter := _ARGUMENTS.sub(b"", bare)) != bare:
        bare = shorter
    return bare.decode("utf-8", "replace")


def operator_name(text: str) -> str:
    """The name of an operator without its parameters; the brackets of `operator()` belong to it."""
    word, bracket, rest = text.partition("(")
    return f"{word}(" + rest.partition(")")[0] + ")" if word.strip() == "operator" and bracket else word.rstrip()


@functools.cache
def _comments(marker: str) -> re.Pattern[str]:
    """Line comments that stand alone on their line or behind what opens a body, and block comments where lines begin with '//'."""
    lines = rf"(?m:(?:^|(?<=[:{{,)])) *{re.escape(marker)}.*$)"
    return re.compile(rf"{lines}|/\*[\s\S]*?\*/" if marker == "//" else lines)


def signature(text: bytes, marker: str) -> str:
    """A definition up to its body on one line, without comments and without what opens the body."""
    code = text[:MAX_SIGNATURE].decode("utf-8", "replace")
    if marker in code or "/*" in code:
        code = _comments(marker).sub(" ", code)
    line = _SPACE.sub(" ", code).strip()
    return line.removesuffix("=>").rstrip("{:= ") if line[-1:] in "{:=>" else line


def quoted_words(text: bytes) -> list[str]:
    """The plain strings in a piece of source."""
    return [found[2] for found in _QUOTED.finditer(text.decode("utf-8", "replace"))]


def clean_string(text: bytes) -> str | None:
    """A docstring as inspect.cleandoc gives it; None where it is no plain string."""
    try:
        value = ast.literal_eval(text.decode("utf-8", "replace"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return inspect.cleandoc(value) if isinstance(value, str) else None
