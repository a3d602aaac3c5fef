// Truth for Lua from luaparse.
//
//   node lua.cjs <folder of the luaparse package> <root>  < paths, one a line
//
// Prints one JSON object a line, as truth.py reads them: functions that get a name, however they are written, and (optional)
// tables at the top. Columns are bytes.
"use strict";
const fs = require("fs");
const path = require("path");
const [, , library, root] = process.argv;
const luaparse = require(path.resolve(library));

for (const file of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = fs.readFileSync(path.join(root, file), "latin1").replace(/^#[^\n]*/, (line) => " ".repeat(line.length));
  const tree = parsed(text);
  console.log(JSON.stringify({ file, errors: tree ? 0 : 1 }));
  if (!tree) continue;
  for (const statement of tree.body) printTables(statement, file);
  visit(tree, file);
}

// Read as latin-1, a character is a byte. Which Lua a file is written for is not said in it.
function parsed(text) {
  for (const luaVersion of ["5.3", "LuaJIT"]) {
    try {
      return luaparse.parse(text, { locations: true, luaVersion, encodingMode: "x-user-defined" });
    } catch {}
  }
  return null;
}

function visit(node, file) {
  if (Array.isArray(node)) return node.forEach((each) => visit(each, file));
  if (!node || typeof node.type !== "string") return;
  if (node.type === "FunctionDeclaration" && node.identifier) print(node.identifier, file);
  if (node.type === "LocalStatement" || node.type === "AssignmentStatement") {
    const isOne = node.variables.length === 1;
    node.init.forEach((value, i) => isFunction(value) && node.variables[i] && print(node.variables[i], file, !isOne));
  }
  if (node.type === "TableKeyString" && isFunction(node.value)) print(node.key, file);
  for (const [key, value] of Object.entries(node)) if (key !== "loc" && typeof value === "object") visit(value, file);
}

// Tables at the top may be modules or classes, or only data.
function printTables(statement, file) {
  if (statement.type === "ReturnStatement" && statement.arguments.some(isTable)) {
    return print({ type: "Identifier", name: "return", loc: statement.loc }, file, true, "type");
  }
  if (statement.type !== "LocalStatement" && statement.type !== "AssignmentStatement") return;
  statement.init.forEach((value, i) => isTable(value) && statement.variables[i] && print(statement.variables[i], file, true, "type"));
}

function isTable(value) {
  const isMade = value.type === "CallExpression" && value.base.name === "setmetatable";
  return value.type === "TableConstructorExpression" || (isMade && value.arguments[0].type === "TableConstructorExpression");
}

function isFunction(value) {
  return value.type === "FunctionDeclaration";
}

function print(target, file, optional = false, group = "callable") {
  const name = target.type === "MemberExpression" ? target.identifier : target;
  if (name.type !== "Identifier") return;
  const { line, column } = name.loc.start;
  const kinds = group === "callable" ? ["function", "method"] : ["object"];
  console.log(JSON.stringify({ symbol: name.name, path: file, line, column, group, kinds, qualified_name: null, optional }));
}
