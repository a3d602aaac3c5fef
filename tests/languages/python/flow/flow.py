from typing import Annotated, Callable, Dict, Generator, Iterator, List, Mapping, Optional, Self, Tuple, Union
import contextlib
import typing

from kept import KEY, Other, Part


def one():
    pass


def two():
    pass


# -- functions by other names
alias = one
alias()
# <- calls flow.alias scope
# <- possible flow.one inferred
first, (second, *rest), last = one, (two, two), one
first()
# <- possible flow.one inferred
second()
# <- possible flow.two inferred
last()
# <- possible flow.one inferred
# <- impossible flow.two
rest[0]()
# <- calls flow.rest scope
# <- possible flow.two inferred
chosen = left = two
chosen()
# <- possible flow.two inferred


def call_it(function, other=two):
    function()
    # <- calls flow.one inferred
    other()
    # <- calls flow.two inferred


call_it(one)


def call_either(function):
    function()
    # <- calls unresolved
    # <- possible flow.one override
    # <- possible flow.two override


call_either(one)
call_either(function=two)
shortened = lambda function: function()
#                            ^ calls flow.two inferred
shortened(two)


def give():
    return two


def give_back(value, unused=None):
    return value


def give_part():
    return Part()


def both():
    return one, two


give()()
# <- calls flow.give scope
# <- possible flow.two inferred
give_back(one)()
# <- possible flow.one inferred
# <- impossible flow.two
give_back(unused=one, value=two)()
# <- possible flow.two inferred
# <- impossible flow.one
both()[1]()
# <- possible flow.two inferred
# <- impossible flow.one
give_part().run()
#           ^ calls kept.Part.run inferred


def decorate(function):
    function()
    # <- calls flow.decorated inferred
    return function


@decorate
# <- nothing
def decorated():
    pass


class Method:
    def __init__(self, part, step=None):
        self.part = part
        self.step = self.run
        self.parts = {}
        self.parts["a"] = part

    def run(self):
        self.part.run()
        #         ^ calls kept.Part.run inferred
        self.step()
        #    ^ calls flow.Method.step self
        #    ^ possible flow.Method.run inferred
        self.parts["a"].run()
        #               ^ calls kept.Part.run inferred
        for part in self.parts.values():
            part.run()
            #    ^ calls kept.Part.run inferred
        self.also(one)

    def also(self, function):
        function()
        # <- calls flow.one inferred


made = Method(Part())
made.also(one)
raise Method
#     ^ calls flow.Method scope

# -- containers
table = {"a": one, KEY: two, 1: Part()}
table["a"]()
# <- calls flow.table scope
# <- possible flow.two inferred
# <- impossible flow.one
table[KEY]()
# <- possible flow.two inferred
# <- impossible flow.one
table[1].run()
#        ^ calls kept.Part.run inferred
table["a"] = two
table.get("a")()
#     ^ possible flow.two override


def by_default(key="a"):
    table[key]()
    # <- possible flow.two inferred


things = [Part()]
things.append(Part())
things[0].run()
#         ^ calls kept.Part.run inferred
things[1:][0].run()
#             ^ calls kept.Part.run inferred
for number, thing in enumerate(things):
    thing.run()
    #     ^ calls kept.Part.run inferred
for thing in sorted(things):
    thing.run()
    #     ^ calls kept.Part.run inferred
for thing, zipped in zip(things, [one]):
    thing.run()
    #     ^ calls kept.Part.run inferred
    zipped()
    # <- calls flow.one inferred
for either in [Part(), Other()]:
    either.run()
    #      ^ calls unresolved
    #      ^ possible kept.Part.run override
    #      ^ possible kept.Other.run override
{thing for thing in things}.pop().run()
#                                 ^ calls kept.Part.run inferred
[thing for thing in things][0].run()
#                              ^ calls kept.Part.run inferred
{1: Part() for _ in things}[1].run()
#                              ^ calls kept.Part.run inferred
next(thing for thing in things).run()
#                               ^ calls kept.Part.run inferred
{Part(), Part()}
kinds = (Part, Other)
kinds[0]().run()
#          ^ calls kept.Part.run inferred
circle = []
circle.append(circle.pop())
circle[0].run()
#         ^ calls unresolved


