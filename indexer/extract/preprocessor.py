"""Text with a preprocessor's lines as a parser without one can read it: conditions and known noise are blanked, nothing moves.

A grammar of C cannot know what `#if` leaves out: where the branches of a condition each hold half of a statement, or a brace too
many, everything behind is read wrongly. So the lines of conditions are blanked, and with them the branches that cannot stand beside
the first one; branches that are whole stay, all of them. Words that a language names as noise (macros in front of declarations) are
blanked as well. Every byte that is kept stays at its place, and so do all line ends.

Settings, in `[preprocessor]` of language.toml: `conditions` turns this on, `ends` are the bytes that a whole branch may end in (any
where it is missing), `noise` is a list of patterns whose groups are blanked.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from indexer.extract.captures import Range
from indexer.languages import Language

_TOKENS: Final = re.compile(
    rb"""
    /\*.*?(?:\*/|\Z) | //(?:\\\r?\n|[^\n])*
    | "(?:\\.|[^"\\\n])*" | (?<!\w)'(?:\\.|[^'\\\n])*'
    | ^[ \t]*\#[ \t]*define\b(?:\\\r?\n|[^\n])*
    | ^[ \t]*\#[ \t]*(?P<word>if|ifdef|ifndef|elif|elseif|elifdef|elifndef|else|endif|undef)\b
      (?P<rest>(?:\\\r?\n|/\*[^\n]*?\*/|[^\n/]|/(?![*/]))*)
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_INERT: Final = re.compile(
    rb"""
    /\*.*?(?:\*/|\Z) | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | ^[ \t]*\#(?:\\\r?\n|[^\n])*
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_COMMENT: Final = re.compile(rb"/\*.*?\*/", re.DOTALL)
#: Conditions that do not hold on the usual system.
_UNUSUAL: Final = re.compile(
    rb"\s*\(?\s*0\b|.*\b(?:__cplusplus|_?WIN(?:32|64|DOWS)\w*|_MSC_VER|__APPLE__|__MACH__"
    rb"|__(?:sparc|ia64|mips|arm|aarch64|powerpc|s390)\w*)\b"
)
_USUAL: Final = re.compile(rb"\s*\(?\s*1\b|.*\b(?:__linux__|__unix__|__GNUC__|__x86_64__|HAVE_\w+_H)\b")
_NEGATED: Final = re.compile(rb".*(?:!|\bnot\b)")
_KEPT: Final = re.compile(rb"[^\r\n]")
_IN_MACRO: Final = re.compile(rb"[^\r\n\\]")


@dataclass(slots=True)
class _Branch:
    """One branch: its condition's word and text, and where its lines begin and end."""

    word: bytes
    condition: bytes
    start: int
    end: int = -1


def masked(text: bytes, language: Language) -> tuple[bytes, list[Range]]:
    """The text to parse, as long as the text itself, and where branches stand that do not hold on the usual system."""
    said = language.section("preprocessor")
    unusual: list[Range] = []
    if not said:
        return text, unusual
    if b"#" in text:
        text = _without_conditions(text, unusual, str(said.get("ends", "")).encode())
    for pattern in _noise(tuple(said.get("noise", ()))):
        text = pattern.sub(_blank_groups, text)
    return text, unusual


@functools.cache
def _noise(patterns: tuple[str, ...]) -> tuple[re.Pattern[bytes], ...]:
    return tuple(re.compile(pattern.encode(), re.MULTILINE) for pattern in patterns)


def _blank_groups(found: re.Match[bytes]) -> bytes:
    whole, start = found[0], found.start()
    for i in range(1, found.re.groups + 1):
        begin, end = found.span(i)
        if begin >= 0:
            whole = whole[: begin - start] + _KEPT.sub(b" ", whole[begin - start : end - start]) + whole[end - start :]
    return whole


def _spaces(found: re.Match[bytes]) -> bytes:
    return _IN_MACRO.sub(b" ", found[0])


def _without_conditions(text: bytes, unusual: list[Range], ends: bytes) -> bytes:
    out = bytearray(text)
    groups: list[list[_Branch]] = []
    dropped: list[Range] = []
    for found in _TOKENS.finditer(text):
        word = found["word"]
        if word is None:
            if found[0].lstrip()[:1] == b"#":
                # A comment ends a macro for the grammar, even where the macro goes on.
                out[found.start() : found.end()] = _COMMENT.sub(_spaces, found[0])
            continue
        _blank(out, found.start(), found.end())
        if word == b"undef":
            continue
        if word.startswith(b"if"):
            groups.append([_Branch(word, found["rest"], found.end())])
        elif groups:
            groups[-1][-1].end = found.start()
            if word != b"endif":
                groups[-1].append(_Branch(word, found["rest"], found.end()))
                continue
            branches = groups.pop()
            dropped.extend((branch.start, branch.end) for branch in _left_out(text, branches, ends))
            unusual.extend((branch.start, branch.end) for branch in _unusual(branches))
    for start, end in dropped:
        _blank(out, start, end)
    return bytes(out)


def _blank(out: bytearray, start: int, end: int) -> None:
    out[start:end] = _KEPT.sub(b" ", bytes(out[start:end]))


def _left_out(text: bytes, branches: list[_Branch], ends: bytes) -> list[_Branch]:
    """The branches that are not read: those that never hold, and all but one where they are no wholes."""
    never = [branch for branch in branches if branch.word == b"if" and re.fullmatch(rb"\s*\(?\s*0\s*\)?\s*", branch.condition)]
    rest = [branch for branch in branches if branch not in never]
    if len(branches) == 1 or len(rest) < 2 or all(_is_whole(text, branch, ends) for branch in rest):
        return never
    unusual = _unusual(rest)
    kept = next((branch for branch in rest if branch not in unusual), rest[0])
    return [branch for branch in branches if branch is not kept]


def _unusual(branches: list[_Branch]) -> list[_Branch]:
    """The branches that do not hold on the usual system, as far as their conditions tell."""
    found: list[_Branch] = []
    for branch in branches:
        holds = _holds(branch)
        if holds is False:
            found.append(branch)
        elif holds:
            return found + branches[branches.index(branch) + 1 :]
    return found


def _holds(branch: _Branch) -> bool | None:
    """Whether a branch's condition holds on the usual system; None where nothing is known."""
    if branch.word == b"else" or b"&&" in branch.condition:
        return None
    is_negated = branch.word in (b"ifndef", b"elifndef") or _NEGATED.match(branch.condition) is not None
    if _UNUSUAL.match(branch.condition) is not None:
        return is_negated
    if _USUAL.match(branch.condition) is not None:
        return not is_negated
    return None


def _is_whole(text: bytes, branch: _Branch, ends: bytes) -> bool:
    """Whether what stands in a branch could stand beside its neighbours: brackets close, and the last statement ends."""
    code = _INERT.sub(b" ", text[branch.start : branch.end]).strip()
    if not code:
        return True
    is_ended = not ends or code[-1:] in ends
    return is_ended and code[:1] not in b"}{),." and all(code.count(a) == code.count(b) for a, b in ((b"{", b"}"), (b"(", b")")))


def separated(source: bytes, language: Language) -> bytes | None:
    """The source with a `;` before lines that the grammar takes for the continuation of what stands before them, in place of a space
    so that all places stay; None where there are no such lines."""
    pattern = language.section("parsing").get("separated")
    if pattern is None:
        return None
    starts = [match.start("space") for match in re.finditer(str(pattern).encode(), source)]
    if not starts:
        return None
    changed = bytearray(source)
    for start in starts:
        changed[start] = ord(";")
    return bytes(changed)
