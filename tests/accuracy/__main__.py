"""Measures accuracy and prints tables: `python -m tests.accuracy [SUITE…] [TREE…]`, see `--help`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tomllib
from pathlib import Path

from . import facts, projects, report, suites

_CALIBRATION = """\
# How often a site's target is right, by language and evidence: the confidence of what the program says.
# Measured by `make accuracy` against compilers' truth; 'default' holds where a language was not measured.
"""


def main() -> None:
    options = _options()
    os.environ.setdefault("INDEXER_HOME", str(options.cache / "home"))
    settings = suites.Settings(
        options.cache,
        options.django,
        options.pycg,
        tuple(options.tree),
        tuple(options.typescript),
        tuple((name, Path(folder).resolve()) for name, _, folder in (said.partition("=") for said in options.judge)),
        tuple(options.language),
    )
    if options.export is not None:
        export = facts.read_export(options.export.read_text().splitlines())
        settings = dataclasses.replace(settings, export_of=lambda _: export)
    measurements: list[suites.Measurement] = []
    for name in options.suites or suites.SUITES:
        print(f"measuring {name} …", file=sys.stderr)
        measurements += suites.SUITES[name](settings)
    print(report.tables(measurements, options.list))
    if options.calibration is not None:
        table = tomllib.loads(options.calibration.read_text()) if options.calibration.exists() else {}
        options.calibration.write_text(_CALIBRATION + report.calibrated(measurements, table))
    if options.json is not None:
        options.json.write_text(json.dumps(report.as_json(measurements), indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[[], *suites.SUITES], help="which to run; all by default")
    default = projects.default_cache()
    parser.add_argument("--cache", type=Path, default=default, help=f"sources, tools and indexes (default {default})")
    parser.add_argument("--list", type=int, default=5, metavar="N", help="how many misses to list for each construct")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables here as JSON")
    parser.add_argument("--calibration", type=Path, metavar="FILE", help="write the measured confidences into this table")
    parser.add_argument("--export", type=Path, metavar="FILE", help="judge this export instead of making one")
    parser.add_argument("--django", type=Path, metavar="FOLDER", help="an unpacked Django (else it is downloaded)")
    parser.add_argument("--tree", type=Path, action="append", default=[], help="another Python tree, judged by ast")
    parser.add_argument("--typescript", type=Path, action="append", default=[], help="a TypeScript tree with a tsconfig.json")
    parser.add_argument(
        "--judge", action="append", default=[], metavar="LANGUAGE=FOLDER", help="another tree, judged by its language's parser"
    )
    parser.add_argument("--language", action="append", default=[], help="only this one of the suite 'languages'")
    given = os.environ.get("PYCG_SNIPPETS")
    parser.add_argument(
        "--pycg",
        type=Path,
        default=Path(given) if given else None,
        metavar="FOLDER",
        help="PyCG's micro-benchmark/snippets (default: $PYCG_SNIPPETS); left out without it",
    )
    options = parser.parse_args()
    options.cache = options.cache.resolve()
    return options


if __name__ == "__main__":
    main()
