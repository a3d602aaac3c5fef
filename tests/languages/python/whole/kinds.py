"""Every kind of definition.

More of it.
"""

import abc
#      ^ imports external
import os.path
#         ^ imports external
import collections.abc as base
#                  ^ imports external
from enum import Enum
#    ^ imports external
#                ^ imports external
from functools import cached_property, lru_cache as cache
#    ^ imports external
#                     ^ imports external
#                                      ^ imports external
from typing import *
#    ^ imports external
from __future__ import annotations

__all__ = ["Thing", "LIMIT", "first"]
# <- definition.variable kinds.__all__

LIMIT = 10
# <- definition.constant kinds.LIMIT exported
total: int = 0
# <- definition.variable kinds.total
#      ^ uses external
counted, (left, *rest), [right] = 1, (2, 3), [4]
# <- definition.variable kinds.counted
#         ^ definition.variable kinds.left
#                ^ definition.variable kinds.rest
#                        ^ definition.variable kinds.right
_hidden = "x"
# <- definition.variable kinds._hidden visibility=protected
name = 'text'
# <- definition.variable kinds.name
pair = (1, 2)
# <- definition.variable kinds.pair
some_list = [1]
# <- definition.variable kinds.some_list
some_dict = {}
# <- definition.variable kinds.some_dict
some_set = {1}
# <- definition.variable kinds.some_set
type Alias[T] = list[T]
#    ^ definition.type kinds.Alias
type Plain = int | Thing
#    ^ definition.type kinds.Plain
#            ^ uses external
#                  ^ uses kinds.Thing scope
quoted: Thing.Inner | Alias
# <- definition.variable kinds.quoted
#       ^ uses kinds.Thing scope
#             ^ uses external
#                     ^ uses kinds.Alias scope
total += 1
# <- references kinds.total scope


class Color(Enum):
#     ^ definition.class kinds.Color
#           ^ extends external
    RED = 1
    # <- definition.enum_member kinds.Color.RED exported
    _private = 2
    # <- definition.field kinds.Color._private visibility=protected


class Thing(abc.ABC, base.Sized, metaclass=abc.ABCMeta):
#     ^ definition.class kinds.Thing exported doc=A_thing.
#           ^ references external
#               ^ extends external
#                    ^ references external
#                         ^ extends external
#                                          ^ references external
#                                              ^ references external
    """A thing."""

    kind = "plain"
    # <- definition.field kinds.Thing.kind exported
    size: int
    # <- definition.field kinds.Thing.size exported
    #     ^ uses external

    def __init__(self, owner: "Thing", *args: int, flag=False, **kwargs: str):
    #   ^ definition.constructor kinds.Thing.__init__ exported
    #                          ^ uses kinds.Thing scope
    #                                         ^ uses external
    #                                                                    ^ uses external
        self.owner = owner
        #    ^ definition.field kinds.Thing.owner exported
        self.size = 1
        #    ^ references kinds.Thing.size self
        self.__secret = owner.method()
        #    ^ definition.field kinds.Thing.__secret visibility=private
        #                     ^ calls kinds.Thing.method type

    def method(self):
    #   ^ definition.method kinds.Thing.method exported doc=Does_it.
        """
        Does it.

            Indented.
        """
        return self.owner.method()
        #           ^ references kinds.Thing.owner self
        #                 ^ calls kinds.Thing.method type

    async def later(self) -> "Optional[Thing]":
    #         ^ definition.method kinds.Thing.later exported async
    #                         ^ uses unresolved
    #                                  ^ uses kinds.Thing scope
        await self.later()
        #          ^ calls kinds.Thing.later self
        return self

    def count(self):
    #   ^ definition.method kinds.Thing.count exported generator
        yield self.method
        #          ^ references kinds.Thing.method self
        yield

    @property
    def label(self) -> str:
    #   ^ definition.accessor kinds.Thing.label exported
    #                  ^ uses external
        return self.label.upper()
        #           ^ references kinds.Thing.label self
        #                 ^ calls external

    @label.setter
    #      ^ decorates external
    def label(self, value):
    #   ^ definition.accessor kinds.Thing.label exported
        pass

    @cached_property
    def cached(self):
    #   ^ definition.accessor kinds.Thing.cached exported
        return Thing(self)
        #      ^ calls kinds.Thing scope

    @staticmethod
    def make(owner):
    #   ^ definition.method kinds.Thing.make exported static
        return Thing(owner)
        #      ^ calls kinds.Thing scope

    @classmethod
    def build(cls, owner) -> "Thing":
    #   ^ definition.method kinds.Thing.build exported
    #                         ^ uses kinds.Thing scope
        return cls(owner)

    @abc.abstractmethod
    #    ^ decorates external
    def _must(self): ...
    #   ^ definition.method kinds.Thing._must abstract visibility=protected

    def __eq__(self, other):
    #   ^ definition.method kinds.Thing.__eq__ exported
        return self.kind == other.kind
        #           ^ references kinds.Thing.kind self
        #                         ^ references unresolved

    def nested(self):
    #   ^ definition.method kinds.Thing.nested exported
        class Inner(Thing):
        #     ^ definition.class kinds.Thing.nested.Inner exported
        #           ^ extends kinds.Thing scope
            def method(self):
            #   ^ definition.method kinds.Thing.nested.Inner.method exported
                return super().method()
                #      ^ calls external
                #              ^ calls kinds.Thing.method inheritance

        def helper():
        #   ^ definition.function kinds.Thing.nested.helper exported
            nonlocal found
            found = Inner(self)
            #       ^ calls kinds.Thing.nested.Inner scope
            return helper
            #      ^ references kinds.Thing.nested.helper scope

        found = None
        return helper()
        #      ^ calls kinds.Thing.nested.helper scope


