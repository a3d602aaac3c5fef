"""Whoever is killed at whatever moment, the index comes back equal to a fresh one."""

from __future__ import annotations

from pathlib import Path

from killing import victim


def test_live_equals_fresh_through_kills(tmp_path: Path) -> None:
    with victim(tmp_path, 1) as here:
        n_killed = 0
        for number in range(24):
            n_killed += here.live()
            if number % 8 == 7:
                missing, spurious = here.differences()
                assert (missing, spurious) == ([], []), here.done
        assert n_killed
