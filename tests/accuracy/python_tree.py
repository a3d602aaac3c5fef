"""The modules of a Python tree as the language binds names in them: scopes, imports, classes and their order.

This is the judge for Python, so it would rather say nothing than be wrong. A name has a meaning only where
its scope binds it exactly once; `None` means undecided, and `Outside` means that the name is certainly not
defined in the tree. Nothing of the tree is executed; modules of the standard library are imported to see
what their classes hold.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .facts import Place

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
#: Standard modules whose import does something to the machine or the terminal.
_LOUD_MODULES = frozenset({"antigravity", "this", "idlelib", "turtledemo", "turtle", "tkinter", "__main__", "test"})


@dataclass(frozen=True)
class Outside:
    """A thing that is not defined in the tree; `dotted` is its full name as far as known."""

    dotted: str


@dataclass(frozen=True)
class Definition:
    """A function, class or variable of the tree; `aliased` is what a variable is another name of."""

    sort: str  # 'function', 'class' or 'variable'
    place: Place
    name: str
    body: Scope | None = None
    aliased: Meaning | None = None


@dataclass(frozen=True)
class ModuleMeaning:
    """A module of the tree."""

    module: Module


Meaning = Outside | Definition | ModuleMeaning


@dataclass(frozen=True)
class Binding:
    """One place that binds a name in a scope."""

    sort: str  # 'def', 'class', 'import', 'from', 'assign', 'parameter', 'other'
    node: ast.AST
    #: For 'import' and 'from': the module as written, its level, and the imported name ('' for an import).
    module: str = ""
    level: int = 0
    imported: str = ""


@dataclass(eq=False)
class Scope:
    """A module, class, function, lambda or comprehension, with what it binds."""

    sort: str  # 'module', 'class', 'function', 'comprehension'
    node: ast.AST
    module: Module
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    stars: list[Binding] = field(default_factory=list)
    elsewhere: dict[str, Scope | None] = field(default_factory=dict)  # global and nonlocal names

    def bind(self, name: str, binding: Binding) -> None:
        """Record a binding, in the scope that `global` or `nonlocal` names where one does."""
        scope = self.elsewhere.get(name, self)
        if scope is not None:
            scope.bindings[name].append(binding)


@dataclass(eq=False)
class Module:
    """One parsed file. `root` is the folder that its dotted name starts from."""

    path: str
    name: str
    root: str
    is_package: bool
    node: ast.Module
    lines: list[bytes]
    scope: Scope = field(init=False)
    #: The scope that each scope-making node opens, and the one that each call is written in.
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    calls: list[tuple[ast.Call, Scope]] = field(default_factory=list)
    self_assigned: dict[Scope, set[str]] = field(default_factory=lambda: defaultdict(set))


class Tree:
    """Every module below a root, and what names mean in them."""

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self.unparsed: dict[str, str] = {}
        self.modules: dict[str, Module] = {}
        self._by_name: dict[str, list[Module]] = defaultdict(list)
        known = frozenset(paths)
        for path in paths:
            self._add(root, path, known)
        self._folders_and_stems = {part.removesuffix(".py") for path in paths for part in path.split("/")}
        self._orders: dict[Scope, list[Scope | type | None] | None] = {}

    def _add(self, root: Path, path: str, known: frozenset[str]) -> None:
        source = (root / path).read_bytes()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                node = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            self.unparsed[path] = str(problem)
            return
        lines = source.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
        if any(b"\r" in line or b"\x0c" in line.strip(b"\x0c") for line in lines) or not _is_utf8(source):
            self.unparsed[path] = "its lines or columns mean different things to different parsers"
            return
        name, package_root = module_name(path, known)
        module = Module(path, name, package_root, path.endswith("__init__.py"), node, lines)
        _Scopes(module).run()
        self.modules[path] = module
        self._by_name[name].append(module)

    def module(self, dotted: str, seen_from: Module) -> Meaning | None:
        """The module of that full name; among several of one name the one below the importer's own root."""
        found = self._by_name.get(dotted, [])
        own = [module for module in found if module.root == seen_from.root]
        top = dotted.split(".")[0]
        if top in sys.stdlib_module_names:
            if len(own) == 1:
                return ModuleMeaning(own[0])
            return None if found or self._by_name.get(top) else Outside(dotted)
        if len(found) == 1:
            return ModuleMeaning(found[0])
        return None if found or top in self._folders_and_stems else Outside(dotted)

    def _relative(self, dotted: str, module: Module) -> Meaning | None:
        own = [found for found in self._by_name.get(dotted, []) if found.root == module.root]
        return ModuleMeaning(own[0]) if len(own) == 1 else None

    def imported(self, binding: Binding, module: Module, seen: frozenset[object]) -> Meaning | None:
        """What an import statement binds."""
        base = absolute(binding.module, binding.level, module)
        if base is None:
            return None
        meaning = self._relative(base, module) if binding.level else self.module(base, module)
        return meaning if not binding.imported else self.attribute(meaning, binding.imported, module, seen)

    def name(self, name: str, scope: Scope, seen: frozenset[object] = frozenset()) -> Meaning | None:
        """What a name means where it is written in `scope`, by Python's scoping rules."""
        found = self.binding_scope(name, scope)
        if found is not None:
            return self.bound(name, found, seen)
        if scope.module.scope.stars:
            return self._from_stars(name, scope.module, seen)
        return Outside(f"builtins.{name}") if hasattr(builtins, name) else None

    def binding_scope(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose binding of `name` is meant in `scope`; None where no scope of the file binds it."""
        here: Scope | None = scope
        while here is not None:
            if name in here.elsewhere:
                return here.elsewhere[name]
            if name in here.bindings and (here.sort != "class" or here is scope):
                return here
            here = here.parent
        return None

    def bound(self, name: str, scope: Scope, seen: frozenset[object] = frozenset()) -> Meaning | None:
        """What `scope` itself binds `name` to, where it does so exactly once."""
        bindings = scope.bindings.get(name, [])
        if len(bindings) != 1 or (scope, name) in seen:
            return None
        if scope.sort == "module" and self._star_may_rebind(name, scope, bindings[0]):
            return None
        binding, seen = bindings[0], seen | {(scope, name)}
        match binding.sort:
            case "def" | "class":
                sort = "function" if binding.sort == "def" else "class"
                place = Place(scope.module.path, binding.node.lineno)  # type: ignore[attr-defined]
                return Definition(sort, place, name, scope.module.scopes.get(binding.node))
            case "import" | "from":
                return self.imported(binding, scope.module, seen)
            case "assign" if scope.sort in ("module", "class"):
                place = Place(scope.module.path, _target_line(binding.node, name))
                return Definition("variable", place, name, None, self._value(binding.node, scope, seen))
            case _:
                return None

    def _value(self, node: ast.AST, scope: Scope, seen: frozenset[object]) -> Meaning | None:
        value = getattr(node, "value", None)
        return self.expression(value, scope, seen) if isinstance(value, ast.Name | ast.Attribute) else None

    def expression(self, node: ast.expr, scope: Scope, seen: frozenset[object] = frozenset()) -> Meaning | None:
        """What a dotted name means; None for any other expression."""
        match node:
            case ast.Name():
                return self.name(node.id, scope, seen)
            case ast.Attribute():
                value = self.expression(node.value, scope, seen)
                return self.attribute(value, node.attr, scope.module, seen)
            case _:
                return None

    def attribute(self, value: Meaning | None, name: str, seen_from: Module, seen: frozenset[object] = frozenset()) -> Meaning | None:
        """What `value.name` means."""
        match value:
            case Outside(dotted):
                return Outside(f"{dotted}.{name}")
            case ModuleMeaning(module):
                return self._module_attribute(module, name, seen_from, seen)
            case Definition(sort="class", body=Scope() as body):
                return self.member(body, name)
            case _:
                return None

    def _module_attribute(self, module: Module, name: str, seen_from: Module, seen: frozenset[object]) -> Meaning | None:
        if module.scope.bindings.get(name):
            return self.bound(name, module.scope, seen)
        if module.scope.stars or "__getattr__" in module.scope.bindings:
            if "__getattr__" in module.scope.bindings:
                return None
            found = self._from_stars(name, module, seen)
            if found is not None:
                return found
        if module.is_package:
            below = self._by_name.get(f"{module.name}.{name}", [])
            below = [found for found in below if found.root == module.root]
            return ModuleMeaning(below[0]) if len(below) == 1 else None
        return None

    def _from_stars(self, name: str, module: Module, seen: frozenset[object]) -> Meaning | None:
        """What the one wildcard import that gives `name` binds; undecided if two do or one is outside."""
        if (module, name, "*") in seen:
            return None
        seen, found = seen | {(module, name, "*")}, []
        for star in module.scope.stars:
            source = self._star_source(star, module)
            if source is None:
                return None
            if _may_give(source, name):
                meaning = self._module_attribute(source, name, module, seen)
                if meaning is not None:
                    found.append(meaning)
                elif source.scope.bindings.get(name) or source.scope.stars:
                    return None
        return found[0] if len(found) == 1 else None

    def _star_source(self, star: Binding, module: Module) -> Module | None:
        base = absolute(star.module, star.level, module)
        if base is None:
            return None
        source = self._relative(base, module) if star.level else self.module(base, module)
        return source.module if isinstance(source, ModuleMeaning) else None

    def _star_may_rebind(self, name: str, scope: Scope, binding: Binding) -> bool:
        """Whether a wildcard import written after the binding might bind the name again."""
        line = getattr(binding.node, "lineno", 0)
        later = [star for star in scope.stars if star.node.lineno > line]  # type: ignore[attr-defined]
        sources = [self._star_source(star, scope.module) for star in later]
        return any(s is None or (_may_give(s, name) and (name in s.scope.bindings or s.scope.stars)) for s in sources)

    def order(self, body: Scope) -> list[Scope | type | None] | None:
        """The method resolution order: classes of the tree or standard library, None for an unknown one.

        Python's own C3 merge over the parts that are known; None where the bases contradict each other or
        form a cycle. A base that cannot be followed might itself derive from the others, so nothing is
        certain behind the class itself.
        """
        if body not in self._orders:
            self._orders[body] = None  # A class that inherits from itself ends here.
            self._orders[body] = self._merged(body)
        return self._orders[body]

    def _merged(self, body: Scope) -> list[Scope | type | None] | None:
        assert isinstance(body.node, ast.ClassDef)
        assert body.parent is not None
        sequences: list[list[Scope | type | _Unknown]] = []
        direct: list[Scope | type | _Unknown] = []
        for base in body.node.bases:
            linear = self._base_order(base, body.parent)
            if linear is None:
                return [body, None]
            sequences.append(linear)
            direct.append(linear[0])
        merged = _c3([*sequences, direct]) if direct else []
        if merged is None:
            return None
        order: list[Scope | type | None] = [body, *(None if isinstance(x, _Unknown) else x for x in merged)]
        return order if object in order else [*order, object]

    def _base_order(self, base: ast.expr, scope: Scope) -> list[Scope | type | _Unknown] | None:
        written = base.value if isinstance(base, ast.Subscript) else base
        meaning = self.expression(written, scope)
        while isinstance(meaning, Definition) and meaning.sort == "variable":
            meaning = meaning.aliased
        match meaning:
            case Definition(sort="class", body=Scope() as body):
                order = self.order(body)
                return None if order is None else [_Unknown() if x is None else x for x in order]
            case Outside(dotted):
                known = standard_class(dotted)
                return [_Unknown()] if known is None else list(known.__mro__)
            case _:
                return None

    def member(self, body: Scope, name: str, after: Scope | None = None) -> Meaning | None:
        """What a class (the rest of its order, behind `after`) holds as `name`; undecided behind an unknown one."""
        order = self.order(body) or []
        for holder in order if after is None else order[order.index(after) + 1 :]:
            if holder is None:
                return None
            if isinstance(holder, type):
                if name in vars(holder):
                    return Outside(f"{holder.__module__}.{holder.__qualname__}.{name}")
            elif name in holder.bindings:
                return self._class_binding(holder, name)
        return None

    def _class_binding(self, holder: Scope, name: str) -> Meaning | None:
        """A class's own binding; the accessors of a property count as one definition, the first."""
        bindings = holder.bindings[name]
        if len(bindings) > 1 and all(_is_accessor(b.node, name) for b in bindings[1:]) and bindings[0].sort == "def":
            return Definition("variable", Place(holder.module.path, bindings[0].node.lineno), name)  # type: ignore[attr-defined]
        return self.bound(name, holder)

    def is_set_on_instances(self, body: Scope, name: str) -> bool:
        """Whether any class of the order assigns `self.name`, so that a call may not reach the method."""
        order = self.order(body) or []
        return any(isinstance(x, Scope) and name in x.module.self_assigned.get(x, ()) for x in order)


class _Unknown:
    """A base class that nobody can see; two of them are never the same."""


def _c3(sequences: list[list[Scope | type | _Unknown]]) -> list[Scope | type | _Unknown] | None:
    """Merge linearisations as Python does (https://docs.python.org/3/howto/mro.html)."""
    merged: list[Scope | type | _Unknown] = []
    left = [list(sequence) for sequence in sequences if sequence]
    while left:
        for sequence in left:
            head = sequence[0]
            if not any(head in other[1:] for other in left):
                break
        else:
            return None
        merged.append(head)
        left = [rest for sequence in left if (rest := sequence[1:] if sequence[0] is head else sequence)]
    return merged


def module_name(path: str, known: frozenset[str]) -> tuple[str, str]:
    """A file's dotted name and the folder that it starts from, the nearest upwards without `__init__.py`."""
    pure = PurePosixPath(path)
    parts = [] if pure.name == "__init__.py" else [pure.stem]
    folder = pure.parent
    while str(folder) != "." and f"{folder}/__init__.py" in known:
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts) or pure.stem, str(folder)