class Generic2[K, *V](Thing):
#     ^ definition.class kinds.Generic2
#                     ^ extends kinds.Thing scope
    def get[T](self, key: K, other: T) -> K:
    #   ^ definition.method kinds.Generic2.get exported
        return key


@cache
def first(a, /, b=LIMIT, *, c: Thing, d: Thing = None) -> "Thing | None":
#   ^ definition.function kinds.first exported
#                 ^ references kinds.LIMIT scope
#                              ^ uses kinds.Thing scope
#                                        ^ uses kinds.Thing scope
#                                                          ^ uses kinds.Thing scope
#                                                                  ^ uses external
    global total
    total = 1
    # <- references kinds.total scope
    c.method()
    # ^ calls kinds.Thing.method type
    d.later().method()
    # ^ calls kinds.Thing.later type
    #         ^ calls kinds.Thing.method type
    local = Thing.make(a)
    #       ^ references kinds.Thing scope
    #             ^ calls kinds.Thing.make module
    local.method()
    #     ^ calls kinds.Thing.method inferred
    return local.build(a).method() or c
    #            ^ calls kinds.Thing.build inferred
    #                     ^ calls kinds.Thing.method type


@overload
def many(a: int) -> int: ...
#   ^ definition.function kinds.many
#           ^ uses external
#                   ^ uses external
def many(a):
#   ^ definition.function kinds.many
    return a


if LIMIT:
#  ^ references kinds.LIMIT scope
    def conditional(): ...
    #   ^ definition.function kinds.conditional


def expressions(things: list, mapping: "dict[str, Thing]", *args, **kwargs):
#   ^ definition.function kinds.expressions
#                       ^ uses external
#                                       ^ uses external
#                                            ^ uses external
#                                                 ^ uses kinds.Thing scope
    for thing in things:
        thing.method()
        #     ^ calls external
    for i, (a, b) in things:
        i, a, b
    with first(1) as opened, open("f") as (x, y):
    #    ^ calls kinds.first scope
    #                        ^ calls external
        opened.method()
        #      ^ calls kinds.Thing.method type
    try:
        risky()
        # <- calls unresolved
    except (ValueError, KeyError) as error:
    #       ^ references external
    #                   ^ references external
        error.args
        #     ^ references external
    [t.method() for t in things if t]
    #  ^ calls external
    {t: Thing for t in things}
    #   ^ references kinds.Thing scope
    sorted(things, key=lambda thing, /, *more, k=LIMIT, **rest: thing.method())
    # <- calls external
    #                                            ^ references kinds.LIMIT scope
    #                                                                 ^ calls unresolved
    if (walrus := Thing(None)):
    #             ^ calls kinds.Thing scope
        walrus.method()
        #      ^ calls kinds.Thing.method inferred
    (Thing(None)).method()
    #             ^ calls kinds.Thing.method inferred
    ("x").upper()
    #     ^ calls unresolved
    "y".upper()
    #   ^ calls external
    [1].copy()
    #   ^ calls external
    {}.copy()
    #  ^ calls external
    (Thing if things else first).build(None)
    #                     ^ references kinds.first scope
    #                            ^ calls kinds.Thing.build module
    (things or Thing)
    #          ^ references kinds.Thing scope
    many(a=LIMIT)
    # <- calls kinds.many scope
    #      ^ references kinds.LIMIT scope
    chosen = things[0]
    aliased = again = Thing(None)
    #                 ^ calls kinds.Thing scope
    again.method()
    #     ^ calls kinds.Thing.method inferred
    aliased.method()
    #       ^ calls kinds.Thing.method inferred
    match things:
        case Thing(kind=kind, owner=Color.RED):
        #    ^ references kinds.Thing scope
            kind
        case [1, *others] | {"a": value, **remaining} as whole:
            others, value, remaining, whole
        case name:
            name
    async with first(2) as later:
    #          ^ calls kinds.first scope
        await later
    made = first
    #      ^ references kinds.first scope
    made()
    # <- calls kinds.first inferred
    os.path.join("a")
    # <- references external
    #  ^ references external
    #       ^ calls external


def typed(a: Thing, *rest: Thing, b: "Thing" = None, **named: Thing):
#   ^ definition.function kinds.typed
#            ^ uses kinds.Thing scope
#                          ^ uses kinds.Thing scope
#                                     ^ uses kinds.Thing scope
#                                                             ^ uses kinds.Thing scope
    c: Thing = a
    #  ^ uses kinds.Thing scope
    c.method()
    # ^ calls kinds.Thing.method type
    b.method()
    # ^ calls kinds.Thing.method type
    return isinstance(a, Thing)
    #      ^ calls external
    #                    ^ references kinds.Thing scope
