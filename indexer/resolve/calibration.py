"""How sure a target is, from the table of what was measured."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from indexer.model import Evidence


@functools.cache
def confidence(language: str, evidence: int) -> float:
    """The share of right answers that was measured for this evidence (see calibration.toml), rounded to 2 decimals."""
    table = _calibration()
    label = Evidence(evidence).label
    return float(table.get(language, {}).get(label, table["default"][label]))


@functools.cache
def _calibration() -> dict[str, dict[str, float]]:
    return tomllib.loads((Path(__file__).parent / "calibration.toml").read_text())
