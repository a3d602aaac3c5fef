"""The facts of one source file: what extraction hands to the store and to resolution.

Facts hold no path, id or project, so they depend on the file's bytes alone and can be cached by content hash. Everything is
indices into the file's own tables; strings are interned in `strings`. Encoded with msgpack (msgspec), arrays of integers as raw
little-endian int32, because resolution reads hundreds of thousands of them.

An **expression** is a triple (op, a, b) in `expressions`; `Op` explains a and b. A **variable** is a name bound in some scope with
all its definitions, in source order and whatever the control flow. Symbol 0 is always the module.
"""

from __future__ import annotations

import enum
from array import array
from typing import Any, Final

import msgspec


class Op(enum.IntEnum):
    """What an expression is; a and b by op. -1 stands for none."""

    unknown = 0
    #: A name that no scope of the file binds: a builtin, of the package, or from a wildcard import. a: string, b: symbol of the
    #: namespace or type around it, or -1.
    global_ = 1
    #: A bound name. a: variable, b: 0 where it can only be a type, else -1.
    variable = 2
    #: a: expression of the object, b: string of the property.
    member = 3
    #: a: expression of the function, b: index into `lists` or -1: pairs of the argument's name (string, or -1) and its expression.
    call = 4
    #: a: expression of the object (a subscript or generic type), b: the index's expression or -1.
    index = 5
    #: A literal. a: string of the builtin type's name, b: string of what is written (short texts and numbers) or -1.
    literal = 6
    #: The base class view of the enclosing instance (`super()`). a: symbol of the class, b: expression of the class that is named
    #: instead or -1.
    super_ = 7
    #: Either of two. a, b: expressions.
    union = 8
    #: What iterating over a yields. a: expression.
    element = 9
    #: The i-th part when a is unpacked. a: expression, b: i.
    unpack = 10
    #: What a context manager yields. a: expression.
    enter = 11
    #: An instance of the type that a names (annotation, except clause). a: expression.
    instance = 12
    #: What an import brings. a: import, b: 0 for the module that it names, -1 for what it imports, -2 for what it binds.
    imported = 13
    #: The enclosing instance (this). a: symbol of the class.
    self_ = 14
    #: A function without a name. a: symbol of the enclosing definition, b: expression of its result or -1.
    lambda_ = 15
    #: Several values or types in order. a: index into `lists`.
    tuple = 16
    #: A symbol of the file itself. a: symbol, b: 0 where a name is written that means it, else -1.
    symbol = 17
    #: The awaited value. a: expression.
    awaited = 18
    #: A name in a class's body that no scope binds: a member without its receiver, or a global name. a: expression of the
    #: enclosing instance, b: string.
    implicit = 19
    #: Values by key, as written. a: index into `lists`: pairs of the key's and the value's expression.
    mapping = 20
    #: One value that a container was given. a: expression of the key or -1, b: expression of the value.
    item = 21
    #: What is left of a sequence. a: its expression, b: number of parts before it.
    rest = 22
    #: The type of an array, or one that is made. a: expression of its elements' type.
    array = 23
    #: The result of arithmetic on two values. a, b: expressions.
    arithmetic = 24
    #: What a test says of a value. a: its expression or -1, b: expression of the class (or classes) that it is an instance of there.
    narrowed = 25
    #: Methods that the language calls on a value. a: its expression, b: string of what for.
    implied = 26
    #: The type of a function. a: index into `lists` (the types of its parameters), b: expression of its result's type or -1.
    signature = 27
    #: The type that a function is declared to take at a place. a: expression of the function, b: place.
    wanted = 28
    #: What a nameless function gets at a place. a: expression of its type, b: place.
    parameter = 29


class Define(enum.IntEnum):
    """How a variable gets its meaning; the payload that follows it in `Variable.definitions`."""

    #: payload: symbol.
    symbol = 0
    #: payload: import.
    import_ = 1
    #: payload: expression of the value.
    value = 2
    #: payload: expression of the declared type.
    type = 3
    #: The instance that a method works on. payload: symbol of the class.
    self_ = 4
    #: The class that a class method works on. payload: symbol of the class.
    cls = 5
    #: payload: symbol of the function.
    parameter = 6
    #: payload: expression of the default.
    default = 7
    #: All further positional (payload 0) or named (payload 1) arguments.
    rest = 8
    #: What a call in the same file gives for it. payload: expression.
    argument = 9


class Flag(enum.IntFlag):
    """What code_symbols says of a symbol in booleans, and what resolution needs to know."""

    exported = 1
    async_ = 2
    generator = 4
    abstract = 8
    static = 16
    class_method = 32
    #: One of several written forms of the same function (typing.overload, a declaration without a body).
    overload = 64
    #: Bound only under a condition (if, try).
    conditional = 128
    #: Sets or deletes what another definition of the name gets.
    setter = 256
    #: Written outside of the type that its qualified name names, which this file does not define.
    outside = 512
    #: A type that may be continued elsewhere.
    partial = 1024
    #: A function that is called on a type's instances as if it were their member.
    extension = 2048
    #: The last of what a function takes stands for any number of arguments.
    variadic = 4096


