"""Truth for C and C++ from clang's own parser, by the `libclang` package.

`python c_family.py ROOT [FLAG…] < paths`. Prints JSON lines as `truth.py` reads them. Sources are translation units,
headers are seen through them; a file that no unit compiles, or whose unit cannot be parsed, is not judged. A line that
the preprocessor skips in every unit is listed as `{"skipped": path, "line": line}`: nothing is known about it.
"""

from __future__ import annotations

import ctypes
import functools
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from clang import cindex
from clang.cindex import Cursor, CursorKind, TranslationUnit

_SOURCES = (".c", ".cc", ".cpp", ".cxx")
_FUNCTIONS = {
    CursorKind.FUNCTION_DECL: "function",
    CursorKind.CXX_METHOD: "method",
    CursorKind.CONSTRUCTOR: "constructor",
    CursorKind.DESTRUCTOR: "method",
    CursorKind.CONVERSION_FUNCTION: "method",
    CursorKind.FUNCTION_TEMPLATE: "function",
}
_TYPES = {
    CursorKind.STRUCT_DECL: ("struct",),
    CursorKind.UNION_DECL: ("union",),
    CursorKind.CLASS_DECL: ("class",),
    CursorKind.ENUM_DECL: ("enum",),
    CursorKind.TYPEDEF_DECL: ("typedef", "type"),
    CursorKind.TYPE_ALIAS_DECL: ("typedef", "type"),
    CursorKind.CLASS_TEMPLATE: ("class", "struct"),
    CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION: ("class", "struct"),
    CursorKind.TYPE_ALIAS_TEMPLATE_DECL: ("typedef", "type"),
}
_CLASSES = {CursorKind.STRUCT_DECL, CursorKind.CLASS_DECL, CursorKind.UNION_DECL, CursorKind.CLASS_TEMPLATE}


class _Ranges(ctypes.Structure):
    _fields_ = (("count", ctypes.c_uint), ("ranges", ctypes.POINTER(cindex.SourceRange)))


