"""Truth against answers: what is right, wrong, missing or too much, counted by construct and confidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .facts import Export, Place, Position, Symbol, TrueSite, TrueSymbol

#: The groups of symbols that truth speaks of, by the program's type.
GROUP_OF_TYPE = {
    "function": "callable",
    "method": "callable",
    "class": "type",
    "interface": "type",
    "enum": "type",
    "type": "type",
}
#: Evidence that makes no answer: one of several, the only definition of the name.
GUESSES = frozenset({"override", "unique-name"})


@dataclass(frozen=True, slots=True)
class Miss:
    """One answer that is not right, in words that lead to the place."""

    construct: str
    position: Position
    name: str
    expected: str
    answered: str

    def __str__(self) -> str:
        return f"{self.position} {self.name}: expected {self.expected}, answered {self.answered}"


@dataclass
class SiteTally:
    """Counts for one construct. `outside_*` are sites whose target is not in the tree.

    `possible` are those of the wrong and missing ones for which a right target is at least given as possible.
    """

    right: int = 0
    wrong: int = 0
    missing: int = 0
    outside_right: int = 0
    outside_wrong: int = 0
    possible: int = 0

    @property
    def recall(self) -> float:
        """The share of the sites with a target inside the tree that were answered right."""
        return share(self.right, self.right + self.wrong + self.missing)

    @property
    def precision(self) -> float:
        """The share of right answers; one at a site whose target is outside the tree counts as wrong."""
        return share(self.right, self.right + self.wrong + self.outside_wrong)

    @property
    def wrong_share(self) -> float:
        """The share of the sites with a target inside the tree that were answered wrong."""
        return share(self.wrong, self.right + self.wrong + self.missing)

    def __add__(self, other: SiteTally) -> SiteTally:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return SiteTally(*(mine + theirs for mine, theirs in pairs))


@dataclass
class SiteReport:
    """What became of a set of true sites."""

    by_construct: dict[str, SiteTally] = field(default_factory=lambda: defaultdict(SiteTally))
    misses: list[Miss] = field(default_factory=list)
    #: (language, evidence, confidence, right?) of every decided answer, for calibration.
    answers: Counter[tuple[str, str, float, bool]] = field(default_factory=Counter)
    #: The same of every definition that is only a guess, at sites without an answer.
    guesses: Counter[tuple[str, str, float, bool]] = field(default_factory=Counter)

    def total(self, *prefixes: str) -> SiteTally:
        """The sum over the constructs that begin with one of `prefixes` (all without any)."""
        chosen = (tally for construct, tally in self.by_construct.items() if not prefixes or construct.startswith(prefixes))
        return sum(chosen, SiteTally())


def share(part: int, whole: int) -> float:
    """A share between 0 and 1; of nothing it is 1, since nothing was wrong."""
    return part / whole if whole else 1.0


def compare_sites(truth: Iterable[TrueSite], export: Export) -> SiteReport:
    """Judge every true site by the answer at its position."""
    report = SiteReport()
    for site in truth:
        tally = report.by_construct[site.construct]
        reference = export.references.get(site.position)
        answer = reference.place if reference else None
        if reference is not None and answer is not None:
            language = export.languages.get(site.position.path, "")
            is_right = answer in site.targets
            report.answers[language, reference.evidence, reference.confidence, is_right] += 1
        else:
            language = export.languages.get(site.position.path, "")
            for guess in export.possible.get(site.position, []):
                if guess.evidence in GUESSES:
                    report.guesses[language, guess.evidence, guess.confidence, guess.place in site.targets] += 1
        _count(site, answer, tally)
        if answer not in site.targets and (site.targets or answer is not None):
            tally.possible += any(p.place in site.targets for p in export.possible.get(site.position, []))
            answered = _words(answer, reference.evidence if reference else "no site")
            report.misses.append(Miss(site.construct, site.position, site.name, _expected(site), answered))
    return report


def _count(site: TrueSite, answer: Place | None, tally: SiteTally) -> None:
    if not site.targets:
        tally.outside_right += answer is None
        tally.outside_wrong += answer is not None
    elif answer is None:
        tally.missing += 1
    else:
        tally.right += answer in site.targets
        tally.wrong += answer not in site.targets


def _expected(site: TrueSite) -> str:
    return " or ".join(map(str, sorted(site.targets))) or "nothing in the tree"


def _words(answer: Place | None, evidence: str) -> str:
    return f"nothing ({evidence})" if answer is None else f"{answer} ({evidence})"


@dataclass
class SymbolReport:
    """What became of a set of true symbols, by language and group ('callable', 'type')."""

    found: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    spurious: Counter[str] = field(default_factory=Counter)
    wrong_kind: Counter[str] = field(default_factory=Counter)
    wrong_qualified_name: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    def recall(self, group: str) -> float:
        """The share of true symbols that the export has at their position."""
        return share(self.found[group], self.found[group] + self.missing[group])

    def precision(self, group: str) -> float:
        """The share of true ones among the export's symbols of the judged files."""
        return share(self.found[group], self.found[group] + self.spurious[group])


def compare_symbols(
    truth: Iterable[TrueSymbol], export: Export, paths: Iterable[str], unknown: frozenset[Place] = frozenset()
) -> SymbolReport:
    """Judge the callables and types of the files that truth covers, by position and name.

    `unknown` are lines that the truth maker does not see (the preprocessor skipped them): nothing there is judged.

    A property or field at a true callable's position counts as found: whether its kind may stand there is
    counted apart.
    """
    report, judged = SymbolReport(), frozenset(paths)
    at: dict[Position, list[Symbol]] = defaultdict(list)
    for symbol in export.symbols.values():
        if symbol.position.path in judged and symbol.position[:2] not in unknown:
            at[symbol.position].append(symbol)
    matched: set[str] = set()
    for true in truth:
        found = next((symbol for symbol in at[true.position] if symbol.name == true.name), None)
        if found is None and not true.is_required:
            continue
        if found is None:
            report.missing[true.group] += 1
            report.misses.append(Miss(f"missing {true.group}", true.position, true.name, true.group, "no symbol"))
            continue
        matched.add(found.id)
        report.found[true.group] += 1
        _judge_details(true, found, report)
    _count_spurious(at, matched, report)
    return report


def _judge_details(true: TrueSymbol, found: Symbol, report: SymbolReport) -> None:
    if found.kind not in true.kinds:
        report.wrong_kind[true.group] += 1
        kinds = "/".join(sorted(true.kinds))
        report.misses.append(Miss("wrong kind", true.position, true.name, kinds, found.kind))
    if true.qualified_name is not None and found.qualified_name != true.qualified_name:
        report.wrong_qualified_name[true.group] += 1
        names = (true.qualified_name, found.qualified_name)
        report.misses.append(Miss("wrong qualified name", true.position, true.name, *names))


def _count_spurious(at: dict[Position, list[Symbol]], matched: set[str], report: SymbolReport) -> None:
    for symbols in at.values():
        for symbol in symbols:
            group = GROUP_OF_TYPE.get(symbol.type)
            if group is not None and symbol.id not in matched:
                report.spurious[group] += 1
                answered = f"{symbol.kind} {symbol.qualified_name}"
                report.misses.append(Miss(f"spurious {group}", symbol.position, symbol.name, "nothing", answered))
