// Truth for TypeScript and JavaScript from the TypeScript compiler's own parser.
//
//   node typescript.cjs <folder of the typescript package> <root>  < paths, one a line
//
// Prints one JSON object a line, as truth.py reads them: {"symbol": …} for callables and types, {"call": …} for the
// written names that are called. Columns are UTF-8 bytes.
"use strict";
const fs = require("fs");
const path = require("path");
const [, , library, root] = process.argv;
const ts = require(path.resolve(library));
const K = ts.SyntaxKind;

for (const file of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, scriptKind(file));
  const lines = lineStarts(text);
  const errors = (source.parseDiagnostics || []).length;
  print({ file, errors });
  visit(source, file.replace(/(\.d)?\.[cm]?[jt]sx?$/, ""), false);

  function visit(node, around, inFunction) {
    const [symbol, called] = [definition(node), calledName(node)];
    let inside = around;
    if (symbol) {
      inside = around === null ? null : `${around}.${symbol.text}`;
      const optional = symbol.optional || (symbol.isLocal && inFunction);
      print({
        symbol: symbol.text, ...position(symbol.at), group: symbol.group, kinds: symbol.kinds,
        qualified_name: optional || around === null || /\.d\.[cm]?ts$/.test(file) ? null : inside, optional,
      });
    }
    // A namespace nests names; what an ambient module's string or a value's properties do to them is left open.
    if (ts.isModuleDeclaration(node)) inside = ts.isIdentifier(node.name) && around !== null ? `${around}.${node.name.text}` : null;
    if (ts.isObjectLiteralExpression(node)) inside = null;
    if (called) print({ call: called.name.text, ...position(called.name), form: called.form });
    const opens = inFunction || (ts.isFunctionLike(node) && !!node.body) || K.ClassStaticBlockDeclaration === node.kind;
    ts.forEachChild(node, (child) => visit(child, inside, opens));
  }

  function position(node) {
    const start = node.getStart ? node.getStart(source) : node.pos;
    const line = upperBound(lines, start);
    return { path: file, line, column: Buffer.byteLength(text.slice(lines[line - 1], start)) };
  }
}

function scriptKind(file) {
  if (/x$/.test(file)) return file.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.JSX;
  return /\.[cm]?js$/.test(file) ? ts.ScriptKind.JSX : ts.ScriptKind.TS;
}

