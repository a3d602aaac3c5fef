"""Small sources that refer to each other, made at random, in every language that is read in full.

Few names stand for much, so that most references lead to another file, and most changes turn one of them. A language's sources are
said as data: how a file begins, and what lines it may hold. In both, a word in braces stands for a random name:

    {f} {g} functions · {A} {B} {C} types · {m} modules (names of files) · {p} {q} folders and packages, {x} fields
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NAMES: Final = ("alpha", "beta", "gamma", "delta")
FOLDERS: Final = ("pkg", "pkg/sub", "other", "lib", "moved", "copy")

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "f": ("f", "g", "h"), "g": ("f", "g", "h"), "F": ("F", "G", "h"), "G": ("F", "G", "h"),
    "A": ("A", "B", "C"), "B": ("A", "B", "C"), "C": ("A", "B", "C"), "X": ("X", "K"),
    "m": NAMES, "M": ("Alpha", "Beta", "Gamma"), "x": ("x", "y"),
    "p": ("pkg", "pkg.sub", "other"), "q": ("pkg", "pkg.sub", "other"), "n": ("pkg", "other", "sub"),
    "u": ("./", "./", "../", "./sub/", "@/", "lib/", "app/"), "d": ("pkg", "pkg/sub", "other", "lib"),
}  # fmt: skip
_PLACEHOLDER: Final = re.compile(r"\{(\w)\}")


@dataclass(frozen=True)
class Kind:
    """What a file of a language is made of: its first lines, one of each; then the lines, each of its own."""

    heads: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    comment: str = "//"
    foot: str = ""


def source(suffix: str, r: random.Random) -> str:
    """A file of the language that the suffix says."""
    kind = KINDS[suffix]
    heads = [r.choice(head) for head in kind.heads]
    lines = [r.choice(kind.lines) for _ in range(r.randint(2, 6))]
    return _filled("\n".join([*heads, *lines, kind.foot]).strip("\n") + "\n", r)


def line(suffix: str, r: random.Random) -> str:
    """A line that a file of the language may hold."""
    return _filled(r.choice(KINDS[suffix].lines), r)


def settings(r: random.Random) -> tuple[str, str]:
    """A file that says how names are found, and its text."""
    name, text = r.choice(_SETTINGS)
    return name, _filled(text, r)


def _filled(text: str, r: random.Random) -> str:
    return _PLACEHOLDER.sub(lambda found: r.choice(_WORDS[found[1]]) if found[1] in _WORDS else found[0], text)


_SETTINGS: Final = (
    ("go.mod", "module example.com/mod\n"),
    ("go.mod", "module example.com/other\n"),
    ("tsconfig.json", '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["{d}/*"]}}}\n'),
    ("tsconfig.json", '{"extends": "../tsconfig.json"}\n'),
    ("tsconfig.json", '{"compilerOptions": {"baseUrl": "{d}"}}\n'),
    ("package.json", '{"name": "app", "main": "{m}.js"}\n'),
    ("package.json", '{"name": "lib", "exports": {".": "./{m}.ts", "./*": "./{d}/*.ts"}}\n'),
    ("Cargo.toml", '[package]\nname = "app"\n'),
    ("Cargo.toml", '[package]\nname = "lib"\n'),
    ("composer.json", '{"name": "a/{n}", "autoload": {"psr-4": {"Pkg\\\\": "{d}/"}}}\n'),
    ("pyproject.toml", '[tool.setuptools]\npackage-dir = {"" = "{d}"}\n'),
)

_SCRIPT: Final = Kind(
    ((),) * 0,
    (
        "import { {f}, {A} } from '{u}{m}'",
        "import { {f} as {g} } from '{u}{m}'",
        "import * as m from '{u}{m}'",
        "import d from '{u}{m}'",
        "export * from '{u}{m}'",
        "export * as m from '{u}{m}'",
        "export { {f} as {g}, {A} } from '{u}{m}'",
        "export { default } from '{u}{m}'",
        "export { {A} as default }",
        "const { {f}, {A} } = require('{u}{m}')",
        "const m = require('{u}{m}')",
        "module.exports = { {f}, {A}: {B} }",
        "exports.{f} = {g}",
        "export function {f}(x) { return {g}(x).run() }",
        "export function {f}(x, y) { return y }\n{g}({A}, new {B}()).run()",
        "export class {A} extends {B} { run() { return this.stop() } stop() { {f}(); m.{g}() } }",
        "export class {A} extends m.{B} { x = new {C}(); static make() { return new {A}() } stop() { this.x.run() } }",
        "export default class {A} { run() { return new {B}().stop() } }",
        "export default function {f}() { return new {A}() }",
        "export const {X} = {f}()\n{X}.run()",
        "export const {X} = { run() { return {f}() }, {g}: {A} }\n{X}.run()",
        "export const {f} = () => {g}()",
        "new {A}().run().stop(); d(); d.run(); m.{X}.run()",
        "{A}.make().run(); m.{A}.make().stop()",
    ),
)
_TYPED: Final = Kind(
    (),
    (
        *_SCRIPT.lines,
        "import type { {A} } from '{u}{m}'",
        "export interface {A} extends {B} { run(): {C}; {x}: {A} }",
        "export type {A} = {B} | m.{C}",
        "export function {f}(x: {A}): {B} { return x.run().stop() }",
        "export class {A} implements {B} { constructor(private x: {C}) {} run(): {B} { return this.x.run() } }",
        "export enum {A} { x, y }\n{A}.x; m.{A}.y",
        "export namespace m { export function {f}() { return {g}() } }",
        "export abstract class {A}<T extends {B}> { abstract run(): T; stop() { this.run().stop() } }",
        "declare global { function {f}(): {A} }",
    ),
)
_GO: Final = Kind(
    (
        ("package pkg", "package sub", "package other", "package main", "package pkg_test"),
        ('import "example.com/mod/{d}"', 'import m "example.com/other/{d}"', 'import . "example.com/mod/{d}"', ""),
        ('import "example.com/mod/{d}"', 'import lib "example.com/mod/lib"', ""),
    ),
    (
        "func {F}(x {A}) {B} { return {G}(x) }",
        "func {F}() { pkg.{G}(); other.{G}(); m.{G}(); var x {A}; x.Run() }",
        "func {F}() ({A}, error) { return {A}{}, nil }\nfunc use() { x, _ := {F}(); x.Stop() }",
        "type {A} struct { {B}; other.{B}; x {C} }",
        "type {A} struct { *{B}; y *m.{C} }",
        "func (a *{A}) Run() {B} { return a.Stop() }",
        "func (a {A}) Stop() {B} { {F}(); a.x.Run(); return {B}{} }",
        "type I interface { Run() {B}; Stop() }",
        "type {A} interface { I; Stop() {B} }",
        "type {A} = {B}",
        "var {X} = {F}()\nvar Y {A} = {X}.Run()",
        "const {X} = 1\nvar z = pkg.{X}",
        "func {F}(i I) { i.Run().Stop(); for _, e := range []{A}{} { e.Run() } }",
    ),
)
_RUST: Final = Kind(
    (),
    (
        "mod {m};",
        "pub mod {m};",
        "use crate::{m}::{f};",
        "use crate::{n}::{m}::{A};",
        "use super::{m}::{{A}, {f}};",
        "use super::*;",
        "pub use self::{m}::*;",
        "pub use {m}::{A} as {B};",
        "use lib::{m}::{f};",
        "use app::{A};",
        "pub fn {f}(x: {A}) -> {B} { {g}(x).run() }",
        "pub fn {f}() -> Self { {m}::{g}(); crate::{m}::{f}(); super::{g}() }",
        "pub struct {A};",
        "pub struct {A} { pub x: {B} }",
        "pub enum {A} { X, Y({B}) }",
        "impl {A} { pub fn run(&self) -> {B} { self.stop(); {m}::{f}() } pub fn stop(&self) {} }",
        "impl {A} { pub fn new() -> Self { {A} {} } pub fn make(&self) -> {B} { self.x.run() } }",
        "pub trait T { fn run(&self) -> {B}; fn stop(&self) { self.run(); } }",
        "impl T for {A} { fn run(&self) -> {B} { {f}() } }",
        "fn {f}(x: &{A}) { x.run().stop(); {A}::new().run(); x.x.run(); }",
        "macro_rules! {f} { () => {} }\nfn use_it() { {f}!(); }",
        "pub mod {m} { pub fn {f}() { super::{g}() } pub struct {A}; }",
        "pub type {A} = {B};",
        "pub const {X}: {A} = {A}::new();",
    ),
)
_JAVA: Final = Kind(
    (
        ("package {p};", "package {p};", ""),
        ("import {q}.{A};", "import {q}.*;", "import static {q}.{A}.{f};", "import static {q}.{A}.*;", ""),
        ("import {q}.{B};", "import {q}.*;", "import {q}.{A}.{B};", ""),
    ),
    (
        "class {A} extends {B} { {C} x = new {C}(); {B} run() { return x.stop(); } void stop() { super.stop(); {f}(); } }",
        "public class {A} { static {B} {f}() { return new {B}(); } void run() { {f}().run(); {C}.{g}().stop(); } }",
        "public class {A} { static {B} {f}(int a) { return null; } static {C} {f}() { return {f}(1).run(); } }",
        "interface {A} extends {B} { {C} run(); default void stop() { run().stop(); } }",
        "class {A} implements {B} { public {C} run() { return {q}.{C}.{f}(); } class {B} { void stop() { run(); } } }",
        "enum {A} { X, Y; {B} run() { return X.run(); } }",
        "record {A}({B} x) { void stop() { x().run(); x.stop(); } }",
        "class {A}<T extends {B}> { T x; void stop() { x.run().stop(); {X}.run(); } static {C} {X}; }",
        "class {A} extends {q}.{B} { {A}({C} c) { super(c); c.run(); new {A}(c).x.run(); } }",
    ),
)
_KOTLIN: Final = Kind(
    (
        ("package {p}", "package {p}", ""),
        ("import {q}.{A}", "import {q}.*", "import {q}.{f}", "import {q}.{A} as {B}", ""),
        ("import {q}.{g}", "import {q}.*", "import {q}.{A}.Companion.{f}", ""),
    ),
    (
        "fun {f}(x: {A}): {B} = {g}(x).run()",
        "fun {f}() = {A}()",
        "fun {A}.{f}(): {B} = run()",
        "fun {A}.{f}(x: {B}) {\nx.{g}()\nthis.stop()\n}",
        "val {A}.{x}: {B} get() = run()",
        "open class {A} : {B}() {\nval x = {C}()\nopen fun run(): {B} = x.stop()\nfun stop() {\n{f}(x)\nsuper.stop()\n}\n}",
        "class {A}(val x: {B}) {\nfun run() = x.run().{f}()\ncompanion object {\nfun {f}(): {C} = {C}()\n}\n}",
        "object {A} {\nfun {f}() = {B}.{g}()\nval x = {C}()\n}",
        "interface {A} {\nfun run(): {B}\nfun stop() = run().stop()\n}",
        "class {A} : {B} by {C}() {\noverride fun run() = {A}.{f}()\n}",
        "data class {A}(val x: {B}, val y: {C})\nfun use(a: {A}) {\nval (p, q) = a\np.run()\na.x.stop()\na.y.{f}()\n}",
        "enum class {A} {\nX, Y;\nfun run() = {B}.X\n}",
        "typealias {A} = {q}.{B}",
        "val {X} = {f}()\nfun {g}() {\n{X}.run()\n{A}.X.run()\n}",
        "sealed class {A} {\nclass {B} : {A}() {\nfun run() = stop()\n}\nfun stop() {}\n}",
    ),
)
_SCALA: Final = Kind(
    (
        ("package {p}", "package {p}", ""),
        ("import {q}.{A}", "import {q}._", "import {q}.{ {A} => {B}, {C} }", "import {q}.{A}._", ""),
        ("import {q}._", "import {q}.{A}.{f}", ""),
    ),
    (
        "class {A} extends {B} { val x = new {C}; def run: {B} = x.stop; def stop(): {C} = {A}.{f}() }",
        "object {A} { def {f}() = new {B}; def apply(): {C} = new {C}; val x = {g}() }",
        "trait {A} extends {B} with {C} { def run(): {B}; def stop() = run().stop() }",
        "case class {A}(x: {B}, y: {C}) { def run() = x.run(); def stop = y.stop }",
        "object {A} extends {B} { implicit class R(x: {C}) { def {f}() = x.run() } }",
        "class {A} { def {f}(x: {B}): {C} = x.{g}(); def run = {A}().run; {B}.x.stop() }",
        "package object {n} { def {f}() = new {A}; val {X} = {f}() }",
        "class {A}(val x: {B}) extends {q}.{C} { override def run() = super.run(); x.{f}() }",
        "def {f}(x: {A}): {B} = {g}(x).run()",
    ),
)
_CSHARP: Final = Kind(
    (
        ("using {q};", "using static {q}.{A};", "using {A} = {q}.{B};", "global using {q};", ""),
        ("using {q};", ""),
        ("namespace {p};", "namespace {p};", ""),
    ),
    (
        "public partial class {A} { public {B} x; public {B} {f}() { return this.{g}(); } }",
        "public partial class {A} : {B} { public {C} {g}() { return x.{f}(); } }",
        "class {A} : {B} { static {C} {f}() => new {C}(); void run() { {f}().run(); base.run(); {C}.{g}(); } }",
        "public static class {A} { public static {B} {f}(this {C} c) { return c.run(); } public static void {g}(this {C} c, int i) {} }",
        "interface {A} : {B} { {C} run(); }",
        "struct {A} { public {B} X { get; set; } void stop() { X.run(); X.{f}(); } }",
        "enum {A} { X, Y }",
        "record {A}({B} X, {C} Y) { void run() { X.stop(); new {A}(X, Y).{f}(); } }",
        "class {A}<T> where T : {B} { T x; void run() { x.run(); new {A}<T>().x.stop(); } class {C} { void stop() { {B}.{f}(); } } }",
        "delegate {A} {B}({C} c);",
        "class {A} { {B} run({B} b) { var c = b.{f}(); c.run(); return {q}.{C}.{g}(); } }",
    ),
)
_C: Final = Kind(
    (
        ('#include "{m}.h"', '#include "{d}/{m}.h"', "#include <stdio.h>", ""),
        ('#include "{m}.h"', '#include "sub/{m}.h"', ""),
    ),
    (
        "int {f}(struct {A} *a);",
        "int {f}(struct {A} *a) { return {g}(a->x); }",
        "static int {f}(void) { return {g}(0); }",
        "static inline struct {A} *{f}({B} *b) { return b->x; }",
        "struct {A} { struct {B} *x; int y; };",
        "typedef struct {A} {B};",
        "typedef struct { {A} *x; } {B};",
        "enum {A} { X, Y_{f} };",
        "#define {X} {f}(1)",
        "#define {f}(x) {g}(x)",
        "extern struct {A} {x};",
        "struct {A} {x} = { 0 };",
        "void use_{f}({A} *a) { {f}(a->x); a->x->y = X; {x}.y = {X}; }",
        "#ifdef OTHER\nint {f}(void) { return 1; }\n#else\nint {f}(void) { return {g}(); }\n#endif",
        "int (*{f}_table[])(void) = { {f}, {g} };",
    ),
)
_CPP: Final = Kind(
    (
        ('#include "{m}.h"', '#include "{m}.hpp"', '#include "{d}/{m}.hpp"', "#include <vector>", ""),
        ("using namespace {n};", "using {n}::{A};", ""),
    ),
    (
        *_C.lines[:4],
        "class {A} : public {B} { public: {C} *x; {B} run(); virtual void stop() { x->run(); } static {A} make(); };",
        "{B} {A}::run() { {f}(x); return x->run(); }",
        "{A} {A}::make() { return {A}(); }",
        "namespace {n} { class {A} { public: {B} run(); }; int {f}({A} a); }",
        "namespace {n} { {B} {A}::run() { return {f}(*this); } int {f}({A} a) { return {g}(a); } }",
        "namespace { int {f}() { return {g}(); } }",
        "int {f}() { {n}::{A} a; a.run(); {A}::make().run().stop(); return {n}::{g}(a); }",
        "template <typename T> class {A} { T x; void run() { x.run(); {f}(x); } };",
        "struct {A}; struct {B} { {A} *x; void stop(); };",
        "void {A}::stop() { this->x->run(); {B}::make(); }",
        "enum class {A} { X, Y };",
        "using {A} = {n}::{B};",
        "int {f}(int a) { return {f}(); }\nint {f}() { return {g}(1); }",
        "#define {X}(a) a->run()",
    ),
)
_RUBY: Final = Kind(
    (
        ("require '{m}'", "require_relative '{m}'", "require_relative '../{m}'", ""),
        ("require 'pkg/{m}'", "require 'sub/{m}'", ""),
    ),
    (
        "class {A} < {B}\n  def run\n    @x = {C}.new\n    stop\n  end\nend",
        "class {A}\n  def stop\n    @x.run\n    {f}\n  end\n  attr_reader :x\nend",
        "class {A}\n  include {M}\n  extend {M}\n  def self.{f}\n    new.run\n  end\nend",
        "module {M}\n  class {A}\n    def run; {B}.new.stop; end\n  end\n  def {f}; {g}; end\nend",
        "module {M}\n  def self.{f}; {A}.{g}; end\n  {X} = {A}.new\nend",
        "class {M}::{A}\n  def {f}; super; {M}::{X}.run; end\nend",
        "def {f}(x = nil)\n  {A}.new.run.stop\nend",
        "{X} = {A}.{f}\n{X}.run",
        "{M}.{f}; {M}::{A}.new.run; {A}.{f}.stop",
        "class << {A}\n  def {f}; new; end\nend",
        "{A} = Struct.new(:x) do\n  def run; x.stop; end\nend",
        "class {A}\n  alias_method :{f}, :{g}\n  def {g}(a, b); b; end\nend",
    ),
    "#",
)
_PHP: Final = Kind(
    (
        ("<?php",),
        ("namespace Pkg;", "namespace Pkg\\Sub;", "namespace Other;", ""),
        ("use Pkg\\{A};", "use Pkg\\Sub\\{A} as {B};", "use function Pkg\\{f};", "use Other\\{ {A}, {B} };", ""),
        ("require '{m}.php';", "require_once __DIR__ . '/{m}.php';", "use Pkg\\{B};", ""),
    ),
    (
        "class {A} extends {B} { public {C} $x; function run(): {B} { return $this->x->stop(); } function stop() { parent::stop(); {f}(); } }",
        "class {A} implements {B} { use {C}; public function __construct(private {B} $y) { $this->y->run(); } }",
        "trait {A} { function run() { return $this->stop(); } abstract function stop(): {B}; }",
        "interface {A} extends {B} { function run(): {C}; }",
        "function {f}({A} $x): {B} { return {g}($x)->run(); }",
        "function {f}() { return new {A}; }",
        "$x = new {A}(); $x->run()->stop(); {B}::{f}(); \\Pkg\\{g}($x);",
        "class {A} { static function {f}(): static { return new static; } const {X} = 1; function {g}() { return self::{f}()->run(); } }",
        "enum {A}: int { case X = 1; case Y = 2; function run() { return self::X; } }\n{A}::X->run();",
        "const {X} = 1; echo {X}, {A}::{X}, \\Pkg\\{X};",
        "abstract class {A} { abstract function run(): {B}; function stop() { $this->run()->stop(); } }",
    ),
)
_LUA: Final = Kind(
    (
        ("local m = require('{m}')", "local m = require('{p}.{m}')", "require '{m}'", ""),
        ("local {A} = require('{m}')", "local {f} = require('{m}').{f}", "local M = {}"),
    ),
    (
        "function {f}(x) return {g}(x) end",
        "local function {f}() m.{g}() end",
        "function M.{f}() return m.{g}() end",
        "function M:{f}() return self:{g}() end",
        "M.{f} = {g}",
        "M.{A} = { {f} = function() return {g}() end }",
        "M.__index = M\nfunction M.new() return setmetatable({}, M) end",
        "local o = m.new()\no:{f}()\no.{g}()",
        "{A} = {}\nfunction {A}.{f}() end\nfunction {A}:{g}() self.{f}() end",
        "{A}.{f}(); {A}:{g}(); m.{A}.{f}()",
        "{X} = m.{f}",
    ),
    "--",
    "return M",
)
_BASH: Final = Kind(
    (
        ("#!/bin/bash", ""),
        (". ./{m}.sh", "source {m}.sh", 'source "$(dirname "$0")/{m}.sh"', ". ${ROOT}/{d}/{m}.sh", ""),
        ("source ../{m}.sh", ". {d}/{m}.sh", ""),
    ),
    (
        "{f}() { {g} 1; }",
        "function {f} { {g}; echo ${X}; }",
        "{X}=$({f})",
        "export {X}=1",
        "{f} && {g} | {f}",
        "trap {f} EXIT",
        "alias {f}={g}",
        "if true; then {f}() { :; }; fi",
    ),
    "#",
)
_SWIFT: Final = Kind(
    (("import Foundation", "import Pkg", ""),),
    (
        "class {A}: {B} {\nvar x = {C}()\nfunc run() -> {B} {\nreturn x.stop()\n}\noverride func stop() {\nsuper.stop()\n{f}(x)\n}\n}",
        "struct {A} {\nlet x: {B}\nfunc run() -> {C} {\nreturn x.{f}()\n}\nstatic func {g}() -> {A} {\nreturn {A}()\n}\n}",
        "extension {A} {\nfunc {f}() -> {B} {\nreturn run()\n}\nvar y: {C} {\nreturn {C}()\n}\n}",
        "extension {A}: {B} {\nfunc stop() {\nself.{f}()\ny.run()\n}\n}",
        "protocol {A}: {B} {\nfunc run() -> {C}\nvar x: {B} {\nget\n}\n}",
        "extension {A} where Self: {B} {\nfunc {g}() {\nx.run()\n}\n}",
        "enum {A} {\ncase X, Y({B})\nfunc run() {\n{A}.X.run()\n}\n}",
        "func {f}(_ x: {A}) -> {B} {\nreturn {g}(x).run()\n}",
        "func {f}(a: {A}, b: {B}) {\na.run().stop()\nb.{f}()\n}",
        "let {X} = {A}.{g}()\n{X}.run()",
        "typealias {A} = {B}",
        "extension {A} {\nclass {B} {\nfunc run() {\n{A}.{g}()\n}\n}\n}",
        "final class {A} {\ninit(x: {B}) {\nself.z = x.run()\n}\nlet z: {C}\nfunc stop() {\nz.stop()\n{A}(x: {B}()).z.run()\n}\n}",
    ),
)
_VUE: Final = Kind(
    (("<script setup lang=\"ts\">", "<script>"),),
    (
        "import {A} from './{M}.vue'",
        "import { {f} } from '{u}{m}'",
        "const {X} = {f}()\n{X}.run()",
        "function {f}() { return {g}() }",
        "export default { methods: { {f}() { {g}() } } }",
    ),
    "//",
    "</script>",
)
_HEADERS: Final = Kind(_C.heads, (*_C.lines, *_CPP.lines[4:7], "namespace {n} { int {f}(); }", "template <class T> T {f}(T t);"))

#: By suffix. Python's sources are made by `changing_tree` itself.
KINDS: Final[Mapping[str, Kind]] = {
    ".ts": _TYPED, ".js": _SCRIPT, ".tsx": _TYPED, ".vue": _VUE, ".go": _GO, ".rs": _RUST, ".java": _JAVA, ".kt": _KOTLIN,
    ".scala": _SCALA, ".cs": _CSHARP, ".c": _C, ".h": _HEADERS, ".cpp": _CPP, ".hpp": _CPP, ".rb": _RUBY, ".php": _PHP, ".lua": _LUA,
    ".sh": _BASH, ".swift": _SWIFT,
}  # fmt: skip
#: Suffixes whose files see each other, by what they are called.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "ecmascript": (".ts", ".js", ".tsx", ".vue"), "go": (".go",), "rust": (".rs",), "jvm": (".java", ".kt", ".scala"), "java": (".java",),
    "kotlin": (".kt",), "scala": (".scala",), "csharp": (".cs",), "c": (".c", ".h"), "cpp": (".cpp", ".hpp", ".h"), "ruby": (".rb",),
    "php": (".php",), "lua": (".lua",), "bash": (".sh",), "swift": (".swift",),
}  # fmt: skip
