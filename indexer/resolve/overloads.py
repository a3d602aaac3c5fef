"""Which of several functions of one name a call means, by the static types of what it is given.

As the Java language specification has it (§15.12.2), and near enough C#, Kotlin and Scala: functions that cannot take the arguments are
out; those that take them as they are come before those that box them, and these before those with any number of arguments; of what
is left the most specific is meant. An argument whose type is not known decides nothing: where the functions that are left differ
in it, all of them stay possible.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.extract.facts import Define, Flag, Op
from indexer.extract.symbols import FUNCTION_KINDS
from indexer.model import Evidence
from indexer.resolve import classes, names, packages
from indexer.resolve.tree import File, key_in
from indexer.resolve.values import Value, Values

if TYPE_CHECKING:
    from indexer.resolve.infer import Resolver


class Type(NamedTuple):
    """A static type. `tag`: 'class' (of the tree: path and symbol), 'named' (of the language or from outside: `path` is its name),
    'array' (of `element`), 'null', 'function' (a lambda, whose type the parameter decides), 'any' (a type parameter of what is called)."""

    tag: str
    path: str = ""
    symbol: int = -1
    element: Type | None = None


class Fit(enum.IntEnum):
    """How an argument goes with a parameter, the better first."""

    exact = 0
    #: A subtype, or a narrower number.
    wider = 1
    boxed = 2
    #: One of the two is not known well enough to tell.
    unknown = 3
    never = 4


class _Candidate(NamedTuple):
    """A function with the types that it would take the arguments as, and how they go with them."""

    value: Value
    types: tuple[Type | None, ...]
    fits: tuple[Fit, ...]
    is_expanded: bool

    @property
    def phase(self) -> int:
        return 2 if self.is_expanded else int(Fit.boxed in self.fits)


_FUNCTION: Final = Type("function")
#: Bases are followed this far for functions that take the arguments.
_MAX_BASES: Final = 8
#: Kinds of types that functions may be instances of.
_FUNCTION_TYPES: Final = frozenset({"interface", "trait", "type"})
_NULL: Final = "null"
#: Arithmetic on narrower numbers gives these.
_INT: Final = "int"
_OBJECT_NAMES: Final = frozenset({"Object", "object", "Any", "AnyRef"})


def chosen(resolver: Resolver, file: File, meaning: Values, arguments: int) -> Values:
    """What a call means of the functions that its name may mean: one by its arguments' types, or those that are possible."""
    if arguments < 0 or not meaning:
        return meaning
    left = meaning
    if len(meaning) == 1:
        # The others of the name take other numbers of arguments, or any number.
        left = (*meaning, *_others(resolver, meaning[0]))
    if len(left) < 2 or any(v.tag != "symbol" for v in left) or (len(meaning) > 1 and meaning[0].how != Evidence.override):
        return meaning
    given = _given(resolver, file, arguments)
    if given is None:
        return meaning
    if len(meaning) == 1 and _candidate(resolver, meaning[0], given) is not None:
        return meaning
    for _ in range(_MAX_BASES):
        candidates = [c for value in left if (c := _candidate(resolver, value, given)) is not None]
        if candidates:
            return _most_specific(resolver, candidates)
        left = _inherited(resolver, left)
        if not left:
            break
    return meaning


def _given(resolver: Resolver, file: File, arguments: int) -> list[tuple[Type, ...]] | None:
    """The types that each argument may have, none where it is unknown; None where they stand behind some that have names."""
    flat = file.facts.lists[arguments]
    n_named = sum(name >= 0 for name in flat[::2])
    n_given = len(flat) // 2 - n_named
    if any(name >= 0 for name in flat[: 2 * n_given : 2]):
        return None
    # Which parameters names stand for is not known.
    return [*(_types_given(resolver, file, flat[2 * i + 1]) for i in range(n_given)), *[()] * n_named]


def _types_given(resolver: Resolver, file: File, expression: int) -> tuple[Type, ...]:
    if expression >= 0 and file.expressions[3 * expression] == Op.literal and file.strings[file.expressions[3 * expression + 1]] == _NULL:
        return (Type("null"),)
    return types_of(resolver, resolver.evaluate(file, expression))


