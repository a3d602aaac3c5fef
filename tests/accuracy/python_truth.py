"""Truth for Python from its own `ast`: every callable and type, and call sites whose meaning can be proved.

Groups of sites: `import` (a name that an import binds, whatever the chain of re-exports), `import-module`
(an attribute of an imported module), `scope` (a name of the file itself), `class` (an attribute of a class
that is named), `self`, `cls` and `super` (by the method resolution order); each with what it leads to:
function, class, variable or outside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .facts import Place, Position, TrueSite, TrueSymbol
from .python_tree import Definition, Function, Meaning, Module, Outside, Scope, Tree, owner_of

_CALLABLE_KINDS = frozenset({"function"})
_METHOD_KINDS = frozenset({"method", "constructor"})
_PROPERTY_KINDS = frozenset({"method", "property", "accessor"})
_TYPE_KINDS = frozenset({"class", "enum", "interface", "protocol", "record", "struct"})
_ACCESSORS = frozenset({"setter", "deleter", "getter"})


def symbols(tree: Tree) -> Iterator[TrueSymbol]:
    """Every function, method and class, nested ones too, in no particular order."""
    for module in tree.modules.values():
        yield from _symbols_below(module.node, module, _import_name(module), in_class=False)


def overloads(tree: Tree) -> dict[Place, frozenset[Place]]:
    """All written forms of each function that has overloads (`typing.overload`), its implementation among them, by the place of each."""
    found: dict[Place, frozenset[Place]] = {}
    for module in tree.modules.values():
        for block in ast.walk(module.node):
            by_name: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
            for child in ast.iter_child_nodes(block):
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                    by_name.setdefault(child.name, []).append(child)
            for forms in by_name.values():
                if any(ast.unparse(decorator).endswith("overload") for form in forms for decorator in form.decorator_list):
                    group = frozenset(Place(module.path, form.lineno) for form in forms)
                    found.update(dict.fromkeys(group, group))
    return found


def _import_name(module: Module) -> str:
    """The dotted path from the import root: `src/`, else the topmost folder without `__init__.py`, the tree's own."""
    return module.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _symbols_below(node: ast.AST, module: Module, around: str, in_class: bool) -> Iterator[TrueSymbol]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function | ast.ClassDef):
            yield from _symbols_below(child, module, around, in_class)
            continue
        position = name_position(child, module)
        qualified_name = f"{around}.{child.name}"
        is_class = isinstance(child, ast.ClassDef)
        if position is not None:
            kinds = _TYPE_KINDS if is_class else _kinds(child, in_class)
            yield TrueSymbol(position, child.name, "type" if is_class else "callable", kinds, qualified_name)
        yield from _symbols_below(child, module, qualified_name, in_class=is_class)


def _kinds(node: ast.AST, in_class: bool) -> frozenset[str]:
    if not in_class:
        return _CALLABLE_KINDS
    decorators = {getattr(d, "attr", getattr(d, "id", "")) for d in node.decorator_list}  # type: ignore[attr-defined]
    is_property = any(name.endswith("property") or name in _ACCESSORS for name in decorators)
    return _PROPERTY_KINDS if is_property else _METHOD_KINDS


def name_position(node: Function | ast.ClassDef, module: Module) -> Position | None:
    """Where the name of a definition stands; None if not on its keyword.s line, or normalised by `ast`."""
    line = module.lines[node.lineno - 1]
    keyword = line[node.col_offset :].split(b" ", 1)[0]
    name = node.name.encode()
    column = line.find(name, node.col_offset + len(keyword) + (4 if keyword == b"async" else 0))
    return None if column < 0 else Position(module.path, node.lineno, column)


def call_position(node: ast.Call, module: Module) -> tuple[Position, str] | None:
    """Where the last segment of a call's name stands, and that name; None for calls of other expressions."""
    match node.func:
        case ast.Name(id=name, lineno=line, col_offset=column):
            pass
        case ast.Attribute(attr=name, end_lineno=int(line), end_col_offset=int(end)):
            column = end - len(name.encode())
        case _:
            return None
    written = module.lines[line - 1][column : column + len(name.encode())]
    return (Position(module.path, line, column), name) if written == name.encode() else None


def how_written(call: ast.Call) -> str:
    """A call's form: 'name', or 'self', 'cls', 'super' or 'attribute' by what stands before the dot."""
    match call.func:
        case ast.Name():
            return "name"
        case ast.Attribute(value=ast.Name(id="self" | "cls" as receiver)):
            return receiver
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return "super"
        case _:
            return "attribute"


def call_sites(tree: Tree) -> Iterator[TrueSite]:
    """Every call whose meaning is certain."""
    for module in tree.modules.values():
        for call, scope in module.calls:
            found = call_position(call, module)
            decided = decide(tree, call.func, scope)
            if found is None or decided is None:
                continue
            group, meaning = decided
            targets = places(meaning)
            if targets is not None:
                yield TrueSite(*found, targets, f"{group}:{_leads_to(meaning)}")


def decide(tree: Tree, function: ast.expr, scope: Scope) -> tuple[str, Meaning] | None:
    """How a called expression can be decided, and what it means; None where it cannot."""
    match function:
        case ast.Name(id=name):
            meaning = tree.name(name, scope)
            where = tree.binding_scope(name, scope)
            group = "builtin" if where is None else _group_of(where, name)
        case ast.Attribute(value=ast.Name(id="self" | "cls" as receiver), attr=name):
            group, meaning = receiver, _own_member(tree, receiver, name, scope)
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")) as call, attr=name):
            group, meaning = "super", _inherited_member(tree, call, name, scope)
        case ast.Attribute(value=value):
            meaning = tree.expression(function, scope)
            holder = tree.expression(value, scope)
            group = "class" if isinstance(holder, Definition) else "import-module"
        case _:
            return None
    return None if meaning is None else (group, meaning)


def _group_of(where: Scope, name: str) -> str:
    return "import" if where.bindings[name] and where.bindings[name][0].sort in ("import", "from") else "scope"


def _own_member(tree: Tree, receiver: str, name: str, scope: Scope) -> Meaning | None:
    owner = owner_of(receiver, scope)
    if owner is None or name == "__class__" or tree.is_set_on_instances(owner[0], name):
        return None
    return tree.member(owner[0], name)


def _inherited_member(tree: Tree, call: ast.Call, name: str, scope: Scope) -> Meaning | None:
    method = _method_around(scope)
    if method is None or method.parent is None or tree.binding_scope("super", scope) is not None:
        return None
    owner = method.parent
    named = tree.expression(call.args[0], scope) if call.args else None
    if call.args and not (isinstance(named, Definition) and named.body is not None):
        return None
    after = named.body if isinstance(named, Definition) else owner
    return tree.member(owner, name, after) if after in (tree.order(owner) or ()) else None


def _method_around(scope: Scope) -> Scope | None:
    """The method, written directly in a class, that `scope` lies in; None in a comprehension."""
    here: Scope | None = scope
    while here is not None and here.sort == "function":
        if here.parent is not None and here.parent.sort == "class":
            return here
        here = here.parent
    return None


def places(meaning: Meaning) -> frozenset[Place] | None:
    """Where the answer may lie: the definition, or what a variable is an alias of; None for a module."""
    match meaning:
        case Outside():
            return frozenset()
        case Definition(place=place, aliased=aliased):
            further = None if aliased is None else places(aliased)
            return frozenset({place}) | (further or frozenset())
        case _:
            return None


def _leads_to(meaning: Meaning) -> str:
    return meaning.sort if isinstance(meaning, Definition) else "outside"
