"""Runs a language's query over a syntax tree and sorts the matches into tables, by what each pattern says it is.

Nodes are keyed by their byte range (start, end), so a wrapper around a single node is the same expression. This is the only
place where the tree is touched in bulk: everything after works on these tables.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

import tree_sitter

from indexer import languages

Range = tuple[int, int]
Node = tree_sitter.Node

_DOTTED = re.compile(rb"[^\W\d][\w$]*(?:\s*\.\s*[^\W\d][\w$]*)*")

#: Unfinished matches that a query may hold at a time; beyond it tree-sitter drops the oldest. Bounds time and memory.
MATCH_LIMIT = 4096


class Written(NamedTuple):
    """A name that has a place but no node of its own (part of a module's name, a quoted type)."""

    start_byte: int
    end_byte: int
    start_point: tuple[int, int]
    text: bytes = b""


class Test(NamedTuple):
    """A test of an expression's type, and where it holds if that is not told by what it stands in."""

    node: Node
    subject: Node
    type: Range | None
    within: Range | None
    #: What the subject is bound to there, where it is a name.
    bound: tuple[str, Range] | None


@dataclass(slots=True)
class Definition:
    """A definition as written: its node's range, its name's node, its body and what is said of it elsewhere."""

    kind: str
    range: Range
    node: Node
    #: Once definitions are made, without the marks around it.
    name: Node | Written
    body: Node | None
    type: Range | None
    value: Range | None
    #: The pattern's number: of several that match one name the first counts.
    rank: int = 0


@dataclass(slots=True)
class Extension:
    """Members written for a type apart from it: the whole, their body, and the type's name or expression."""

    range: Range
    body: Range
    receiver: Node


@dataclass(slots=True)
class Binding:
    """A target that gets a value; `how` is the part's capture name ('value', 'iterable', …) and `what` its range."""

    target: Range
    node: Node
    how: str | None
    what: Range | None
    statement: Range | None
    is_local: bool
    kind: str = ""
    is_hoisted: bool = False
    within: int = -1
    #: The declared type, where there is a value as well.
    type: Range | None = None


@dataclass(slots=True)
class Element:
    """A part of a pattern: its name, where it is taken by name (the key's node or its own)."""

    range: Range
    node: Node
    key: Node | None


@dataclass(slots=True)
class Export:
    """A name under which something is handed on: a local name or a value."""

    range: Range
    what: Range
    local: Node | None
    alias: Node | None


@dataclass(slots=True)
class Parameter:
    """A parameter of the definition or lambda at `owner`; `how` is '', 'list', 'dict' or 'type'."""

    owner: Range
    node: Node
    how: str
    type: Range | None
    default: Range | None


@dataclass(slots=True)
class Import:
    """One imported name as written."""

    range: Range
    module: Node | Written | None
    is_from: bool
    name: Node | None
    alias: Node | None
    wildcard: Node | None
    is_default: bool = False
    is_export: bool = False
    is_whole: bool = False
    is_everywhere: bool = False


@dataclass(slots=True)
class Captures:
    """The matches of one file, sorted by what they mean. See `languages` for the words."""

    #: By the start of the name.
    definitions: dict[int, Definition] = field(default_factory=dict)
    extensions: list[Extension] = field(default_factory=list)
    packages: list[Node] = field(default_factory=list)
    wrappers: dict[Range, Range] = field(default_factory=dict)
    #: Bodies that wrappers bring, by the wrapper's range.
    bodies: dict[Range, Node] = field(default_factory=dict)
    scopes: list[Range] = field(default_factory=list)
    lambdas: dict[Range, Range] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    destructures: dict[Range, list[Element]] = field(default_factory=dict)
    #: The names, or further such nodes, within nodes around a name that is bound.
    declarators: dict[Range, Node] = field(default_factory=dict)
    outer_names: list[tuple[str, Node]] = field(default_factory=list)
    references: dict[int, Node] = field(default_factory=dict)
    #: Starts of references that can only be types.
    types: set[int] = field(default_factory=set)
    #: Starts of references that can only be members of the enclosing instance.
    member_names: set[int] = field(default_factory=set)
    #: Names that are called or can only be functions, with the number of arguments where it is known.
    callables: dict[Range, int | None] = field(default_factory=dict)
    selves: set[Range] = field(default_factory=set)
    self_types: set[Range] = field(default_factory=set)
    supers: set[Range] = field(default_factory=set)
    members: dict[Range, tuple[Range, Node]] = field(default_factory=dict)
    calls: dict[Range, Range] = field(default_factory=dict)
    #: Where calls have them written.
    arguments: dict[Range, Node] = field(default_factory=dict)
    #: What calls are given whose arguments tell overloads apart, by what is called: lists of arguments, and such that stand apart.
    given: dict[Range, tuple[list[Node], list[Node]]] = field(default_factory=dict)
    indexes: dict[Range, tuple[Range | None, list[Range]]] = field(default_factory=dict)
    aliases: dict[Range, Range] = field(default_factory=dict)
    awaited: dict[Range, Range] = field(default_factory=dict)
    made: dict[Range, Range] = field(default_factory=dict)
    #: Types of arrays, and arrays that are made: their elements' type.
    arrays: dict[Range, Range] = field(default_factory=dict)
    #: Bodies of members for an instance of a type, which have no name: by the body, the type.
    anonymous: dict[Range, Range] = field(default_factory=dict)
    #: Types of functions: the parameters, and the type of the result.
    signatures: dict[Range, tuple[Node, Range | None]] = field(default_factory=dict)
    #: Functions without a name whose type is known by where they stand: a type, or what is called with the place among its arguments.
    expected: list[tuple[Node, Range, int | None]] = field(default_factory=list)
    #: Types that the language has words for.
    words: dict[Range, Node] = field(default_factory=dict)
    arithmetic: dict[Range, tuple[Range, Range]] = field(default_factory=dict)
    tuples: dict[Range, list[Range]] = field(default_factory=dict)
    #: Containers with their parts, and the builtin types of all of them.
    sequences: dict[Range, Node] = field(default_factory=dict)
    mappings: dict[Range, Node] = field(default_factory=dict)
    container_types: dict[Range, str] = field(default_factory=dict)
    #: Containers that one expression makes all values of.
    generated: dict[Range, Range] = field(default_factory=dict)
    unions: dict[Range, tuple[Range, Range]] = field(default_factory=dict)
    literals: dict[Range, str] = field(default_factory=dict)
    results: list[tuple[str, Range]] = field(default_factory=list)
    uses: list[Range] = field(default_factory=list)
    quoted: list[Node] = field(default_factory=list)
    #: Expressions whose methods are called without being named, by what for.
    implicit: list[tuple[str, Range]] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    ignored: set[int] = field(default_factory=set)
    #: Starts of names that only look as if they were defined.
    undefined: set[int] = field(default_factory=set)
    #: What is ignored with all that it holds.
    silent: list[Range] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    #: Paths that imports begin with, and where those imports stand.
    prefixes: list[tuple[Range, Node]] = field(default_factory=list)
    #: Expressions that are modules, with the node that names the module.
    requires: dict[Range, Node] = field(default_factory=dict)
    #: Names with their packages, by the whole: the last name.
    paths: dict[Range, Node] = field(default_factory=dict)
    #: Members that can only be fields.
    fields: set[Range] = field(default_factory=set)
    exports: list[Export] = field(default_factory=list)
    #: By the definition's range: what `of` patterns say, as (word, range or None).
    said: dict[Range, list[tuple[str, Node]]] = field(default_factory=dict)
    marks: list[tuple[str, int]] = field(default_factory=list)
    #: Modifiers of what follows, by the range of the body that they stand in, in source order.
    sections: dict[Range, list[Node]] = field(default_factory=dict)
    #: Where definitions stand that count only on unusual systems.
    unusual: list[Range] = field(default_factory=list)
    is_truncated: bool = False


def collect(root: Node, language: str) -> Captures:
    """All matches of the language's query below `root`."""
    query, patterns = languages.query(language)
    cursor = tree_sitter.QueryCursor(query, match_limit=MATCH_LIMIT)
    found = Captures()
    references, members, calls = found.references, found.members, found.calls
    # The three that make up most of all matches come first and inline.
    inline = {"reference": 0, "member": 1, "call": 2}
    codes = [3 if pattern.detail else inline.get(pattern.operation, 3) for pattern in patterns]
    handlers = _HANDLERS
    for index, match in cursor.matches(root):
        code = codes[index]
        if code == 0:
            node = match["reference"][0]
            references[node.start_byte] = node
        elif code == 1:
            members[match["member"][0].byte_range] = (match["object"][0].byte_range, match["property"][0])
        elif code == 2:
            place = match["call"][0].byte_range
            calls[place] = match["function"][0].byte_range
            if "arguments" in match:
                found.arguments[place] = match["arguments"][0]
        else:
            pattern = patterns[index]
            handlers[pattern.operation](found, pattern, match)
    found.is_truncated = cursor.did_exceed_match_limit
    if found.silent:
        _silence(found)
    return found


def _silence(found: Captures) -> None:
    """Drops the names in nodes that are ignored as a whole."""
    outermost = merged(found.silent)
    starts = [start for start, _ in outermost]

    def is_silent(place: int) -> bool:
        i = bisect_right(starts, place) - 1
        return i >= 0 and place < outermost[i][1]

    found.references = {start: node for start, node in found.references.items() if not is_silent(start)}
    found.members = {place: member for place, member in found.members.items() if not is_silent(place[0])}


def merged(ranges: list[Range]) -> list[Range]:
    """The outermost of nested ranges, in order."""
    found: list[Range] = []
    for place in sorted(ranges, key=lambda r: (r[0], -r[1])):
        if not found or place[0] >= found[-1][1]:
            found.append(place)
    return found


def patterns_of(root: Node, language: str) -> set[int]:
    """The numbers of the query's patterns that match below `root`."""
    query, _ = languages.query(language)
    return {index for index, _ in tree_sitter.QueryCursor(query, match_limit=MATCH_LIMIT).matches(root)}


Match = dict[str, list[Node]]
#: Under which decorators are kept that are not said of a definition.
_NOWHERE: Range = (-1, -1)


def _range(match: Match, name: str) -> Range | None:
    nodes = match.get(name)
    return nodes[0].byte_range if nodes else None


def _node(match: Match, name: str) -> Node | None:
    nodes = match.get(name)
    return nodes[0] if nodes else None


def _definition(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node = match["definition." + pattern.detail][0]
    body = _node(match, "body")
    if body is not None and body.end_byte > node.end_byte:
        # A body that stands beside what it belongs to.
        found.wrappers.setdefault(node.byte_range, (node.start_byte, body.end_byte))
    for name in match["name"]:
        known = found.definitions.get(name.start_byte)
        # A pattern with a body that may be missing matches what has one both with and without it.
        is_fuller = known is not None and pattern.line == known.rank and known.body is None and body is not None
        if known is None or pattern.line < known.rank or is_fuller:
            found.definitions[name.start_byte] = Definition(
                pattern.detail, node.byte_range, node, name, body, _range(match, "type"), _range(match, "value"),
                pattern.line,
            )
        elif known.body is None and known.kind == pattern.detail:
            known.body = body


def _extension(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node = match["extension"][0]
    found.extensions.append(Extension(node.byte_range, match["body"][0].byte_range, match["receiver"][0]))
    if "implements" in match:
        found.said.setdefault(node.byte_range, []).extend(("implements", node) for node in match["implements"])


def _section(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    for node in match["section"]:
        if node.parent is not None:
            found.sections.setdefault(node.parent.byte_range, []).append(node)


def _package(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.packages.extend(match["package"])


def _wrapper(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    wrapper = match["wrapper"][0].byte_range
    found.wrappers[match["wrapped"][0].byte_range] = wrapper
    if "body" in match:
        found.bodies[wrapper] = match["body"][0]


def _import(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    module = _node(match, "import.module") or _node(match, "import.whole")
    name = _node(match, "import.default") or _node(match, "import.name")
    wildcard = _node(match, "import.wildcard")
    path: Node | Written | None = module or _node(match, "import.from")
    if "import.path" in match:
        path = _path_of(match["import"][0], match["import.path"][0], wildcard)
        name = name or (_last_of(path) if wildcard is None else None)  # type: ignore[assignment]
    found.imports.append(
        Import(
            match["import"][0].byte_range, path, module is None, name, _node(match, "import.alias"), wildcard,
            "import.default" in match, "export" in match, "import.whole" in match, "import.everywhere" in match,
        )
    )


def _path_of(whole: Node, first: Node, wildcard: Node | None) -> Written:
    """The dotted path that begins with a node, of an import whose syntax has no node for it."""
    text = (whole.text or b"")[first.start_byte - whole.start_byte : wildcard.start_byte - whole.start_byte if wildcard else None]
    written = _DOTTED.match(text)
    size = written.end() if written is not None else 0
    return Written(first.start_byte, first.start_byte + size, first.start_point, text[:size])


def _last_of(path: Written) -> Written:
    """The last name of a path."""
    _before, _, name = path.text.rpartition(b".")
    name = name.strip()
    start = path.end_byte - len(name)
    row, column = path.start_point
    return Written(start, path.end_byte, (row, column + start - path.start_byte), name)


def _prefix(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.prefixes.append((match["within"][0].byte_range, match["prefix"][0]))


def _require(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.requires[match["require"][0].byte_range] = match["import.module"][0]


def _path(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.paths[match["path"][0].byte_range] = match["name"][0]


def _export(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    local = _node(match, "export.name")
    what = local.byte_range if local is not None else match["value"][0].byte_range
    found.exports.append(Export(match["export"][0].byte_range, what, local, _node(match, "export.alias")))


def _owner(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    owner = match["owner"][0].byte_range
    type_, default = _range(match, "type"), _range(match, "default")
    for capture, how in (("parameter", ""), ("parameter.list", "list"), ("parameter.dict", "dict"), ("parameter.type", "type")):
        for node in match.get(capture, ()):
            found.parameters.append(Parameter(owner, node, how, type_, default))


def _binding(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    how = next((part for part in ("value", "iterable", "entered", "type", "instance") if part in match), None)
    what = _range(match, how) if how else None
    if "ignore" in match:
        found.ignored.add(match["ignore"][0].start_byte)
    word = f"{pattern.operation}.{pattern.detail}" if pattern.detail else pattern.operation
    statement, is_local, is_hoisted = _range(match, "statement"), pattern.operation == "local", "hoist" in match
    type_ = _range(match, "type") if how != "type" else None
    within = match["within"][0].start_byte if "within" in match else -1
    for node in match[word]:
        found.bindings.append(
            Binding(node.byte_range, node, how, what, statement, is_local, pattern.detail, is_hoisted, within, type_)
        )


def _destructure(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    elements = found.destructures.setdefault(match["destructure"][0].byte_range, [])
    elements.extend(Element(node.byte_range, node, None) for node in match.get("element", ()))
    key = _node(match, "key")
    elements.extend(Element(node.byte_range, node, key or node) for node in match.get("element.named", ()))


def _declarator(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.declarators[match["declarator"][0].byte_range] = match["same"][0]


def _reference(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node = match["reference." + pattern.detail][0]
    found.references[node.start_byte] = node
    (found.types if pattern.detail == "type" else found.member_names).add(node.start_byte)


def _member(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    place = match["member." + pattern.detail][0].byte_range
    found.members[place] = (match["object"][0].byte_range, match["property"][0])
    if pattern.detail == "field":
        found.fields.add(place)
    else:
        found.callables.setdefault(place, None)


def _call(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    function = match["function"][0].byte_range
    found.calls[match["call." + pattern.detail][0].byte_range] = function
    count = len(match.get("argument", ()))
    for arguments in match.get("arguments", ()):
        count += sum(1 for node in arguments.named_children if not node.is_extra)
    found.callables[function] = count
    found.given[function] = (match.get("arguments", []), match.get("argument", []))


def _self(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    if pattern.detail:
        node = match["self.type"][0]
        found.self_types.add(node.byte_range)
        found.ignored.add(node.start_byte)
    else:
        found.selves.add(match["self"][0].byte_range)


def _super(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.supers.add(match["super"][0].byte_range)


def _made(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.made[match["made"][0].byte_range] = match["type"][0].byte_range


def _array(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.arrays[match["array"][0].byte_range] = match["item"][0].byte_range


def _anonymous(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.anonymous.setdefault(match["body"][0].byte_range, match["type"][0].byte_range)


def _signature(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.signatures[match["signature"][0].byte_range] = (match["parameters"][0], _range(match, "returns"))


def _expected(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node = match["expected"][0]
    if "function" not in match:
        found.expected.append((node, match["type"][0].byte_range, None))
        return
    siblings = node.parent.named_children if node.parent is not None else []
    place = sum(1 for other in siblings if not other.is_extra and other.start_byte < node.start_byte)
    found.expected.append((node, match["function"][0].byte_range, place))


def _word(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.words[match["word"][0].byte_range] = match["word"][0]


def _arithmetic(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    either = match["either"]
    found.arithmetic[match["arithmetic"][0].byte_range] = (either[0].byte_range, either[-1].byte_range)


def _tuple(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    whole = match["tuple"][0].byte_range
    for node in match["item"]:
        if node.byte_range != whole:
            found.tuples.setdefault(whole, []).append(node.byte_range)


def _sequence(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node = match["sequence." + pattern.detail][0]
    found.container_types[node.byte_range] = pattern.detail
    if "item" in match:
        found.generated[node.byte_range] = match["item"][0].byte_range
    else:
        found.sequences[node.byte_range] = node


def _mapping(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node = match["mapping." + pattern.detail][0]
    found.container_types[node.byte_range] = pattern.detail
    if "item" in match:
        found.generated[node.byte_range] = match["item"][0].byte_range
    else:
        found.mappings[node.byte_range] = node


def _outer(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.outer_names.extend((pattern.operation, node) for node in match[pattern.operation])


def _index(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    _, keys = found.indexes.setdefault(match["index"][0].byte_range, (_range(match, "object"), []))
    keys.extend(node.byte_range for node in match.get("key", ()))


def _alias(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.aliases[match["alias"][0].byte_range] = match["same"][0].byte_range


def _awaited(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.awaited[match["awaited"][0].byte_range] = match["same"][0].byte_range


def _union(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    either = match["either"]
    found.unions[match["union"][0].byte_range] = (either[0].byte_range, either[-1].byte_range)


def _literal(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.literals[match["literal." + pattern.detail][0].byte_range] = pattern.detail


def _result(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.results.append((pattern.operation, match[pattern.operation][0].byte_range))


def _uses(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.uses.extend(node.byte_range for node in match["uses"])


def _quoted(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.quoted.append(match["quoted"][0])


def _implicit(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    found.implicit.append((pattern.detail, match[f"implicit.{pattern.detail}"][0].byte_range))


_BINDS = {"iterable": "element", "entered": "enter", "instance": "instance"}


def _test(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    node, subject, within = match[pattern.operation][0], match["subject"][0], match.get("within")
    type, bound = match.get("type"), None
    if "instance" in match:
        type = match["instance"]
    for part, operation in _BINDS.items():
        if part in match:
            bound = (operation, match[part][0].byte_range)
    place = within[0].byte_range if within else None
    found.tests.append(Test(node, subject, type[0].byte_range if type else None, place, bound))


def _scope(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    scope = match["scope"][0].byte_range
    found.scopes.append(scope)
    if "lambda" in match:
        found.lambdas[match["lambda"][0].byte_range] = scope


def _ignore(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    if pattern.detail:
        found.silent.extend(node.byte_range for node in match["ignore." + pattern.detail])
    else:
        found.ignored.update(node.start_byte for node in match["ignore"])


def _undefined(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    starts = {node.start_byte for node in match["undefined"]}
    found.undefined |= starts
    found.ignored |= starts


def _said(found: Captures, pattern: languages.Pattern, match: Match) -> None:
    word = pattern.operation if not pattern.detail else f"{pattern.operation}.{pattern.detail}"
    if word == "decorator" and "of" not in match:
        found.said.setdefault(_NOWHERE, []).extend((word, node) for node in match[word])
        return
    if "of" not in match:
        found.marks.extend((pattern.detail, node.start_byte) for node in match[word])
        return
    said = found.said.setdefault(match["of"][0].byte_range, [])
    said.extend((word, node) for node in match[word])


_HANDLERS = {
    "definition": _definition, "wrapper": _wrapper, "import": _import, "owner": _owner, "binding": _binding, "local": _binding,
    "destructure": _destructure, "global": _outer, "nonlocal": _outer, "index": _index, "alias": _alias, "awaited": _awaited,
    "union": _union, "literal": _literal, "return": _result, "yield": _result, "uses": _uses, "quoted": _quoted, "scope": _scope,
    "implicit": _implicit, "test": _test, "ignore": _ignore, "undefined": _undefined,
    "is": _said, "doc": _said, "returns": _said, "extends": _said, "implements": _said, "decorator": _said,
    "metaclass": _said, "receiver": _said, "extended": _said, "modifier": _said, "extension": _extension, "section": _section,
    "mixes": _said, "path": _path, "package": _package, "prefix": _prefix, "declarator": _declarator,
    "require": _require, "export": _export, "reference": _reference, "self": _self, "member": _member, "call": _call, "parameters": _said,
    "super": _super, "made": _made, "tuple": _tuple, "array": _array, "anonymous": _anonymous,
    "signature": _signature, "expected": _expected, "callable": _said,
    "word": _word, "arithmetic": _arithmetic, "takes": _said,
    "sequence": _sequence, "mapping": _mapping,
}  # fmt: skip
