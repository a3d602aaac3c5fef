# What types say where they are written in quotes, and where a test narrows them.
import typing
from collections import deque
from typing import Literal, Optional

from kept import Other, Part


def in_quotes(
    a: typing.Optional["Part"],
    #                   ^ uses kept.Part
    b: typing.Dict[str, typing.List["Part"]],
    c: "Optional[Part]",
    d: Optional["Part"] | None,
    e: typing.Callable[["Other"], "Part"],
    #                    ^ uses kept.Other
    f: Literal["Part", "Other"],
    #           ^ nothing
    g: typing.Literal["Part"],
    #                  ^ nothing
    h: dict[str, Part] | None,
    i: None | list[Part],
):
    a.run()
    # ^ calls kept.Part.run type
    b["x"][0].run()
    #         ^ calls kept.Part.run type
    c.run()
    # ^ calls kept.Part.run type
    d.run()
    # ^ calls kept.Part.run type
    e().run()
    #   ^ calls kept.Part.run type
    h["x"].run()
    #      ^ calls kept.Part.run type
    i[0].run()
    #    ^ calls kept.Part.run type


class Longer(Part):
    def extend(self):
        pass


class Holder:
    def __init__(self, what):
        self.what = what

    def use(self):
        if isinstance(self.what, Part):
            self.what.run()
            #         ^ calls kept.Part.run type
            self.what = self.what.more()
            self.what.run()
            #         ^ calls unresolved


def tested(a, b: Part, c, d, e, f, g, many, *rest):
    a.run()
    # ^ calls unresolved
    if isinstance(a, Part):
        a.run()
        # ^ calls kept.Part.run type
    elif isinstance(a, str):
        a.strip()
        # ^ calls external
    else:
        a.run()
        # ^ calls unresolved
    if isinstance(b, Longer) and b.extend():
        #                          ^ calls declared.Longer.extend type
        b.run()
        # ^ calls kept.Part.run type
    if not isinstance(c, (Part, Other)):
        c.run()
        # ^ calls unresolved
        return
    c.run()
    # ^ calls kept.Part.run type
    # ^ possible kept.Other.run
    assert isinstance(d, Other)
    d.run()
    # ^ calls kept.Other.run type
    d = a
    d.run()
    # ^ calls unresolved
    e.run() if isinstance(e, Part) else e.go()
    # ^ calls kept.Part.run type
    #                                     ^ calls unresolved
    [x.run() for x in many if isinstance(x, Part)]
    #  ^ calls kept.Part.run type
    match f:
        case Part():
            f.run()
            # ^ calls kept.Part.run type
        case Other() as other:
            f.run()
            # ^ calls kept.Other.run type
            other.run()
            #     ^ calls kept.Other.run type
    while not (isinstance(g, Part) or g):
        g.run()
        # ^ calls unresolved


class Alike:
    def __init__(self):
        self.kept = 1

    def same(self):
        pass

    def __eq__(self, other):
        if isinstance(other, self.__class__):
            other.same()
            #     ^ calls declared.Alike.same type
        return type(self)().same()
        #                   ^ calls declared.Alike.same


class Failure(Exception):
    def why(self):
        pass


class Worse(Failure):
    def why(self):
        pass


def caught():
    try:
        again()
    except Worse as failure:
        failure.why()
        #       ^ calls declared.Worse.why type
    except (Failure, ValueError) as failure:
        failure.why()
        #       ^ calls declared.Failure.why type
        #       ^ impossible declared.Worse.why
    except OSError as failure:
        failure.why()
        #       ^ calls external


def again():
    class Twice:
        def first(self):
            pass

    Twice().first()
    #       ^ calls declared.again.Twice.first

    class Twice:
        def second(self):
            pass

    Twice().second()
    #       ^ calls declared.again.Twice.second


typing.cast("Part", again()).run()
#            ^ uses kept.Part
#                            ^ calls kept.Part.run type
deque([Part()]).popleft().run()
#                         ^ calls kept.Part.run inferred
typing.cast("list[Part]", again())[0].run()
#                                     ^ calls kept.Part.run type


class Walk:
    def __iter__(self):
        return Step()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __call__(self):
        pass


class Step:
    def __next__(self):
        return 1


for step in Walk():
    #       ^ calls declared.Walk
    #       ^ possible declared.Walk.__iter__
    #       ^ possible declared.Step.__next__
    pass
[step for step in Walk()]
#                 ^ possible declared.Walk.__iter__
with Walk():
    # <- nothing
    #^ calls declared.Walk
    pass
with Walk() as walk:
    #^ possible declared.Walk.__enter__
    #^ possible declared.Walk.__exit__
    pass
walked = Walk()
walked()
# <- calls declared.walked
# <- possible declared.Walk.__call__


def reused(things: "list[Part]", others: "list[Other]", flag):
    for each in things:
        each.run()
        #    ^ calls kept.Part.run type
    for each in others:
        each.run()
        #    ^ calls kept.Other.run type
        #    ^ impossible kept.Part.run
    with Walk() as held:
        held()
        # <- calls declared.Walk.__call__
    with open("x") as held:
        held.read()
        #    ^ calls external
    made = Part()
    made.run()
    #    ^ calls kept.Part.run inferred
    #    ^ impossible kept.Other.run
    made = Other()
    made.run()
    #    ^ calls kept.Other.run inferred
    #    ^ impossible kept.Part.run
    if flag:
        made = Part()
    made.run()
    #    ^ calls kept.Part.run inferred
    #    ^ possible kept.Other.run
    looped = Part()
    while flag:
        looped.run()
        #      ^ calls kept.Part.run
        #      ^ possible kept.Other.run
        looped = Other()
    made = flag + 1
    made.run()
    #    ^ calls unresolved
    later = Part()
    inner = lambda: later.run()
    #                     ^ calls kept.Part.run
    #                     ^ possible kept.Other.run
    later = Other()
    return inner


class Copied:
    def __init__(self):
        self.text = ""

    def __new__(cls):
        made = super().__new__(cls)
        made.text = ""
        #    ^ references declared.Copied.text
        return made

    def copy(self):
        made = self.__new__(Copied)
        made.text = self.text
        #    ^ references declared.Copied.text
        return object.__new__(type(self)).copy()
        #                                 ^ calls declared.Copied.copy
