"""Measurements as text for people and as JSON for scripts; the same figures in both, in a fixed order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from . import pycg
from .compare import Miss, SiteTally, share
from .suites import Measurement

#: The totals that are asked for, as the beginnings of the constructs that they sum up.
TOTALS = {
    "calls by import": ("import:function", "import:class", "import-module:function", "import-module:class"),
    "self, cls, super": ("self:function", "cls:function", "super:function"),
    "all": (),
}
Row = Sequence[object]
#: Fewer answers than this say nothing about a share.
_FEWEST_ANSWERS = 30


def tables(measurements: Sequence[Measurement], n_listed: int) -> str:
    """Every table, and after them the first misses of each construct."""
    parts = [_titled(title, rows) for title, rows in _all_tables(measurements) if len(rows) > 1]
    parts += [_misses(measurement, n_listed) for measurement in measurements if n_listed]
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(measurements: Sequence[Measurement]) -> dict[str, Any]:
    """The tables as lists of objects, keyed by their titles."""
    return {title: [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]] for title, rows in _all_tables(measurements)}


def _all_tables(measurements: Sequence[Measurement]) -> list[tuple[str, list[Row]]]:
    return [
        ("Symbols", _symbol_rows(measurements)),
        ("Call sites", _site_rows(measurements)),
        ("Call graphs", _graph_rows(measurements)),
        ("Calibration", _calibration_rows(measurements)),
        ("Confidence", _confidence_rows(measurements)),
    ]


def _symbol_rows(measurements: Sequence[Measurement]) -> list[Row]:
    rows: list[Row] = [
        (
            *("language", "project", "truth", "group", "files", "unseen"),
            *("found", "missing", "spurious", "recall", "precision", "kind", "name"),
        )
    ]
    for m in measurements:
        for group in ("callable", "type") if m.symbols else ():
            s = m.symbols
            assert s is not None
            found = s.found[group]
            details = (share(found - wrong[group], found) for wrong in (s.wrong_kind, s.wrong_qualified_name))
            rows.append(
                (
                    *(m.language, m.project, m.suite, group, m.n_files, len(m.unseen)),
                    *(found, s.missing[group], s.spurious[group]),
                    *(s.recall(group), s.precision(group), *details),
                )
            )
    return rows


def _site_rows(measurements: Sequence[Measurement]) -> list[Row]:
    rows: list[Row] = [
        (
            *("project", "truth", "construct", "right", "wrong", "missing", "possible"),
            *("outside", "answered-outside", "right-share", "wrong-share", "precision"),
        )
    ]
    for m in measurements:
        if m.sites is None:
            continue
        constructs = sorted(m.sites.by_construct.items())
        totals = [(f"= {name}", m.sites.total(*prefixes)) for name, prefixes in TOTALS.items()]
        for construct, tally in [*constructs, *totals]:
            if tally != SiteTally():
                rows.append((m.project, m.suite, construct, *_figures(tally)))
    return rows


def _figures(tally: SiteTally) -> Row:
    counts = (
        tally.right,
        tally.wrong,
        tally.missing,
        tally.possible,
        tally.outside_right + tally.outside_wrong,
        tally.outside_wrong,
    )
    return (*counts, tally.recall, tally.wrong_share, tally.precision)


def _graph_rows(measurements: Sequence[Measurement]) -> list[Row]:
    rows: list[Row] = [["project", "edges", "cases", "right", "wrong", "missing", "precision", "recall"]]
    for m in measurements:
        for label, with_possible in (("facts", False), ("facts and possible", True)) if m.cases else ():
            score = pycg.score(m.cases, with_possible)
            counts = (score.right, score.wrong, score.missing)
            rows.append((m.project, label, len(m.cases), *counts, score.precision, score.recall))
    return rows


def answers(measurements: Sequence[Measurement]) -> Counter[tuple[str, str, float, bool]]:
    """Every decided answer, and every guess where there is none: by language, evidence, confidence and whether it is right, by
    compilers' truth.
    compilers' truth.

    What `ast` proves is what is easy to prove, so it says how sure the program may be only where nothing else does.
    """
    judged = [m for m in measurements if m.sites and m.suite != "ast"] or [m for m in measurements if m.sites]
    return sum((m.sites.answers + m.sites.guesses for m in judged if m.sites), Counter())


def _shares(measurements: Sequence[Measurement]) -> dict[tuple[str, str], tuple[int, int]]:
    """Right answers and all answers, by language and evidence, sorted."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (language, evidence, _, is_right), n in answers(measurements).items():
        counts[language, evidence][is_right] += n
    return {key: (right, right + wrong) for key, (wrong, right) in sorted(counts.items())}


