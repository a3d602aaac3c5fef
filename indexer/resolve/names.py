"""What a written name denotes where it stands alone: a bound one, a global one, a member without its receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.facts import Define, Op
from indexer.extract.symbols import CLASS_KINDS, TYPE_KINDS
from indexer.model import Evidence
from indexer.resolve import choice, imports, modules, packages, shared_names
from indexer.resolve.tree import File, builtins_of, key_in
from indexer.resolve.values import EXTERNAL, Value, Values

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


def bound(resolver: Resolver, file: File, number: int) -> Values:
    """What a name that is bound in a scope of the file denotes; nothing where it is a local."""
    variable = file.variables[number]
    if variable.symbol < 0:
        return ()
    resolver.tree.reads.add(key_in(file, variable_name(file, number)))
    return modules.picked(resolver, file, number)


def as_types(resolver: Resolver, denoted: Values) -> Values:
    """What a name denotes where only a type can stand: a value gives way to the type of the same name beside it."""
    return tuple(type_beside(resolver, v) if v.tag == "symbol" else v for v in denoted)


def type_beside(resolver: Resolver, value: Value) -> Value:
    """The type that has a symbol's name in the same namespace; the symbol itself where it is one, or none has."""
    file = resolver.tree.file(value.path)
    symbol = file.symbols[value.symbol]
    if (symbol.kind in TYPE_KINDS and symbol.kind != "object") or symbol.container < 0:
        return value
    number = file.namespace(symbol.container).get(file.strings[symbol.name])
    definitions = file.variables[number].definitions if number is not None else []
    for i in range(0, len(definitions), 2):
        if definitions[i] == Define.symbol and file.symbols[definitions[i + 1]].kind in TYPE_KINDS - {"object"}:
            return value._replace(symbol=definitions[i + 1])
    return value


def implicit(resolver: Resolver, file: File, instance: int, name: str) -> Values:
    """What a name denotes that may be a member of the enclosing instance, of one around it, or global."""
    plain, _, suffix = name.partition("\t")
    if suffix and (found := implicit(resolver, file, instance, f"{plain}{suffix}\t")) and found[0].tag == "symbol":
        return found
    is_type = plain != name
    outside: Values = ()
    for value in resolver.evaluate(file, instance):
        found = choice.only_types(resolver.tree, resolver.member(value, plain)) if is_type else resolver.member(value, name)
        if found and found[0].tag == "symbol":
            return found
        outside = outside or found
    op, a, b = file.expressions[3 * instance : 3 * instance + 3]
    while op == Op.union:
        # Of several around it the outermost has a place in the file's symbols.
        op, a, b = file.expressions[3 * b : 3 * b + 3]
    around = file.symbols[a].container if op == Op.self_ else -1
    space = a if op == Op.self_ else _space_of(file, a) if op == Op.instance else -1
    while around > 0:
        if file.symbols[around].kind in CLASS_KINDS:
            value = Value("class", file.path, around, Evidence.self_)
            found = choice.only_types(resolver.tree, resolver.member(value, plain)) if is_type else resolver.member(value, name)
            if found and found[0].tag == "symbol":
                return found
        around = file.symbols[around].container
    return global_name(resolver, file, name, space) or outside


def _imported_function(resolver: Resolver, file: File, number: int, name: str) -> Values:
    """A function that is imported from a package or type, by the number of its arguments."""
    definitions = file.variables[number].definitions
    mark = name[len(packages.plain(name)) :]
    for i in range(0, len(definitions), 2):
        if definitions[i] == Define.import_:
            fact = file.imports[definitions[i + 1]]
            module = shared_names.module_of_import(resolver, file, definitions[i + 1])
            if isinstance(module, (imports.Package, imports.Definition)) and fact.name:
                return modules.imported_member(resolver, file, module, fact.name + mark)
    return ()


def global_name(resolver: Resolver, file: File, name: str, space: int = -1) -> Values:
    """What a name denotes that no scope of the file binds; `space` is the namespace or type around it, or -1."""
    rules = packages.rules_of(file.language)
    plain, _, suffix = name.partition("\t")
    if suffix:
        return global_name(resolver, file, f"{plain}{suffix}\t", space) or global_name(resolver, file, f"{plain}\t", space)
    name, full = packages.plain(name), name
    if "()" in full and (number := file.namespace(0).get(name)) is not None and file.variables[number].symbol >= 0:
        return _imported_function(resolver, file, number, full) or bound(resolver, file, number)
    if rules.package and (found := shared_names.of_package(resolver, file, full, space)):
        return found
    resolver.tree.reads.add(key_in(file, name))
    for other, number in shared_names.opened(resolver, file):
        # What headers hold is shared anyway; namespaces that are opened count.
        if rules.declares and not isinstance(shared_names.module_of_import(resolver, other, number), imports.Package):
            continue
        if found := modules.from_wildcard(resolver, other, number, full):
            return found
    if rules.declares:
        # What the project does not define at all can only come from what is included from outside.
        return (EXTERNAL,) if shared_names.included(resolver, file.path)[1] or name in builtins_of(file.language) else ()
    if rules.paths and (module := imports.find(resolver.tree, rules.strategy, name, file.path)) is not None:
        return (modules.as_value(module),)
    for package in rules.implicit:
        if found := shared_names.full_name(resolver, file, packages.join(package, name)):
            return found
    if name in builtins_of(file.language):
        return (EXTERNAL,)
    if rules.inherits_names and space > 0:
        return resolver.member(Value("class", file.path, space, Evidence.self_), name)
    return (EXTERNAL,) if rules.unknown_is_external else ()


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


def variable_name(file: File, number: int) -> str:
    """The name under which a variable's definitions are read: qualified below the module."""
    variable = file.variables[number]
    name = file.strings[variable.name]
    if variable.container > 0:
        return f"{file.symbols[variable.container].qualified}.{name}"
    return name


def last(file: File, expression: int) -> str:
    """The last name of an expression; '' where it does not end with one."""
    if expression < 0:
        return ""
    op, a, b = file.expressions[3 * expression : 3 * expression + 3]
    if op in (Op.member, Op.implicit):
        return packages.plain(file.strings[b])
    if op == Op.global_:
        return packages.plain(file.strings[a])
    return file.strings[file.variables[a].name] if op == Op.variable else ""
