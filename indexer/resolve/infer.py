"""What an expression means: which symbols a name denotes and which values it may have.

Two questions, asked of each other until both are answered:

- `denote(file, expression)`: the symbols, modules or outside things that a written name stands for;
- `evaluate(file, expression)`: the values that it may have: modules, classes, instances, functions.

Both are pure functions of the facts. That is what makes a live index equal to a fresh one, so nothing here may depend on what was
asked before. Answers are memorised per question (a **frame**) with the reads that they took. A question that is asked while it is
being answered gets an empty answer; whatever such a cycle touched is remembered only if it cannot depend on where the cycle was
entered: a frame that only met itself, or that lies outside of the cycle. See `Resolver.frame`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from indexer.extract.facts import Define, Flag, Op, SymbolFact
from indexer.model import Evidence
from indexer.resolve import imports, packages, parts
from indexer.resolve.tree import File, Tree, builtins_of, key_in
from indexer.resolve.values import EXTERNAL, FOREIGN, MAX_VALUES, Value, Values, distinct

#: Memorised answers; beyond it they are all forgotten (they can be had again).
MAX_MEMORY: Final = 150_000

CLASS_KINDS: Final = frozenset({"class", "struct", "union", "record", "object", "interface", "trait", "protocol", "enum"})
TYPE_KINDS: Final = CLASS_KINDS | {"type", "typedef"}
FUNCTION_KINDS: Final = frozenset({"function", "method", "constructor", "accessor", "macro"})


_CALLABLE_KINDS: Final = CLASS_KINDS | FUNCTION_KINDS


#: Wrappers in annotations that stand for their argument.
TRANSPARENT: Final = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})


class Resolver:
    """The questions and their memory. One tree, one thread; `forget` after each change of the tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._memory: dict[Any, tuple[Any, tuple[int, ...]]] = {}
        self._provisional: dict[Any, tuple[Any, set[int], int]] = {}
        self._active: dict[Any, int] = {}
        self._low = _NEVER
        self._shared: set[int] = set()
        self._reread: set[Any] = set()

    def begin(self) -> None:
        """Starts a file: what is read from here on is its own."""
        self.tree.reads = set()
        self._reread.clear()

    def forget(self) -> None:
        """Drops all memorised answers."""
        self._memory.clear()

    # -- frames --------------------------------------------------------------------------------------------------------

    def frame(self, key: Any, answer: Callable[..., Any], *arguments: Any, empty: Any = ()) -> Any:
        """The memorised answer to `key`, which `answer(*arguments)` gives.

        Frames nest; `_low` is the lowest frame that a cycle below reached back to. An answer that reached back beyond its own
        frame depends on where the cycle was entered: it is kept only until the frame that it reached back to is done. So is the
        answer of that frame itself if others took part in the cycle, while those outside of the cycle are unaffected.
        """
        tree = self.tree
        known = self._memory.get(key)
        if known is not None:
            if self._active:
                tree.reads.update(known[1])
            elif key not in self._reread:
                # Outside of all frames the reads are the file's own, and taking them once is enough.
                self._reread.add(key)
                tree.reads.update(known[1])
            return known[0]
        provisional = self._provisional.get(key)
        if provisional is not None:
            tree.reads |= provisional[1]
            self._low = min(self._low, provisional[2])
            return provisional[0]
        active = self._active.get(key)
        if active is not None:
            self._low = min(self._low, active)
            return empty
        depth = len(self._active)
        self._active[key] = depth
        outer_reads, outer_low = tree.reads, self._low
        tree.reads, self._low = set(), _NEVER
        try:
            result = answer(*arguments)
        finally:
            del self._active[key]
            own_reads, own_low = tree.reads, self._low
            outer_reads |= own_reads
            tree.reads = outer_reads
            self._low = outer_low
        if own_low < depth:
            self._provisional[key] = (result, own_reads, own_low)
            self._shared.add(own_low)
            self._low = min(outer_low, own_low)
            return result
        if own_low == depth and self._provisional:
            self._provisional = {k: v for k, v in self._provisional.items() if v[2] < depth}
        if depth not in self._shared:
            if len(self._memory) > MAX_MEMORY:
                self._memory.clear()
            self._memory[key] = (result, tuple(own_reads))
        self._shared.discard(depth)
        return result

    # -- what a name denotes -------------------------------------------------------------------------------------------

    def denote(self, file: File, expression: int) -> Values:
        """The symbols ('symbol'), modules or outside things that an expression names; empty where unknown."""
        if expression < 0:
            return ()
        op, a, b = file.expressions[3 * expression : 3 * expression + 3]
        if op == Op.variable:
            found = self._denote_variable(file, a)
            return found if b < 0 else self._as_types(found)
        if op == Op.member:
            return self._denote_member(file, a, file.strings[b])
        if op == Op.global_:
            return self._global(file, file.strings[a], b)
        if op == Op.imported:
            found = self._imported(file, a, part=b)
            return (found[0]._replace(how=Evidence.import_),) if b == -1 and _is_several(found) else found
        if op == Op.implicit:
            return self._implicit(file, a, file.strings[b])
        return ()

    def _denote_variable(self, file: File, number: int) -> Values:
        variable = file.variables[number]
        if variable.symbol < 0:
            return ()
        self.tree.reads.add(key_in(file, _variable_name(file, number)))
        return self._picked(file, number)

    def _picked(self, file: File, number: int) -> Values:
        """What a bound name that has a symbol denotes: the definition that counts, or what an import brings."""
        variable = file.variables[number]
        definitions = variable.definitions
        own: list[int] = []
        found: Values = ()
        for i in range(0, len(definitions), 2):
            if definitions[i] == Define.symbol:
                own.append(definitions[i + 1])
            elif definitions[i] == Define.import_ and (not found or found[0].tag == "external"):
                found = self._imported(file, definitions[i + 1], part=-2) or found
        if own and (not found or found[0].tag == "external"):
            if len(own) > 1 and packages.rules_of(file.language).overloads and len(several := _overloads(file.symbols, own)) > 1:
                return tuple(Value("symbol", file.path, number, Evidence.override) for number in several)
            return self._defined(file, Value("symbol", file.path, _best(file.symbols, own), Evidence.scope))
        if found:
            return found
        if file.symbols[variable.symbol].kind == "import":
            return (EXTERNAL,) if not own else ()
        return self._defined(file, Value("symbol", file.path, variable.symbol, Evidence.scope))

    def _defined(self, file: File, value: Value) -> Values:
        """What is only declared in a file, as what another file defines."""
        symbol = file.symbols[value.symbol]
        if not symbol.flags & _LESS or not packages.rules_of(file.language).declares:
            return (value,)
        package = packages.package_of(file.path, file.facts) or ""
        found = self.full_name(file, packages.join(package, packages.dotted(symbol.qualified)))
        if found and found[0].tag == "symbol" and not self.tree.file(found[0].path).symbols[found[0].symbol].flags & _LESS:
            return (found[0],)
        return (EXTERNAL,) if _stands_in(symbol) and not found and self._included(file.path)[1] else (value,)

    def _is_likely(self, file: File, path: str, numbers: tuple[int, ...]) -> bool:
        """Whether what another file defines counts for a file: it is not for another system."""
        other = self.tree.file(path)
        if path == file.path:
            return True
        if packages.is_unlikely(file.path, path, other.facts):
            return False
        return not all(_stands_in(other.symbols[number]) for number in numbers) or not self._included(file.path)[1]

    def _included(self, path: str) -> tuple[frozenset[str], bool]:
        """The files that a file includes, those that they include and so on, and whether any include leads outside of the tree."""
        found: tuple[frozenset[str], bool] = self.frame(("included", path), self._all_included, path, empty=(frozenset(), False))
        return found

    def _all_included(self, path: str) -> tuple[frozenset[str], bool]:
        seen: set[str] = set()
        pending = [path]
        is_outside = False
        while pending:
            file = self.tree.file(pending.pop())
            self.tree.reads.add(key_in(file, "*imports"))
            for number in file.wildcards:
                module = self._module_of_import(file, number)
                if isinstance(module, imports.Module) and module.path not in seen:
                    seen.add(module.path)
                    pending.append(module.path)
                is_outside = is_outside or module is None
        return frozenset(seen), is_outside

    def _as_types(self, denoted: Values) -> Values:
        """What a name denotes where only a type can stand: a value gives way to the type of the same name beside it."""
        return tuple(self._type_beside(v) if v.tag == "symbol" else v for v in denoted)

    def _type_beside(self, value: Value) -> Value:
        file = self.tree.file(value.path)
        symbol = file.symbols[value.symbol]
        if (symbol.kind in TYPE_KINDS and symbol.kind != "object") or symbol.container < 0:
            return value
        number = file.namespace(symbol.container).get(file.strings[symbol.name])
        definitions = file.variables[number].definitions if number is not None else []
        for i in range(0, len(definitions), 2):
            if definitions[i] == Define.symbol and file.symbols[definitions[i + 1]].kind in TYPE_KINDS - {"object"}:
                return value._replace(symbol=definitions[i + 1])
        return value

    def _implicit(self, file: File, instance: int, name: str) -> Values:
        """What a name denotes that may be a member of the enclosing instance, of one around it, or global."""
        plain, _, suffix = name.partition("\t")
        if suffix and (found := self._implicit(file, instance, f"{plain}{suffix}\t")) and found[0].tag == "symbol":
            return found
        is_type = plain != name
        outside: Values = ()
        for value in self.evaluate(file, instance):
            found = _only_types(self.tree, self.member(value, plain)) if is_type else self.member(value, name)
            if found and found[0].tag == "symbol":
                return found
            outside = outside or found
        op, a, _ = file.expressions[3 * instance : 3 * instance + 3]
        around = file.symbols[a].container if op == Op.self_ else -1
        space = a if op == Op.self_ else _space_of(file, a) if op == Op.instance else -1
        while around > 0:
            if file.symbols[around].kind in CLASS_KINDS:
                value = Value("class", file.path, around, Evidence.self_)
                found = _only_types(self.tree, self.member(value, plain)) if is_type else self.member(value, name)
                if found and found[0].tag == "symbol":
                    return found
            around = file.symbols[around].container
        return self._global(file, name, space) or outside

    def _imported_function(self, file: File, number: int, name: str) -> Values:
        """A function that is imported from a package or type, by the number of its arguments."""
        definitions = file.variables[number].definitions
        mark = name[len(packages.plain(name)) :]
        for i in range(0, len(definitions), 2):
            if definitions[i] == Define.import_:
                fact = file.imports[definitions[i + 1]]
                module = self._module_of_import(file, definitions[i + 1])
                if isinstance(module, (imports.Package, imports.Definition)) and fact.name:
                    return self._imported_member(file, module, fact.name + mark)
        return ()

    def _global(self, file: File, name: str, space: int = -1) -> Values:
        rules = packages.rules_of(file.language)
        plain, _, suffix = name.partition("\t")
        if suffix:
            return self._global(file, f"{plain}{suffix}\t", space) or self._global(file, f"{plain}\t", space)
        name, full = packages.plain(name), name
        if "()" in full and (number := file.namespace(0).get(name)) is not None and file.variables[number].symbol >= 0:
            return self._imported_function(file, number, full) or self._denote_variable(file, number)
        if rules.package and (shared := self._of_package(file, full, space)):
            return shared
        self.tree.reads.update((key_in(file, name), key_in(file, "*imports")))
        if file.wildcards:
            for number in reversed(file.wildcards):
                # What headers hold is shared anyway; namespaces that are opened count.
                if rules.declares and not isinstance(self._module_of_import(file, number), imports.Package):
                    continue
                found = self._from_wildcard(file, number, full)
                if found:
                    return found
        if rules.declares:
            # What the project does not define at all can only come from what is included from outside.
            return (EXTERNAL,) if self._included(file.path)[1] or name in builtins_of(file.language) else ()
        if rules.paths and (module := imports.find(self.tree, rules.strategy, name, file.path)) is not None:
            return (_as_value(module),)
        for package in rules.implicit:
            if found := self.full_name(file, packages.join(package, name)):
                return found
        if name in builtins_of(file.language):
            return (EXTERNAL,)
        if rules.inherits_names and space > 0:
            return self.member(Value("class", file.path, space, Evidence.self_), name)
        return (EXTERNAL,) if rules.unknown_is_external else ()

    def _of_package(self, file: File, name: str, space: int) -> Values:
        """What a name denotes in the namespaces around it and in the file's package; other files may define it."""
        package = packages.package_of(file.path, file.facts)
        if package is None:
            return ()
        inner = packages.dotted(file.symbols[space].qualified) if space > 0 else ""
        while inner:
            if found := self.full_name(file, packages.join(packages.join(package, inner), name)):
                return found
            inner = inner.rpartition(".")[0]
        if found := self.full_name(file, packages.join(package, name)):
            return found
        if not packages.rules_of(file.language).nests:
            return self.full_name(file, name) if packages.rules_of(file.language).package == "declared" else ()
        while package:
            package = package.rpartition(".")[0]
            if found := self.full_name(file, packages.join(package, name)):
                return found
        return ()

    def full_name(self, file: File, full: str) -> Values:
        """The symbols of a full name in the families that the file sees, the likeliest first; or the package of that name.

        The name may carry a mark (see `packages.plain`)."""
        rules = packages.rules_of(file.language)
        plain = packages.plain(full)
        if rules.reopens and (whole := self._reopened(rules.family, plain)):
            return whole
        entries = self.tree.named(rules.family, plain)
        if rules.declares and entries:
            entries = {path: numbers for path, numbers in entries.items() if self._is_likely(file, path, numbers)}
        seen = self._included(file.path)[0] if rules.declares and len(entries) > 1 else frozenset()
        if found := self._shared_symbols(entries, full[len(plain) :], file.path, seen):
            return found
        if self.tree.is_package(rules.family, plain) and rules.package != "folder":
            return (Value("package", f"{rules.family}:{plain}", 0, Evidence.import_),)
        return ()

    def _shared_symbols(
        self, entries: dict[str, tuple[int, ...]], mark: str, path: str, seen: frozenset[str] = frozenset()
    ) -> Values:
        """What files share under a name: the nearest first, of functions only those that take the number of arguments if any do."""
        fitting: list[Value] = []
        others: list[Value] = []
        for other, numbers in _by_nearness(self.tree, entries, path, seen) if entries else ():
            file = self.tree.file(other)
            symbol = file.symbols[numbers[0]]
            outer = file.symbols[symbol.container].qualified
            name = file.strings[symbol.name]
            key = f"{outer}.{name}" if outer else name
            self.tree.reads.add(key_in(file, key))
            if mark.startswith("("):
                self.tree.reads.add(key_in(file, key + mark))
                counted = file.namespace(symbol.container).get(name + mark)
                taking = [] if counted is None else _defined(file, counted, numbers)
                fitting.extend(_chosen(file, taking))
                others.extend(_chosen(file, _without_objects(file, list(numbers))))
            elif mark:
                types = [n for n in numbers if file.symbols[n].kind in _TYPES_AND_SPACES]
                others.extend(_chosen(file, _without_objects(file, types)))
            else:
                others.extend(_chosen(file, list(numbers)))
        return tuple((fitting or others)[:MAX_VALUES])

    def _reopened(self, family: str, full: str) -> Values:
        """The part of a type that is written in several that stands for all: the one that names a base class, else the largest."""
        found: Values = self.frame(("reopened", family, full), self._largest_part, family, full)
        return found

    def _largest_part(self, family: str, full: str) -> Values:
        entries = self.tree.named(family, full)
        parts = self._types_named(family, full)
        if not parts or sum(map(len, entries.values())) > len(parts):
            return ()

        def rank(part: tuple[str, int]) -> tuple[bool, int, str]:
            symbol = self.tree.file(part[0]).symbols[part[1]]
            return not symbol.extends, -len(symbol.members), part[0]

        path, number = min(parts, key=rank)
        file = self.tree.file(path)
        self.tree.reads.update((key_in(file, file.symbols[number].qualified), key_in(file, file.symbols[number].qualified + "<")))
        return (Value("symbol", path, number, Evidence.import_),)

    def _types_named(self, family: str, full: str) -> list[tuple[str, int]]:
        """The symbols of a full name that are types, in the order of their paths."""
        entries = sorted(self.tree.named(family, full).items())
        return [(path, n) for path, numbers in entries for n in numbers if self.tree.file(path).symbols[n].kind in CLASS_KINDS]

    def _from_wildcard(self, file: File, number: int, name: str) -> Values:
        if packages.rules_of(file.language).paths:
            values = self.values_of(self._imported(file, number, part=0))
            return _by_import(distinct(member for value in values if value != EXTERNAL for member in self.member(value, name)))
        module = self._module_of_import(file, number)
        if isinstance(module, (imports.Package, imports.Definition)):
            return self._imported_member(file, module, name)
        if not isinstance(module, imports.Module):
            return ()
        name = packages.plain(name)
        if not self._is_exported(module.path, name):
            return ()
        return _by_import(self.module_member(module.path, name))

    def _imported_member(self, file: File, module: imports.Package | imports.Definition, name: str) -> Values:
        if isinstance(module, imports.Package):
            found = self.full_name(file, packages.join(module.name, name))
            # The unnamed package is the language's own as well.
            return found or ((EXTERNAL,) if not module.name and packages.plain(name) in builtins_of(file.language) else ())
        name = name.partition("\t")[0]
        value = Value("class", module.path, module.symbol, Evidence.import_)
        found = self.member(value, name)
        if not found or found[0].tag == "external":
            found = self.member(value, f"{name}()") or found
        return _by_import(found)

    def _is_exported(self, path: str, name: str) -> bool:
        file = self.tree.file(path)
        self.tree.reads.add(key_in(file, "*"))
        exports = file.exports
        if exports is not None:
            return name in exports
        return name != "default" and not (packages.rules_of(file.language).hides_underscore and name.startswith("_"))

    def _imported(self, file: File, number: int, *, part: int) -> Values:
        """What an import brings: part 0 is the module that it names, -1 what it imports, -2 what the bound name denotes."""
        fact = file.imports[number]
        if separator := packages.rules_of(file.language).paths:
            words = [*(fact.module.split(separator) if fact.module else ()), *((fact.name,) if fact.name and part else ())]
            return self._along(file, [word for word in words if word not in ("", packages.WHOLE)], number)
        module = self._module_of_import(file, number)
        if module is None:
            return (EXTERNAL,)
        if part == 0 or (fact.name is None and fact.whole):
            return (_as_value(module),)
        if fact.name is None:
            first = fact.module.partition(".")[0]
            top = imports.find(self.tree, self._strategy(file.language), first, file.path)
            return (_as_value(top),) if top is not None else (EXTERNAL,)
        if isinstance(module, (imports.Package, imports.Definition)):
            return self._imported_member(file, module, fact.name)
        if isinstance(module, imports.Module):
            found = self.module_member(module.path, fact.name)
            if found:
                return _by_import(found)
            if fact.name == packages.WHOLE or (fact.name == "default" and packages.is_component(module.path)):
                return (_as_value(module),)
        below = imports.child(self.tree, module, fact.name)
        return (_as_value(below),) if below is not None else ()

    def _along(self, file: File, words: list[str], number: int) -> Values:
        """What a path of names denotes, each word a member of what stands before it; `number` is the import that it is of."""
        found = self._beginning(file, words[0], number) if words else ()
        for word in words[1:]:
            if len(found) == 1 and found[0].tag == "module" and (below := imports.child(self.tree, imports.Module(found[0].path), word)):
                found = (_as_value(below),)
                continue
            found = distinct(member for value in self.values_of(found) for member in self.member(value, word))
        return _by_import(found)

    def _beginning(self, file: File, word: str, number: int) -> Values:
        """What the first word of a path denotes: a module, or a name of the file that is no other word for the same import."""
        module = imports.find(self.tree, self._strategy(file.language), word, file.path)
        if module is not None:
            return (_as_value(module),)
        variable = file.namespace(0).get(word)
        if variable is None:
            return (EXTERNAL,)
        self.tree.reads.add(key_in(file, word))
        definitions = file.variables[variable].definitions
        if any(definitions[i : i + 2] == [Define.import_, number] for i in range(0, len(definitions), 2)):
            return (EXTERNAL,)
        return self._picked(file, variable)

    def _module_of_import(self, file: File, number: int) -> imports.Found:
        fact = file.imports[number]
        key = ("find", file.path.rpartition("/")[0], fact.module, file.language)
        strategy = self._strategy(file.language)
        found: imports.Found = self.frame(
            key, imports.find, self.tree, strategy, fact.module, file.path, empty=None
        )
        return found

    def _strategy(self, language: str) -> str:
        return packages.rules_of(language).strategy

    def module_member(self, path: str, name: str) -> Values:
        """What `name` denotes in a module's namespace."""
        found: Values = self.frame(("module", path, name), self._module_member, path, name)
        return found

    def _module_member(self, path: str, name: str) -> Values:
        file = self.tree.file(path)
        hands_on = packages.rules_of(file.language).hands_on
        if hands_on and (handed := self._handed_on(file, packages.WHOLE + name.removeprefix(packages.WHOLE))):
            return handed
        self.tree.reads.add(key_in(file, name))
        number = file.namespace(0).get(name)
        if number is not None and file.variables[number].symbol >= 0 and not (hands_on and _is_import(file, number)):
            found = self._picked(file, number)
            if found:
                return found
        self.tree.reads.add(key_in(file, "*imports"))
        for wildcard in reversed(file.wildcards):
            found = self._from_wildcard(file, wildcard, name)
            if found:
                return found
        return self._member_of_whole(file, name) if hands_on else ()

    def _handed_on(self, file: File, name: str) -> Values:
        """What a module hands on under a name other than the definition's own."""
        self.tree.reads.add(key_in(file, name))
        number = file.namespace(0).get(name)
        if number is None:
            return ()
        definitions = file.variables[number].definitions
        found: list[Value] = []
        for i in range(0, len(definitions), 2):
            if definitions[i] == Define.import_:
                found.extend(self._imported(file, definitions[i + 1], part=-2))
            elif definitions[i] == Define.value:
                found.extend(self.denote(file, definitions[i + 1]))
        return distinct(found)

    def _member_of_whole(self, file: File, name: str) -> Values:
        """A member of the one value that a module hands on; a default that it does not name is that value."""
        whole = self._handed_on(file, packages.WHOLE)
        if name in ("default", packages.WHOLE):
            return whole
        for value in self.values_of(whole):
            if found := self.member(value, name):
                return found
        return ()

    # -- members -------------------------------------------------------------------------------------------------------

    def _denote_member(self, file: File, owner: int, name: str) -> Values:
        found: list[Value] = []
        values = self.evaluate(file, owner)
        if packages.rules_of(file.language).parameterless and any(v.tag == "function" for v in values):
            values = distinct(r for v in values for r in (self.results(v.path, v.symbol) if v.tag == "function" else (v,)))
        for value in values:
            for member in self.member(value, name):
                if member not in found:
                    found.append(member)
        # Of the types of a declared union, the one that has the member is meant.
        if found and found[0] == EXTERNAL and any(member.how == Evidence.type for member in found):
            found.sort(key=lambda member: member == EXTERNAL)
        if "()" in name and packages.rules_of(file.language).extensions and not any(v.tag == "symbol" for v in found):
            return self._extensions(file, values, name) or tuple(found)
        return tuple(found[:MAX_VALUES])

    def _extensions(self, file: File, values: Values, name: str) -> Values:
        """The functions that can be called on a value as if they were its members; only possible where the value is unknown."""
        found: list[Value] = []
        for candidate in self._visible_extensions(file, name):
            other = self.tree.file(candidate.path)
            symbol = other.symbols[candidate.symbol]
            if not symbol.flags & Flag.extension:
                continue
            self.tree.reads.add(key_in(other, symbol.qualified + "()"))
            if not values:
                found.append(candidate._replace(how=Evidence.override))
            # A type of the language itself has no expression.
            elif any(self._is_instance(v, self.instances(other, symbol.host) if symbol.host >= 0 else (EXTERNAL,)) for v in values):
                is_typed = any(v.tag == "instance" and v.how == Evidence.type for v in values)
                how = Evidence.type if is_typed else Evidence.inferred
                found.append(candidate if candidate.how == Evidence.override else candidate._replace(how=how))
        if len(found) == 1 and values and found[0].how == Evidence.override:
            found[0] = found[0]._replace(how=Evidence.inferred)
        return tuple(found[:MAX_VALUES])

    def _visible_extensions(self, file: File, name: str) -> Values:
        if packages.rules_of(file.language).extensions != "first":
            number = file.namespace(0).get(packages.plain(name))
            own = self._denote_variable(file, number) if number is not None else ()
            return tuple(v for v in own or self._global(file, name) if v.tag == "symbol")
        plain, _, count = name.partition("()")
        # The value is the first argument.
        marked = packages.EXTENSION + plain + (f"(){int(count) + 1}" if count else "()")
        found: list[Value] = []
        for space in self._seen_packages(file):
            found.extend(v for v in self.full_name(file, packages.join(space, marked)) if v.tag == "symbol" and v not in found)
        return tuple(found)

    def _seen_packages(self, file: File) -> list[str]:
        """The packages whose names a file sees: its own, its namespaces', those around them, and those that it imports."""
        own = packages.package_of(file.path, file.facts) or ""
        spaces = [own, *(packages.join(own, packages.dotted(s.qualified)) for s in file.symbols if s.kind == "namespace")]
        for space in list(spaces):
            while space:
                space = space.rpartition(".")[0]
                spaces.append(space)
        self.tree.reads.add(key_in(file, "*imports"))
        for number in file.wildcards:
            module = self._module_of_import(file, number)
            if isinstance(module, imports.Package):
                spaces.append(module.name)
        return list(dict.fromkeys(spaces))

    def _is_instance(self, value: Value, hosts: Values) -> bool:
        """Whether a value may be an instance of a type that a function is written for; of a type parameter everything is."""
        if not hosts:
            return value.tag == "instance" or value.tag in FOREIGN
        if value.tag in FOREIGN:
            return any(host.tag == "external" for host in hosts)
        if value.tag != "instance":
            return False
        bases = {(base.path, base.symbol) for base in self.mro(value.path, value.symbol)}
        return any((host.path, host.symbol) in bases for host in hosts)

    def member(self, value: Value, name: str) -> Values:
        """What `.name` of a value denotes."""
        if value.tag == "function":
            found: Values = self.frame(("decorated", value.path, value.symbol, name), self._decorated_member, value, name)
            return found
        if value.tag in FOREIGN:
            return (EXTERNAL,)
        if value.tag == "module":
            found = self.module_member(value.path, name)
            if not found:
                below = imports.child(self.tree, imports.Module(value.path), name)
                found = (_as_value(below),) if below is not None else ()
            return _seen_as(found, Evidence.module)
        if value.tag == "package":
            family, _, package = value.path.partition(":")
            return self._in_package(family, packages.join(package, name))
        if value.tag == "folder":
            below = imports.child(self.tree, imports.Folder(value.path), name)
            return (_as_value(below),) if below is not None else ()
        if value.tag in ("class", "instance") and (made := packages.rules_of(self.tree.file(value.path).language).makers.get(name)):
            return self._maker(value, name, made)
        if value.tag in ("class", "instance", "super"):
            if "()" in name:
                return self._method(value, name)
            if name.endswith("\t"):
                found = _only_types(self.tree, self._class_member(value, packages.plain(name)))
                return tuple(self._type_beside(v) if v.tag == "symbol" else v for v in found)
            found = self._class_member(value, name)
            if not found and packages.rules_of(self.tree.file(value.path).language).method_values:
                found = self._class_member(value, f"{name}()")
            return found
        return ()

    def _maker(self, value: Value, name: str, made: str) -> Values:
        """What makes an instance: the type's own function of that name, else what runs on what was made."""
        for candidate in (name, made):
            found = self._class_member(value, candidate)
            if found and found[0].tag == "symbol":
                return found
        return (EXTERNAL,)

    def _method(self, value: Value, name: str) -> Values:
        """A method by the number of its arguments, else by its name, else a field of that name (which holds a function)."""
        plain = packages.plain(name)
        outside: Values = ()
        for candidate in dict.fromkeys((name, f"{plain}()", plain)):
            found = self._class_member(value, candidate)
            if found and found[0].tag == "symbol":
                return found
            outside = outside or found
        return outside

    def package_file(self, package: Value) -> str | None:
        """The file whose module stands for a package that is a folder: the first that is no test; None for other packages."""
        family, _, name = package.path.partition(":")
        files = self.tree.package_files(family, name)
        if not files or packages.rules_of(self.tree.file(files[0]).language).package != "folder":
            return None
        return files[0]

    def _in_package(self, family: str, full: str) -> Values:
        plain = packages.plain(full)
        entries = self.tree.named(family, plain)
        if found := self._shared_symbols(entries, full[len(plain) :], ""):
            return found
        if self.tree.is_package(family, plain):
            return (Value("package", f"{family}:{plain}", 0, Evidence.import_),)
        return ()

    def _decorated_member(self, function: Value, name: str) -> Values:
        """A member of the instance that the outermost decorator makes of a function."""
        file = self.tree.file(function.path)
        fact = file.symbols[function.symbol]
        self.tree.reads.add(key_in(file, fact.qualified + "()"))
        if not fact.decorators:
            return ()
        made = self.called(self.evaluate(file, fact.decorators[0]))
        return distinct(found for value in made if value.tag == "instance" for found in self.member(value, name))

    def _class_member(self, value: Value, name: str) -> Values:
        skip_own = value.tag == "super"
        found: Values = self.frame(
            ("member", value.path, value.symbol, name, skip_own),
            self._search_class, value.path, value.symbol, name, skip_own,
        )
        if skip_own or value.how == Evidence.self_:
            return found
        how = value.how if value.how in (Evidence.type, Evidence.inferred, Evidence.override) else Evidence.module
        return _seen_as(found, how)

    def _search_class(self, path: str, symbol: int, name: str, skip_own: bool) -> Values:
        outside = False
        for i, base in enumerate(self.mro(path, symbol)):
            if base.tag == "external":
                outside = True
                continue
            if i == 0 and skip_own:
                continue
            found = self._own_member(base.path, base.symbol, name)
            if found:
                return _seen_as(found, Evidence.self_ if i == 0 else Evidence.inheritance)
        return (EXTERNAL,) if outside or name in OBJECT_MEMBERS or self._is_of_every_object(path, name) else ()

    def _is_of_every_object(self, path: str, name: str) -> bool:
        return packages.plain(name) in packages.rules_of(self.tree.file(path).language).object_members

    def _own_member(self, path: str, symbol: int, name: str) -> Values:
        file = self.tree.file(path)
        self.tree.reads.add(key_in(file, f"{file.symbols[symbol].qualified}.{name}"))
        number = file.namespace(symbol).get(name)
        if number is None or file.variables[number].symbol < 0:
            rules = packages.rules_of(file.language)
            is_whole = rules.marks_parts and not file.symbols[symbol].flags & Flag.partial
            return self._apart(file, symbol, name) if rules.package and not is_whole else ()
        return self._picked(file, number)

    def _apart(self, file: File, symbol: int, name: str) -> Values:
        """A member that is written apart from its type, in any file of the package."""
        package = packages.package_of(file.path, file.facts) or ""
        inner = packages.dotted(file.symbols[symbol].qualified)
        found = self.full_name(file, packages.join(packages.join(package, inner), name))
        return found if found and found[0].tag == "symbol" else ()

    def _parts(self, file: File, symbol: int) -> list[tuple[File, int]]:
        """A type with its other parts, where types may be written in several."""
        own = (file, symbol)
        rules = packages.rules_of(file.language)
        if not rules.marks_parts or not file.symbols[symbol].flags & Flag.partial:
            return [own]
        package = packages.package_of(file.path, file.facts) or ""
        full = packages.join(package, packages.dotted(file.symbols[symbol].qualified))
        entries = self.tree.named(rules.family, full)
        found = [(self.tree.file(path), number) for path in sorted(entries) for number in entries[path]]
        return [own, *(part for part in found if part != own and part[0].symbols[part[1]].flags & Flag.partial)]

    def mro(self, path: str, symbol: int) -> Values:
        """The class and its bases in the order of look-up (C3; depth first where the bases are inconsistent).

        'class' values; 'external' once where a base lies outside of the tree or is unknown."""
        found: Values = self.frame(("mro", path, symbol), self._linearise, path, symbol)
        return found

    def _linearise(self, path: str, symbol: int) -> Values:
        own = Value("class", path, symbol, Evidence.scope)
        bases = self.bases(path, symbol)
        sequences = [list(self.mro(b.path, b.symbol)) if b.tag == "class" else [EXTERNAL] for b in bases]
        sequences.append(list(bases))
        merged = _merge([[_plain(v) for v in sequence] for sequence in sequences])
        return (own, *(v for v in merged if v != own))

    def bases(self, path: str, symbol: int) -> Values:
        """The direct base classes in written order, 'external' for those that are not known to be in the tree."""
        file = self.tree.file(path)
        rules = packages.rules_of(file.language)
        if not rules.reopens:
            return self._bases_of(self._parts(file, symbol))
        package = packages.package_of(path, file.facts) or ""
        full = packages.join(package, packages.dotted(file.symbols[symbol].qualified))
        found: Values = self.frame(("bases", rules.family, full), self._bases_of_all, rules.family, full)
        return found

    def _bases_of_all(self, family: str, full: str) -> Values:
        return self._bases_of([(self.tree.file(path), number) for path, number in self._types_named(family, full)])

    def _bases_of(self, parts: list[tuple[File, int]]) -> Values:
        bases: list[Value] = []
        for file, number in parts:
            fact = file.symbols[number]
            self.tree.reads.add(key_in(file, fact.qualified + "<"))
            for expression in (*fact.extends, *fact.implements):
                values = [v for v in self.evaluate(file, self._generic(file, expression)) if v.tag == "class"]
                bases.append(_plain(values[0]) if values else EXTERNAL)
        return tuple(dict.fromkeys(bases))

    def _generic(self, file: File, expression: int) -> int:
        while expression >= 0 and file.expressions[3 * expression] == Op.index:
            expression = file.expressions[3 * expression + 1]
        return expression

    # -- values --------------------------------------------------------------------------------------------------------

    def evaluate(self, file: File, expression: int) -> Values:
        """The values that an expression may have; empty where unknown."""
        if expression < 0:
            return ()
        op, a, b = file.expressions[3 * expression : 3 * expression + 3]
        if op == Op.variable:
            if file.variables[a].symbol < 0:
                return self._variable_values(file.path, a)
            return self.values_of(self.denote(file, expression))
        if op == Op.member:
            return self.values_of(self._denote_member(file, a, file.strings[b]))
        if op == Op.global_:
            return self.values_of(self._global(file, file.strings[a], b))
        if op == Op.call:
            if packages.rules_of(file.language).calls_by_name:
                return self.evaluate(file, a)
            # Each link of a chain of calls asks twice for the one before it.
            found: Values = self.frame(("call", file.path, expression), self._call, file, expression)
            return found
        if op == Op.super_:
            if b >= 0 and (named := [v for v in self.evaluate(file, b) if v.tag == "class"]):
                return tuple(v._replace(tag="super", how=Evidence.inheritance) for v in named)
            return (Value("super", file.path, a, Evidence.inheritance),) if a >= 0 else ()
        if op == Op.literal:
            return (Value("constant", f"{file.strings[a]}:{file.strings[b]}", -1, Evidence.external) if b >= 0 else EXTERNAL,)
        if op in (Op.tuple, Op.mapping, Op.item, Op.rest):
            return (Value("given" if op == Op.item else "literal", file.path, expression, Evidence.inferred),)
        if op == Op.lambda_:
            return (Value("lambda", file.path, expression, Evidence.inferred),)
        if op == Op.symbol:
            return self.values_of((Value("symbol", file.path, a, Evidence.self_),))
        if op == Op.union:
            return distinct((*self.evaluate(file, a), *self.evaluate(file, b)))
        if op == Op.index:
            return self._indexed(file, a, b)
        if op == Op.instance:
            return self.instances(file, a)
        if op == Op.awaited:
            return self.evaluate(file, a)
        if op == Op.enter:
            return parts.entered(self, self.evaluate(file, a))
        if op == Op.imported:
            return self.values_of(self._imported(file, a, part=b))
        if op == Op.self_:
            return (Value("instance", file.path, a, Evidence.self_),)
        if op == Op.implicit:
            return self.values_of(self._implicit(file, a, file.strings[b]))
        if op == Op.element:
            return parts.element(self, file, a)
        if op == Op.unpack:
            return parts.unpacked(self, file, a, b)
        return ()

    def _indexed(self, file: File, owner: int, key: int) -> Values:
        """What is under a key; a class or function with its types filled in is itself."""
        if owner < 0:
            return (EXTERNAL,)
        values = self.evaluate(file, owner)
        if any(v.tag in ("class", "function") for v in values):
            return tuple(v for v in values if v.tag in ("class", "function", "external"))
        return parts.by_key(self, values, self.evaluate(file, key))

    def _call(self, file: File, expression: int) -> Values:
        known = parts.called(self, file, expression)
        if known is not None:
            return known
        function, arguments = file.expressions[3 * expression + 1 : 3 * expression + 3]
        return self.called(self.evaluate(file, function), file, arguments, self._owners(file, function))

    def _owners(self, file: File, function: int) -> Values:
        """The instances whose method an expression is."""
        if function < 0 or file.expressions[3 * function] != Op.member:
            return ()
        return tuple(v for v in self.evaluate(file, file.expressions[3 * function + 1]) if v.tag in ("instance", "class"))

    def called(self, functions: Values, file: File | None = None, arguments: int = -1, owners: Values = ()) -> Values:
        """What calling any of the values gives; `arguments` is the list of what they are given in `file`, `owners` are the instances
        or classes whose methods they are."""
        found: list[Value] = []
        for value in functions:
            if value.tag == "class":
                how = Evidence.self_ if value.how == Evidence.self_ else Evidence.inferred
                # Calling an object makes an instance of the class beside it.
                found.append(Value("instance", value.path, self._type_beside(value).symbol, how))
            elif value.tag == "function":
                if owners and self._gives_itself(value):
                    found.extend(owner if owner.how == Evidence.self_ else owner._replace(tag="instance") for owner in owners)
                else:
                    found.extend(self._handed_back(value, file, arguments) or self.results(value.path, value.symbol))
            elif value.tag == "lambda":
                other = self.tree.file(value.path)
                found.extend(self.evaluate(other, other.expressions[3 * value.symbol + 2]))
            elif value.tag == "instance":
                found.extend(self.called(self.values_of(self.member(value, "__call__"))))
            elif value.tag in FOREIGN:
                found.extend(parts.called_type(self, value) or (EXTERNAL,))
        return distinct(found)

    def _gives_itself(self, function: Value) -> bool:
        """Whether a method is declared to give an instance of the class that it is called on: `Self`, or a type variable where it gives
        its receiver back."""
        file = self.tree.file(function.path)
        fact = file.symbols[function.symbol]
        self.tree.reads.add(key_in(file, fact.qualified + "()"))
        if fact.returns < 0 or fact.container < 0 or file.symbols[fact.container].kind not in CLASS_KINDS:
            return False
        if _last_name(file, fact.returns) == "Self":
            return True
        if not any(_is_receiver(file, expression) for expression in fact.returned):
            return False
        return all(v.tag == "external" for v in self.instances(file, fact.returns))

    def _handed_back(self, function: Value, file: File | None, arguments: int) -> Values:
        """The arguments of a call that the function gives back."""
        other = self.tree.file(function.path)
        fact = other.symbols[function.symbol]
        if not fact.parameters or file is None or arguments < 0 or fact.returns >= 0:
            return ()
        self.tree.reads.add(key_in(other, fact.qualified + "()"))
        returned = {other.expressions[3 * e + 1] for e in fact.returned if other.expressions[3 * e] == Op.variable}
        flat = file.facts.lists[arguments]
        found: list[Value] = []
        for i in range(0, len(flat), 2):
            name = file.strings[flat[i]] if flat[i] >= 0 else None
            number = _parameter(other, fact.parameters, i // 2, name)
            if number in returned:
                found.extend(self.evaluate(file, flat[i + 1]))
        return distinct(v._replace(how=Evidence.inferred) for v in found)

    def results(self, path: str, symbol: int) -> Values:
        """What a function gives when called (awaited, where it is asynchronous)."""
        found: Values = self.frame(("results", path, symbol), self._results, path, symbol)
        return found

    def _results(self, path: str, symbol: int) -> Values:
        file = self.tree.file(path)
        fact = file.symbols[symbol]
        self.tree.reads.add(key_in(file, fact.qualified + "()"))
        if self._gives_itself(Value("function", path, symbol, Evidence.scope)):
            return (Value("instance", path, fact.container, Evidence.type),)
        if fact.returns >= 0:
            return self.instances(file, fact.returns)
        if fact.yielded or fact.flags & Flag.generator:
            return (Value("generator", path, symbol, Evidence.inferred),)
        found: list[Value] = []
        for expression in fact.returned:
            found.extend(v._replace(how=Evidence.inferred) for v in self.evaluate(file, expression) if v.tag != "super")
        return distinct(found)

    def values_of(self, denoted: Values) -> Values:
        """The values of what names denote."""
        found: list[Value] = []
        for item in denoted:
            if item.tag != "symbol":
                found.append(item)
                continue
            file = self.tree.file(item.path)
            kind = file.symbols[item.symbol].kind
            if kind in CLASS_KINDS:
                found.append(item._replace(tag="class"))
            elif kind == "accessor":
                found.extend(self.results(item.path, item.symbol))
            elif kind in FUNCTION_KINDS:
                if packages.rules_of(file.language).calls_by_name:
                    found.extend(self.results(item.path, item.symbol))
                else:
                    found.append(item._replace(tag="function"))
            elif kind in TYPE_KINDS:
                found.extend(self._symbol_values(file, item.symbol) or (item._replace(tag="class"),))
            elif kind == "enum_member":
                found.append(Value("instance", item.path, file.symbols[item.symbol].container, item.how))
            elif kind == "namespace":
                found.append(self._as_package(file, item))
            else:
                found.extend(self._symbol_values(file, item.symbol))
                if file.symbols[item.symbol].members:
                    found.append(item._replace(tag="instance"))
        return distinct(found)

    def _as_package(self, file: File, item: Value) -> Value:
        """A namespace: one with others of its name where the language has packages, else like a class with its members."""
        package = packages.package_of(file.path, file.facts)
        if package is None or packages.rules_of(file.language).shares == "apart":
            return item._replace(tag="class")
        full = packages.join(package, packages.dotted(file.symbols[item.symbol].qualified))
        return Value("package", f"{packages.rules_of(file.language).family}:{full}", 0, item.how)

    def _symbol_values(self, file: File, symbol: int) -> Values:
        fact = file.symbols[symbol]
        owner = fact.container
        number = file.namespace(owner).get(file.strings[fact.name]) if owner >= 0 else None
        return self._variable_values(file.path, number) if number is not None else ()

    def _variable_values(self, path: str, number: int) -> Values:
        found: Values = self.frame(("values", path, number), self._all_values, path, number)
        return found

    def _all_values(self, path: str, number: int) -> Values:
        """The values of a variable by all its definitions; a declared type decides alone."""
        file = self.tree.file(path)
        definitions = file.variables[number].definitions
        pairs = [(definitions[i], definitions[i + 1]) for i in range(0, len(definitions), 2)]
        declared = [payload for define, payload in pairs if define == Define.type]
        if declared:
            found = self.instances(file, declared[0])
            if found:
                return found
        values: list[Value] = []
        given: list[Value] = []
        for define, payload in pairs:
            if define == Define.argument:
                given.extend(v if v.how == Evidence.override else _inferred(v) for v in self.evaluate(file, payload))
            elif define == Define.self_:
                values.append(Value("instance", path, payload, Evidence.self_))
            elif define == Define.cls:
                values.append(Value("class", path, payload, Evidence.self_))
            elif define == Define.symbol:
                if file.symbols[payload].kind not in _CALLABLE_KINDS:
                    continue
                values.extend(self.values_of((Value("symbol", path, payload, Evidence.scope),)))
            elif define == Define.import_:
                values.extend(self.values_of(self._imported(file, payload, part=-2)))
            elif define in (Define.value, Define.default):
                values.extend(self.evaluate(file, payload))
        return distinct((*parts.marked(distinct(given)), *values)) if given else distinct(values)

    def instances(self, file: File, annotation: int) -> Values:
        """The instances that a type annotation stands for."""
        if annotation < 0:
            return ()
        op, a, b = file.expressions[3 * annotation : 3 * annotation + 3]
        if op == Op.union:
            return distinct((*self.instances(file, a), *self.instances(file, b)))
        if op == Op.tuple:
            return (Value("typed", file.path, annotation, Evidence.type),)
        if op == Op.index:
            return self._generic_instances(file, annotation, a, b)
        found: list[Value] = []
        for value in self.evaluate(file, annotation):
            if value.tag == "class":
                found.append(Value("instance", value.path, value.symbol, Evidence.type))
            elif value.tag == "external":
                found.append(EXTERNAL)
        return distinct(found)


    def _generic_instances(self, file: File, annotation: int, generic: int, types: int) -> Values:
        name = _last_name(file, generic)
        if name == "Union":
            return distinct(v for e in parts.places(file, types) for v in self.instances(file, e))
        if name in TRANSPARENT or name in packages.rules_of(file.language).transparent:
            return self.instances(file, parts.places(file, types)[0])
        if name in ("type", "Type"):
            return tuple(v._replace(tag="class") for v in self.instances(file, types) if v.tag == "instance")
        known = tuple(v for v in self.instances(file, generic) if v.tag != "external")
        return known or (Value("typed", file.path, annotation, Evidence.type),)


def _parameter(file: File, parameters: tuple[int, ...], place: int, name: str | None) -> int:
    """The variable of the parameter that an argument fills, by name or by place; -1 where it is one of several further ones."""
    if name is not None:
        return next((p for p in parameters if file.strings[file.variables[p].name] == name), -1)
    for number in parameters[: place + 1]:
        if Define.rest in file.variables[number].definitions[::2]:
            return -1
    return parameters[place] if place < len(parameters) else -1


_NEVER: Final = 1 << 60
#: What is only declared, or defined for other systems.
_LESS: Final = Flag.overload | Flag.conditional
#: What a name means as a value is none of these, if there is another.
_ONLY_TYPES: Final = frozenset({"interface", "type", "typedef", "trait", "protocol", "namespace"})
_TYPES_AND_SPACES: Final = TYPE_KINDS | {"namespace", "package", "import"}
#: Members of every object: what is not found in the tree is the language's own.
OBJECT_MEMBERS: Final = frozenset(
    "__init__ __new__ __class__ __dict__ __doc__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __repr__ __str__ __setattr__ "
    "__getattribute__ __delattr__ __dir__ __format__ __reduce__ __reduce_ex__ __sizeof__ __subclasshook__ __init_subclass__ "
    "__module__ __name__ __qualname__ __bases__ __mro__ mro __subclasses__".split()
)


def _space_of(file: File, expression: int) -> int:
    """The namespace or type in which a type's name, which begins an expression, is looked up; -1 where it says none."""
    while expression >= 0:
        op, a, b = file.expressions[3 * expression : 3 * expression + 3]
        if op == Op.global_:
            return b
        if op == Op.variable:
            return file.variables[a].container
        if op not in (Op.member, Op.index):
            break
        expression = a
    return -1


def _stands_in(symbol: SymbolFact) -> bool:
    """Whether a macro only stands in, on other systems, for what the usual one has itself."""
    return bool(symbol.flags & Flag.conditional) and symbol.kind in ("macro", "constant")


def _is_import(file: File, number: int) -> bool:
    """Whether a name is only imported."""
    definitions = file.variables[number].definitions
    return all(definitions[i] == Define.import_ for i in range(0, len(definitions), 2))


def _variable_name(file: File, number: int) -> str:
    """The name under which a variable's definitions are read: qualified below the module."""
    variable = file.variables[number]
    name = file.strings[variable.name]
    if variable.container > 0:
        return f"{file.symbols[variable.container].qualified}.{name}"
    return name


def _best(symbols: list[SymbolFact], candidates: list[int]) -> int:
    """The definition that counts among several of a name: no setter or overload if there is another, else the last one that
    is not bound under a condition, else the first."""
    if len(candidates) == 1:
        return candidates[0]
    secondary = Flag.setter | Flag.overload
    main = [c for c in candidates if not symbols[c].flags & secondary] or candidates
    main = [c for c in main if symbols[c].kind not in _ONLY_TYPES] or main
    # An object beside a class of the name is what the name means as a value.
    main = [c for c in main if symbols[c].kind == "object"] or main
    certain = [c for c in main if not symbols[c].flags & Flag.conditional]
    return certain[-1] if certain else main[0]


def _by_nearness(
    tree: Tree, entries: dict[str, tuple[int, ...]], path: str, seen: frozenset[str] = frozenset()
) -> list[tuple[str, tuple[int, ...]]]:
    """Files that share a name, the likeliest first: those that define and do not only declare, those that are seen (included), then
    the nearest by path."""
    if len(entries) == 1:
        return list(entries.items())
    own = path.split("/")

    def rank(entry: tuple[str, tuple[int, ...]]) -> tuple[bool, bool, bool, bool, int, str]:
        other, numbers = entry
        file = tree.file(other)
        symbols = file.symbols
        variant = packages.is_unlikely(path, other, file.facts)
        is_declared = all(symbols[n].flags & _LESS for n in numbers)
        parts = other.split("/")
        shared = next((i for i, (a, b) in enumerate(zip(own, parts, strict=False)) if a != b), min(len(own), len(parts)))
        return is_declared, variant, other != path, other not in seen, len(parts) - 2 * shared, other

    return sorted(entries.items(), key=rank)


def _as_value(module: imports.Module | imports.Folder | imports.Package | imports.Definition) -> Value:
    if isinstance(module, imports.Package):
        return Value("package", f"{module.family}:{module.name}", 0, Evidence.import_)
    if isinstance(module, imports.Definition):
        return Value("symbol", module.path, module.symbol, Evidence.import_)
    tag = "module" if isinstance(module, imports.Module) else "folder"
    return Value(tag, module.path, 0, Evidence.import_)


def _is_several(values: Values) -> bool:
    """Whether a name means one of several overloads."""
    return bool(values) and values[0].how == Evidence.override


def _seen_as(values: Values, how: Evidence) -> Values:
    """The same symbols by other evidence; one of several stays one of several."""
    return tuple(v._replace(how=how) if v.tag == "symbol" and v.how != Evidence.override else v for v in values)


def _by_import(values: Values) -> Values:
    return _seen_as(values, Evidence.import_)


def _overloads(symbols: list[SymbolFact], candidates: list[int]) -> list[int]:
    """The functions that a name may mean where a call chooses among them; empty where it names something else."""
    if any(symbols[c].kind not in FUNCTION_KINDS for c in candidates):
        return []
    return [c for c in candidates if not symbols[c].flags & (Flag.setter | Flag.overload)]


def _only_types(tree: Tree, values: Values) -> Values:
    return tuple(v for v in values if v.tag != "symbol" or tree.file(v.path).symbols[v.symbol].kind in _TYPES_AND_SPACES)


def _defined(file: File, variable: int, numbers: tuple[int, ...]) -> list[int]:
    """Those of the symbols that a bound name may be."""
    definitions = file.variables[variable].definitions
    return [definitions[i + 1] for i in range(0, len(definitions), 2) if definitions[i] == Define.symbol and definitions[i + 1] in numbers]


def _without_objects(file: File, candidates: list[int]) -> list[int]:
    """The symbols without the objects that accompany a class of their name."""
    return [c for c in candidates if file.symbols[c].kind != "object"] or candidates


def _chosen(file: File, candidates: list[int]) -> list[Value]:
    """The symbol that counts among several of a name in a file, or all of them where only a call chooses."""
    if len(candidates) > 1 and packages.rules_of(file.language).overloads and len(several := _overloads(file.symbols, candidates)) > 1:
        return [Value("symbol", file.path, number, Evidence.override) for number in several]
    return [Value("symbol", file.path, _best(file.symbols, candidates), Evidence.import_)] if candidates else []


def _is_receiver(file: File, expression: int) -> bool:
    """Whether an expression is the instance that a method works on."""
    op, a, _ = file.expressions[3 * expression : 3 * expression + 3]
    return op == Op.self_ or (op == Op.variable and Define.self_ in file.variables[a].definitions[::2])


def _inferred(value: Value) -> Value:
    return value if value.tag == "external" else value._replace(how=Evidence.inferred)


def _plain(value: Value) -> Value:
    return value if value.how == Evidence.scope or value.tag == "external" else value._replace(how=Evidence.scope)


def _merge(sequences: list[list[Value]]) -> list[Value]:
    """The C3 merge (https://www.python.org/download/releases/2.3/mro/), taking the first candidate where it gets stuck."""
    merged: list[Value] = []
    pending = [sequence for sequence in sequences if sequence]
    while pending:
        tails = {v for sequence in pending for v in sequence[1:]}
        head = next((s[0] for s in pending if s[0] not in tails), pending[0][0])
        if head not in merged:
            merged.append(head)
        pending = [rest for s in pending if (rest := [v for v in s if v != head])]
    return merged


def _last_name(file: File, expression: int) -> str:
    if expression < 0:
        return ""
    op, a, b = file.expressions[3 * expression : 3 * expression + 3]
    if op in (Op.member, Op.implicit):
        return packages.plain(file.strings[b])
    if op == Op.global_:
        return packages.plain(file.strings[a])
    return file.strings[file.variables[a].name] if op == Op.variable else ""
