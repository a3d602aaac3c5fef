"""What a file's text says of where it comes from: written by a program, or minified. Conventions are linguist's and Go's: a
notice that says only that the file is generated, not that it is left alone, is not enough; such files are part of the project.

What only the path tells stands in `paths`.
"""

from __future__ import annotations

import re
from typing import Final

from indexer import languages

#: The notice of a generator stands in front.
HEAD_BYTES: Final = 2048

_NOTICE: Final = re.compile(
    rb"""(?imx) ^[ \t]* (?: //+ | \#+ | /?\*+ | --+ | <!--+ | ;+ | %+ | \(\* | "+ ) [^\n]{0,200}? (?:
        \b code [ ] generated \b [^\n]* \b do [ ] not [ ] edit
      | @generated \b
      | \b automatically [ ] generated [ ] by [ ] SWIG \b
      | \b generated [ ] by [ ] the [ ] protocol [ ] buffer [ ] compiler
      | \b generated \b [^\n]* \b do [ ] not [ ] (?: edit | modify ) | do [ ] not [ ] (?: edit | modify ) \b [^\n]* \b generated \b
    )"""
)


def flags_of(text: bytes, language: str) -> tuple[str, ...]:
    """'generated' and 'minified', where they hold."""
    found = []
    if _NOTICE.search(text[:HEAD_BYTES]):
        found.append("generated")
    limit = languages.inherited(language, "minified_above")
    if limit is not None and len(text) > limit * (text.count(b"\n") + 1):
        found.append("minified")
    return tuple(found)