def absolute(module: str, level: int, seen_from: Module) -> str | None:
    """The full name of an import's module; None where a relative one leaves the package."""
    if not level:
        return module
    parts = seen_from.name.split(".")
    drop = level - 1 if seen_from.is_package else level
    if drop >= len(parts) or (seen_from.is_package and seen_from.name == "__init__"):
        return None
    base = parts[: len(parts) - drop]
    return ".".join([*base, module] if module else base)


def standard_class(dotted: str) -> type | None:
    """The class of that full name in the standard library or the built-ins."""
    module_part, _, rest = dotted.partition(".")
    if module_part != "builtins" and (module_part not in sys.stdlib_module_names or module_part in _LOUD_MODULES):
        return None
    parts = rest.split(".")
    for cut in range(len(parts), -1, -1):
        try:
            found: object = importlib.import_module(".".join([module_part, *parts[:cut]]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found if isinstance(found, type) else None
    return None


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode()
    except UnicodeDecodeError:
        return False
    return True


def _target_line(node: ast.AST, name: str) -> int:
    for target in ast.walk(node):
        if isinstance(target, ast.Name) and target.id == name and isinstance(target.ctx, ast.Store):
            return target.lineno
    return node.lineno  # type: ignore[attr-defined,no-any-return]


def _is_accessor(node: ast.AST, name: str) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(
        isinstance(d, ast.Attribute) and d.attr in ("setter", "deleter", "getter") and getattr(d.value, "id", "") == name
        for d in decorators
    )


def _all_names(module: Module) -> set[str] | None:
    """The literal `__all__`; None where there is none. An `__all__` that is computed lets nothing through."""
    bindings = module.scope.bindings.get("__all__")
    if not bindings:
        return None
    value = getattr(bindings[0].node, "value", None)
    try:
        return set(ast.literal_eval(value)) if len(bindings) == 1 and value is not None else set()
    except ValueError:
        return set()


def _may_give(module: Module, name: str) -> bool:
    """Whether a wildcard import of the module binds `name` if the module does."""
    exported = _all_names(module)
    return not name.startswith("_") if exported is None else name in exported


class _Scopes(ast.NodeVisitor):
    """Fills a module's scopes. Decorators, defaults, annotations and bases belong to the scope around."""

    def __init__(self, module: Module) -> None:
        self._module = module
        module.scope = self._scope = Scope("module", module.node, module, None)
        module.scopes[module.node] = module.scope
        self._bodies: list[tuple[Scope, Sequence[ast.AST]]] = [(module.scope, module.node.body)]

    def run(self) -> None:
        """Bodies of functions come after everything around them, so that `global` finds its scope."""
        while self._bodies:
            self._scope, nodes = self._bodies.pop(0)
            for node in nodes:
                self.visit(node)

    def _open(self, sort: str, node: ast.AST, body: Sequence[ast.AST]) -> Scope:
        scope = Scope(sort, node, self._module, self._scope)
        self._module.scopes[node] = scope
        for name, where in _declared_elsewhere(body, scope):
            scope.elsewhere[name] = where
        self._bodies.append((scope, body))
        return scope

    def _visit_all(self, nodes: Sequence[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_FunctionDef(self, node: Function) -> None:
        self._scope.bind(node.name, Binding("def", node))
        self._visit_all([*node.decorator_list, node.returns])
        self._visit_parameters(node.args)
        self._bind_parameters(self._open("function", node, node.body), node.args)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_parameters(node.args)
        self._bind_parameters(self._open("function", node, [node.body]), node.args)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._scope.bind(node.name, Binding("class", node))
        self._visit_all([*node.decorator_list, *node.bases, *node.keywords])
        self._open("class", node, node.body)

    def _visit_parameters(self, args: ast.arguments) -> None:
        self._visit_all([*args.defaults, *args.kw_defaults, *(parameter.annotation for parameter in _parameters(args))])

    def _bind_parameters(self, scope: Scope, args: ast.arguments) -> None:
        for parameter in _parameters(args):
            scope.bind(parameter.arg, Binding("parameter", parameter))

    def _visit_comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        scope = Scope("comprehension", node, self._module, self._scope)
        self._module.scopes[node] = scope
        inner: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for index, generator in enumerate(node.generators):
            inner += [generator.target, *generator.ifs, *([generator.iter] if index else [])]
        around, self._scope = self._scope, scope
        self._visit_all(inner)
        self._scope = around

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        scope = self._scope
        while scope.sort == "comprehension" and scope.parent is not None:
            scope = scope.parent
        scope.bind(node.target.id, Binding("other", node))
        self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._scope.bind(node.id, Binding("other", node))

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._scope.bind(target.id, Binding("assign", node))
            else:
                self.visit(target)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._scope.bind(node.target.id, Binding("assign", node))
        else:
            self.visit(node.target)
        self._visit_all([node.annotation, node.value])

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            module = alias.name if alias.asname else bound
            if all(b.sort != "import" or b.module != module for b in self._scope.bindings.get(bound, [])):
                self._scope.bind(bound, Binding("import", node, module))  # `import a.b; import a.c` bind one `a`.

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            binding = Binding("from", node, node.module or "", node.level, alias.name)
            if alias.name == "*":
                self._scope.stars.append(binding)
            else:
                self._scope.bind(alias.asname or alias.name, binding)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._scope.bind(node.name, Binding("other", node))
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self._scope.bind(node.name, Binding("other", node))
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._scope.bind(node.rest, Binding("other", node))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self._module.calls.append((node, self._scope))
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            owner = owner_of(node.value.id, self._scope)
            if owner is not None:
                self._module.self_assigned[owner[0]].add(node.attr)
        self.generic_visit(node)


def _parameters(args: ast.arguments) -> Iterator[ast.arg]:
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (parameter for parameter in (args.vararg, args.kwarg) if parameter is not None)


def _declared_elsewhere(body: Sequence[ast.AST], scope: Scope) -> Iterator[tuple[str, Scope | None]]:
    """The names that the body's own `global` and `nonlocal` send to another scope, and that scope."""
    pending = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Global):
            yield from ((name, scope.module.scope) for name in node.names)
        elif isinstance(node, ast.Nonlocal):
            yield from ((name, _enclosing_function(name, scope)) for name in node.names)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _enclosing_function(name: str, scope: Scope) -> Scope | None:
    here = scope.parent
    while here is not None and not (here.sort == "function" and name in here.bindings):
        here = here.parent
    return here


def owner_of(name: str, scope: Scope) -> tuple[Scope, str] | None:
    """The class that `self` or `cls` stands for in `scope`, and the method's sort: 'instance' or 'class'.

    None unless `name` is the first parameter, never rebound, of a method written directly in a class.
    """
    here: Scope | None = scope
    while here is not None and name not in here.bindings:
        here = here.parent
    if here is None or here.parent is None or here.parent.sort != "class" or name not in ("self", "cls"):
        return None
    method = here.node
    if not isinstance(method, Function) or len(here.bindings[name]) != 1:
        return None
    positional = [*method.args.posonlyargs, *method.args.args]
    decorators = {d.id for d in method.decorator_list if isinstance(d, ast.Name)}
    if not positional or positional[0].arg != name or "staticmethod" in decorators:
        return None
    return here.parent, "class" if name == "cls" else "instance"
