"""The second step of an analysis: what gives names a value fills the scopes that `definitions` made.

Parameters, assignments, patterns, imports and exports. What is handed on under another name than its own stands in the module's
namespace as '=name', which no written name can be; '=' alone is the whole of what a module hands on.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from indexer.extract import symbols
from indexer.extract.captures import Binding, Element, Export, Import, Node, Range, Written
from indexer.extract.definitions import Container, Definitions, ImportSite
from indexer.extract.facts import ALL, EVERYWHERE, Define, Flag, ImportFact
from indexer.extract.scopes import Nesting, Scope, Spec, Variable

_SPACE = re.compile(r"\s+")
_WORD = re.compile(rb"\w+")
_VERSION = re.compile(r"^v\d+$|\.v\d+$|^go-|[-.]go$")
_SPEC_OF_PART: Final = {"iterable": "element", "entered": "enter", "instance": "instance"}
#: Nodes that are names although their type does not end so.
_OTHER_NAMES: Final = frozenset({
    "shorthand_property_identifier_pattern", "variable_name", "word", "simple_identifier", "constant", "implicit_parameter",
})  # fmt: skip
#: Elements of a pattern that take all that the others leave.
_RESTS: Final = frozenset({"list_splat_pattern", "rest_pattern"})
#: What a name that only a module's user sees begins with.
HANDED_ON: Final = b"="
Place = Node | Written


class Parameter(NamedTuple):
    """A parameter of a definition or nameless function: `is_rest` takes all further arguments, `is_receiver` the instance."""

    variable: Variable
    is_rest: bool
    is_receiver: bool


#: Parameters by the range of what they belong to, in source order.
Parameters = dict[Range, list[Parameter]]


class Bindings:
    """The bindings of one file; `bind` makes them."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.captures = definitions.captures
        said = definitions.language.section("imports")
        self._separator = str(said.get("separator", definitions.language.separator))
        self._binds = said.get("binds", "first")
        #: Words in paths that are no names, and those for the module itself and the one around it.
        self._words = frozenset(said.get("words", ()))
        self._is_hidden = bool(said.get("paths") or said.get("declares"))
        self._here, self._up = said.get("here", ""), said.get("up", "")
        self._blank = str(said.get("blank", "")).encode()
        self._is_ordered = definitions.language.section("scopes").get("ordered", False)
        #: Targets that are members: bound once it is known what their object is.
        self.members: list[tuple[Range, Define, Spec | None, Binding]] = []
        #: Targets that are items of something, with what they get.
        self.items: list[tuple[Range, Spec]] = []
        self.parameters: Parameters = {}
        #: Modules that expressions stand for, by the expression's range.
        self.requires: dict[Range, int] = {}
        self._seen: set[int] = set()

    def bind(self) -> None:
        """Gives each bound name its definitions; targets that are members go to `members`."""
        for word, node in self.captures.outer_names:
            self._declare_outer(word, node)
        self._bind_parameters()
        self._prefixes = _Prefixes(self.captures.prefixes)
        for place, node in self.captures.prefixes:
            self._name_prefix(place, node)
        for imported in sorted(self.captures.imports, key=lambda i: (i.range, i.name.start_byte if i.name else 0)):
            self._bind_import(imported)
        for place, module in sorted(self.captures.requires.items()):
            self._require(place, module)
        for place in sorted(self.captures.paths):
            if self.captures.paths[place].start_byte in self.captures.ignored:
                # The name of an import.
                del self.captures.paths[place]
                continue
            self.requires[place] = len(self.definitions.imports)
            self.definitions.imports.append(ImportFact(self._full_path(place), None, None, -1, True))
        expected = self._expected_parameters()
        for binding in sorted(self.captures.bindings, key=lambda b: b.target):
            define, spec = _definition_by(binding)
            if spec is None:
                spec = expected.get(binding.target)
            self._bind_target(binding.target, binding.node, define, spec, binding)
        for export in sorted(self.captures.exports, key=lambda e: e.range):
            self._bind_export(export)

    def _expected_parameters(self) -> dict[Range, Spec]:
        """What functions without a name get by their places, as targets of the parameters that declare no type."""
        found: dict[Range, Spec] = {}
        for node, of, place in self.captures.expected:
            expected: Spec = of if place is None else ("wanted", of, place)
            single = node.child_by_field_name("parameter")
            written = node.child_by_field_name("parameters")
            listed = [single] if single is not None else written.named_children if written is not None else []
            for i, parameter in enumerate(p for p in listed if not p.is_extra):
                pattern = parameter.child_by_field_name("pattern") or parameter
                found[pattern.byte_range] = ("parameter", expected, i)
        return found

    def _declare_outer(self, word: str, node: Node) -> None:
        definitions = self.definitions
        scope = definitions.scope_at(node.start_byte)
        outer: Scope | None = definitions.module_scope
        if word == "nonlocal":
            outer = scope.parent
            while outer is not None and not outer.is_function:
                outer = outer.parent
        scope.outer[definitions.text(node)] = outer or definitions.module_scope
        self.captures.ignored.add(node.start_byte)

    # -- parameters ----------------------------------------------------------------------------------------------------

    def _bind_parameters(self) -> None:
        definitions = self.definitions
        owners_seen: set[Range] = set()
        for parameter in sorted(self.captures.parameters, key=lambda p: p.node.start_byte):
            definitions.defining.add(parameter.node.start_byte)
            owner = parameter.owner
            scope = definitions.body_scopes.get(self.captures.lambdas.get(owner, owner))
            if scope is None:
                continue
            variable = scope.bind(definitions.text(parameter.node))
            variable.container = -1
            if parameter.how == "type":
                if parameter.type is not None:
                    variable.definitions.append((Define.value, parameter.type))
                continue
            known = variable.definitions
            number = definitions.symbol_of.get(owner, -1)
            is_first = owner not in owners_seen
            owners_seen.add(owner)
            receiver = definitions.rules.receiver(definitions.symbols, number) if is_first and number >= 0 else None
            if parameter.how:
                known.append((Define.rest, int(parameter.how == "dict")))
            elif receiver is not None:
                known.append((receiver, definitions.symbols[number].container))
            else:
                known.append((Define.parameter, number))
            self.parameters.setdefault(owner, []).append(Parameter(variable, bool(parameter.how), receiver is not None))
            if parameter.type is not None:
                known.append((Define.type, parameter.type))
            if parameter.default is not None:
                known.append((Define.default, parameter.default))

    # -- imports and exports -------------------------------------------------------------------------------------------

    def _bind_import(self, imported: Import) -> None:
        definitions = self.definitions
        if imported.module is not None and imported.name is not None:
            self._part_name(imported)
        own = self._module_text(imported.module)
        module = self._whole_path(imported.range[0], own)
        name = definitions.text(imported.name).decode("utf-8", "replace") if imported.name else None
        first, last = self._ends_of_module(imported.module, own)
        place = imported.alias or imported.name or (None if imported.wildcard else first)
        if place is not None and definitions.text(place) in (b"", self._blank):
            place = None
        bound = None
        if imported.wildcard:
            bound = EVERYWHERE if imported.is_everywhere else ALL
        symbol = -1
        if place is not None:
            bound = definitions.text(place).decode("utf-8", "replace")
            line = symbols.signature(
                definitions.source[imported.range[0] : imported.range[1]], definitions.rules.comment
            )
            kind = "export" if imported.is_export else "import"
            container = definitions.container_at(imported.range[0])
            symbol = definitions.add_symbol(bound, kind, container, place, Flag(0), imported.range, line)
        if imported.is_default or imported.is_whole:
            name = "default" if imported.is_default else HANDED_ON.decode()
        number = len(definitions.imports)
        is_whole = imported.alias is not None or imported.is_from or self._binds != "first"
        definitions.imports.append(ImportFact(module, name, bound, symbol, is_whole))
        self._add_module_site(last, number)
        if imported.name is not None:
            definitions.import_sites.append(ImportSite(imported.name, number, -1))
        for node in (imported.name, imported.alias):
            if node is not None:
                self.captures.ignored.add(node.start_byte)
        self._hide_words(imported.module)
        self._hide_words(imported.name)
        if place is not None and bound is not None:
            self._bind_imported(imported, bound.encode(), symbol, number)

    def _part_name(self, imported: Import) -> None:
        """Where a name is written as the end of its module's path, parts the two; before a wildcard it belongs to the path."""
        path, name = imported.module, imported.name
        assert path is not None
        assert name is not None
        if not path.start_byte <= name.start_byte < path.end_byte:
            return
        if imported.wildcard is not None:
            imported.name = None
            return
        outer = self.definitions.source[path.start_byte : name.start_byte].rstrip().removesuffix(self._separator.encode()).rstrip()
        imported.module = Written(path.start_byte, path.start_byte + len(outer), path.start_point) if outer else None

    def _bind_imported(self, imported: Import, bound: bytes, symbol: int, number: int) -> None:
        if imported.is_export:
            variable = self.definitions.module_scope.bind(HANDED_ON + bound)
        else:
            variable = self.definitions.scope_at(imported.range[0]).bind(bound)
        if variable.symbol < 0:
            variable.symbol = symbol
        variable.definitions.append((Define.import_, number))

    def _module_text(self, node: Place | None) -> str:
        return _SPACE.sub("", self.definitions.text(node).decode("utf-8", "replace")) if node is not None else ""

    def _whole_path(self, place: int, module: str) -> str:
        """A module's path with what it begins with: prefixes around it, and the namespace that it is relative to."""
        parts = [self._module_text(node) for node in self._prefixes.around(place)]
        path = self._separator.join(part for part in (*parts, module) if part)
        return self._from_file(path, self._namespace_at(place)) if self._here else path

    def _from_file(self, path: str, around: str) -> str:
        """A path that is relative to a namespace of the file as one that is relative to the file's own module."""
        parts = path.split(self._separator)
        if not around or parts[0] not in (self._here, self._up):
            return path
        if parts[0] == self._here:
            del parts[0]
        while parts[:1] == [self._up] and around:
            del parts[0]
            around = around.rpartition(self._separator)[0]
        here = () if parts[:1] == [self._up] else (self._here, around)
        return self._separator.join(part for part in (*here, *parts) if part)

    def _namespace_at(self, place: int) -> str:
        """The qualified name of the innermost namespace around a byte, below the file's module."""
        definitions = self.definitions
        number = definitions.symbol_at(place)
        while number > 0 and definitions.symbols[number].kind != "namespace":
            number = definitions.symbols[number].container
        return definitions.symbols[number].qualified

    def _hide_words(self, node: Place | None) -> None:
        """The names in a path that is imported are no further sites."""
        if self._is_hidden and node is not None:
            starts = (node.start_byte + word.start() for word in _WORD.finditer(self.definitions.text(node)))
            self.definitions.defining.update(starts)

    def _name_prefix(self, place: Range, node: Node) -> None:
        own = self._module_text(node)
        self._hide_words(node)
        self.definitions.imports.append(ImportFact(self._whole_path(node.start_byte, own), None, None, -1, True))
        self._add_module_site(self._ends_of_module(node, own)[1], len(self.definitions.imports) - 1)

    def _require(self, place: Range, node: Node) -> None:
        own = self._module_text(node)
        module = self._whole_path(node.start_byte, own)
        _, last = self._ends_of_module(node, own)
        number = self.requires[place] = len(self.definitions.imports)
        self.definitions.imports.append(ImportFact(module, HANDED_ON.decode(), None, -1, True))
        self._add_module_site(last, number)

    def _full_path(self, place: Range) -> str:
        """A written path from the top of all packages: as it is, from what its first name imports, or from the file's package."""
        definitions, separator = self.definitions, self._separator
        path = _SPACE.sub("", definitions.source[slice(*place)].decode("utf-8", "replace"))
        if path.startswith(separator):
            return path.removeprefix(separator)
        first, _, rest = path.partition(separator)
        imported = next((fact for fact in definitions.imports if fact.bound == first), None)
        package = self.captures.packages[0] if self.captures.packages else None
        parts = (imported.module, imported.name, rest) if imported is not None else (self._module_text(package), path)
        return separator.join(part for part in parts if part)

    def _add_module_site(self, last: Written | None, number: int) -> None:
        """One site for the module's name, however many names it brings."""
        if last is not None and last.start_byte not in self._seen:
            self._seen.add(last.start_byte)
            if self._words and self.definitions.text(last).decode("utf-8", "replace") in self._words:
                return
            self.definitions.import_sites.append(ImportSite(last, number, 0))

    def _ends_of_module(self, node: Place | None, module: str) -> tuple[Written | None, Written | None]:
        """The name of the module that is bound without an alias, and the last one that is written; None where it is only dots."""
        separator = self._separator
        if node is None or not module.strip("." + separator):
            return None, None
        row, column = node.start_point
        text = self.definitions.text(node)
        if b"\n" in text:
            return self._ends_of_lines(node, text)
        last = text.rstrip(separator.encode()).rpartition(separator.encode())[2].strip()
        end = text.rindex(last) + len(last)
        start = node.start_byte + end - len(last)
        written = Written(start, start + len(last), (row, column + end - len(last)))
        if self._binds == "first":
            lead = len(text) - len(text.lstrip(b"."))
            first = len(text.lstrip(b".").partition(separator.encode())[0].strip())
            begin = node.start_byte + lead
            return Written(begin, begin + first, (row, column + lead)), written
        if self._binds == "name":
            return written, written
        return (self._bound_by_last(node, text) if self._binds == "last" else None), written

    def _ends_of_lines(self, node: Place, text: bytes) -> tuple[Written, Written]:
        first = text.partition(self._separator.encode())[0].strip()
        last = text.rpartition(self._separator.encode())[2].strip()
        end_row, end_column = self.definitions.lines.point(node.end_byte)
        return (
            Written(node.start_byte, node.start_byte + len(first), node.start_point),
            Written(node.end_byte - len(last), node.end_byte, (end_row, end_column - len(last))),
        )

    def _bound_by_last(self, node: Place, text: bytes) -> Written | None:
        """The last part of an import path that is no version, without the marks that names of repositories carry."""
        row, column = node.start_point
        parts = text.split(self._separator.encode())
        end = len(text)
        for part in reversed(parts):
            start = end - len(part)
            name = part.decode("utf-8", "replace")
            bare = _VERSION.sub("", name)
            if bare:
                offset = start + len(name[: name.index(bare)].encode())
                size = len(bare.encode())
                begin = node.start_byte + offset
                return Written(begin, begin + size, (row, column + offset))
            end = start - 1
        return None

    def _bind_export(self, export: Export) -> None:
        """A name or value that is handed on: under its own name it only counts as exported."""
        definitions = self.definitions
        local = definitions.text(export.local) if export.local is not None else None
        alias = definitions.text(export.alias) if export.alias is not None else None
        written = local or definitions.source[slice(*export.what)]
        if (known := definitions.module_scope.variables.get(written)) is not None:
            for define, payload in known.definitions:
                if define == Define.symbol and isinstance(payload, int):
                    definitions.symbols[payload].flags |= Flag.exported
            if known.symbol >= 0:
                definitions.symbols[known.symbol].flags |= Flag.exported
        if export.alias is not None:
            self.captures.ignored.add(export.alias.start_byte)
        if alias is None and local is not None and self._defines(local):
            return
        variable = definitions.module_scope.bind(HANDED_ON + (alias or local or b""))
        variable.definitions.append((Define.value, export.what))

    def _defines(self, name: bytes) -> bool:
        """Whether the module itself defines a name that it hands on, so that it is found without further ado."""
        known = self.definitions.module_scope.variables.get(name)
        return known is not None and any(define != Define.import_ for define, _ in known.definitions)

    # -- assignments ---------------------------------------------------------------------------------------------------

    def _bind_target(self, target: Range, node: Node, define: Define, spec: Spec | None, binding: Binding) -> None:
        captures = self.captures
        elements = captures.destructures.get(target)
        if elements is not None and elements[0].range == target:
            # A list of one name is that name.
            node = elements[0].node
        elif elements is not None:
            if define == Define.type and spec is not None:
                define, spec = Define.value, ("instance", spec)
            for i, element in enumerate(elements):
                part: Spec | None = None
                if spec is not None:
                    part = self._part(spec, elements, i)
                self._bind_target(element.range, element.node, define, part, binding)
            return
        if target in captures.members or node.start_byte in captures.member_names:
            self.members.append((target, define, spec, binding))
        elif target in captures.indexes and spec is not None and define == Define.value:
            self.items.append((target, spec))
        elif node.type.endswith("identifier") or node.type in _OTHER_NAMES:
            self._bind_name(node, define, spec, binding)
        elif (inner := captures.declarators.get(target)) is not None and inner.start_byte not in captures.definitions:
            self._bind_target(inner.byte_range, inner, define, spec, binding)

    def _part(self, spec: Spec, elements: list[Element], i: int) -> Spec:
        """What the i-th element of a pattern gets: by name, by place from either end, or what is left between them."""
        key = elements[i].key
        if key is not None:
            return "member", spec, self.definitions.text(key)
        rest = next((j for j, element in enumerate(elements) if element.node.type in _RESTS), len(elements))
        if i == rest:
            return "rest", spec, i
        return "unpack", spec, i if i < rest else i - len(elements)

    def _bind_name(self, node: Node, define: Define, spec: Spec | None, binding: Binding) -> None:
        definitions = self.definitions
        name = definitions.text(node)
        scope = definitions.scope_at(node.start_byte if binding.within < 0 else binding.within)
        if definitions.is_own_name(node, scope):
            return
        while binding.is_hoisted and scope.is_block and scope.parent is not None:
            scope = scope.parent
        if not scope.is_function and node.start_byte in self.captures.undefined:
            return
        is_known = name in scope.variables
        variable = scope.bind(name)
        if self._is_ordered and not is_known:
            variable.since = binding.statement[1] if binding.statement is not None else node.end_byte
        variable.definitions.append((define, spec) if spec is not None else (Define.value, None))
        if binding.type is not None and definitions.source[slice(*binding.type)] not in definitions.inferred:
            variable.definitions.append((Define.type, binding.type))
        if variable.symbol >= 0:
            return
        definitions.defining.add(node.start_byte)
        if variable.container < 0 or binding.is_local or binding.statement is None:
            return
        container = definitions.container(variable.container)
        variable.symbol = self.add_variable(node, container, binding.statement, binding.kind)
        if name == definitions.rules.export_list and binding.how == "value" and binding.what is not None:
            definitions.exports = symbols.quoted_words(definitions.source[slice(*binding.what)])

    def add_variable(self, node: Place, container: Container, statement: Range, kind: str) -> int:
        """A symbol for a name or member that a statement assigns in a module, class or on an instance."""
        definitions = self.definitions
        name = definitions.text(node).decode("utf-8", "replace")
        kind = definitions.rules.variable_kind(name, container.kind, self._base_words(container.number), kind)
        said = [*definitions.said(statement), *definitions.section_of(node.start_byte, kind, container)]
        whole = definitions.outermost(statement)
        line = symbols.signature(
            definitions.source[whole[0] : whole[1]].split(b"\n", 1)[0], definitions.rules.comment
        )
        return definitions.add_symbol(name, kind, container, node, Flag(0), whole, line, None, said)

    def _base_words(self, container: int) -> list[str]:
        definitions = self.definitions
        definition = definitions.definition_of.get(container)
        said = self.captures.said.get(definition.range, ()) if definition else ()
        return [symbols.last_word(definitions.text(node)) for word, node in said if word == "extends"]


class _Prefixes:
    """The paths that imports begin with, by where those imports stand."""

    def __init__(self, prefixes: list[tuple[Range, Node]]) -> None:
        self._ordered = sorted(prefixes, key=lambda item: (item[0][0], -item[0][1]))
        self._nesting = Nesting([place for place, _ in self._ordered])

    def around(self, place: int) -> list[Node]:
        """The prefixes of an import at a byte, outermost first."""
        found = []
        number = self._nesting.at(place)
        while number >= 0:
            found.append(self._ordered[number][1])
            number = self._nesting.parents[number]
        return found[::-1]


def _definition_by(binding: Binding) -> tuple[Define, Spec | None]:
    if binding.what is None or binding.how is None:
        return Define.value, None
    if binding.how == "type":
        return Define.type, binding.what
    operation = _SPEC_OF_PART.get(binding.how)
    return Define.value, (operation, binding.what) if operation else binding.what
