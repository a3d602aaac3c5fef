"""From the tables of one file's matches to its facts: what names mean, which sites there are and what their expressions are.

The order matters: definitions and bindings come first (`definitions`, `bindings`); only then does a name have a meaning (`naming`,
`flow`), and only then can sites be listed (`sites`) and values be numbered (`expressions`).
"""

from __future__ import annotations

from indexer.extract import quoted, sites
from indexer.extract.bindings import Bindings
from indexer.extract.captures import Captures, Node, Written
from indexer.extract.definitions import Definitions, Said, variable_place
from indexer.extract.expressions import TYPED, Expressions
from indexer.extract.facts import Facts, Flag, Op, SymbolFact, encode_texts
from indexer.extract.facts import Variable as VariableFact
from indexer.extract.flow import bind_flow
from indexer.extract.naming import Names
from indexer.extract.scopes import Nesting, Scope
from indexer.extract.symbols import CLASS_KINDS, FUNCTION_KINDS
from indexer.languages import Language


def analyse(source: bytes, root: Node, captures: Captures, language: Language) -> Facts:
    """The facts of a file from its matches; `source` are the bytes that were parsed."""
    definitions = Definitions(source, root, captures, language)
    definitions.define()
    bindings = Bindings(definitions)
    names = Names(definitions, bindings)
    if captures.quoted:
        quoted.read(captures, source, frozenset(word.encode() for word in language.section("types").get("plain", ())))
    bindings.bind()
    names.resolve()
    names.bind_members()
    bind_flow(definitions, names.written, bindings.parameters, bindings.items)
    expressions = Expressions(names)
    found, called = sites.all_sites(expressions), sites.indirect_calls(expressions)
    return _Description(expressions).facts(found, called)