# -- what types say of parts
def typed(
    a: List[Part], b: Dict[str, Part], c: Optional[Part], d: Union[None, Part], e: Annotated[Part, 1], f: Tuple[int, Part],
    g: Mapping[Part, Other], h: "list[Part] | None", i: Iterator[Part], j: Generator[Part, None, None],
):
    a[0].run()
    #    ^ calls kept.Part.run type
    b["x"].run()
    #      ^ calls kept.Part.run type
    b.get("x").run()
    #          ^ calls kept.Part.run type
    c.run()
    # ^ calls kept.Part.run type
    d.run()
    # ^ calls kept.Part.run type
    e.run()
    # ^ calls kept.Part.run type
    f[1].run()
    #    ^ calls kept.Part.run type
    _, second = f
    second.run()
    #      ^ calls kept.Part.run type
    for key, value in g.items():
        key.run()
        #   ^ calls kept.Part.run type
        value.run()
        #     ^ calls kept.Other.run type
    for key in g:
        key.run()
        #   ^ calls kept.Part.run type
    [one.run() for one in h]
    #    ^ calls kept.Part.run type
    for part in i:
        part.run()
        #    ^ calls kept.Part.run type
    next(j).run()
    #       ^ calls kept.Part.run type
    list(a)[0].run()
    #          ^ calls kept.Part.run type
    a.copy()[0].run()
    #           ^ calls kept.Part.run type
    a.sort()
    # ^ calls external


def count(n):
    for _ in range(n):
        yield two


for counted in count(2):
    counted()
    # <- calls flow.two inferred


class Walked:
    def __iter__(self):
        return self

    def __next__(self):
        return Part()


class Held:
    def __getitem__(self, key) -> Part:
        ...

    def __iter__(self):
        for part in self:
            yield part
        yield Part()


for walked in Walked():
    walked.run()
    #      ^ calls kept.Part.run inferred
for held in Held():
    held.run()
    #    ^ calls kept.Part.run inferred
Held()[1].run()
#         ^ calls kept.Part.run type


@contextlib.contextmanager
def opened():
    yield Part()


with opened() as part:
    part.run()
    #    ^ calls kept.Part.run inferred


class Base:
    def go(self):
        pass


class Middle(Base):
    def go(self):
        pass


class End(Middle):
    def go(self):
        super(End, self).go()
        #                ^ calls flow.Middle.go inheritance
        super(Middle, self).go()
        #                   ^ calls flow.Base.go inheritance


class Fluent:
    def with_it(self) -> "Self":
        return self

    @classmethod
    def new(cls) -> Self:
        return cls()

    def __enter__(self) -> Self:
        return self


class Branch(Fluent):
    def leaf(self):
        self.with_it().leaf()
        #              ^ calls flow.Branch.leaf self


Branch().with_it().leaf()
#                  ^ calls flow.Branch.leaf inferred
Branch.new().leaf()
#            ^ calls flow.Branch.leaf
with Fluent() as fluent:
    fluent.with_it()
    #      ^ calls flow.Fluent.with_it


class Command:
    def option(self):
        pass


def command(name=None) -> Callable[[Callable], Command]:
    return lambda function: Command()


@command()
def decorated_as_command():
    pass


decorated_as_command.option()
# <- references flow.decorated_as_command scope
#                    ^ calls flow.Command.option
decorated.unknown()
#         ^ calls unresolved


def unions(a: "int | Part | None", b: int | str | Part, c: Dict[str, int | Part]):
    a.run()
    # ^ calls kept.Part.run type
    b.run()
    # ^ calls kept.Part.run type
    c["x"].run()
    #      ^ calls kept.Part.run type


Itself = typing.TypeVar("Itself", bound="Older")


class Older:
    def __enter__(self: Itself) -> Itself:
        return self


class Newer(Older):
    def leaf(self):
        pass


with Newer() as newer:
    newer.leaf()
    #     ^ calls flow.Newer.leaf
