"""What modules' namespaces hold, and what imports bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.facts import Define
from indexer.model import Evidence
from indexer.resolve import choice, imports, packages, shared_names
from indexer.resolve.tree import File, builtins_of, key_in
from indexer.resolve.values import EXTERNAL, Value, Values, distinct

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


def module_member(resolver: Resolver, path: str, name: str) -> Values:
    """What `name` denotes in a module's namespace."""
    found: Values = resolver.frame(("module", path, name), _search_module, resolver, path, name)
    return found


def _search_module(resolver: Resolver, path: str, name: str) -> Values:
    file = resolver.tree.file(path)
    hands_on = packages.rules_of(file.language).hands_on
    if hands_on and (handed := _handed_on(resolver, file, packages.WHOLE + name.removeprefix(packages.WHOLE))):
        return handed
    resolver.tree.reads.add(key_in(file, name))
    number = file.namespace(0).get(name)
    if number is not None and file.variables[number].symbol >= 0 and not (hands_on and _is_import(file, number)):
        found = picked(resolver, file, number)
        if found:
            return found
    resolver.tree.reads.add(key_in(file, "*imports"))
    for wildcard in reversed(file.wildcards):
        found = from_wildcard(resolver, file, wildcard, name)
        if found:
            return found
    return _member_of_whole(resolver, file, name) if hands_on else ()


def _handed_on(resolver: Resolver, file: File, name: str) -> Values:
    """What a module hands on under a name other than the definition's own."""
    resolver.tree.reads.add(key_in(file, name))
    number = file.namespace(0).get(name)
    if number is None:
        return ()
    definitions = file.variables[number].definitions
    found: list[Value] = []
    for i in range(0, len(definitions), 2):
        if definitions[i] == Define.import_:
            found.extend(imported(resolver, file, definitions[i + 1], part=-2))
        elif definitions[i] == Define.value:
            found.extend(resolver.denote(file, definitions[i + 1]))
    return distinct(found)


def _member_of_whole(resolver: Resolver, file: File, name: str) -> Values:
    """A member of the one value that a module hands on; a default that it does not name is that value."""
    whole = _handed_on(resolver, file, packages.WHOLE)
    if name in ("default", packages.WHOLE):
        return whole
    for value in resolver.values_of(whole):
        if found := resolver.member(value, name):
            return found
    return ()


def picked(resolver: Resolver, file: File, number: int) -> Values:
    """What a bound name that has a symbol denotes: the definition that counts, or what an import brings."""
    variable = file.variables[number]
    definitions = variable.definitions
    own: list[int] = []
    found: Values = ()
    for i in range(0, len(definitions), 2):
        if definitions[i] == Define.symbol:
            own.append(definitions[i + 1])
        elif definitions[i] == Define.import_ and (not found or found[0].tag == "external"):
            found = imported(resolver, file, definitions[i + 1], part=-2) or found
    if own and (not found or found[0].tag == "external"):
        if len(own) > 1 and packages.rules_of(file.language).overloads and len(several := choice.overloads(file.symbols, own)) > 1:
            return tuple(Value("symbol", file.path, number, Evidence.override) for number in several)
        return _defined_elsewhere(resolver, file, Value("symbol", file.path, choice.best(file.symbols, own), Evidence.scope))
    if found:
        return found
    if file.symbols[variable.symbol].kind == "import":
        return (EXTERNAL,) if not own else ()
    return _defined_elsewhere(resolver, file, Value("symbol", file.path, variable.symbol, Evidence.scope))


def _defined_elsewhere(resolver: Resolver, file: File, value: Value) -> Values:
    """What is only declared in a file, as what another file defines."""
    symbol = file.symbols[value.symbol]
    if not symbol.flags & choice.LESS or not packages.rules_of(file.language).declares:
        return (value,)
    package = packages.package_of(file.path, file.facts) or ""
    found = shared_names.full_name(resolver, file, packages.join(package, packages.dotted(symbol.qualified)))
    if found and found[0].tag == "symbol" and not resolver.tree.file(found[0].path).symbols[found[0].symbol].flags & choice.LESS:
        return (found[0],)
    return (EXTERNAL,) if choice.stands_in(symbol) and not found and shared_names.included(resolver, file.path)[1] else (value,)


