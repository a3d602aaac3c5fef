# What types say where they are written in quotes, and where a test narrows them.
import typing
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