class Maker:
    """Gathers what all translation units say before anything is printed: targets may be defined in another one."""

    def __init__(self, root: Path, paths: list[str]) -> None:
        self._paths = {str(root / path): path for path in paths}
        self._path_of = functools.cache(lambda name: self._paths.get(str(Path(name).resolve())))
        self._lines: dict[str, list[bytes]] = {}
        self.symbols: dict[tuple[str, int, int], dict[str, Any]] = {}
        self.calls: dict[tuple[str, int, int], tuple[dict[str, Any], str]] = {}
        self.places: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self.skipped: dict[str, set[int]] = {}
        self.broken: set[str] = set()

    def read(self, unit: TranslationUnit, path: str) -> None:
        """Take in one translation unit."""
        if any(problem.severity >= cindex.Diagnostic.Error for problem in unit.diagnostics):
            self.broken.add(path)
        else:
            self._note_skipped(unit)
        for cursor in unit.cursor.get_children():
            self._visit(cursor, in_function=False)

    def _note_skipped(self, unit: TranslationUnit) -> None:
        skipped: dict[str, set[int]] = defaultdict(set)
        library = cindex.conf.lib
        library.clang_getAllSkippedRanges.restype = ctypes.POINTER(_Ranges)
        found = library.clang_getAllSkippedRanges(unit)
        for index in range(found.contents.count):
            extent = found.contents.ranges[index]
            if extent.start.file is not None:
                skipped[extent.start.file.name].update(range(extent.start.line, extent.end.line + 1))
        for included in {unit.spelling, *(include.include.name for include in unit.get_includes())}:
            path = self._path_of(included)
            if path is not None:
                lines = skipped.get(included, set())
                self.skipped[path] = self.skipped.get(path, lines) & lines

    def _position(self, cursor: Cursor, name: str) -> tuple[str, int, int] | None:
        """Where the cursor's name is written in the tree; None where a macro wrote it."""
        at = cursor.location
        path = self._path_of(at.file.name) if at.file is not None else None
        if path is None:
            return None
        if path not in self._lines:
            self._lines[path] = Path(at.file.name).read_bytes().split(b"\n")
        column = at.column - 1
        written = self._lines[path][at.line - 1][column : column + len(name)]
        return (path, at.line, column) if written == name.encode() and name else None

    def _visit(self, cursor: Cursor, in_function: bool) -> None:
        written_in = cursor.location.file
        if written_in is None or self._path_of(written_in.name) is None:
            return
        kind = cursor.kind
        if kind in _FUNCTIONS:
            self._function(cursor, in_function)
            in_function = True
        elif kind in _TYPES:
            optional = in_function or not (cursor.is_definition() or kind == CursorKind.TYPEDEF_DECL)
            self._symbol(cursor, cursor.spelling, "type", _TYPES[kind], optional)
        elif kind == CursorKind.MACRO_DEFINITION:
            self._symbol(cursor, cursor.spelling, "callable", ("macro", "constant", "function"), True)
        elif kind == CursorKind.CALL_EXPR:
            self._call(cursor)
        for child in cursor.get_children():
            self._visit(child, in_function)

    def _function(self, cursor: Cursor, in_function: bool) -> None:
        name = cursor.spelling.split("<")[0] if cursor.kind == CursorKind.CONSTRUCTOR else cursor.spelling
        kinds = {_FUNCTIONS[cursor.kind]}
        if cursor.semantic_parent is not None and cursor.semantic_parent.kind in _CLASSES:
            kinds |= {"method", "constructor"} if "constructor" in kinds else {"method"}
            kinds.discard("function")
        self._symbol(cursor, name, "callable", tuple(kinds), in_function or not cursor.is_definition())

    def _symbol(self, cursor: Cursor, name: str, group: str, kinds: tuple[str, ...], optional: bool) -> None:
        position = self._position(cursor, name)
        if position is None:
            return
        self.places[cursor.get_usr()].add(position[:2])
        known = self.symbols.get(position)
        optional = optional and (known is None or known["optional"])
        self.symbols[position] = {"symbol": name, "group": group, "kinds": sorted(kinds), "optional": optional}

    def _call(self, cursor: Cursor) -> None:
        called = cursor.referenced
        if called is None or called.kind not in _FUNCTIONS:
            return
        callee = next(cursor.get_children(), None)
        while callee is not None and callee.kind in (CursorKind.UNEXPOSED_EXPR, CursorKind.PAREN_EXPR):
            callee = next(callee.get_children(), None)
        if callee is None or callee.kind not in (CursorKind.DECL_REF_EXPR, CursorKind.MEMBER_REF_EXPR):
            return
        name = called.spelling
        position = self._position(callee, name)
        if position is not None:
            form = "name" if callee.kind == CursorKind.DECL_REF_EXPR else "attribute"
            called = cindex.conf.lib.clang_getSpecializedCursorTemplate(called) or called
            call = {"call": name, "form": form, "sort": _FUNCTIONS[called.kind]}
            self.calls[position] = (call, called.get_usr())


def main() -> None:
    root = Path(sys.argv[1]).resolve()
    paths = sys.stdin.read().split("\n")[:-1]
    maker = Maker(root, paths)
    index = cindex.Index.create()
    for path in (path for path in paths if path.endswith(_SOURCES)):
        flags = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        maker.read(index.parse(str(root / path), args=sys.argv[2:], options=flags), path)
    for path in paths:
        print(json.dumps({"file": path, "errors": int(path in maker.broken or path not in maker.skipped)}))
    for path, lines in sorted(maker.skipped.items()):
        for line in sorted(lines):
            print(json.dumps({"skipped": path, "line": line}))
    for (path, line, column), symbol in sorted(maker.symbols.items()):
        print(json.dumps({**symbol, "path": path, "line": line, "column": column}))
    for (path, line, column), (call, usr) in sorted(maker.calls.items()):
        targets = [{"path": where[0], "line": where[1]} for where in sorted(maker.places.get(usr, ()))]
        print(json.dumps({**call, "path": path, "line": line, "column": column, "targets": targets}))


if __name__ == "__main__":
    main()
