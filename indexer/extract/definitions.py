"""The first half of an analysis: definitions make symbols and scopes.

`bindings` then fills the scopes, `naming` gives names a meaning, and `analysis` puts it all together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from indexer.extract import comments, symbols
from indexer.extract.captures import Captures, Definition, Extension, Node, Range, Written
from indexer.extract.facts import Define, Flag, ImportFact, SymbolFact, SymbolText
from indexer.extract.scopes import Nesting, Scope, Variable
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS, TYPE_KINDS
from indexer.languages import Language

#: Kinds whose bodies are namespaces.
_SPACES: Final = CLASS_KINDS | {"namespace", "package", "constant", "variable", "type"}
_MEMBERS: Final = frozenset({"method", "constructor", "accessor", "field", "property", "enum_member"})


class ImportSite(NamedTuple):
    """A written name of an import statement: `part` is 0 for the module, -1 for what is imported."""

    place: Node | Written
    number: int
    part: int


class Container(NamedTuple):
    """What definitions stand in: a symbol, the qualified name that theirs begin with, and its kind."""

    number: int
    qualified: str
    kind: str
    is_outside: bool = False
    #: How the type is written, where it is not of the file.
    receiver: Range | None = None


#: What stands for the name of what has none.
ANONYMOUS: Final = "(anonymous)"
_MODULE: Final = Container(0, "", "module")
Said = Sequence[tuple[str, Node]]


class Definitions:
    """Symbols and scopes of one file; `define` makes them."""

    def __init__(self, source: bytes, root: Node, captures: Captures, language: Language) -> None:
        self.source = source
        self.root = root
        self.captures = captures
        self.language = language
        self.rules = symbols.Rules.of(language)
        self.style = comments.Style.of(language)
        self.lines = symbols.Lines(source)
        self.strings: dict[str, int] = {}
        self.symbols: list[SymbolFact] = []
        self.texts: list[SymbolText] = []
        self.imports: list[ImportFact] = []
        self.import_sites: list[ImportSite] = []
        self.exports: list[str] | None = None
        #: Places of names that define: no sites.
        self.defining: set[int] = set()
        self.definition_of: dict[int, Definition] = {}
        self.symbol_of: dict[Range, int] = {}
        #: The types of the file that extensions are of, by the extension's range.
        self.extended: dict[Range, int] = {}
        #: How the type of a symbol is written, where the symbol stands apart from it.
        self.receivers: dict[int, Range] = {}
        #: Symbols with a receiver of their own.
        self.apart: set[int] = set()
        #: The type that a function is called on as if it were a member.
        self.hosts: dict[int, Range] = {}
        self._lambdas = frozenset(captures.lambdas.values())
        self.module_scope = Scope(None, 0, is_class=False, is_function=False, column=0)
        self.scopes: list[Scope] = []
        self.body_scopes: dict[Range, Scope] = {}
        self._class_scopes: dict[int, Scope] = {}
        #: The visibility of functions that the file declares, by qualified name.
        self._declared: dict[str, str] = {}
        self._number_of: dict[int, int] = {}
        said = language.section("scopes")
        self._has_layout = bool(said.get("layout", False))
        self._functions_are_whole = bool(said.get("whole_functions", False))
        self._own_names = frozenset(said.get("own_names", ()))
        self._methods_apart = bool(said.get("method_space", False))
        #: What stands for a type that is to be inferred.
        self.inferred = frozenset(word.encode() for word in language.section("types").get("inferred", ()))
        written = language.section("parameters")
        self._rest_parameters = frozenset(written.get("rest", ()))
        self._rest_types = frozenset(written.get("rest_types", ()))
        self._optional_parameters = frozenset(written.get("optional", ()))
        self._no_parameters = frozenset(written.get("none", ()))
        # Where a body of one member cannot be told from that member by its range.
        self._types_are_whole = bool(said.get("whole_types", False))
        self._has_walls = bool(said.get("walled_functions", False))
        self._members_seen = said.get("class_visible", "all")

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
        return self._containers[self._nesting.at(place) + 1].number

    def container_at(self, place: int) -> Container:
        """The same as what others stand in."""
        return self._containers[self._nesting.at(place) + 1]

    def container(self, number: int) -> Container:
        """A symbol as what others stand in."""
        symbol = self.symbols[number]
        return Container(number, symbol.qualified, symbol.kind)

    def is_own_name(self, name: Node, scope: Scope) -> bool:
        """Whether a name is that of the definition whose scope, which holds all that is written of it, it stands in."""
        return scope.is_class and scope.symbol > 0 and self._number_of.get(name.start_byte) == scope.symbol

    def class_around(self, number: int) -> int:
        """The innermost class that a symbol is or stands in, or -1."""
        while number >= 0 and self.symbols[number].kind not in CLASS_KINDS:
            number = self.symbols[number].container
        return number

    # -- symbols -------------------------------------------------------------------------------------------------------

    def define(self) -> None:
        """Makes a symbol for each definition and a scope for each body, and binds the names of the definitions."""
        self._add_module()
        self._take_bodies()
        for start in self.captures.undefined & self.captures.definitions.keys():
            del self.captures.definitions[start]
        items: list[Definition | Extension] = [*self.captures.definitions.values(), *self.captures.extensions]
        if self.rules.marks:
            for definition in self.captures.definitions.values():
                self.defining.add(definition.name.start_byte)
                definition.name = self._unmarked(definition.name)
        whole = {item.range: self.outermost(item.range) for item in items}
        items.sort(key=lambda item: (whole[item.range][0], -whole[item.range][1], item.range[0]))
        self._nesting = Nesting([whole[item.range] for item in items])
        self._sections = sorted(self.captures.sections)
        self._section_nesting = Nesting(self._sections)
        self._containers = [_MODULE]
        types = self._types(items)
        for i, item in enumerate(items):
            around = self._around(i, item)
            if isinstance(item, Extension):
                container = self._extended(item.receiver, around, types)
                if not container.is_outside:
                    self.extended[item.range] = container.number
                self._containers.append(container)
            else:
                self._containers.append(self._define(item, whole[item.range], around, types))
        definitions = [item for item in items if isinstance(item, Definition)]
        self._make_scopes(definitions)
        for definition in definitions:
            self._bind_definition(definition, whole[definition.range][0])
        for flag, place in self.captures.marks:
            self.symbols[self.symbol_at(place)].flags |= symbols.FLAG_OF_WORD[flag]

    def _take_bodies(self) -> None:
        """Gives definitions the bodies that the nodes around them have."""
        bodies, wrappers = self.captures.bodies, self.captures.wrappers
        for definition in self.captures.definitions.values() if bodies else ():
            place = definition.range
            while definition.body is None and (outer := wrappers.get(place)) is not None and outer != place:
                definition.body, place = bodies.get(outer), outer

    def outermost(self, place: Range) -> Range:
        """The range of the outermost wrapper around a node."""
        wrappers = self.captures.wrappers
        while (outer := wrappers.get(place)) is not None and outer != place:
            place = outer
        return place

    def _unmarked(self, place: Node | Written) -> Node | Written:
        """A name without the quotes and colons that are written around it."""
        marks = self.rules.marks
        text = self.text(place)
        bare = text.strip(marks)
        if len(bare) == len(text) or not bare or b"\n" in text:
            return place
        start = place.start_byte + len(text) - len(text.lstrip(marks))
        row, column = place.start_point
        return Written(start, start + len(bare), (row, column + start - place.start_byte))

    def said(self, place: Range) -> Said:
        """What is said of a node and of the wrappers around it."""
        said, wrappers = self.captures.said, self.captures.wrappers
        found: Said = said.get(place, ())
        while (outer := wrappers.get(place)) is not None and outer != place:
            place = outer
            if place in said:
                found = [*found, *said[place]]
        return found

    def said_of(self, definition: Definition) -> Said:
        """What is said of a definition, or of the value that it gives a name."""
        found = self.said(definition.range)
        if definition.value is not None and (more := self.captures.said.get(definition.value)):
            found = [*found, *more]
        return found

    def _types(self, items: Sequence[Definition | Extension]) -> dict[str, int]:
        """The numbers that the file's types will have, by name; empty where nothing is written apart from its type."""
        if not self.captures.extensions and not any(
            word == "receiver" for said in self.captures.said.values() for word, _ in said
        ):
            return {}
        found: dict[str, int] = {}
        number = 0
        for item in items:
            if isinstance(item, Definition):
                number += 1
                is_type = item.kind in TYPE_KINDS or (item.kind in FUNCTION_KINDS and self.rules.functions_have_members)
                if is_type or (item.kind in _SPACES and item.body is not None):
                    found.setdefault(self.text(item.name).decode("utf-8", "replace"), number)
        return found

    def _around(self, i: int, item: Definition | Extension) -> Container:
        """What an item stands in. Definitions of one node are beside each other; a field in a function is its class's."""
        parents, intervals = self._nesting.parents, self._nesting.intervals
        parent = parents[i]
        while parent >= 0 and intervals[parent] == intervals[i]:
            parent = parents[parent]
        if isinstance(item, Definition) and item.kind in ("field", "property"):
            while parent >= 0 and self._containers[parent + 1].kind in FUNCTION_KINDS:
                parent = parents[parent]
        return self._containers[parent + 1]

    def _extended(self, receiver: Node, around: Container, types: dict[str, int]) -> Container:
        """The type that members are written for, by the last name of how it is written."""
        text = self._receiver_text(receiver)
        name = symbols.type_path(text) if self.rules.receiver_is_path else symbols.type_name(text)
        number = self._type_named(name, around, types)
        kind = self.rules.receiver_kind
        qualified = self.rules.separators.join(around.qualified, around.kind, name, kind, Flag(0))
        is_outside = number is None
        receiver_range = receiver.byte_range if is_outside else None
        return Container(around.number if number is None else number, qualified, kind, is_outside, receiver_range)

    def _receiver_text(self, receiver: Node) -> bytes:
        """A receiver as written, with the path that stands in front of it where the grammar nests paths to the right."""
        node = receiver
        while node.parent is not None and node.parent.type == self.rules.receiver_path_node:
            node = node.parent
        return self.source[node.start_byte : receiver.end_byte]

    def _type_named(self, name: str, around: Container, types: dict[str, int]) -> int | None:
        """A type of the file by its name, or by the last word of a path to it if the path leads there."""
        number = types.get(name)
        if number is None and self.rules.receiver_path_node:
            number = types.get(name.rpartition(self.rules.separators.plain)[2])
            full = self.rules.separators.join(around.qualified, around.kind, name, "class", Flag(0))
            if number is not None and (number >= len(self.symbols) or self.symbols[number].qualified != full):
                return None
        return number

    def _define(self, definition: Definition, whole: Range, around: Container, types: dict[str, int]) -> Container:
        said = self.said_of(definition)
        if self._sections:
            said = [*said, *self.section_of(definition.name.start_byte, definition.kind, around)]
        receiver = next((node for word, node in said if word == "receiver"), None)
        container = around if receiver is None else self._extended(receiver, around, types)
        if receiver is not None and definition.kind in CLASS_KINDS and container.number >= len(self.symbols):
            # A type's own name, or one that is defined further down, is no container of it.
            container = self._extended(receiver, around, {})
        if self._leads_to_itself(container.number):
            # An extension of the type holds the type, which its name does not mean then.
            container = Container(0, container.qualified, container.kind, True, container.receiver)
        number = self._clause(definition, whole, container) if self.rules.has_clauses else -1
        if number < 0:
            number = self._add_definition(definition, whole, container, said)
        if receiver is not None:
            self.apart.add(number)
        if receiver is not None and definition.kind not in CLASS_KINDS:
            self.receivers[number] = receiver.byte_range
        elif around.receiver is not None and definition.kind in FUNCTION_KINDS:
            self.receivers[number] = around.receiver
        if (host := next((node for word, node in said if word == "extended"), None)) is not None:
            self.hosts[number] = host.byte_range
            self.symbols[number].flags |= Flag.extension
        self.symbol_of[definition.range] = number
        self.definition_of[number] = definition
        self._number_of[definition.name.start_byte] = number
        self.defining.add(definition.name.start_byte)
        # The parts of an operator's name are none themselves, unlike those of an expression that gives the name.
        is_computed = self.source[definition.name.start_byte] == ord("[")
        if not isinstance(definition.name, Written) and definition.name.child_count and not is_computed:
            self.defining.update(part.start_byte for part in definition.name.children)
        symbol = self.symbols[number]
        return Container(number, symbol.qualified, symbol.kind)

    def _leads_to_itself(self, container: int) -> bool:
        """Whether the next symbol is around a container that was named before it was defined."""
        while 0 < container < len(self.symbols):
            container = self.symbols[container].container
        return container == len(self.symbols)

    def section_of(self, place: int, kind: str, container: Container) -> Said:
        """The last modifier in front of a member, in the body of its container, that is one for all that follow."""
        number = self._section_nesting.at(place) if self._sections else -1
        if number < 0 or not (self.rules.sections_are_whole or kind in FUNCTION_KINDS):
            return []
        body = self._sections[number]
        owner = self.definition_of.get(container.number)
        if owner is not None and not owner.range[0] <= body[0] <= body[1] <= owner.range[1]:
            # The section is one of what stands around the container.
            return []
        before = [node for node in self.captures.sections[body] if node.start_byte < place]
        return [("modifier", before[-1])] if before else []

    def _clause(self, definition: Definition, whole: Range, container: Container) -> int:
        """The function right before that a definition is a further clause of, whose text then reaches over it; else -1."""
        number = len(self.symbols) - 1
        symbol = self.symbols[number]
        name = self.strings.get(self.text(definition.name).decode("utf-8", "replace"))
        if symbol.kind not in FUNCTION_KINDS or symbol.name != name or symbol.container != container.number:
            return -1
        text = self.texts[number]
        text.end_byte = max(text.end_byte, whole[1])
        row, text.end_column = self.lines.point(text.end_byte)
        text.end_line = row + 1
        return number

    def _add_module(self) -> None:
        said = self.captures.said.get(self.root.byte_range, ())
        doc = next((symbols.clean_string(self.text(node)) for word, node in said if word == "doc"), None)
        if self.style is not None and self.captures.packages:
            line = self.source.rfind(b"\n", 0, self.captures.packages[0].start_byte) + 1
            doc = comments.before(self.source, line, self.style) or doc
        if self.style is not None and doc is None:
            doc = comments.inside(self.source, self.style)
        row, column = self.lines.point(len(self.source))
        self.symbols.append(SymbolFact(self.string(""), "module", -1, 1, 0, int(Flag.exported), "", {}))
        self.texts.append(SymbolText(1, 0, row + 1, column, 0, len(self.source), None, doc, "public"))

    def _add_definition(self, definition: Definition, whole: Range, container: Container, said: Said) -> int:
        name = self._name_of(definition)
        decorators = [symbols.last_word(self.text(node)) for word, node in said if word == "decorator"]
        flags, kind = self.rules.flags_and_kind(definition.kind, name, container.kind, decorators)
        if kind == "method" and self.rules.constructor_is_class and self.rules.is_last_name(container.qualified, name):
            kind = "constructor"
        if kind == "field" and self.rules.has_constants and name.isupper():
            kind = "constant"
        if container.is_outside:
            flags |= Flag.outside
        doc = next((symbols.clean_string(self.text(node)) for word, node in said if word == "doc"), None)
        start = definition.range[0] if self.style is None else whole[0]
        has_body = definition.body is not None and definition.kind not in ("type", "typedef")
        if has_body and definition.body is not None:
            text = self.source[start : definition.body.start_byte]
        else:
            text = self.source[start : whole[1]]
            text = text.split(b"\n", 1)[0] if self.rules.signs_by_line else text
            text = text.partition(b"{")[0] if kind in CLASS_KINDS else text
        signature = symbols.signature(text, self.rules.comment)
        return self.add_symbol(name, kind, container, definition.name, flags, whole, signature, doc, said)

    def _name_of(self, definition: Definition) -> str:
        """A definition's name: without the parameters that an operator's may come with; '(anonymous)' for a namespace without one."""
        name = definition.name
        if definition.kind == "namespace" and not isinstance(name, Written) and not name.is_named:
            return ANONYMOUS
        text = self.text(name).decode("utf-8", "replace")
        return symbols.operator_name(text) if "(" in text and definition.kind in FUNCTION_KINDS else text

    def add_symbol(
        self, name: str, kind: str, container: Container, place: Node | Written, flags: Flag, whole: Range,
        signature: str | None, documentation: str | None = None, said: Said = (),
    ) -> int:  # fmt: skip
        """Appends a symbol whose name stands at `place` and whose text is `whole`; its number."""
        visibility = None
        if said:
            flags, kind, visibility = self._modified(said, flags, kind)
        qualified = self.rules.separators.join(container.qualified, container.kind, name, kind, flags)
        if visibility is None:
            visibility = "public" if Flag.exported in flags else self._visibility(name, qualified, kind, container, said)
        if self.rules.visibility_in and kind in FUNCTION_KINDS:
            self._declared.setdefault(qualified, visibility)
        if self.rules.exported != "marked" and visibility == "public":
            flags |= Flag.exported
        if documentation is None and self.style is not None and kind != "import":
            documentation = comments.before(self.source, whole[0], self.style)
        whole = self._without_blanks(whole)
        row, column = place.start_point
        (start_row, start_column), (end_row, end_column) = self.lines.point(whole[0]), self.lines.point(whole[1])
        self.symbols.append(
            SymbolFact(self.string(name), kind, container.number, row + 1, column, int(flags), qualified, {})
        )
        self.texts.append(
            SymbolText(
                start_row + 1, start_column, end_row + 1, end_column, whole[0], whole[1], signature, documentation, visibility
            )
        )
        return len(self.symbols) - 1

    def _without_blanks(self, whole: Range) -> Range:
        """A range without the blanks and line ends that a grammar may count among what stands in front of them."""
        start, end = whole
        while end > start and self.source[end - 1] in b" \t\r\n":
            end -= 1
        return start, end

    def _visibility(self, name: str, qualified: str, kind: str, container: Container, said: Said) -> str:
        """What no word in front of a definition decides on; what is written apart from its type is as visible as it was declared."""
        is_apart = kind in FUNCTION_KINDS and bool(self.rules.visibility_in) and any(word == "receiver" for word, _ in said)
        if is_apart:
            return self._declared.get(qualified) or self.rules.visibility(name, "module", kind)
        return self.rules.visibility(name, container.kind, kind)

    def _modified(self, said: Said, flags: Flag, kind: str) -> tuple[Flag, str, str | None]:
        words: list[str] = []
        for word, node in said:
            if word.startswith("is."):
                flags |= symbols.FLAG_OF_WORD[word[3:]]
            elif word == "modifier":
                words += self.text(node).decode("utf-8", "replace").split()
        return self.rules.modified(words, flags, kind)

    # -- scopes --------------------------------------------------------------------------------------------------------

    def _make_scopes(self, definitions: list[Definition]) -> None:
        generic = {p.owner for p in self.captures.parameters if p.how == "type"}
        bodies: dict[Range, Definition | Extension | None] = {}
        for definition in definitions:
            if definition.body is not None:
                bodies.setdefault(self._scope_range(definition, generic), definition)
        for extension in self.captures.extensions:
            bodies.setdefault(extension.range, extension)
        for scope in self.captures.scopes:
            bodies.setdefault(scope, None)
        ordered = sorted(bodies.items(), key=lambda item: (item[0][0], -item[0][1]))
        self._scope_nesting = Nesting([place for place, _ in ordered])
        for i, (place, owner) in enumerate(ordered):
            around = self._scope_nesting.parents[i]
            parent = self.scopes[around] if around >= 0 else self.module_scope
            self.scopes.append(self._scope(place, owner, parent))
        for number in self.extended.values():
            if number not in self._class_scopes:
                # A type without a body of its own, whose members are all written apart.
                self._class_scopes[number] = Scope(self.module_scope, number, is_class=True, is_function=False, column=-1)
                self.scopes.append(self._class_scopes[number])

    def _scope_range(self, definition: Definition, generic: set[Range]) -> Range:
        assert definition.body is not None
        if definition.kind in FUNCTION_KINDS and definition.value is not None:
            return definition.value
        if definition.body.end_byte > definition.range[1]:
            return self.outermost(definition.range)
        is_whole = self._functions_are_whole if definition.kind in FUNCTION_KINDS else self._types_are_whole
        if is_whole and self.rules.wraps_whole:
            return self.outermost(definition.range)
        return definition.range if is_whole or definition.range in generic else definition.body.byte_range

    def _scope(self, place: Range, owner: Definition | Extension | None, parent: Scope) -> Scope:
        if owner is None:
            scope = Scope(parent, parent.symbol, is_class=False, is_function=True, column=-1)
            scope.is_lambda = place in self._lambdas
            scope.is_block = not scope.is_lambda
        elif isinstance(owner, Extension):
            scope = Scope(parent, self.symbol_at(owner.body[0]), is_class=False, is_function=False, column=-1)
            scope.is_extension = True
            scope.is_hidden = self._members_seen != "all"
            scope.is_closed = self._members_seen == "none"
            self.body_scopes[owner.range] = scope
        else:
            scope = self._body_scope(owner, parent)
            self.body_scopes[owner.range] = scope
        self.body_scopes[place] = scope
        return scope

    def _body_scope(self, definition: Definition, parent: Scope) -> Scope:
        number = self.symbol_of[definition.range]
        kind = self.symbols[number].kind
        is_class = kind in _SPACES
        column = definition.body.start_point[1] if self._has_layout and definition.body is not None else -1
        scope = Scope(parent, number, is_class=is_class, is_function=not is_class, column=column)
        scope.is_hidden = self._members_seen != "all" and kind != "namespace"
        scope.is_closed = self._members_seen == "none" and kind != "namespace"
        scope.is_walled = self._has_walls and not is_class
        if is_class:
            self._class_scopes[number] = scope
        return scope

    def _bind_definition(self, definition: Definition, start: int) -> None:
        number = self._number_of[definition.name.start_byte]
        own = self.body_scopes.get(definition.range)
        scope = own.parent if own is not None and own.parent is not None else self.scope_at(definition.range[0])
        if own is not None and definition.node.type in self._own_names:
            # The name of an expression means something inside of it alone.
            scope = own
        kind = self.symbols[number].kind
        if kind == "constructor" and self.rules.constructor_is_class:
            # Its name means the class wherever it is written.
            return
        name = self.text(definition.name)
        names: tuple[bytes, ...] = (name,)
        if self._methods_apart and kind in FUNCTION_KINDS:
            # A function that is no member can be seen without being called.
            is_member = scope.is_class and self.symbols[scope.symbol].kind in CLASS_KINDS
            names = (*(() if is_member else names), *self._method_names(definition, name))
        for variable in (space.bind(name) for space in self._spaces_of(scope, number, kind) for name in names):
            if variable.symbol < 0:
                variable.symbol = number
            variable.definitions.append((Define.symbol, number))
            if kind not in FUNCTION_KINDS and kind not in CLASS_KINDS:
                if definition.type is not None:
                    variable.definitions.append((Define.type, definition.type))
                if definition.value is not None:
                    variable.definitions.append((Define.value, definition.value))
        if self._has_layout and scope.column >= 0 and self.lines.point(start)[1] > scope.column:
            self.symbols[number].flags |= Flag.conditional

    def _method_names(self, definition: Definition, name: bytes) -> tuple[bytes, ...]:
        """The names that a method is bound under where fields may have the same: with how many arguments it takes, and without."""
        parameters = next((node for word, node in self.said_of(definition) if word == "parameters"), None)
        if parameters is None:
            return (name + b"()",)
        least = most = 0
        for node in parameters.named_children:
            if node.type in self._rest_parameters or any(child.type in self._rest_types for child in node.children):
                return (name + b"()",)
            if node.is_extra or node.type in self._no_parameters:
                continue
            most += 1
            if node.type not in self._optional_parameters and not any(child.type == "=" for child in node.children):
                least = most
        return (name + b"()", *(name + b"()%d" % n for n in range(least, most + 1)))

    def _spaces_of(self, scope: Scope, number: int, kind: str) -> list[Scope]:
        """The scopes in which a definition's name is bound: that around it, or its type's if it is a member."""
        symbol = self.symbols[number]
        if number in self.apart or number in self.receivers or scope.is_extension:
            own = None if symbol.flags & Flag.outside else self._class_scopes.get(symbol.container)
            spaces = [own] if own is not None else []
            return [scope, *spaces] if scope.is_extension else spaces
        if kind in _MEMBERS and (not scope.is_class or scope.symbol != symbol.container):
            own = self._class_scopes.get(symbol.container)
            if own is not None or not scope.is_class:
                return [own] if own is not None else [scope] if kind == "enum_member" else []
        return self._and_around(scope)

    def _and_around(self, scope: Scope) -> list[Scope]:
        """A scope, with those around it that see its names as their own since it has none."""
        spaces = [scope]
        while scope.is_class and scope.parent is not None and self.strings.get(ANONYMOUS) == self.symbols[scope.symbol].name:
            scope = scope.parent
            spaces.append(scope)
        return spaces


def variable_place(variable: Variable) -> tuple[int, bytes]:
    """A sort key that keeps variables in the order of their symbols."""
    return variable.symbol, variable.name
