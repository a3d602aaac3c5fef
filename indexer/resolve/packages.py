"""Names that files share without importing each other: the package, namespace or folder that their definitions are part of.

A **full name** joins packages, types and members by dots, whatever the language writes between them. Files share by **family**:
Java and Kotlin see each other's packages, C and C++ each other's functions.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from indexer import languages
from indexer.extract import facts as f

#: The name of the whole that a module hands on; what it hands on under another name than a definition's begins with it.
WHOLE: Final = "="

#: What the shared names of extensions begin with that stand in types.
EXTENSION: Final = "+"

_NO_SHARING: Final = frozenset({"import", "export"})
_SPACES: Final = frozenset({"module", "namespace", "package"})
#: In the names of what no other file sees.
_ANONYMOUS: Final = "(anonymous)"
#: What others know of a file that is no header: what is linked, and types that headers only declare.
_LINKED: Final = frozenset({"function", "variable", "namespace", "class", "struct", "union", "enum"})
_SEPARATORS: Final = str.maketrans({"#": ".", "\\": "."})


@dataclass(frozen=True, slots=True)
class Rules:
    """What language.toml says of imports and packages.

    `package` is where a file's package comes from: 'folder', 'declared', 'project' (one for all) or '' (nothing is shared);
    `shares` is 'top' (what stands at the top of packages, and members that are written apart from their types) 'members' (theirs
    as well: types may be continued elsewhere), 'apart' (only such members and macros), or 'exported' (only what is marked as visible)."""

    strategy: str
    family: str
    package: str
    shares: str
    #: Whether a name is looked for in the packages around its own as well.
    nests: bool
    #: Whether a file may import names for the others of its project too.
    everywhere: bool
    hands_on: bool
    hides_underscore: bool
    #: Whether a name may be declared in one file and defined in another.
    declares: bool
    #: How the files end whose static names others see, where those of the other files are their own.
    headers: tuple[str, ...]
    #: What separates the words of imports that are paths of names, each a member of what comes before it; '' elsewhere.
    paths: str
    #: Whether a call chooses among several functions of one name.
    overloads: bool
    #: Whether a method's name stands for it where it is not called.
    method_values: bool
    #: Whether a method's name calls it where a member of it is asked for.
    parameterless: bool
    #: How functions are written that can be called like members of a type: 'receiver' (in front of the name, and the instance
    #: inside), 'named' (in front as well, a parameter inside), 'first' (parameter) or ''.
    extensions: str
    #: Whether only types that say so are continued elsewhere.
    marks_parts: bool
    #: Whether any type may be continued anywhere.
    reopens: bool
    #: Whether a type's base classes are looked in for names that are nowhere around.
    inherits_names: bool
    #: Whether a name that is nowhere in the project is one from outside.
    unknown_is_external: bool
    #: Whether naming a function calls it.
    calls_by_name: bool
    #: What making an instance is called, and the method that it runs.
    makers: Mapping[str, str]
    #: Packages whose names are seen without an import.
    implicit: tuple[str, ...]
    #: Methods that every object has.
    object_members: frozenset[str]
    transparent: frozenset[str]
    #: Types that are no objects, each with those that its values go as without a word; what wraps them; and the language's own types
    #: below which there are no others, with what they are instances of.
    primitives: Mapping[str, frozenset[str]]
    boxes: Mapping[str, str]
    final: Mapping[str, tuple[str, ...]]
    #: Other words for types.
    words: Mapping[str, str]
    #: The type of texts, and that above all others.
    text: str
    root: str
    #: Types of the members of arrays.
    array_members: Mapping[str, str]
    #: Whether a type's name does not tell that there may be no value.
    nullable: bool
    #: What members are called by which a type is made another without a word; '' where there are none.
    conversions: str
    #: Whether the last argument is the last parameter's, though fewer are given.
    trailing: bool
    #: The base class of types by their kind, where they name none, if the tree holds it.
    bases: Mapping[str, str]
    #: What tells files for other systems apart by their names, and which of them are preferred.
    variants: re.Pattern[str] | None
    usual_variants: frozenset[str]


@functools.cache
def rules_of(language: str) -> Rules:
    """The rules of a language."""
    loaded = languages.load(language)
    said = loaded.section("imports")
    return Rules(
        strategy=said.get("strategy", ""),
        family=said.get("family", language),
        package=said.get("package", ""),
        shares=said.get("shares", "top"),
        declares=said.get("declares", False),
        headers=tuple(said.get("headers", ())),
        paths=said.get("separator", ".") if said.get("paths") else "",
        nests=said.get("nests", False),
        everywhere=said.get("everywhere", False),
        hands_on=said.get("hands_on", said.get("strategy") == "ecmascript"),
        hides_underscore=said.get("wildcard_hides", "") == "_",
        overloads=loaded.section("scopes").get("method_space", False),
        method_values=loaded.section("types").get("method_values", False),
        parameterless=loaded.section("types").get("parameterless", False),
        extensions=loaded.section("scopes").get("extensions", ""),
        marks_parts="partial" in loaded.section("modifiers"),
        reopens=loaded.section("types").get("reopened", False),
        inherits_names=said.get("inherits", False),
        unknown_is_external=loaded.section("builtins").get("others", False),
        calls_by_name="bare_calls" in loaded.section("scopes"),
        makers=loaded.section("types").get("makers", {}),
        implicit=tuple(said.get("implicit", ())),
        object_members=frozenset(loaded.section("types").get("object_members", ())),
        transparent=frozenset(loaded.section("types").get("transparent", ())),
        primitives=_wider(loaded.section("types")),
        boxes=loaded.section("types").get("boxes", {}),
        final={name: tuple(above) for name, above in loaded.section("types").get("final", {}).items()},
        words=loaded.section("types").get("words", {}),
        text=loaded.section("types").get("text", ""),
        root=loaded.section("types").get("root", ""),
        array_members=loaded.section("types").get("array_members", {}),
        conversions=loaded.section("types").get("conversions", ""),
        nullable=loaded.section("types").get("nullable", False),
        trailing=loaded.section("types").get("trailing", False),
        bases=loaded.section("types").get("bases", {}),
        variants=re.compile(said["variants"]) if "variants" in said else None,
        usual_variants=frozenset(said.get("usual_variants", ())),
    )


def _wider(said: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The primitive types, each with those that are wider."""
    found: dict[str, frozenset[str]] = {name: frozenset() for name in said.get("boxes", ())}
    for chain in said.get("widening", ()):
        for i, name in enumerate(chain):
            found[name] = found.get(name, frozenset()).union(chain[i + 1 :], *(found.get(wider, ()) for wider in chain[i + 1 :]))
    return found