def calibrated(measurements: Sequence[Measurement], table: dict[str, dict[str, float]]) -> str:
    """A calibration table as TOML: `table` with what was measured in its place, each share with its count.

    A share comes from at least 30 answers, is drawn towards a half by Laplace's rule of succession, since a few right
    answers are no certainty, and never reaches 1. A language that was not measured has the least share of those that were.
    """
    measured = {key: found for key, found in _shares(measurements).items() if found[1] >= _FEWEST_ANSWERS}
    languages = sorted({language for language, _ in measured} | table.keys(), key=lambda name: (name != "default", name))
    sections = []
    for language in languages:
        values = {evidence: f"{share}" for evidence, share in table.get(language, {}).items()}
        for (measured_language, evidence), (right, n) in measured.items():
            if measured_language == language:
                values[evidence] = f"{_drawn(right, n):.2f}  # {n} answers"
        if language == "default":
            for evidence in dict.fromkeys(evidence for _, evidence in measured):
                values[evidence] = f"{min(_drawn(*found) for (_, of), found in measured.items() if of == evidence):.2f}"
        sections.append("\n".join([f"[{language}]", *(f"{evidence} = {text}" for evidence, text in values.items())]))
    return "\n\n".join(sections) + "\n"


def _drawn(right: int, n: int) -> float:
    return min(0.99, (right + 1) / (n + 2))


def _calibration_rows(measurements: Sequence[Measurement]) -> list[Row]:
    """The share right of each evidence: what the committed calibration table is made of."""
    rows: list[Row] = [["language", "evidence", "answers", "right", "share"]]
    for (language, evidence), (right, n) in _shares(measurements).items():
        rows.append((language, evidence, n, right, share(right, n)))
    return rows


def _confidence_rows(measurements: Sequence[Measurement]) -> list[Row]:
    """Whether confidence means what it says: the share right in each tenth of confidence, and from .9 on."""
    counts: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for (_, _, confidence, is_right), n in answers(measurements).items():
        tenth = min(int(confidence * 10), 9)
        for bucket in (
            f".{tenth} to {'1' if tenth == 9 else f'.{tenth + 1}'}",
            *(["≥ .9"] if confidence >= 0.9 else []),
        ):
            counts[bucket][is_right] += n
            counts[bucket][2] += n * confidence
    rows: list[Row] = [["confidence", "answers", "right", "share", "mean", "difference"]]
    for bucket, (wrong, right, total) in sorted(counts.items()):
        n = int(right + wrong)
        rows.append((bucket, n, int(right), right / n, total / n, right / n - total / n))
    return rows


def _titled(title: str, rows: list[Row]) -> str:
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [isinstance(value, int | float) for value in rows[1]]
    lines = ["  ".join(c.rjust(w) if n else c.ljust(w) for c, w, n in zip(row, widths, numeric, strict=True)).rstrip() for row in cells]
    return "\n".join([title, "=" * len(title), *lines])


def _cell(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _misses(measurement: Measurement, n_listed: int) -> str:
    by_construct: dict[str, list[Miss]] = defaultdict(list)
    for report in (measurement.symbols, measurement.sites):
        for miss in report.misses if report else ():
            by_construct[miss.construct].append(miss)
    title = f"{measurement.project} by {measurement.suite}"
    lines = []
    for construct, misses in sorted(by_construct.items(), key=lambda item: (-len(item[1]), item[0])):
        ordered = sorted(misses, key=lambda miss: miss.position)
        lines.append(f"{title}: {construct}: {len(misses)}")
        lines += [f"    {miss}" for miss in _spread(ordered, n_listed)]
    lines += [f"{title}: not in the export: {path}" for path in measurement.unseen[:n_listed]]
    lines += [line for case in measurement.cases for line in _case_misses(case)]
    return "\n".join(lines)


def _spread(misses: list[Miss], n: int) -> list[Miss]:
    """At most `n` of them, evenly spread, so that one file does not fill the list."""
    step = max(1, len(misses) // n)
    return misses[::step][:n]


def _case_misses(case: pycg.Case) -> list[str]:
    missing = sorted(case.expected - case.facts)
    wrong = sorted(case.facts - case.expected)
    return [
        *(f"{case.name}: missing {a} -> {b}{' (possible)' * ((a, b) in case.possible)}" for a, b in missing),
        *(f"{case.name}: wrong {a} -> {b}" for a, b in wrong),
    ]