class _Description:
    """What is said of symbols and variables, in the numbers of expressions."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.definitions = expressions.definitions
        self.captures = expressions.captures
        self.bindings = expressions.bindings

    def facts(self, found: bytes, called: bytes) -> Facts:
        """Everything that is known of the file, with its sites and the calls of what no name stands for."""
        definitions = self.definitions
        self._describe_symbols()
        self._describe_parameters()
        if definitions.rules.exported == "marked":
            self._mark_exported()
        self._number_namespaces()
        variables = self._describe_variables()
        return Facts(
            language=definitions.language.name,
            problem=None,
            flags=(),
            n_lines=definitions.lines.n_lines,
            symbols=definitions.symbols,
            texts=encode_texts(definitions.texts),
            variables=variables,
            imports=definitions.imports,
            exports=definitions.exports,
            expressions=self.expressions.triples.tobytes(),
            sites=found,
            indirect=called,
            lists=self.expressions.lists,
            package=self._package(),
            strings=list(definitions.strings),
        )

    def _package(self) -> str | None:
        """The package that the file declares, '' where its language has them and it does not say."""
        if "prefix" not in self.definitions.language.section("names"):
            return None
        # Several statements may make it up.
        n_packages = None if self.definitions.language.section("scopes").get("packages_nest") else 1
        texts = [self.definitions.text(node).decode("utf-8", "replace") for node in self.captures.packages[:n_packages]]
        return self.definitions.language.separator.join("".join(text.split()) for text in texts)

    def _mark_unusual(self) -> None:
        """What stands under a condition that does not hold on the usual system gives way to other definitions."""
        ranges = Nesting(sorted(self.captures.unusual, key=lambda r: (r[0], -r[1])))
        for symbol, text in zip(self.definitions.symbols, self.definitions.texts, strict=True):
            if symbol.container >= 0 and ranges.at(text.start_byte) >= 0:
                symbol.flags |= Flag.conditional

    def _describe_symbols(self) -> None:
        definitions = self.definitions
        if self.captures.unusual:
            self._mark_unusual()
        for number, definition in definitions.definition_of.items():
            symbol = definitions.symbols[number]
            said = definitions.said_of(definition)
            places: dict[str, list[int]] = {}
            for word, node in said:
                if word in ("extends", "implements", "mixes", "decorator", "metaclass", "returns"):
                    places.setdefault(word, []).append(self.expressions.of(node.byte_range))
            symbol.extends = (*places.get("mixes", ()), *places.get("extends", ()))
            symbol.implements = tuple(places.get("implements", ()))
            symbol.decorators = tuple(places.get("decorator", ()))
            symbol.metaclass = places.get("metaclass", [-1])[0]
            symbol.returns = places.get("returns", [-1])[0]
            self._describe_takes(symbol, [(word, node) for word, node in said if word in ("takes", "takes.rest", "takes.array")])
            if self.captures.expected or self.captures.signatures:
                self._describe_signatures(symbol, said)
            if (host := definitions.hosts.get(number)) is not None:
                symbol.host = self.expressions.of(host)
        self._describe_extensions()
        for word, place in self.captures.results:
            number = definitions.symbol_at(place[0])
            if self._is_in_lambda(place[0], number):
                continue
            if definitions.symbols[number].kind in FUNCTION_KINDS:
                self._add_result(number, word, self.expressions.of(place))
        if definitions.exports is not None:
            exported = set(definitions.exports)
            for symbol in definitions.symbols[1:]:
                if symbol.container == 0:
                    is_listed = symbol.qualified in exported
                    symbol.flags = (symbol.flags | Flag.exported) if is_listed else symbol.flags & ~int(Flag.exported)

    def _describe_signatures(self, symbol: SymbolFact, said: Said) -> None:
        """What functions take, where that tells what others are given that have no name, and as what instances can be called."""
        for word, node in said:
            if word == "takes.all" and symbol.kind in FUNCTION_KINDS and isinstance(node, Node):
                symbol.takes = tuple(self.expressions.types_in(node))
            elif word == "callable":
                symbol.callable = (*symbol.callable, self.expressions.of((node.start_byte, node.end_byte)))

    def _describe_takes(self, symbol: SymbolFact, said: list[tuple[str, Node | Written]]) -> None:
        """The declared types of a function's parameters, in order; the last may stand for any number of arguments."""
        types: dict[int, Node | Written] = {}
        arrays = {node.start_byte for word, node in said if word == "takes.array"}
        for word, node in said:
            inner = types.get(node.start_byte)
            # What says that a type is one of any number may stand around it.
            if inner is None or node.end_byte < inner.end_byte:
                types[node.start_byte] = node
            if word == "takes.rest":
                symbol.flags |= Flag.variadic
        numbers = ((start, self.expressions.of((start, types[start].end_byte))) for start in sorted(types))
        symbol.takes = tuple(self.expressions.add(Op.array, number, -1) if start in arrays else number for start, number in numbers)

    def _describe_extensions(self) -> None:
        """What members written apart from a type of the file are written for counts as the type's own."""
        definitions = self.definitions
        for extension in self.captures.extensions:
            number = definitions.extended.get(extension.range)
            bases = (node for word, node in self.captures.said.get(extension.range, ()) if word == "implements")
            if number is not None:
                symbol = definitions.symbols[number]
                symbol.implements = (*symbol.implements, *(self.expressions.of(node.byte_range) for node in bases))

    def _describe_parameters(self) -> None:
        """Lists the parameters of functions that may give one of them back, so that its calls can say which."""
        definitions = self.definitions
        for owner, parameters in self.bindings.parameters.items():
            number = definitions.symbol_of.get(owner, -1)
            own = {p.variable.index for p in parameters if p.variable.index >= 0 and not p.is_receiver}
            if number < 0 or not own:
                continue
            symbol = definitions.symbols[number]
            results = [self.expressions.triples[3 * e : 3 * e + 2] for e in symbol.returned]
            if any(op == Op.variable and variable in own for op, variable in results):
                symbol.parameters = tuple(self.expressions.variable(p.variable) for p in parameters if not p.is_receiver)

    def _is_in_lambda(self, place: int, number: int) -> bool:
        """Whether a function without a name stands between the byte and the definition around it."""
        scope: Scope | None = self.definitions.scope_at(place)
        while scope is not None and scope.is_block:
            scope = scope.parent
        return scope is not None and scope.symbol == number and scope.is_lambda

    def _mark_exported(self) -> None:
        """Members are exported with what they are members of."""
        texts, facts = self.definitions.texts, self.definitions.symbols
        for number, symbol in enumerate(facts):
            outer = symbol.container
            if outer > 0 and facts[outer].kind in CLASS_KINDS and texts[number].visibility == "public":
                symbol.flags |= facts[outer].flags & Flag.exported

    def _add_result(self, number: int, word: str, expression: int) -> None:
        symbol = self.definitions.symbols[number]
        if word == "yield":
            symbol.yielded = (*symbol.yielded, expression)
        elif expression >= 0 and expression not in symbol.returned:
            symbol.returned = (*symbol.returned, expression)

    def _number_namespaces(self) -> None:
        definitions = self.definitions
        spaces: list[Scope] = [definitions.module_scope, *(scope for scope in definitions.scopes if scope.is_class)]
        for scope in spaces:
            members = definitions.symbols[scope.symbol].members
            for variable in sorted(scope.variables.values(), key=variable_place):
                members[definitions.string(variable.name.decode("utf-8", "replace"))] = self.expressions.variable(variable)

    def _describe_variables(self) -> list[VariableFact]:
        described: list[VariableFact] = []
        string = self.definitions.string
        # Describing a variable may number further ones; the list grows under the loop.
        for variable in self.expressions.variables:
            flat: list[int] = []
            for define, payload in variable.definitions:
                flat.append(define)
                flat.append(self.expressions.value(payload) if define in TYPED else payload)  # type: ignore[arg-type]
            name = string(variable.name.decode("utf-8", "replace"))
            described.append(VariableFact(name, variable.symbol, variable.container, flat))
        return described