def types_of(resolver: Resolver, values: Values) -> tuple[Type, ...]:
    """The static types of values; empty if one is unknown."""
    found: list[Type] = []
    for value in values:
        if value.how == Evidence.override or (type_ := _type_of(resolver, value)) is None:
            return ()
        if type_ not in found:
            found.append(type_)
    return tuple(found)


def _type_of(resolver: Resolver, value: Value) -> Type | None:
    match value.tag:
        case "instance":
            return Type("class", value.path, value.symbol)
        case "named":
            return Type("named", value.path)
        case "lambda" | "function":
            return _FUNCTION
        case "typed":
            file = resolver.tree.file(value.path)
            op, a, _ = file.expressions[3 * value.symbol : 3 * value.symbol + 3]
            if op == Op.array:
                return Type("array", element=_declared(resolver, file, a))
            name = names.last(file, a)
            return Type("named", name) if name else None
        case _:
            return None


def _declared(resolver: Resolver, file: File, annotation: int) -> Type | None:
    """The type that an annotation says; None where it is not known."""
    if annotation < 0:
        return None
    op, a, _ = file.expressions[3 * annotation : 3 * annotation + 3]
    if op == Op.variable and file.variables[a].symbol < 0 and not file.variables[a].definitions:
        return Type("any")
    types = types_of(resolver, resolver.instances(file, annotation))
    return types[0] if len(types) == 1 else None


# -- candidates ------------------------------------------------------------------------------------------------------------


def _candidate(resolver: Resolver, value: Value, given: list[tuple[Type, ...]]) -> _Candidate | None:
    """A function as what may be called; None if it cannot take the arguments."""
    file = resolver.tree.file(value.path)
    fact = file.symbols[value.symbol]
    resolver.tree.reads.add(key_in(file, fact.qualified + "()"))
    takes: tuple[Type | None, ...] = resolver.frame(("takes", value.path, value.symbol), _takes, resolver, value)
    if fact.flags & Flag.extension and len(given) < len(takes) and packages.rules_of(file.language).extensions == "first":
        # What it is called on is not among the arguments, if there are not more parameters that need none.
        takes = takes[1:]
    is_variadic = bool(fact.flags & Flag.variadic)
    is_trailing = given[-1:] == [(_FUNCTION,)] and packages.rules_of(file.language).trailing
    if len(given) < len(takes) and not is_variadic and not is_trailing and not _takes_fewer(resolver, file, value.symbol, len(given)):
        return None
    if len(given) <= len(takes):
        types = takes[: len(given)]
        if len(given) < len(takes) and is_trailing:
            types = (*types[:-1], takes[-1])
        if is_variadic and len(given) == len(takes):
            types = (*takes[:-1], Type("array", element=takes[-1]))
        fits = _fits(resolver, file, given, types)
        if Fit.never not in fits:
            return _Candidate(value, types, fits, False)
    if not is_variadic or len(given) < len(takes) - 1:
        # Facts without types (a function of another language) say nothing against it.
        return None if takes else _Candidate(value, (None,) * len(given), (Fit.unknown,) * len(given), False)
    types = (*takes[:-1], *takes[-1:] * (len(given) - len(takes) + 1))
    fits = _fits(resolver, file, given, types)
    return None if Fit.never in fits else _Candidate(value, types, fits, True)


def takes_as_many(resolver: Resolver, value: Value, name: str) -> bool:
    """Whether a function can take as many arguments as a name that is called says; so can what is no function, as far as is known."""
    count = name.partition("()")[2]
    if value.tag != "symbol" or not count:
        return True
    file = resolver.tree.file(value.path)
    fact = file.symbols[value.symbol]
    if fact.kind not in FUNCTION_KINDS or fact.flags & Flag.variadic:
        return True
    resolver.tree.reads.add(key_in(file, fact.qualified + "()"))
    return not fact.takes or len(fact.takes) == int(count) or _takes_fewer(resolver, file, value.symbol, int(count))


