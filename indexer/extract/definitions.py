"""The first half of an analysis: definitions make symbols and scopes, bindings fill the scopes.

Kept apart from `analysis`, which gives names a meaning and lists the sites.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.extract import symbols
from indexer.extract.captures import Binding, Captures, Definition, Import, Node, Range
from indexer.extract.facts import Define, Flag, ImportFact, SymbolFact, SymbolText
from indexer.extract.scopes import Nesting, Scope, Spec, Variable
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS
from indexer.languages import Language

_SPACE = re.compile(r"\s+")


class Written(NamedTuple):
    """A name that has a place but no node of its own (part of a module's name, a quoted type)."""

    start_byte: int
    end_byte: int
    start_point: tuple[int, int]


class ImportSite(NamedTuple):
    """A written name of an import statement: `part` is 0 for the module, -1 for what is imported."""

    place: Node | Written
    number: int
    part: int


class Definitions:
    """Symbols, scopes and bindings of one file. Steps: `define`, then `bind`."""

    def __init__(self, source: bytes, root: Node, captures: Captures, language: Language) -> None:
        self.source = source
        self.root = root
        self.captures = captures
        self.language = language
        self.rules = symbols.Rules.of(language)
        self.lines = symbols.Lines(source)
        self.strings: dict[str, int] = {}
        self.symbols: list[SymbolFact] = []
        self.texts: list[SymbolText] = []
        self.imports: list[ImportFact] = []
        self.import_sites: list[ImportSite] = []
        self.exports: list[str] | None = None
        #: Places of names that define: no sites.
        self.defining: set[int] = set()
        #: Targets that are members: bound once it is known what their object is.
        self.member_bindings: list[tuple[Range, Define, Spec | None, Binding]] = []
        self.definition_of: dict[int, Definition] = {}
        self.symbol_of: dict[Range, int] = {}
        self.module_scope = Scope(None, 0, is_class=False, is_function=False, column=0)
        self.scopes: list[Scope] = []
        self.body_scopes: dict[Range, Scope] = {}

    def string(self, text: str) -> int:
        """The number of a string in the file's table."""
        number = self.strings.get(text)
        if number is None:
            number = self.strings[text] = len(self.strings)
        return number

    def text(self, place: Node | Written) -> bytes:
        """The bytes of a name."""
        return self.source[place.start_byte : place.end_byte]

    def scope_at(self, place: int) -> Scope:
        """The innermost scope that holds the byte."""
        number = self._scope_nesting.at(place)
        return self.scopes[number] if number >= 0 else self.module_scope

    def symbol_at(self, place: int) -> int:
        """The innermost definition that holds the byte, else the module."""
        return self._numbers[self._nesting.at(place) + 1]

    # -- definitions ---------------------------------------------------------------------------------------------------

    def define(self) -> None:
        """Makes a symbol for each definition and a scope for each body, and binds the names of the definitions."""
        self._add_module()
        definitions = self.captures.definitions
        whole = {d.range: self._outermost(d.range) for d in definitions}
        definitions.sort(key=lambda d: (whole[d.range][0], -whole[d.range][1], d.range[0]))
        self._nesting = Nesting([whole[d.range] for d in definitions])
        self._numbers = [0]
        for i, definition in enumerate(definitions):
            container = self._numbers[self._nesting.parents[i] + 1]
            number = self._add_definition(definition, whole[definition.range], container)
            self._numbers.append(number)
            self.symbol_of[definition.range] = number
            self.definition_of[number] = definition
            self.defining.add(definition.name.start_byte)
        self._make_scopes(definitions)
        for definition in definitions:
            self._bind_definition(definition, whole[definition.range][0])
        for flag, place in self.captures.marks:
            self.symbols[self.symbol_at(place)].flags |= symbols.FLAG_OF_WORD[flag]

    def _outermost(self, place: Range) -> Range:
        wrappers = self.captures.wrappers
        while (outer := wrappers.get(place)) is not None and outer != place:
            place = outer
        return place

    def _add_module(self) -> None:
        said = self.captures.said.get(self.root.byte_range, ())
        doc = next((symbols.clean_string(self.text(node)) for word, node in said if word == "doc"), None)
        row, column = self.lines.point(len(self.source))
        self.symbols.append(SymbolFact(self.string(""), "module", -1, 1, 0, int(Flag.exported), "", {}))
        self.texts.append(SymbolText(1, 0, row + 1, column, 0, len(self.source), None, doc, "public"))

    def _add_definition(self, definition: Definition, whole: Range, container: int) -> int:
        name = self.text(definition.name).decode("utf-8", "replace")
        said = self.captures.said.get(definition.range, ())
        decorators = [symbols.last_word(self.text(node)) for word, node in said if word == "decorator"]
        flags, kind = self.rules.flags_and_kind(definition.kind, name, self.symbols[container].kind, decorators)
        for word, _ in said:
            if word.startswith("is."):
                flags |= symbols.FLAG_OF_WORD[word[3:]]
        doc = next((symbols.clean_string(self.text(node)) for word, node in said if word == "doc"), None)
        body_start = definition.body.start_byte if definition.body is not None else definition.range[1]
        signature = symbols.signature(self.source[definition.range[0] : body_start])
        return self.add_symbol(name, kind, container, definition.name, flags, whole, signature, doc)

    def add_symbol(
        self, name: str, kind: str, container: int, place: Node | Written, flags: Flag, whole: Range, signature: str | None,
        documentation: str | None = None,
    ) -> int:  # fmt: skip
        """Appends a symbol whose name stands at `place` and whose text is `whole`; its number."""
        outer = self.symbols[container].qualified
        qualified = f"{outer}{self.language.separator}{name}" if outer else name
        visibility = self.rules.visibility(name)
        if visibility == "public":
            flags |= Flag.exported
        row, column = place.start_point
        (start_row, start_column), (end_row, end_column) = self.lines.point(whole[0]), self.lines.point(whole[1])
        self.symbols.append(SymbolFact(self.string(name), kind, container, row + 1, column, int(flags), qualified, {}))
        self.texts.append(
            SymbolText(
                start_row + 1, start_column, end_row + 1, end_column, whole[0], whole[1], signature, documentation, visibility
            )  # fmt: skip
        )
        return len(self.symbols) - 1

    def _make_scopes(self, definitions: list[Definition]) -> None:
        generic = {p.owner for p in self.captures.parameters if p.how == "type"}
        bodies: list[tuple[Range, Definition | None]] = [
            (d.range if d.range in generic else d.body.byte_range, d) for d in definitions if d.body is not None
        ]
        bodies.extend((scope, None) for scope in self.captures.scopes)
        bodies.sort(key=lambda item: (item[0][0], -item[0][1]))
        self._scope_nesting = Nesting([place for place, _ in bodies])
        for i, (place, definition) in enumerate(bodies):
            around = self._scope_nesting.parents[i]
            parent = self.scopes[around] if around >= 0 else self.module_scope
            self.scopes.append(self._scope(place, definition, parent))

    def _scope(self, place: Range, definition: Definition | None, parent: Scope) -> Scope:
        if definition is None or definition.body is None:
            scope = Scope(parent, parent.symbol, is_class=False, is_function=True, column=-1)
            self.body_scopes[place] = scope
            return scope
        number = self.symbol_of[definition.range]
        is_function = self.symbols[number].kind in FUNCTION_KINDS
        column = definition.body.start_point[1]
        scope = Scope(parent, number, is_class=not is_function, is_function=is_function, column=column)
        self.body_scopes[definition.range] = scope
        return scope

    def _bind_definition(self, definition: Definition, start: int) -> None:
        number = self.symbol_of[definition.range]
        own = self.body_scopes.get(definition.range)
        scope = own.parent if own is not None and own.parent is not None else self.scope_at(definition.range[0])
        variable = scope.bind(self.text(definition.name))
        if variable.symbol < 0:
            variable.symbol = number
        variable.definitions.append((Define.symbol, number))
        if scope.column >= 0 and self.lines.point(start)[1] > scope.column:
            self.symbols[number].flags |= Flag.conditional

    # -- bindings ------------------------------------------------------------------------------------------------------

    def bind(self) -> None:
        """Gives each bound name its definitions; targets that are members go to `member_bindings`."""
        for word, node in self.captures.outer_names:
            self._declare_outer(word, node)
        self._bind_parameters()
        for imported in sorted(self.captures.imports, key=lambda i: (i.range, i.name.start_byte if i.name else 0)):
            self._bind_import(imported)
        for binding in sorted(self.captures.bindings, key=lambda b: b.target):
            define, spec = _definition_by(binding)
            self._bind_target(binding.target, binding.node, define, spec, binding)

    def _declare_outer(self, word: str, node: Node) -> None:
        scope = self.scope_at(node.start_byte)
        outer: Scope | None = self.module_scope
        if word == "nonlocal":
            outer = scope.parent
            while outer is not None and not outer.is_function:
                outer = outer.parent
        scope.outer[self.text(node)] = outer or self.module_scope
        self.captures.ignored.add(node.start_byte)

    def _bind_parameters(self) -> None:
        owners_seen: set[Range] = set()
        for parameter in sorted(self.captures.parameters, key=lambda p: p.node.start_byte):
            self.defining.add(parameter.node.start_byte)
            owner = parameter.owner
            scope = self.body_scopes.get(self.captures.lambdas.get(owner, owner))
            if scope is None:
                continue
            definitions = scope.bind(self.text(parameter.node)).definitions
            scope.variables[self.text(parameter.node)].container = -1
            if parameter.how == "type":
                continue
            number = self.symbol_of.get(owner, -1)
            is_first = owner not in owners_seen
            owners_seen.add(owner)
            if parameter.how:
                definitions.append((Define.rest, int(parameter.how == "dict")))
            elif is_first and number >= 0 and (receiver := self.rules.receiver(self.symbols, number)) is not None:
                definitions.append((receiver, self.symbols[number].container))
            else:
                definitions.append((Define.parameter, number))
            if parameter.type is not None:
                definitions.append((Define.type, parameter.type))
            if parameter.default is not None:
                definitions.append((Define.default, parameter.default))

    def _bind_import(self, imported: Import) -> None:
        module = _SPACE.sub("", self.text(imported.module).decode("utf-8", "replace")) if imported.module else ""
        name = self.text(imported.name).decode("utf-8", "replace") if imported.name else None
        first, last = self._ends_of_module(imported, module)
        place = imported.alias or imported.name or (None if imported.wildcard else first)
        bound = "*" if imported.wildcard else None
        symbol = -1
        if place is not None:
            bound = self.text(place).decode("utf-8", "replace")
            container = self.symbol_at(imported.range[0])
            line = symbols.signature(self.source[imported.range[0] : imported.range[1]])
            symbol = self.add_symbol(bound, "import", container, place, Flag(0), imported.range, line)
        number = len(self.imports)
        is_whole = imported.alias is not None or imported.is_from
        self.imports.append(ImportFact(module, name, bound, symbol, is_whole))
        if last is not None:
            self.import_sites.append(ImportSite(last, number, 0))
        if imported.name is not None:
            self.import_sites.append(ImportSite(imported.name, number, -1))
        if place is not None and bound is not None:
            variable = self.scope_at(imported.range[0]).bind(bound.encode())
            if variable.symbol < 0:
                variable.symbol = symbol
            variable.definitions.append((Define.import_, number))

    def _ends_of_module(self, imported: Import, module: str) -> tuple[Written | None, Written | None]:
        """The first and the last name of the module's dotted name, as written; None where it is only dots."""
        node = imported.module
        if node is None or not module.strip("."):
            return None, None
        separator = self.language.separator
        row, column = node.start_point
        text = self.text(node).decode("utf-8", "replace")
        lead = len(text) - len(text.lstrip("."))
        first = len(text.lstrip(".").partition(separator)[0].strip().encode())
        start = node.start_byte + lead
        last = len(text.rpartition(separator)[2].strip().encode())
        end_row, end_column = node.end_point
        return (
            Written(start, start + first, (row, column + lead)),
            Written(node.end_byte - last, node.end_byte, (end_row, end_column - last)),
        )

    def _bind_target(self, target: Range, node: Node, define: Define, spec: Spec | None, binding: Binding) -> None:
        captures = self.captures
        if (elements := captures.destructures.get(target)) is not None:
            for i, (element, element_node) in enumerate(elements):
                part: Spec | None = ("unpack", spec, i) if spec is not None else None
                self._bind_target(element, element_node, define, part, binding)
        elif target in captures.members:
            self.member_bindings.append((target, define, spec, binding))
        elif (reference := captures.references.get(target[0])) is not None and reference.end_byte == target[1]:
            self._bind_name(node, define, spec, binding)

    def _bind_name(self, node: Node, define: Define, spec: Spec | None, binding: Binding) -> None:
        name = self.text(node)
        variable = self.scope_at(node.start_byte).bind(name)
        variable.definitions.append((define, spec) if spec is not None else (Define.value, None))
        if variable.symbol >= 0:
            return
        self.defining.add(node.start_byte)
        if variable.container < 0 or binding.is_local or binding.statement is None:
            return
        variable.symbol = self.add_variable(node, variable.container, binding.statement)
        if name == self.rules.export_list and binding.how == "value" and binding.what is not None:
            self.exports = symbols.quoted_words(self.source[slice(*binding.what)])

    def add_variable(self, node: Node, container: int, statement: Range) -> int:
        """A symbol for a name or member that a statement assigns in a module, class or on an instance."""
        name = self.text(node).decode("utf-8", "replace")
        kind = self.rules.variable_kind(name, self.symbols[container].kind, self._base_words(container))
        line = symbols.signature(self.source[statement[0] : statement[1]].split(b"\n", 1)[0])
        return self.add_symbol(name, kind, container, node, Flag(0), statement, line)

    def _base_words(self, container: int) -> list[str]:
        definition = self.definition_of.get(container)
        said = self.captures.said.get(definition.range, ()) if definition else ()
        return [symbols.last_word(self.text(node)) for word, node in said if word == "extends"]

    def class_around(self, number: int) -> int:
        """The innermost class that a symbol is or stands in, or -1."""
        while number >= 0 and self.symbols[number].kind not in CLASS_KINDS:
            number = self.symbols[number].container
        return number


_SPEC_OF_PART = {"iterable": "element", "entered": "enter", "instance": "instance"}


def _definition_by(binding: Binding) -> tuple[Define, Spec | None]:
    if binding.what is None or binding.how is None:
        return Define.value, None
    if binding.how == "type":
        return Define.type, binding.what
    operation = _SPEC_OF_PART.get(binding.how)
    return Define.value, (operation, binding.what) if operation else binding.what


def variable_place(variable: Variable) -> tuple[int, bytes]:
    """A sort key that keeps variables in the order of their symbols."""
    return variable.symbol, variable.name