// What a node defines, where it is a callable or a type with a written name. Functions in variables, in object literals
// and in other functions may be symbols or not: they are optional.
function definition(node) {
  const callable = (at, kinds, more) => ({ at, text: at.text, group: "callable", kinds, ...more });
  const type = (at, kinds, more) => ({ at, text: at.text, group: "type", kinds, ...more });
  const isPlain = node.name && (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name));
  const isFunction = (value) => value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
  const written = node.name && !isPlain && writtenName(node.name);
  switch (node.kind) {
    // A member that is given to an object or a prototype.
    case K.BinaryExpression:
      return node.operatorToken.kind === K.EqualsToken && ts.isPropertyAccessExpression(node.left) && isFunction(node.right) &&
        callable(node.left.name, ["function", "method", "field", "property"], { optional: true });
    case K.PropertyAssignment:
      return isPlain && isFunction(node.initializer) && callable(node.name, ["function", "method", "property"], { optional: true });
    case K.FunctionDeclaration:
      if (!node.name) return callable(defaultKeyword(node), ["function"], { optional: true });
      return isPlain && callable(node.name, ["function"], { optional: !node.body && !isAmbient(node) });
    case K.FunctionExpression:
      return isPlain && callable(node.name, ["function"], { optional: true });
    case K.MethodDeclaration:
      if (written) return callable(written, ["method"], { optional: true });
      return isPlain && callable(node.name, ["method"], {
        optional: ts.isObjectLiteralExpression(node.parent) || (!node.body && !isAmbient(node) && !isAbstract(node)),
      });
    case K.MethodSignature:
      if (written) return callable(written, ["method"], { optional: true });
      return isPlain && callable(node.name, ["method"], { optional: ts.isTypeLiteralNode(node.parent) });
    case K.GetAccessor:
    case K.SetAccessor:
      if (written) return callable(written, ["accessor", "property", "method"], { optional: true });
      return isPlain && callable(node.name, ["accessor", "property", "method"], {
        optional: ts.isObjectLiteralExpression(node.parent) || ts.isTypeLiteralNode(node.parent),
      });
    case K.Constructor: {
      const keyword = node.getChildren().find((child) => child.kind === K.ConstructorKeyword);
      const at = keyword && { getStart: () => keyword.getStart(), text: "constructor" };
      return at && callable(at, ["constructor", "method"], { optional: !node.body && !isAmbient(node) });
    }
    case K.PropertyDeclaration:
    case K.VariableDeclaration: {
      const held = node.initializer;
      const isVariable = node.kind === K.VariableDeclaration;
      if (!isPlain || !held) return undefined;
      if (ts.isArrowFunction(held) || ts.isFunctionExpression(held))
        return callable(node.name, ["function", "method", "constant", "variable", "field", "property"], {
          isLocal: isVariable, optional: isVariable && !isTopLevel(node),
        });
      if (ts.isClassExpression(held))
        return type(node.name, ["class", "constant", "variable", "field", "property"], { isLocal: true });
      return undefined;
    }
    case K.ClassDeclaration:
      if (!node.name) return type(defaultKeyword(node), ["class"], { optional: true });
      return isPlain && type(node.name, ["class"]);
    case K.ClassExpression:
      return isPlain && type(node.name, ["class"], { optional: true });
    case K.InterfaceDeclaration:
      return type(node.name, ["interface"]);
    case K.TypeAliasDeclaration:
      return type(node.name, ["type", "typedef"]);
    case K.EnumDeclaration:
      return type(node.name, ["enum"]);
    default:
      return undefined;
  }
}

// A name in quotes stands for what is between them, one in brackets for all that is written.
function writtenName(name) {
  if (ts.isComputedPropertyName(name)) return { getStart: () => name.getStart(), text: name.getText() };
  if (ts.isStringLiteral(name)) return { getStart: () => name.getStart() + 1, text: name.text };
  return undefined;
}

// A default export without a name is called `default`, by its keyword.
function defaultKeyword(node) {
  const keyword = (node.modifiers || []).find((modifier) => modifier.kind === K.DefaultKeyword) || node;
  return { getStart: () => keyword.getStart(), text: "default" };
}

function isAmbient(node) {
  return !!(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) || !!(node.flags & ts.NodeFlags.Ambient) ||
    node.getSourceFile().isDeclarationFile;
}

function isAbstract(node) {
  return !!(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract);
}

// Whether a variable stands at the top of a module or namespace, outside of any block.
function isTopLevel(declaration) {
  const statement = declaration.parent.parent;
  return ts.isVariableStatement(statement) && (ts.isSourceFile(statement.parent) || ts.isModuleBlock(statement.parent));
}

// The last segment of what is called, and how it is written.
function calledName(node) {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  const form = ts.isNewExpression(node) ? "new" : undefined;
  const callee = skipWrapping(node.expression);
  if (ts.isIdentifier(callee)) return { name: callee, form: form || "name" };
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const receiver = skipWrapping(callee.expression).kind;
  const forms = { [K.ThisKeyword]: "this", [K.SuperKeyword]: "super" };
  return { name: callee.name, form: form || forms[receiver] || "attribute" };
}

function skipWrapping(node) {
  while (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
    node = node.expression;
  return node;
}

// Lines end with a line feed alone, as everywhere else in the measurements.
function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function upperBound(starts, offset) {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function print(record) {
  process.stdout.write(JSON.stringify(record) + "\n");
}
