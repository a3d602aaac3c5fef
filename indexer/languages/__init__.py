"""Languages as data: one folder each with `language.toml` and `tags.scm`, found here and loaded on demand.

`tags.scm` is a tree-sitter query. Every pattern has one **primary** capture that says what the pattern is, and others that name
its parts; an unknown capture is an error when the language is loaded. The primaries:

    definition.KIND   a definition (parts: name, body, value, type); KIND as in model.TYPE_OF_KIND
    wrapper           a node around a definition that belongs to it (parts: wrapped; body, where the definition itself has none)
    of                a definition, wrapper or statement that the other capture says something of: is.FLAG, modifier (words
                      that [modifiers] explains), parameters (the list of them), takes (the types of parameters, where calls
                      choose by them; takes.rest: of any number of arguments; takes.array: written as that of its elements),
                      callable (a signature that instances can be called by), doc, returns, extends, implements, decorator,
                      metaclass, mixes (types whose members come before those of the base class), receiver (the type that a
                      method is written for, outside of its body), extended (the type that a function can be called on as if
                      it were a member)
    section           a modifier of all functions that follow it in the same body
    extension         a body of members for a type that is written elsewhere (parts: receiver, body; implements)
    package           what the file says that its names are part of; `doc` comments in front of it are the file's
    is.generator      something whose presence marks the innermost function
    scope             a scope that is no definition; `lambda` is its whole, where it has parameters
    owner             a definition or lambda with a parameter, parameter.list, parameter.dict or parameter.type
                      (parts: type, default)
    binding[.KIND]    a name, member or pattern that gets a value (parts: value, type; `statement` is the whole; `hoist` marks
                      what belongs to the function and not to the block, `within` is a scope that it is bound in instead)
    local             the same without a symbol of its own (parts: iterable, entered, instance, value, type)
    destructure       a pattern with `element`s, taken by place, or `element.named` ones, taken by name (part: key)
    declarator        a node around a name that gets a value, which means nothing else (part: same)
    global, nonlocal  names that belong to an outer scope
    reference[.type]  a name that is used (as a type); reference.member: it can only be a member of the enclosing instance
    self, super       the words for the enclosing instance and for its base class's view of it
    self.type         the word for the enclosing type
    member            an object's property (parts: object, property); member.callable: one that is no field;
                      member.field: one that is no method (names.field_mark is written before it where it is defined)
    call              parts: function, arguments; call.counted: the number of arguments tells overloads apart
                      (parts: argument, for one that stands apart from the others)
    index             parts: object, key
    alias             a node with the same value as its part `same`
    awaited           parts: same
    made              an instance of its part `type`, made without a call
    anonymous         an instance that is made with members of its own (parts: type, body)
    signature         the type of functions (parts: parameters, returns)
    expected          a function without a name whose type is known (part: type), or that is given to one (part: function)
    array             the type of an array, or one that is made (part: item, the type of its elements)
    word              a type that the language has a word for
    arithmetic        an operation whose result is of the wider of its operands' types (parts: either)
    tuple             several values or types in order (part: item)
    sequence.TYPE     a container of that builtin type with its values in order, or made of one expression (part: item)
    mapping.TYPE      a container of that builtin type with keys and values, or made of one value (part: item)
    union             parts: either (two)
    literal.TYPE      a literal of that builtin type
    return, yield     what a function gives
    implicit.WORD     an expression whose methods the language calls: iterate, enter
    test              what holds only if its part `subject` is an instance of its part `type`; where it holds is told by what it
                      stands in, or its part `within`. Or what binds its subject there (parts: iterable, entered, instance)
    uses              a node in which names are used as types
    quoted            a type that is, or may hold, one that is written in quotes
    ignore            an identifier that means nothing outside its statement (labels, keyword names); ignore.inside: all names in
                      a node
    undefined         a name that only looks as if it were defined, and is no site either
    import            parts: import.module | import.from | import.whole (the one value that a module hands on), import.name |
                      import.default, import.alias, import.wildcard; import.path is the first name of a dotted path that
                      has no node of its own, and that ends with the name where there is no other; import.everywhere marks one for
                      other files too; `export` marks what is handed on under its name without being bound
    prefix            a path that all imports in its part `within` begin with
    require           an expression that is a module (part: import.module)
    path              a name that says its package, or begins with an imported name (part: name, the last one)
    export            parts: export.name | value, export.alias

A file's language is told by `filenames`, `filename_prefixes`, `extensions`, else by the program of its first line (`shebangs`, without
version). Where that is not enough, `refuses` is a pattern of what files of the language never hold, and `[claims]` gives patterns by
extension of files that are the language's although the extension is another's.

This module is the only one that reads these folders.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import tree_sitter
import tree_sitter_language_pack

from indexer import model

HERE: Final = Path(__file__).parent
#: That of an interpreter, behind its name: python3.11, ruby2.7.
_VERSION: Final = re.compile(r"\d+(?:\.\d+)*$")

PARTS: Final = frozenset({
    "name", "body", "value", "type", "wrapped", "of", "doc", "returns", "extends", "implements", "decorator",
    "metaclass", "receiver", "extended", "modifier", "parameters", "parameter", "parameter.list", "parameter.dict", "parameter.type",
    "default",
    "iterable", "entered", "instance", "element", "element.named", "statement", "hoist", "within", "object", "property",
    "function", "arguments", "argument", "key", "same", "either", "item", "import.module", "import.from",
    "import.path", "import.whole", "subject",
    "import.name", "import.default", "import.alias", "import.wildcard", "import.everywhere", "export.name", "export.alias", "lambda",
})  # fmt: skip
#: Primary captures, most telling first: a pattern's operation is the first of these among its captures.
PRIMARIES: Final = (
    "definition", "wrapper", "extension", "section", "package", "import", "prefix",
    "require", "path", "export", "owner", "binding", "local", "destructure", "declarator",
    "global", "nonlocal", "member", "call", "index", "alias", "awaited", "made", "array", "anonymous", "signature",
    "expected", "word", "arithmetic", "tuple", "sequence", "mapping", "union", "literal", "return", "yield", "implicit", "test",
    "uses", "quoted", "scope", "ignore", "undefined", "is", "doc", "callable", "returns", "takes", "extends", "implements", "mixes",
    "decorator", "metaclass",
    "receiver", "extended", "modifier", "parameters", "self", "super", "reference",
)  # fmt: skip
FLAGS: Final = frozenset({"async", "generator", "abstract", "static", "exported", "overload", "const"})


class RulesError(ValueError):
    """A language folder that cannot be used: a mistake of ours, found when it is loaded."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a query: its operation, the word after the dot (KIND, TYPE, FLAG) and where it stands."""

    operation: str
    detail: str
    captures: frozenset[str]
    line: int


