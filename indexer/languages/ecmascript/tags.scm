; What the grammars of JavaScript and TypeScript have in common. The captures are explained in indexer/languages/__init__.py.

; -- definitions: functions, however they get their name
(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(generator_function_declaration name: (identifier) @name body: (_) @body) @definition.function
(variable_declarator name: (identifier) @name value: [
  (arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)] @value) @definition.function
(function_expression name: (identifier) @name body: (_) @body) @definition.function
(generator_function name: (identifier) @name body: (_) @body) @definition.function
(method_definition name: [(property_identifier) (private_property_identifier) (computed_property_name)] @name body: (_) @body) @definition.method
(method_definition name: (string (string_fragment) @name) body: (_) @body) @definition.method
(export_statement "default" @name value: [
  (arrow_function body: (_) @body) (function_expression !name body: (_) @body) (generator_function !name body: (_) @body)] @value) @definition.function
(assignment_expression
  left: (member_expression object: [(identifier) @_exports (member_expression object: (identifier) @_module property: (property_identifier) @_exports)]
    property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)] @value
  (#eq? @_exports "exports")) @definition.function
(method_definition ["get" "set" "static" "async" "*"] @modifier) @of
(arrow_function "async" @is.async) @of
(function_expression "async" @is.async) @of
(generator_function "*" @is.generator) @of
(function_declaration "async" @is.async) @of
(generator_function_declaration "async" @is.async) @of
(generator_function_declaration "*" @is.generator) @of

; -- definitions: classes and objects that hold members
(class_declaration name: (_) @name body: (_) @body) @definition.class
(class name: (_) @name body: (_) @body) @definition.class
(variable_declarator name: (identifier) @name value: (class !name body: (_) @body) @value) @definition.class
(export_statement "default" @name value: (class !name body: (_) @body) @value) @definition.class
(export_statement "default" @name value: (object) @body) @definition.constant
(export_statement "default" @name value: [
  (call_expression) (new_expression) (array) (await_expression) (member_expression) (string) (number) (template_string)] @value) @definition.constant
(program (lexical_declaration (variable_declarator name: (identifier) @name value: (object) @body) @definition.constant))
(program (export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name value: (object) @body) @definition.constant)))
(program (lexical_declaration (variable_declarator value: (object (pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @value) @definition.property))))
(program (export_statement declaration: (lexical_declaration (variable_declarator value: (object (pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @value) @definition.property)))))
(export_statement value: (object (pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @value) @definition.property))

; What an export or declaration says of the one definition in it.
(export_statement declaration: (_) @wrapped) @wrapper
(export_statement value: (_) @wrapped) @wrapper
(export_statement declaration: (_) @of) @is.exported
(export_statement declaration: (lexical_declaration (variable_declarator) @of)) @is.exported
(export_statement value: (_) @of) @is.exported
(export_statement "default") @of @is.exported
(lexical_declaration . (variable_declarator) @wrapped .) @wrapper
(variable_declaration . (variable_declarator) @wrapped .) @wrapper
(export_statement decorator: (decorator (_) @decorator) declaration: (_) @of)
(class_declaration decorator: (decorator (_) @decorator)) @of

; -- scopes that are no definitions
(arrow_function) @scope @lambda
(function_expression) @scope @lambda
(generator_function) @scope @lambda
(for_statement) @scope
(for_in_statement) @scope
(catch_clause) @scope
(if_statement consequence: (statement_block) @scope)
(else_clause (statement_block) @scope)
(while_statement body: (statement_block) @scope)
(do_statement body: (statement_block) @scope)
(try_statement body: (statement_block) @scope)
(finally_clause body: (statement_block) @scope)
(switch_body) @scope
(statement_block (statement_block) @scope)
(program (statement_block) @scope)

; -- bindings
(lexical_declaration "const" (variable_declarator name: (_) @binding.constant value: (_) @value)) @statement
(lexical_declaration "const" (variable_declarator name: (_) @binding.constant !value)) @statement
(lexical_declaration "let" (variable_declarator name: (_) @binding.variable value: (_) @value)) @statement
(lexical_declaration "let" (variable_declarator name: (_) @binding.variable !value)) @statement
(variable_declaration "var" @hoist (variable_declarator name: (_) @binding.variable value: (_) @value)) @statement
(variable_declaration "var" @hoist (variable_declarator name: (_) @binding.variable !value)) @statement
(assignment_expression left: (member_expression object: (this)) @binding.field right: (_) @value) @statement
(for_in_statement kind: _ left: (_) @local right: (_) @iterable)
(catch_clause parameter: (_) @local)
(arrow_function parameter: (identifier) @local)
(object_pattern (shorthand_property_identifier_pattern) @element.named) @destructure
(object_pattern (pair_pattern key: (property_identifier) @key value: [(identifier) (object_pattern) (array_pattern)] @element.named)) @destructure
(object_pattern (pair_pattern key: (property_identifier) @key value: (assignment_pattern left: (_) @element.named))) @destructure
(object_pattern (object_assignment_pattern left: (_) @element.named)) @destructure
(array_pattern [(identifier) (object_pattern) (array_pattern)] @element) @destructure
(array_pattern (assignment_pattern left: (_) @element)) @destructure
(rest_pattern (identifier) @local)

