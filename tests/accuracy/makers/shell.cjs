// Truth for Bash from mvdan/sh, the parser of shfmt.
//
//   node shell.cjs <folder of the mvdan-sh package> <root>  < paths, one a line
//
// Prints one JSON object a line, as truth.py reads them: functions. Columns are bytes.
"use strict";
const fs = require("fs");
const path = require("path");
const [, , library, root] = process.argv;
const { syntax } = require(path.resolve(library));

for (const file of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const tree = parsed(fs.readFileSync(path.join(root, file), "utf8"), file);
  console.log(JSON.stringify({ file, errors: tree ? 0 : 1 }));
  if (!tree) continue;
  syntax.Walk(tree, (node) => {
    if (node && syntax.NodeType(node) === "FuncDecl") print(node.Name, file);
    return true;
  });
}

function parsed(text, file) {
  try {
    return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(text, file);
  } catch {
    return null;
  }
}

function print(name, file) {
  const [line, column] = [name.Pos().Line(), name.Pos().Col() - 1];
  const kinds = ["function"];
  console.log(JSON.stringify({ symbol: name.Value, path: file, line, column, group: "callable", kinds, qualified_name: null, optional: false }));
}
