"""Parse files and do nothing else: what any indexer on the same grammars pays at the least.

`python bare_parse.py LISTING`, where each line of LISTING is `language<TAB>path`. Prints the bytes parsed.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import cast

from tree_sitter_language_pack import SupportedLanguage, get_parser


def main() -> None:
    parser_of = functools.cache(get_parser)
    size = 0
    for line in Path(sys.argv[1]).read_text().splitlines():
        language, path = line.split("\t", 1)
        source = Path(path).read_bytes()
        parser_of(cast(SupportedLanguage, language)).parse(source)
        size += len(source)
    print(size)


if __name__ == "__main__":
    main()