def _takes_fewer(resolver: Resolver, file: File, symbol: int, n_given: int) -> bool:
    """Whether a function takes that number of arguments, with or without what it is called on."""
    fact = file.symbols[symbol]
    space, name = file.namespace(max(fact.container, 0)), file.strings[fact.name]
    counts = (n_given, n_given + 1) if fact.flags & Flag.extension else (n_given,)
    resolver.tree.reads.update(_member_key(file, fact.container, f"{name}(){count}") for count in counts)
    numbers = [space.get(f"{name}(){count}") for count in counts]
    if space.get(f"{name}()") is None:
        # It is bound elsewhere, where nothing is known of it.
        return True
    return any(symbol in file.variables[number].definitions[1::2] for number in numbers if number is not None)


def _member_key(file: File, container: int, name: str) -> int:
    return key_in(file, f"{file.symbols[container].qualified}.{name}" if container > 0 else name)


def _others(resolver: Resolver, value: Value) -> Values:
    """The other functions of a function's name in its type."""
    if value.tag != "symbol":
        return ()
    file = resolver.tree.file(value.path)
    fact = file.symbols[value.symbol]
    if not fact.takes or fact.container < 0:
        return ()
    name = f"{file.strings[fact.name]}()"
    resolver.tree.reads.add(_member_key(file, fact.container, name))
    number = file.namespace(fact.container).get(name)
    definitions = file.variables[number].definitions if number is not None else []
    if len(definitions) < 4:
        return ()
    return tuple(
        Value("symbol", value.path, other, Evidence.override)
        for define, other in zip(definitions[::2], definitions[1::2], strict=True)
        if define == Define.symbol and other != value.symbol and file.symbols[other].kind in FUNCTION_KINDS
    )


def _takes(resolver: Resolver, value: Value) -> tuple[Type | None, ...]:
    file = resolver.tree.file(value.path)
    return tuple(_declared(resolver, file, annotation) for annotation in file.symbols[value.symbol].takes)


def _fits(resolver: Resolver, file: File, given: list[tuple[Type, ...]], types: Iterable[Type | None]) -> tuple[Fit, ...]:
    return tuple(
        max((fit(resolver, file, argument, type_) for argument in arguments), default=Fit.unknown)
        for arguments, type_ in zip(given, types, strict=False)
    )


def _inherited(resolver: Resolver, candidates: Values) -> Values:
    """The functions of the same name that the type of the candidates inherits."""
    file = resolver.tree.file(candidates[0].path)
    fact = file.symbols[candidates[0].symbol]
    if fact.container <= 0:
        return ()
    base = Value("super", file.path, fact.container, Evidence.inheritance)
    found = resolver.member(base, f"{file.strings[fact.name]}()")
    return tuple(v for v in found if v.tag == "symbol" and resolver.tree.file(v.path).symbols[v.symbol].kind in FUNCTION_KINDS)


def _most_specific(resolver: Resolver, candidates: list[_Candidate]) -> Values:
    """The candidate that all the others are wider than, or all that may be it."""
    if len(candidates) > 1:
        undecided = {i for c in candidates for i, how in enumerate(c.fits) if how == Fit.unknown}
        is_told = all(len({c.types[i : i + 1] for c in candidates}) == 1 for i in undecided)
        if is_told:
            first = min(c.phase for c in candidates)
            candidates = [c for c in candidates if c.phase == first]
        sure = [c for c in candidates if all(c.fits[i] != Fit.unknown or is_told for i in range(len(c.fits)))]
        for candidate in sure:
            if all(c is candidate or _is_narrower(resolver, candidate, c) for c in candidates):
                candidates = [candidate]
                break
    if len(candidates) > 1:
        return tuple(c.value for c in candidates)
    (only,) = candidates
    is_sure = Fit.unknown not in only.fits
    return (only.value._replace(how=Evidence.type if is_sure else Evidence.inferred),)


