"""Names that files share: packages and namespaces, full names, what headers bring, types that are written in several parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.facts import EVERYWHERE
from indexer.extract.symbols import CLASS_KINDS
from indexer.model import Evidence
from indexer.resolve import choice, imports, packages
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import MAX_VALUES, Value, Values

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


def of_package(resolver: Resolver, file: File, name: str, space: int) -> Values:
    """What a name denotes in the namespaces around it and in the file's package; other files may define it."""
    package = packages.package_of(file.path, file.facts)
    if package is None:
        return ()
    inner = packages.dotted(file.symbols[space].qualified) if space > 0 else ""
    while inner:
        if found := full_name(resolver, file, packages.join(packages.join(package, inner), name)):
            return found
        inner = inner.rpartition(".")[0]
    if found := full_name(resolver, file, packages.join(package, name)):
        return found
    if not packages.rules_of(file.language).nests:
        return full_name(resolver, file, name) if packages.rules_of(file.language).package == "declared" else ()
    while package:
        package = package.rpartition(".")[0]
        if found := full_name(resolver, file, packages.join(package, name)):
            return found
    return ()


def full_name(resolver: Resolver, file: File, full: str) -> Values:
    """The symbols of a full name in the families that the file sees, the likeliest first; or the package of that name.

    The name may carry a mark (see `packages.plain`)."""
    rules = packages.rules_of(file.language)
    plain = packages.plain(full)
    if rules.reopens and (whole := _reopened(resolver, rules.family, plain)):
        return whole
    entries = resolver.tree.named(rules.family, plain)
    if rules.declares and entries:
        entries = {path: numbers for path, numbers in entries.items() if is_likely(resolver, file, path, numbers)}
    seen = included(resolver, file.path)[0] if rules.declares and len(entries) > 1 else frozenset()
    if found := _shared_symbols(resolver, entries, full[len(plain) :], file.path, seen):
        return found
    if resolver.tree.is_package(rules.family, plain) and rules.package != "folder":
        return (Value("package", f"{rules.family}:{plain}", 0, Evidence.import_),)
    return ()


def _shared_symbols(
    resolver: Resolver, entries: dict[str, tuple[int, ...]], mark: str, path: str, seen: frozenset[str] = frozenset()
) -> Values:
    """What files share under a name: the nearest first, of functions only those that take the number of arguments if any do."""
    fitting: list[Value] = []
    others: list[Value] = []
    for other, numbers in choice.by_nearness(resolver.tree, entries, path, seen) if entries else ():
        file = resolver.tree.file(other)
        symbol = file.symbols[numbers[0]]
        outer = file.symbols[symbol.container].qualified
        name = file.strings[symbol.name]
        key = f"{outer}.{name}" if outer else name
        resolver.tree.reads.add(key_in(file, key))
        if mark.startswith("("):
            resolver.tree.reads.add(key_in(file, key + mark))
            counted = file.namespace(symbol.container).get(name + mark)
            taking = [] if counted is None else choice.among(file, counted, numbers)
            fitting.extend(choice.chosen(file, taking))
            others.extend(choice.chosen(file, choice.without_objects(file, list(numbers))))
        elif mark:
            types = [n for n in numbers if file.symbols[n].kind in choice.TYPES_AND_SPACES]
            others.extend(choice.chosen(file, choice.without_objects(file, types)))
        else:
            others.extend(choice.chosen(file, list(numbers)))
    return tuple((fitting or others)[:MAX_VALUES])


def _reopened(resolver: Resolver, family: str, full: str) -> Values:
    """The part of a type that is written in several that stands for all: the one that names a base class, else the largest."""
    found: Values = resolver.frame(("reopened", family, full), _largest_part, resolver, family, full)
    return found


def _largest_part(resolver: Resolver, family: str, full: str) -> Values:
    entries = resolver.tree.named(family, full)
    parts = types_named(resolver, family, full)
    if not parts or sum(map(len, entries.values())) > len(parts):
        return ()

    def rank(part: tuple[str, int]) -> tuple[bool, int, str]:
        symbol = resolver.tree.file(part[0]).symbols[part[1]]
        return not symbol.extends, -len(symbol.members), part[0]

    for path, number in parts:
        file = resolver.tree.file(path)
        resolver.tree.reads.add(key_in(file, file.symbols[number].qualified + "<size"))
    path, number = min(parts, key=rank)
    file = resolver.tree.file(path)
    resolver.tree.reads.update((key_in(file, file.symbols[number].qualified), key_in(file, file.symbols[number].qualified + "<")))
    return (Value("symbol", path, number, Evidence.import_),)