; -- expressions
(identifier) @reference
(shorthand_property_identifier) @reference
(shorthand_property_identifier_pattern) @reference
(this) @self
(super) @super
(member_expression object: (_) @object property: [(property_identifier) (private_property_identifier)] @property) @member
(call_expression function: (_) @function) @call
(call_expression function: (_) @function arguments: (arguments [(arrow_function) (function_expression)] @expected))
(new_expression constructor: (_) @function arguments: (arguments [(arrow_function) (function_expression)] @expected))
(new_expression constructor: (_) @function) @call
(subscript_expression object: (_) @object index: (_) @key) @index
(parenthesized_expression (_) @same) @alias
(assignment_expression right: (_) @same) @alias
(await_expression (_) @same) @awaited
(ternary_expression consequence: (_) @either alternative: (_) @either) @union
(binary_expression left: (_) @either operator: ["||" "??"] right: (_) @either) @union
(binary_expression operator: "&&" right: (_) @same) @alias
(variable_declarator value: (string) @literal.String)
(variable_declarator value: (template_string) @literal.String)
(variable_declarator value: (array) @literal.Array)
(member_expression object: (array) @literal.Array)
(member_expression object: (string) @literal.String)
(member_expression object: (template_string) @literal.String)
(member_expression object: (regex) @literal.RegExp)
(return_statement (_) @return)
(arrow_function body: (expression) @return)
(yield_expression (_) @yield)
(meta_property) @ignore

; -- imports and exports
(import_statement (import_clause (identifier) @import.default) source: (string (string_fragment) @import.from)) @import
(import_statement (import_clause (namespace_import (identifier) @import.alias)) source: (string (string_fragment) @import.module)) @import
(import_statement (import_clause (named_imports (import_specifier name: (identifier) @import.name !alias))) source: (string (string_fragment) @import.from)) @import
(import_statement (import_clause (named_imports (import_specifier name: (_) @import.name alias: (identifier) @import.alias))) source: (string (string_fragment) @import.from)) @import
(import_statement "import" . source: (string (string_fragment) @import.module)) @import
(variable_declarator name: (identifier) @import.alias value: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.whole) .)) (#eq? @_require "require")) @import
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @import.name) value: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.from) .)) (#eq? @_require "require")) @import
(variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @import.name value: (identifier) @import.alias)) value: (call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.from) .)) (#eq? @_require "require")) @import
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @import.module))) @require
(call_expression function: (identifier) @_require arguments: (arguments . (string (string_fragment) @import.module) .) (#eq? @_require "require")) @require
(export_statement "export" @export (export_clause (export_specifier name: (identifier) @import.name !alias)) source: (string (string_fragment) @import.from)) @import
(export_statement "export" @export (export_clause (export_specifier name: (_) @import.name alias: (_) @import.alias)) source: (string (string_fragment) @import.from)) @import
(export_statement "export" @export (namespace_export (identifier) @import.alias) source: (string (string_fragment) @import.module)) @import
(export_statement "export" @export "*" @import.wildcard . "from" source: (string (string_fragment) @import.from)) @import
(export_statement (export_clause (export_specifier name: (identifier) @export.name !alias)) !source) @export
(export_statement (export_clause (export_specifier name: (identifier) @export.name alias: (_) @export.alias)) !source) @export
(export_statement "default" @export.alias value: (identifier) @export.name) @export
(export_statement "default" @export.alias declaration: (_ name: (_) @export.name)) @export
(assignment_expression
  left: (member_expression object: [(identifier) @_exports (member_expression object: (identifier) @_module property: (property_identifier) @_exports)]
    property: (property_identifier) @export.alias)
  right: [(identifier) (member_expression) (call_expression)] @value
  (#eq? @_exports "exports")) @export
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: (_) @value
  (#eq? @_module "module") (#eq? @_exports "exports")) @export
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: (object [(shorthand_property_identifier) @export.name (pair key: (property_identifier) @export.alias value: (identifier) @export.name)])
  (#eq? @_module "module") (#eq? @_exports "exports")) @export
