"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from indexer.cli.session import Session

F = TypeVar("F", bound=Callable[..., Any])


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Into the session; one that is not given leaves what stood before the command."""
    session = ctx.find_object(Session)
    if session is not None and value is not None:
        setattr(session, option.name or "", value)


_PROJECT: Final = click.option(
    "--project",
    metavar="FOLDER",
    expose_value=False,
    callback=_keep,
    help="The project; else the nearest folder around that is one.",
)
_JSON: Final = click.option(
    "--json",
    "as_json",
    flag_value=True,
    default=None,
    # Before everything else, so that an error in another option is told as JSON too.
    is_eager=True,
    expose_value=False,
    callback=_keep,
    help="The answer as JSON.",
)
_SYNC: Final = click.option("--sync", is_flag=True, help="See every save made before this call.")
_OFFSET: Final = click.option(
    "--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N."
)
_SURE: Final = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Only what is at least as sure, from 0 to 1.",
)


def shared(function: F) -> F:
    """`--project` and `--json`."""
    return _PROJECT(_JSON(function))


def query(function: F) -> F:
    """`--sync`, and what is shared."""
    return shared(_SYNC(function))


def limited(function: F) -> F:
    """`--limit`."""
    return click.option(
        "--limit",
        type=click.IntRange(0),
        default=50,
        metavar="N",
        show_default=True,
        help="At most N; 0 for all.",
    )(function)


def paged(function: F) -> F:
    """`--limit` and `--offset`."""
    return limited(_OFFSET(function))


def sure(function: F) -> F:
    """`--min-confidence`."""
    return _SURE(function)