def imported(resolver: Resolver, file: File, number: int, *, part: int) -> Values:
    """What an import brings: part 0 is the module that it names, -1 what it imports, -2 what the bound name denotes."""
    fact = file.imports[number]
    if separator := packages.rules_of(file.language).paths:
        words = [*(fact.module.split(separator) if fact.module else ()), *((fact.name,) if fact.name and part else ())]
        return _along(resolver, file, [word for word in words if word not in ("", packages.WHOLE)], number)
    module = shared_names.module_of_import(resolver, file, number)
    if module is None:
        return (EXTERNAL,)
    if part == 0 or (fact.name is None and fact.whole):
        return (as_value(module),)
    if fact.name is None:
        first = fact.module.partition(".")[0]
        top = imports.find(resolver.tree, packages.rules_of(file.language).strategy, first, file.path)
        return (as_value(top),) if top is not None else (EXTERNAL,)
    if isinstance(module, (imports.Package, imports.Definition)):
        return imported_member(resolver, file, module, fact.name)
    if isinstance(module, imports.Module):
        found = module_member(resolver, module.path, fact.name)
        if found:
            return by_import(found)
        if fact.name == packages.WHOLE or (fact.name == "default" and packages.is_component(module.path)):
            return (as_value(module),)
    below = imports.child(resolver.tree, module, fact.name)
    return (as_value(below),) if below is not None else ()


def imported_member(resolver: Resolver, file: File, module: imports.Package | imports.Definition, name: str) -> Values:
    """What a name of a package or type denotes that is imported from it."""
    if isinstance(module, imports.Package):
        found = shared_names.full_name(resolver, file, packages.join(module.name, name))
        # The unnamed package is the language's own as well.
        return found or ((EXTERNAL,) if not module.name and packages.plain(name) in builtins_of(file.language) else ())
    name = name.partition("\t")[0]
    value = Value("class", module.path, module.symbol, Evidence.import_)
    found = resolver.member(value, name)
    if not found or found[0].tag == "external":
        found = resolver.member(value, f"{name}()") or found
    return by_import(found)


def _along(resolver: Resolver, file: File, words: list[str], number: int) -> Values:
    """What a path of names denotes, each word a member of what stands before it; `number` is the import that it is of."""
    found = _beginning(resolver, file, words[0], number) if words else ()
    for word in words[1:]:
        if len(found) == 1 and found[0].tag == "module" and (below := imports.child(resolver.tree, imports.Module(found[0].path), word)):
            found = (as_value(below),)
            continue
        found = distinct(member for value in resolver.values_of(found) for member in resolver.member(value, word))
    return by_import(found)


def _beginning(resolver: Resolver, file: File, word: str, number: int) -> Values:
    """What the first word of a path denotes: a module, or a name of the file that is no other word for the same import."""
    module = imports.find(resolver.tree, packages.rules_of(file.language).strategy, word, file.path)
    if module is not None:
        return (as_value(module),)
    variable = file.namespace(0).get(word)
    if variable is None:
        return (EXTERNAL,)
    resolver.tree.reads.add(key_in(file, word))
    definitions = file.variables[variable].definitions
    if any(definitions[i : i + 2] == [Define.import_, number] for i in range(0, len(definitions), 2)):
        return (EXTERNAL,)
    return picked(resolver, file, variable)


def from_wildcard(resolver: Resolver, file: File, number: int, name: str) -> Values:
    """What a name denotes if an import of all names brings it."""
    if packages.rules_of(file.language).paths:
        values = resolver.values_of(imported(resolver, file, number, part=0))
        return by_import(distinct(member for value in values if value != EXTERNAL for member in resolver.member(value, name)))
    module = shared_names.module_of_import(resolver, file, number)
    if isinstance(module, (imports.Package, imports.Definition)):
        return imported_member(resolver, file, module, name)
    if not isinstance(module, imports.Module):
        return ()
    name = packages.plain(name)
    if not _is_exported(resolver, module.path, name):
        return ()
    return by_import(module_member(resolver, module.path, name))


def _is_exported(resolver: Resolver, path: str, name: str) -> bool:
    file = resolver.tree.file(path)
    resolver.tree.reads.add(key_in(file, "*"))
    exports = file.exports
    if exports is not None:
        return name in exports
    return name != "default" and not (packages.rules_of(file.language).hides_underscore and name.startswith("_"))


def _is_import(file: File, number: int) -> bool:
    """Whether a name is only imported."""
    definitions = file.variables[number].definitions
    return all(definitions[i] == Define.import_ for i in range(0, len(definitions), 2))


def as_value(module: imports.Module | imports.Folder | imports.Package | imports.Definition) -> Value:
    """What a path of an import names, as a value."""
    if isinstance(module, imports.Package):
        return Value("package", f"{module.family}:{module.name}", 0, Evidence.import_)
    if isinstance(module, imports.Definition):
        return Value("symbol", module.path, module.symbol, Evidence.import_)
    tag = "module" if isinstance(module, imports.Module) else "folder"
    return Value(tag, module.path, 0, Evidence.import_)


def seen_as(values: Values, how: Evidence) -> Values:
    """The same symbols by other evidence; one of several stays one of several."""
    return tuple(v._replace(how=how) if v.tag == "symbol" and v.how != Evidence.override else v for v in values)


def by_import(values: Values) -> Values:
    """The same symbols, seen through an import."""
    return seen_as(values, Evidence.import_)
