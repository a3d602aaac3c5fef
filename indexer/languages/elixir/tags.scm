; Elixir. Definitions are calls of macros.
(call target: (identifier) @_def (arguments . (alias) @name) (do_block) @body (#eq? @_def "defmodule")) @definition.module
(call target: (identifier) @_def (arguments . (alias) @name) (do_block) @body (#eq? @_def "defprotocol")) @definition.protocol
(call target: (identifier) @_def (arguments . (alias) @name) (do_block) @body (#eq? @_def "defimpl")) @definition.object
(call target: (identifier) @_def (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")])
  (#any-of? @_def "def" "defp" "defdelegate" "defguard" "defguardp" "defn" "defnp")) @definition.function
(call target: (identifier) @_def (arguments . [
    (identifier) @name
    (call target: (identifier) @name)
    (binary_operator left: (call target: (identifier) @name) operator: "when")])
  (#any-of? @_def "defmacro" "defmacrop")) @definition.macro
(call target: (identifier) @_def (arguments . (list [
    (atom) @name
    (keywords (pair key: (keyword) @name))]))
  (#any-of? @_def "defstruct" "defexception")) @definition.field
(unary_operator operator: "@" operand: (call target: (identifier) @_type
    (arguments (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")))
  (#any-of? @_type "type" "typep" "opaque")) @definition.type
(call target: (identifier) @modifier (#any-of? @modifier "defp" "defmacrop" "defguardp")) @of
(unary_operator operator: "@" operand: (call target: (identifier) @modifier (#eq? @modifier "typep"))) @of
((unary_operator operand: (call target: (identifier) @_doc (arguments (string) @doc))) .
  (call target: (identifier) @_def) @of (#eq? @_doc "doc") (#any-of? @_def "def" "defmacro" "defdelegate" "defguard"))
((unary_operator operand: (call target: (identifier) @_doc (arguments (string) @doc))) .
  (unary_operator operand: (call target: (identifier) @_spec)) .
  (call target: (identifier) @_def) @of (#eq? @_doc "doc") (#eq? @_spec "spec") (#any-of? @_def "def" "defmacro" "defdelegate"))
(call target: (identifier) @_def (do_block
  (unary_operator operand: (call target: (identifier) @_doc (arguments (string) @doc))))
  (#eq? @_doc "moduledoc") (#any-of? @_def "defmodule" "defprotocol")) @of
