"""Truth for C# from its compiler, Roslyn, which runs here on the .NET that a Python package carries.

    python csharp.py <folder of Roslyn's libraries> <root>  < paths, one a line

Prints JSON lines as truth.py reads them: callables and types, and called names with where they are defined; lines that the
preprocessor skips. What is written in a method's body is optional. Columns are UTF-8 bytes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"

import clr_loader
import dotnetcore2
import pythonnet

_DOTNET = Path(dotnetcore2.__file__).parent / "bin"
_TYPES = {
    "ClassDeclarationSyntax": ["class"],
    "StructDeclarationSyntax": ["struct"],
    "RecordDeclarationSyntax": ["record"],
    "InterfaceDeclarationSyntax": ["interface"],
    "EnumDeclarationSyntax": ["enum"],
    "DelegateDeclarationSyntax": ["type"],
}
_CALLABLES = {
    "MethodDeclarationSyntax": ["method"],
    "ConstructorDeclarationSyntax": ["constructor"],
    "DestructorDeclarationSyntax": ["method"],
    "OperatorDeclarationSyntax": ["method"],
    "ConversionOperatorDeclarationSyntax": ["method"],
    "LocalFunctionStatementSyntax": ["function", "method"],
}
_SPACES = ("NamespaceDeclarationSyntax", "FileScopedNamespaceDeclarationSyntax")


class Source:
    """One file: its tree, and offsets as lines and byte columns."""

    def __init__(self, path: str, text: str, tree: Any) -> None:
        self.path = path
        self.tree = tree
        self.lines = text.split("\n")

    def place(self, token: Any) -> dict[str, Any]:
        """Where a token begins."""
        start = self.tree.GetLineSpan(token.Span).StartLinePosition
        column = len(self.lines[start.Line].encode("utf-16-le")[: 2 * start.Character].decode("utf-16-le").encode())
        return {"path": self.path, "line": start.Line + 1, "column": column}


def main() -> None:
    library, root = Path(sys.argv[1]), Path(sys.argv[2])
    roslyn = _load(library)
    options = roslyn.CSharpParseOptions.Default.WithLanguageVersion(roslyn.LanguageVersion.Preview)
    sources = {}
    for path in sys.stdin.read().splitlines():
        text = (root / path).read_bytes().decode("utf-8-sig", "replace")
        sources[path] = Source(path, text, roslyn.CSharpSyntaxTree.ParseText(text, options, path))
    compilation = _compilation(roslyn, sources)
    for source in sources.values():
        errors = sum(problem.Severity == problem.Severity.Error for problem in source.tree.GetDiagnostics())
        _print({"file": source.path, "errors": errors})
        for record in _records(source, compilation.GetSemanticModel(source.tree)):
            _print(record)


def _load(library: Path) -> Any:
    (settings,) = library.glob("*.runtimeconfig.json")
    pythonnet.set_runtime(clr_loader.get_coreclr(runtime_config=str(settings), dotnet_root=str(_DOTNET)))
    import clr

    sys.path.append(str(library))
    clr.AddReference("Microsoft.CodeAnalysis")
    clr.AddReference("Microsoft.CodeAnalysis.CSharp")
    from Microsoft.CodeAnalysis import CSharp

    return CSharp


def _compilation(roslyn: Any, sources: dict[str, Source]) -> Any:
    from Microsoft.CodeAnalysis import MetadataReference
    from System.IO import File

    (framework,) = (_DOTNET / "shared" / "Microsoft.NETCore.App").iterdir()
    compilation = roslyn.CSharpCompilation.Create("measured")
    for library in sorted(framework.glob("*.dll")):
        if library.name.startswith(("System", "mscorlib", "netstandard", "Microsoft.CSharp")):
            reference = MetadataReference.CreateFromImage(File.ReadAllBytes(str(library)))
            compilation = compilation.AddReferences(reference)
    for source in sources.values():
        compilation = compilation.AddSyntaxTrees(source.tree)
    return compilation


def _print(record: dict[str, Any]) -> None:
    print(json.dumps(record))


def _records(source: Source, model: Any) -> Iterator[dict[str, Any]]:
    for trivia in source.tree.GetRoot().DescendantTrivia():
        if "DisabledText" in str(trivia.ToFullString and _kind(trivia)):
            span = source.tree.GetLineSpan(trivia.Span)
            for line in range(span.StartLinePosition.Line, span.EndLinePosition.Line + 1):
                yield {"skipped": source.path, "line": line + 1}
    yield from _below(source.tree.GetRoot(), [], False, source, model)


def _kind(trivia: Any) -> str:
    from Microsoft.CodeAnalysis.CSharp import SyntaxKind

    return str(SyntaxKind(trivia.RawKind))


def _below(
    node: Any, names: list[str], is_inside: bool, source: Source, model: Any
) -> Iterator[dict[str, Any]]:
    sort = type(node).__name__
    if sort in _SPACES:
        names = [*names, *"".join(str(node.Name).split()).split(".")]
    elif sort in _TYPES:
        names = [*names, node.Identifier.ValueText]
        yield _symbol(source, node.Identifier, "type", _TYPES[sort], names, is_inside)
    elif sort in _CALLABLES:
        token = _named(node, sort)
        names = [*names, token.Text]
        yield _symbol(source, token, "callable", _CALLABLES[sort], names, is_inside)
        is_inside = True
    elif sort in ("AccessorDeclarationSyntax", "AnonymousMethodExpressionSyntax"):
        is_inside = True
    elif sort in ("InvocationExpressionSyntax", "ObjectCreationExpressionSyntax"):
        yield from _call(node, sort, source, model)
    for child in node.ChildNodes():
        yield from _below(child, names, is_inside, source, model)


def _named(node: Any, sort: str) -> Any:
    if sort == "OperatorDeclarationSyntax":
        return node.OperatorToken
    return node.OperatorKeyword if sort == "ConversionOperatorDeclarationSyntax" else node.Identifier


def _symbol(source: Source, token: Any, group: str, kinds: list[str], names: list[str], is_inside: bool) -> dict[str, Any]:
    qualified = None if is_inside and group == "callable" and kinds[0] == "function" else ".".join(names)
    return {
        "symbol": token.Text, **source.place(token), "group": group, "kinds": kinds, "qualified_name": qualified,
        "optional": is_inside,
    }  # fmt: skip


def _call(node: Any, sort: str, source: Source, model: Any) -> Iterator[dict[str, Any]]:
    is_new = sort == "ObjectCreationExpressionSyntax"
    written = node.Type if is_new else node.Expression
    form = "new" if is_new else "name"
    while type(written).__name__ in ("QualifiedNameSyntax", "MemberAccessExpressionSyntax", "MemberBindingExpressionSyntax"):
        is_plain = type(written).__name__ == "MemberAccessExpressionSyntax"
        receiver = type(written.Expression).__name__ if is_plain else ""
        form = {"ThisExpressionSyntax": "this", "BaseExpressionSyntax": "base"}.get(receiver, form if is_new else "attribute")
        written = written.Right if type(written).__name__ == "QualifiedNameSyntax" else written.Name
    if type(written).__name__ not in ("IdentifierNameSyntax", "GenericNameSyntax"):
        return
    found = _symbol_of(model, written)
    if found is None:
        return
    targets = _targets(found)
    place = source.place(written.Identifier)
    yield {"call": written.Identifier.Text, **place, "form": form, "sort": _sort(found), "targets": targets}


def _symbol_of(model: Any, node: Any) -> Any:
    from Microsoft.CodeAnalysis.CSharp import CSharpExtensions

    return CSharpExtensions.GetSymbolInfo(model, node).Symbol


def _sort(symbol: Any) -> str:
    if getattr(symbol, "IsExtensionMethod", False):
        return "extension"
    return str(symbol.Kind).lower()


def _targets(symbol: Any) -> list[dict[str, Any]]:
    original = symbol.OriginalDefinition
    if getattr(original, "ReducedFrom", None) is not None:
        original = original.ReducedFrom.OriginalDefinition
    targets = []
    for location in original.Locations:
        if location.SourceTree is not None:
            path, line = location.SourceTree.FilePath, location.GetLineSpan().StartLinePosition.Line
            targets.append({"path": path, "line": line + 1})
    return targets


if __name__ == "__main__":
    main()