class SymbolFact(msgspec.Struct, array_like=True, gc=False):
    """One definition. Positions as in model.Symbol; `name` is a string index; `qualified` joins names below the module."""

    name: int
    kind: str
    container: int
    line: int
    column: int
    flags: int
    qualified: str
    #: Variables of the namespace of a module or class, by name (string index → variable).
    members: dict[int, int] = {}
    #: Expressions of the base classes, the metaclass or decorators, in source order.
    extends: tuple[int, ...] = ()
    implements: tuple[int, ...] = ()
    decorators: tuple[int, ...] = ()
    #: Functions: variables of the parameters where the result can be one of them, the declared result, and what `return` and
    #: `yield` give.
    parameters: tuple[int, ...] = ()
    returns: int = -1
    returned: tuple[int, ...] = ()
    yielded: tuple[int, ...] = ()
    #: Names of members that are found on instances only through methods (self.x = …) stand in `members` as well.
    metaclass: int = -1
    #: Extensions: the type that they are called on.
    host: int = -1
    #: Functions of languages whose calls depend on them: the declared types of the parameters.
    takes: tuple[int, ...] = ()
    #: Types whose instances can be called: as what.
    callable: tuple[int, ...] = ()


class SymbolText(msgspec.Struct, array_like=True, gc=False):
    """What only the store needs of a symbol, in the order of `symbols`; bytes are offsets into the file."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int
    start_byte: int
    end_byte: int
    signature: str | None
    documentation: str | None
    visibility: str | None


class Variable(msgspec.Struct, array_like=True, gc=False):
    """A bound name: `symbol` is its own symbol or -1 for a local; `definitions` is flat: Define, payload, Define, payload, …"""

    name: int
    symbol: int
    #: Symbol whose namespace it belongs to, or -1 for a local of a function.
    container: int
    definitions: list[int]


#: What an import of all names binds, and one that other files of the project share.
ALL: Final = "*"
EVERYWHERE: Final = "**"


class ImportFact(msgspec.Struct, array_like=True, gc=False):
    """One imported name. `module` as written (leading dots for relative ones); `name` is None where the module itself is
    meant and '=' where it is the whole that the module hands on; `bound` is the local name, ALL, EVERYWHERE or None; `symbol`
    is the import's own symbol."""

    module: str
    name: str | None
    bound: str | None
    symbol: int
    whole: bool = False


class Facts(msgspec.Struct, array_like=True, gc=False):
    """All facts of one file; see the module's text."""

    language: str
    problem: str | None
    flags: tuple[str, ...]
    n_lines: int
    strings: list[str] = []
    symbols: list[SymbolFact] = []
    texts: msgspec.Raw = msgspec.Raw(b"\x90")
    variables: list[Variable] = []
    imports: list[ImportFact] = []
    #: Names that the module says it exports (`__all__`), or None where it does not say.
    exports: list[str] | None = None
    #: int32 triples (op, a, b).
    expressions: bytes = b""
    #: int32, six a site: line, column, string of the written name, role, source symbol, expression.
    sites: bytes = b""
    #: int32, four each: calls of what no name stands for (`f()()`, `d["k"]()`, what `for` and `with` call): line and column of the
    #: last name before it, source symbol, expression of what is called.
    indirect: bytes = b""
    #: Variable-length lists that expressions point to: argument lists, container parts.
    lists: list[tuple[int, ...]] = []
    #: The package or namespace that the file says its names are part of, where its language has them; '' for none.
    package: str | None = None
    #: What a project's settings file says that imports depend on (see languages' `[settings]`).
    settings: dict[str, Any] = {}
    #: Whether the file is part of the program on the usual system (see `variants`).
    is_usual: bool = True


SITE_WIDTH = 6

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Facts)
_texts_decoder = msgspec.msgpack.Decoder(list[SymbolText])


def encode(facts: Facts) -> bytes:
    """The facts as msgpack."""
    return _encoder.encode(facts)


def decode(data: bytes) -> Facts:
    """The inverse of `encode`; raises msgspec.DecodeError for anything else."""
    return _decoder.decode(data)


def encode_texts(texts: list[SymbolText]) -> msgspec.Raw:
    """The store's part of the symbols, kept encoded so that resolution does not pay for it."""
    return msgspec.Raw(_encoder.encode(texts))


def decode_texts(facts: Facts) -> list[SymbolText]:
    """The store's part of the symbols, in the order of `facts.symbols`."""
    return _texts_decoder.decode(facts.texts)


def integers(data: bytes) -> array[int]:
    """The int32 values of `expressions` or `sites`."""
    values = array("i")
    values.frombytes(data)
    return values