def is_component(path: str) -> bool:
    """Whether a file is a component of a page, which hands itself on without saying so."""
    language = languages.language_of_path(path)
    return language is not None and bool(languages.load(language).rules.get("embedded", {}).get("component"))


def is_unlikely(own: str, other: str, facts: f.Facts) -> bool:
    """Whether a file is one for another system, unless the asking one is for that system as well."""
    rules = rules_of(facts.language)
    if rules.variants is None:
        return False
    found = rules.variants.search(other)
    if found is None:
        return not facts.is_usual
    mine = rules.variants.search(own)
    if mine is not None and mine[1] == found[1]:
        return False
    return not facts.is_usual or not all(word in rules.usual_variants for word in found[1].split("_"))


def dotted(name: str) -> str:
    """A qualified name with dots between its parts."""
    return name.replace("::", ".").translate(_SEPARATORS)


def package_of(path: str, facts: f.Facts) -> str | None:
    """The package that a file's names are part of, dotted; '' is the unnamed one, None where nothing is shared."""
    match rules_of(facts.language).package:
        case "folder":
            folder = path.rpartition("/")[0]
            return folder + "_test" if (facts.package or "").endswith("_test") and "_test." in path else folder
        case "declared":
            return dotted(facts.package or "")
        case "project":
            return ""
        case _:
            return None


def plain(name: str) -> str:
    """A name without the mark of a method and its number of arguments (`size()2`), or of a type (a tab and maybe an ending)."""
    return name.partition("()")[0].partition("\t")[0]


def join(package: str, name: str) -> str:
    """A full name; either part may be ''."""
    return f"{package}.{name}" if package and name else package or name


def shared(path: str, facts: f.Facts) -> Iterator[tuple[str, int]]:
    """The full names that a file shares, with their symbols, in source order."""
    package = package_of(path, facts)
    if package is None:
        return
    rules = rules_of(facts.language)
    rule = rules.shares
    hides = bool(rules.headers) and not path.endswith(rules.headers)
    symbols = facts.symbols
    for number in range(1, len(symbols)):
        symbol = symbols[number]
        if rule == "exported" and not symbol.flags & f.Flag.exported:
            continue
        if symbol.kind in _NO_SHARING or (hides and _ANONYMOUS in symbol.qualified):
            continue
        if symbol.kind == "constructor" and rules.declares:
            # Its name means the class.
            continue
        if (
            symbol.flags & f.Flag.outside
            or (symbols[symbol.container].kind in _SPACES and (rule != "apart" or symbol.kind == "macro"))
            or (rule == "members" and symbols[symbol.container].members)
        ):
            is_member = symbols[symbol.container].kind not in _SPACES
            if not hides or is_member or (symbol.kind in _LINKED and not symbol.flags & f.Flag.static):
                yield join(package, dotted(symbol.qualified)), number
        elif symbol.kind == "enum_member" and not hides and _is_beside(facts, number):
            outer = symbols[symbols[symbol.container].container].qualified
            yield join(package, join(dotted(outer), facts.strings[symbol.name])), number
            yield join(package, dotted(symbol.qualified)), number
        if symbol.flags & f.Flag.extension and symbols[symbol.container].kind == "class":
            outer, _, name = dotted(symbol.qualified).rpartition(".")
            yield join(join(package, outer.rpartition(".")[0]), EXTENSION + name), number


def _is_beside(facts: f.Facts, number: int) -> bool:
    """Whether a member of an enum is a name of what is around the enum."""
    symbol = facts.symbols[number]
    variable = facts.symbols[facts.symbols[symbol.container].container].members.get(symbol.name)
    return variable is not None and facts.variables[variable].symbol == number


def packages(path: str, facts: f.Facts) -> set[str]:
    """The packages that a file is part of or makes, and those around them."""
    package = package_of(path, facts)
    if package is None:
        return set()
    found = {package}
    found.update(join(package, dotted(s.qualified)) for s in facts.symbols if s.kind in ("namespace", "package"))
    if rules_of(facts.language).package != "folder":
        for name in list(found):
            while (name := name.rpartition(".")[0]) and name not in found:
                found.add(name)
    return found