def types_named(resolver: Resolver, family: str, full: str) -> list[tuple[str, int]]:
    """The symbols of a full name that are types, in the order of their paths."""
    entries = sorted(resolver.tree.named(family, full).items())
    return [(path, n) for path, numbers in entries for n in numbers if resolver.tree.file(path).symbols[n].kind in CLASS_KINDS]


def in_package(resolver: Resolver, family: str, full: str) -> Values:
    """What a full name denotes in a family of languages."""
    plain = packages.plain(full)
    entries = resolver.tree.named(family, plain)
    if found := _shared_symbols(resolver, entries, full[len(plain) :], ""):
        return found
    if resolver.tree.is_package(family, plain):
        return (Value("package", f"{family}:{plain}", 0, Evidence.import_),)
    return ()


def package_file(resolver: Resolver, package: Value) -> str | None:
    """The file whose module stands for a package that is a folder: the first that is no test; None for other packages."""
    family, _, name = package.path.partition(":")
    files = resolver.tree.package_files(family, name)
    if not files or packages.rules_of(resolver.tree.file(files[0]).language).package != "folder":
        return None
    return files[0]


def seen_packages(resolver: Resolver, file: File) -> list[str]:
    """The packages whose names a file sees: its own, its namespaces', those around them, and those that it imports."""
    own = packages.package_of(file.path, file.facts) or ""
    spaces = [own, *(packages.join(own, packages.dotted(s.qualified)) for s in file.symbols if s.kind == "namespace")]
    for space in list(spaces):
        while space:
            space = space.rpartition(".")[0]
            spaces.append(space)
    for other, number in opened(resolver, file):
        module = module_of_import(resolver, other, number)
        if isinstance(module, imports.Package):
            spaces.append(module.name)
    return list(dict.fromkeys(spaces))


def opened(resolver: Resolver, file: File) -> list[tuple[File, int]]:
    """The imports of all names that count in a file, with the files that they are written in: the last of its own first."""
    resolver.tree.reads.add(key_in(file, "*imports"))
    found = [(file, number) for number in reversed(file.wildcards)]
    rules = packages.rules_of(file.language)
    if rules.everywhere:
        for path in resolver.tree.importing_everywhere(rules.family):
            if path != file.path and file.path.startswith(_project_of(path)):
                other = resolver.tree.file(path)
                found += [(other, number) for number in other.wildcards if other.imports[number].bound == EVERYWHERE]
    return found


def _project_of(path: str) -> str:
    """What the paths begin with that share the imports of a file: those below its folder; one of settings stands for the one around."""
    folder = path.rpartition("/")[0].removesuffix("Properties").rstrip("/")
    return f"{folder}/" if folder else ""


def is_likely(resolver: Resolver, file: File, path: str, numbers: tuple[int, ...]) -> bool:
    """Whether what another file defines counts for a file: it is not for another system."""
    other = resolver.tree.file(path)
    if path == file.path:
        return True
    if packages.is_unlikely(file.path, path, other.facts):
        return False
    return not all(choice.stands_in(other.symbols[number]) for number in numbers) or not included(resolver, file.path)[1]


def included(resolver: Resolver, path: str) -> tuple[frozenset[str], bool]:
    """The files that a file includes, those that they include and so on, and whether any include leads outside of the tree."""
    found: tuple[frozenset[str], bool] = resolver.frame(("included", path), _all_included, resolver, path, empty=(frozenset(), False))
    return found


def _all_included(resolver: Resolver, path: str) -> tuple[frozenset[str], bool]:
    seen: set[str] = set()
    pending = [path]
    is_outside = False
    while pending:
        file = resolver.tree.file(pending.pop())
        resolver.tree.reads.add(key_in(file, "*imports"))
        for number in file.wildcards:
            module = module_of_import(resolver, file, number)
            if isinstance(module, imports.Module) and module.path not in seen:
                seen.add(module.path)
                pending.append(module.path)
            is_outside = is_outside or module is None
    return frozenset(seen), is_outside


def module_of_import(resolver: Resolver, file: File, number: int) -> imports.Found:
    """The module, folder, package or definition that an import names; None where it is outside of the tree."""
    fact = file.imports[number]
    strategy = packages.rules_of(file.language).strategy
    asker = file.path.rpartition("/")[0] if strategy in imports.BY_FOLDER else file.path
    key = ("find", asker, fact.module, file.language)
    found: imports.Found = resolver.frame(
        key, imports.find, resolver.tree, strategy, fact.module, file.path, empty=None
    )
    return found
