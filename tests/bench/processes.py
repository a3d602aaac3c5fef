"""What a program and everything that it starts cost: CPU-seconds by kind of process, and memory at its peak.

Linux only. The measuring process becomes the reaper of all its descendants, so that daemons which detach
themselves are still counted. CPU is exact: what has ended is in its parent's account. The split by kind is
sampled, and what ended between two samples is shown as a remainder.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PR_SET_CHILD_SUBREAPER = 36
_SAMPLES_A_SECOND = 20
#: PSS is dear to read (the kernel walks the page tables), so it is read less often than CPU.
_SAMPLES_A_PSS = 4


class _Stat(NamedTuple):
    pid: int
    started: int
    parent: int
    state: str
    own: float  # CPU-seconds of the process itself
    waited: float  # and of its children that it has waited for
    rss: int


@dataclass
class Cost:
    """What a stretch of time cost. Sizes are bytes; `rss` counts shared pages in each process, `pss` once."""

    wall: float = 0.0
    cpu: float = 0.0
    cpu_by_kind: dict[str, float] = field(default_factory=dict)
    peak_rss: int = 0
    peak_pss: int = 0
    exit_code: int = 0
    output: str = ""


def adopt_descendants() -> None:
    """Become the parent of every descendant whose own parent ends; once, before anything is started."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this system has no child subreaper")


def measure(command: Sequence[str], environment: dict[str, str]) -> Cost:
    """Run a command to its end; daemons that it leaves behind are counted as long as it runs."""
    before, start = total_cpu(), time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        sampler = _Sampler(process.pid)
        output, _ = process.communicate()
        sampler.stop()
    cost = Cost(time.monotonic() - start, total_cpu() - before, exit_code=process.returncode, output=output)
    cost.cpu_by_kind = sampler.cpu_by_kind()
    cost.cpu_by_kind["between samples"] = max(0.0, cost.cpu - sum(cost.cpu_by_kind.values()))
    cost.peak_rss, cost.peak_pss = sampler.peak_rss, sampler.peak_pss
    return cost


def total_cpu() -> float:
    """CPU-seconds of every descendant, living and ended, exact to a clock tick a process."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime + sum(stat.own + stat.waited for stat in descendants())


def descendants() -> list[_Stat]:
    """Every process that descends from this one."""
    children: dict[int, list[_Stat]] = defaultdict(list)
    for stat in _all_processes():
        children[stat.parent].append(stat)
    found, pending = [], [os.getpid()]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += [stat.pid for stat in below]
    return found


def reap_orphans(spare: int = 0) -> None:
    """Collect adopted processes that have ended, except `spare`, which somebody else waits for."""
    for stat in descendants():
        if stat.parent == os.getpid() and stat.state == "Z" and stat.pid != spare:
            os.waitpid(stat.pid, os.WNOHANG)


def _all_processes() -> Iterator[_Stat]:
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = Path("/proc", name, "stat").read_text()
            except OSError:  # It ended meanwhile.
                continue
            fields = text[text.rindex(")") + 2 :].split()
            cpu = [int(ticks) / _TICK for ticks in fields[11:15]]
            rss = int(fields[21]) * _PAGE
            yield _Stat(int(name), int(fields[19]), int(fields[1]), fields[0], cpu[0] + cpu[1], cpu[2] + cpu[3], rss)


def kind_of(pid: int) -> str:
    """What a process of the program is for, by its command line; empty where it is going or gone."""
    try:
        words = Path("/proc", str(pid), "cmdline").read_bytes().decode(errors="replace").split("\0")
        program = Path("/proc", str(pid), "comm").read_text().strip()
    except OSError:
        return ""
    if program in ("postgres", "initdb") or words[0].startswith("postgres:"):
        return "postgresql"
    if "-m" in words[:-1]:
        module = words[words.index("-m") + 1]
        return "program" if module == "indexer" else module.removeprefix("indexer.")
    return program if words[0] else ""


class _Sampler:
    """Follows all descendants from a thread until stopped."""

    def __init__(self, spare: int) -> None:
        self.peak_rss = self.peak_pss = 0
        self._spare = spare
        self._first: dict[tuple[int, int], float] = {(s.pid, s.started): s.own for s in descendants()}
        self._last: dict[tuple[int, int], float] = {}
        self._kinds: dict[tuple[int, int], str] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._sample(with_pss=False)

    def cpu_by_kind(self) -> dict[str, float]:
        """CPU-seconds since the start, by kind, the most expensive first."""
        totals: dict[str, float] = defaultdict(float)
        for key, seconds in self._last.items():
            totals[self._kinds.get(key, "")] += seconds - self._first.get(key, 0.0)
        return dict(sorted(totals.items(), key=lambda item: -item[1]))

    def _run(self) -> None:
        n = 0
        while not self._stopped.wait(1 / _SAMPLES_A_SECOND):
            self._sample(with_pss=n % _SAMPLES_A_PSS == 0)
            reap_orphans(self._spare)
            n += 1

    def _sample(self, with_pss: bool) -> None:
        rss = pss = 0
        for stat in descendants():
            key = (stat.pid, stat.started)
            self._last[key] = stat.own
            if stat.state != "Z":
                # A process says what it is for only once it has executed its program.
                self._kinds[key] = kind_of(stat.pid) or self._kinds.get(key, "")
            if self._kinds.get(key) != "postgresql":
                rss += stat.rss
                pss += _pss(stat.pid) if with_pss else 0
        self.peak_rss, self.peak_pss = max(self.peak_rss, rss), max(self.peak_pss, pss)


def _pss(pid: int) -> int:
    try:
        lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
