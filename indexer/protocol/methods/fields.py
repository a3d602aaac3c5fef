"""Parameters that several methods share, with their bounds and their description."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Limit = Annotated[int, Meta(ge=0, le=10_000_000, description="At most this many items; 0 for all. What is cut is counted.")]
Offset = Annotated[int, Meta(ge=0, le=10_000_000, description="Items to skip before the first one.")]
SymbolText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=65_536,
        description="An id, a qualified name or an unambiguous end of one, or FILE:LINE:COLUMN (from 1).",
    ),
]
FilePath = Annotated[str, Meta(min_length=1, max_length=65_536, description="A file, absolute or relative to the root.")]
Line = Annotated[int, Meta(ge=1, le=2**31 - 1, description="A line, from 1.")]
Column = Annotated[int, Meta(ge=0, le=2**31 - 1, description="A column: UTF-8 bytes before it, from 0.")]
Depth = Annotated[int, Meta(ge=1, le=100, description="Steps to follow.")]
Confidence = Annotated[
    float, Meta(ge=0, le=1, description="Leave out relationships that are less sure than this, from 0 to 1.")
]
Timeout = Annotated[float, Meta(gt=0, le=86_400, description="Seconds to wait at most.")]