@dataclass(frozen=True, slots=True)
class Language:
    """A language as its folder describes it; `rules` is language.toml."""

    name: str
    rules: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def support(self) -> str:
        """'full', or 'symbols' where sites and imports are not extracted."""
        return str(self.rules.get("support", "full"))

    def section(self, name: str) -> Mapping[str, Any]:
        """A table of language.toml, or of the language's that it inherits from; empty where it is missing."""
        return inherited(self.name, name) or {}

    @property
    def separator(self) -> str:
        """What joins the names of a qualified name."""
        return str(self.section("names").get("separator", "."))


@functools.cache
def names() -> tuple[str, ...]:
    """All languages, by name; a folder without a grammar is only inherited from."""
    return tuple(sorted(name for name, rules in _folders().items() if "grammar" in rules))


@functools.cache
def _folders() -> dict[str, dict[str, Any]]:
    return {path.parent.name: tomllib.loads(path.read_text()) for path in HERE.glob("*/language.toml")}


@functools.cache
def load(name: str) -> Language:
    """The language of that name; raises KeyError where there is none."""
    return Language(name, _folders()[name])


@functools.cache
def parser(name: str) -> tree_sitter.Parser:
    """A parser, one a process and language."""
    return tree_sitter.Parser(grammar(name))


def grammar(name: str) -> tree_sitter.Language:
    """The tree-sitter language that the folder names."""
    return tree_sitter_language_pack.get_language(load(name).rules["grammar"])


@functools.cache
def query(name: str) -> tuple[tree_sitter.Query, tuple[Pattern, ...]]:
    """The compiled query and its patterns, in order; raises RulesError for rules that cannot be used."""
    return _compiled(name, grammar(name), query_text(name))


def check(folder: Path) -> None:
    """Raises RulesError where a language's folder, which need not be one of ours, cannot be used."""
    rules = tomllib.loads((folder / "language.toml").read_text())
    _compiled(folder.name, tree_sitter_language_pack.get_language(rules["grammar"]), (folder / "tags.scm").read_text())


def _compiled(name: str, syntax: tree_sitter.Language, text: str) -> tuple[tree_sitter.Query, tuple[Pattern, ...]]:
    try:
        compiled = tree_sitter.Query(syntax, text)
    except tree_sitter.QueryError as exc:
        raise RulesError(f"{name}/tags.scm: {exc}") from exc
    source = text.encode()
    patterns = []
    for i in range(compiled.pattern_count):
        start, end = compiled.start_byte_for_pattern(i), compiled.end_byte_for_pattern(i)
        line = source.count(b"\n", 0, start) + 1
        patterns.append(_pattern(name, source[start:end].decode(), line))
    return compiled, tuple(patterns)


def query_text(name: str) -> str:
    """The rules of a language, after those of the language that it inherits from."""
    base = load(name).rules.get("inherits")
    own = (HERE / name / "tags.scm").read_text() if (HERE / name / "tags.scm").exists() else ""
    return (query_text(base) + "\n" if base else "") + own