def _is_narrower(resolver: Resolver, one: _Candidate, other: _Candidate) -> bool:
    """Whether all that one takes the other takes as well."""
    if len(one.types) != len(other.types):
        return False
    file = resolver.tree.file(one.value.path)
    return all(_is_below(resolver, file, a, b) for a, b in zip(one.types, other.types, strict=True))


def _is_below(resolver: Resolver, file: File, one: Type | None, other: Type | None) -> bool:
    if one == other:
        return True
    if one is None or other is None:
        return False
    if one.tag == "any":
        # A type parameter stands for any type that is no primitive.
        return _is_root(resolver, other)
    if other.tag == "any":
        return not _is_primitive(file, one)
    return fit(resolver, file, one, other) <= Fit.wider


# -- types -----------------------------------------------------------------------------------------------------------------


def fit(resolver: Resolver, file: File, given: Type, wanted: Type | None) -> Fit:
    """How a value of a type goes where another is wanted; `file` says by the rules of which language."""
    if wanted is None:
        return Fit.unknown
    if given == wanted:
        return Fit.exact
    is_primitive = _is_primitive(file, wanted)
    if given.tag == "null":
        return Fit.wider if not is_primitive else Fit.unknown if packages.rules_of(file.language).nullable else Fit.never
    if given.tag == "any":
        is_any = wanted.tag == "any" or _is_root(resolver, wanted)
        return Fit.wider if is_any else Fit.never if is_primitive else Fit.unknown
    if given.tag == "function":
        return _fit_of_function(resolver, file, wanted)
    if _is_primitive(file, given):
        return _fit_of_primitive(resolver, file, given, wanted)
    if is_primitive:
        return _unboxed(resolver, file, given, wanted)
    if wanted.tag == "any" or _is_root(resolver, wanted):
        return Fit.wider
    if _is_root(resolver, given):
        return Fit.never
    if given.tag == "array" or wanted.tag == "array":
        return _fit_of_arrays(resolver, file, given, wanted)
    return _fit_of_classes(resolver, file, given, wanted)


def _is_primitive(file: File, type_: Type) -> bool:
    return type_.tag == "named" and type_.path in packages.rules_of(file.language).primitives


def _is_root(resolver: Resolver, type_: Type) -> bool:
    return _name_of(resolver, type_) in _OBJECT_NAMES


def _name_of(resolver: Resolver, type_: Type) -> str:
    if type_.tag != "class":
        return type_.path
    file = resolver.tree.file(type_.path)
    return file.strings[file.symbols[type_.symbol].name]


def _fit_of_function(resolver: Resolver, file: File, wanted: Type) -> Fit:
    """A function goes with what may be a type of functions: no class, no array, no type of the language's own values."""
    if wanted.tag == "array" or _is_primitive(file, wanted) or _is_root(resolver, wanted):
        return Fit.never
    if wanted.tag == "class" and resolver.tree.file(wanted.path).symbols[wanted.symbol].kind not in _FUNCTION_TYPES:
        return Fit.never
    return Fit.never if wanted.path in packages.rules_of(file.language).final else Fit.unknown


def _fit_of_primitive(resolver: Resolver, file: File, given: Type, wanted: Type) -> Fit:
    rules = packages.rules_of(file.language)
    if _is_primitive(file, wanted):
        return Fit.wider if wanted.path in rules.primitives[given.path] else Fit.never
    if wanted.tag == "any" or _is_root(resolver, wanted):
        return Fit.boxed
    box = rules.boxes.get(given.path)
    if box is None or wanted.tag == "array":
        return Fit.never
    if _name_of(resolver, wanted) in (box, *rules.final.get(box, ())):
        return Fit.boxed
    return Fit.never


def _unboxed(resolver: Resolver, file: File, given: Type, wanted: Type) -> Fit:
    rules = packages.rules_of(file.language)
    name = _name_of(resolver, given)
    for primitive, box in rules.boxes.items():
        if box == name:
            return Fit.boxed if primitive == wanted.path or wanted.path in rules.primitives[primitive] else Fit.never
    return Fit.never


