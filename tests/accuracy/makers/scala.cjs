// Truth for Scala from scalameta's parser.
//
//   node scala.cjs <folder of scalameta-parsers> <root>  < paths, one a line
//
// Prints JSON lines as truth.py reads them: callables and types; those in bodies of methods and values are optional.
"use strict";
const fs = require("fs");
const path = require("path");

const { parseSource } = require(process.argv[2]);
const root = process.argv[3];
const TYPES = {
  "Defn.Class": ["class"],
  "Defn.Object": ["object"],
  "Pkg.Object": ["object"],
  "Defn.Trait": ["trait"],
  "Defn.Enum": ["enum"],
  "Defn.Type": ["type"],
  "Decl.Type": ["type"],
};
const CALLABLES = {
  "Defn.Def": ["method", "function"],
  "Decl.Def": ["method", "function"],
  "Defn.Macro": ["method", "function"],
  "Ctor.Secondary": ["constructor"],
};
// What stands below these belongs to a value, not to a type.
const INSIDE = new Set(["Defn.Val", "Defn.Var", "Defn.Def", "Ctor.Secondary", "Term.NewAnonymous", "Defn.Given", "Term.Block"]);

for (const file of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const tree = parseSource(text);
  console.log(JSON.stringify({ file, errors: tree.error ? 1 : 0 }));
  if (!tree.error) walk(tree, [], false, { file, text, starts: lineStarts(text) });
}

function walk(node, names, inside, source) {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, names, inside, source);
    return;
  }
  if (!node || typeof node !== "object") return;
  const kinds = TYPES[node.type] || CALLABLES[node.type];
  let below = names;
  if (node.type === "Pkg") below = [...names, ...dotted(node.ref)];
  if (kinds) {
    const name = node.type === "Ctor.Secondary" ? "this" : node.name.value;
    below = [...names, name];
    print(node, name, kinds, below, inside, source);
  }
  const isInside = inside || INSIDE.has(node.type);
  for (const [key, child] of Object.entries(node)) {
    if (key !== "pos" && key !== "tokens" && typeof child === "object") walk(child, below, isInside, source);
  }
}

function dotted(ref) {
  return ref.type === "Term.Select" ? [...dotted(ref.qual), ref.name.value] : [ref.value];
}

function print(node, name, kinds, names, inside, source) {
  let offset = node.name.pos.start;
  if (source.text[offset] === "`") offset += 1;
  if (!source.text.startsWith(name, offset)) return;
  const line = source.starts.findLastIndex((start) => start <= offset);
  const column = Buffer.byteLength(source.text.slice(source.starts[line], offset));
  const group = node.type in TYPES ? "type" : "callable";
  const record = { symbol: name, path: source.file, line: line + 1, column, group, kinds };
  console.log(JSON.stringify({ ...record, qualified_name: inside ? null : names.join("."), optional: inside }));
}

function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