def inherited(name: str, key: str) -> Any:
    """What language.toml says under a top-level key, or the file of the language that it inherits from; None where neither does."""
    rules = load(name).rules
    if key in rules or "inherits" not in rules:
        return rules.get(key)
    return inherited(rules["inherits"], key)


def _pattern(language: str, text: str, line: int) -> Pattern:
    captures = _captures_of(text)
    by_primary = {capture.partition(".")[0]: capture for capture in captures if capture not in PARTS or capture in PRIMARIES}
    for primary in PRIMARIES:
        if primary in by_primary:
            detail = by_primary[primary].partition(".")[2]
            _check(language, line, captures, primary, detail)
            return Pattern(primary, detail, captures, line)
    raise RulesError(f"{language}/tags.scm:{line}: no capture says what the pattern is ({', '.join(sorted(captures))})")


def _check(language: str, line: int, captures: frozenset[str], primary: str, detail: str) -> None:
    where = f"{language}/tags.scm:{line}"
    for capture in captures:
        if capture not in PARTS and capture.partition(".")[0] not in PRIMARIES and not capture.startswith("_"):
            raise RulesError(f"{where}: unknown capture @{capture}")
    if (primary == "definition" or (primary == "binding" and detail)) and detail not in model.TYPE_OF_KIND:
        raise RulesError(f"{where}: unknown kind @{primary}.{detail}")
    if primary == "is" and detail not in FLAGS:
        raise RulesError(f"{where}: unknown flag @is.{detail}")


def _captures_of(text: str) -> frozenset[str]:
    found, i, n = set(), 0, len(text)
    while i < n:
        c = text[i]
        if c == ";":
            i = (text.find("\n", i) + 1) or n
        elif c == '"':
            i += 1
            while i < n and text[i] != '"':
                i += 2 if text[i] == "\\" else 1
            i += 1
        elif c == "@":
            j = i + 1
            while j < n and (text[j].isalnum() or text[j] in "._-"):
                j += 1
            found.add(text[i + 1 : j])
            i = j
        else:
            i += 1
    return frozenset(found)


class _Names(NamedTuple):
    """What tells languages by name: extension, whole name, its beginning, program of the first line; each → language."""

    extensions: dict[str, str]
    filenames: dict[str, str]
    prefixes: dict[str, str]
    shebangs: dict[str, str]


@functools.cache
def _by_name() -> _Names:
    found = _Names({}, {}, {}, {})
    for name in names():
        rules = load(name).rules
        for key, table in zip(("extensions", "filenames", "filename_prefixes", "shebangs"), found, strict=True):
            table.update(dict.fromkeys(rules.get(key, ()), name))
    return found


@functools.cache
def _by_content() -> tuple[dict[str, re.Pattern[bytes]], dict[str, list[tuple[str, re.Pattern[bytes]]]]]:
    """What a language's files never look like, and by extension what other languages' files with it look like."""
    refused: dict[str, re.Pattern[bytes]] = {}
    claimed: dict[str, list[tuple[str, re.Pattern[bytes]]]] = {}
    for name in names():
        rules = load(name).rules
        if "refuses" in rules:
            refused[name] = re.compile(rules["refuses"].encode("latin-1"))
        for extension, pattern in rules.get("claims", {}).items():
            claimed.setdefault(extension, []).append((name, re.compile(pattern.encode("latin-1"))))
    return refused, claimed


def detect(path: str, data: bytes) -> str | None:
    """The language of a file by its name and content, or None; `data` may be the beginning of it."""
    language = language_of_path(path)
    if language is None:
        return language_of_shebang(data[:SHEBANG_BYTES])
    refused, claimed = _by_content()
    head = data[:CONTENT_BYTES]
    for other, pattern in claimed.get(path[path.rfind(".") :].lower(), ()):
        if pattern.search(head):
            return other
    return None if language in refused and refused[language].search(head) else language


#: As much of a file as is looked at where its name is not enough.
CONTENT_BYTES: Final = 1 << 16
#: As much of a file as its first line may take.
SHEBANG_BYTES: Final = 200


def language_of_path(path: str) -> str | None:
    """The language that a file's name tells, or None."""
    extensions, filenames, prefixes, _ = _by_name()
    name = path.rpartition("/")[2]
    if name in filenames:
        return filenames[name]
    for prefix, language in prefixes.items():
        if name.startswith(prefix):
            return language
    dot = name.find(".", 1)
    while dot != -1:
        if (found := extensions.get(name[dot:].lower())) is not None:
            return found
        dot = name.find(".", dot + 1)
    return None


def language_of_shebang(head: bytes) -> str | None:
    """The language that the first line (`#!…`) tells, or None."""
    if not head.startswith(b"#!"):
        return None
    words = head.split(b"\n", 1)[0][2:].decode("latin-1").split()
    programs = [word.rpartition("/")[2] for word in words if "=" not in word and not word.startswith("-")]
    if programs[:1] == ["env"]:
        del programs[0]
    return _by_name().shebangs.get(_VERSION.sub("", programs[0])) if programs else None