def _fit_of_arrays(resolver: Resolver, file: File, given: Type, wanted: Type) -> Fit:
    if given.tag != "array":
        return Fit.never
    if wanted.tag != "array":
        return Fit.wider if _name_of(resolver, wanted) in ("Cloneable", "Serializable") else Fit.never
    if given.element is None or wanted.element is None:
        return Fit.unknown
    found = fit(resolver, file, given.element, wanted.element)
    if _is_primitive(file, given.element) or _is_primitive(file, wanted.element):
        return Fit.never
    return found


def _fit_of_classes(resolver: Resolver, file: File, given: Type, wanted: Type) -> Fit:
    if given.tag == "named":
        return _fit_of_outside(resolver, file, given, wanted)
    bases = classes.mro(resolver, given.path, given.symbol)
    if wanted.tag == "class":
        if any(base.path == wanted.path and base.symbol == wanted.symbol for base in bases):
            return Fit.wider
        return _fit_of_converted(resolver, file, given, wanted)
    if wanted.path in packages.rules_of(file.language).final:
        return Fit.never
    return Fit.unknown if any(base.tag == "external" for base in bases) else Fit.never


def _fit_of_converted(resolver: Resolver, file: File, given: Type, wanted: Type) -> Fit:
    """Whether one of two types says that it is made of the other without a word."""
    name = packages.rules_of(file.language).conversions
    if not name:
        return Fit.never
    for type_ in (given, wanted):
        if type_.tag != "class":
            continue
        for found in resolver.member(Value("class", type_.path, type_.symbol, Evidence.type), f"{name}()"):
            if found.tag != "symbol":
                continue
            made = types_of(resolver, resolver.results(found.path, found.symbol))
            takes = resolver.frame(("takes", found.path, found.symbol), _takes, resolver, found)
            if wanted in made and len(takes) == 1 and takes[0] is not None and _is_below(resolver, file, given, takes[0]):
                return Fit.boxed
    return Fit.never


def _fit_of_outside(resolver: Resolver, file: File, given: Type, wanted: Type) -> Fit:
    """A type from outside goes with types from outside, as far as the language's own are known."""
    final = packages.rules_of(file.language).final
    if wanted.tag == "class":
        # What is outside knows nothing of the tree, unless the language itself is what the tree holds.
        if _name_of(resolver, wanted) in final.get(given.path, ()):
            return Fit.wider
        return _fit_of_converted(resolver, file, given, wanted)
    if given.path in final:
        return Fit.wider if wanted.path in final[given.path] else Fit.never
    return Fit.never if wanted.path in final else Fit.unknown


# -- values of the language's own types --------------------------------------------------------------------------------------


def of_word(resolver: Resolver, file: File, word: str) -> Values:
    """An instance of a type that the language has a word or literals for; nothing for one of no type."""
    if word == _NULL:
        return ()
    found: Values = resolver.frame(("word", file.path, word), _of_word, resolver, file, word)
    return found


def _of_word(resolver: Resolver, file: File, word: str) -> Values:
    rules = packages.rules_of(file.language)
    name = rules.words.get(word, word)
    if name not in rules.primitives:
        found = names.global_name(resolver, file, f"{name}\t")
        if found and found[0].tag == "symbol":
            return (Value("instance", found[0].path, found[0].symbol, Evidence.type),)
    return (Value("named", name, -1, Evidence.external),)


def arithmetic(resolver: Resolver, file: File, left: int, right: int) -> Values:
    """The result of an operation on two values: a text if one is, else the wider number."""
    rules = packages.rules_of(file.language)
    found: list[str] = []
    for expression in (left, right):
        types = types_of(resolver, resolver.evaluate(file, expression))
        if any(_name_of(resolver, type_) == rules.text for type_ in types):
            return of_word(resolver, file, rules.text)
        found.extend(type_.path for type_ in types if _is_primitive(file, type_))
    if len(found) != 2:
        return ()
    one, other = found
    wider = other if other in rules.primitives[one] else one
    return (Value("named", _INT if _INT in rules.primitives.get(wider, ()) else wider, -1, Evidence.external),)
