; Lua. The captures are explained in indexer/languages/__init__.py.

; -- definitions
(chunk (variable_declaration (assignment_statement (variable_list . (identifier) @name .) (expression_list . (table_constructor) @body .))) @definition.object)
(chunk (assignment_statement (variable_list . (identifier) @name .) (expression_list . (table_constructor) @body .)) @definition.object)
(chunk (variable_declaration (assignment_statement (variable_list . (identifier) @name .) (expression_list .
  (function_call name: (identifier) @_set arguments: (arguments . (table_constructor) @body)) .)) (#eq? @_set "setmetatable")) @definition.object)
(chunk (return_statement "return" @name (expression_list . (table_constructor) @body .)) @definition.object)
(function_declaration name: (identifier) @name body: (_)? @body) @definition.function
(function_declaration name: (dot_index_expression field: (identifier) @name) body: (_)? @body) @definition.function
(function_declaration name: (method_index_expression method: (identifier) @name) body: (_)? @body) @definition.method
(function_declaration name: (dot_index_expression table: (_) @receiver)) @of
(function_declaration name: (dot_index_expression) @is.static) @of
(function_declaration name: (method_index_expression table: (_) @receiver)) @of
(assignment_statement (variable_list . (dot_index_expression field: (identifier) @name) .)
  (expression_list . (function_definition body: (_)? @body) @value .)) @definition.function
(assignment_statement (variable_list . (dot_index_expression table: (_) @receiver) .) (expression_list . (function_definition) .)) @of
(assignment_statement (variable_list . (dot_index_expression) @is.static .) (expression_list . (function_definition) .)) @of
(assignment_statement (variable_list . (identifier) @name .) (expression_list . (function_definition body: (_)? @body) @value .)) @definition.function
(field value: (function_definition) @is.static) @of
(field name: (identifier) @name value: (function_definition body: (_)? @body) @value) @definition.function
(chunk (variable_declaration (assignment_statement (expression_list . (table_constructor (field name: (identifier) @name value: (_) @value) @definition.field) .))))
(chunk (return_statement (expression_list . (table_constructor (field name: (identifier) @name value: (_) @value) @definition.property) .)))
(variable_declaration (assignment_statement) @wrapped) @wrapper
(function_declaration "local" @modifier) @of
(variable_declaration "local" @modifier) @of
(variable_declaration "local" @modifier (assignment_statement) @of)
(chunk (variable_declaration (assignment_statement (expression_list . (function_call name: (identifier) @_set
  arguments: (arguments . (table_constructor) . (table_constructor (field name: (identifier) @_index value: (_) @extends)))) .))
  (#eq? @_set "setmetatable") (#eq? @_index "__index")) @of)
(function_call name: (identifier) @_set arguments: (arguments . (identifier) @receiver .
  (table_constructor (field name: (identifier) @_index value: (_) @implements)) @body)
  (#eq? @_set "setmetatable") (#eq? @_index "__index")) @extension

; -- scopes
(block) @scope
(for_statement) @scope
(function_definition) @scope @lambda

; -- parameters, locals and variables
(parameters (identifier) @local)
(for_numeric_clause name: (identifier) @local)
(for_generic_clause (variable_list (identifier) @local))
(variable_declaration (assignment_statement (variable_list . (identifier) @binding.variable .) (expression_list . (_) @value .))) @statement
(variable_declaration (assignment_statement (variable_list (identifier) @binding.variable))) @statement
(variable_declaration (variable_list (identifier) @binding.variable)) @statement
(chunk (assignment_statement (variable_list . (identifier) @binding.variable .) (expression_list . (_) @value .)) @statement)
(assignment_statement (variable_list . (dot_index_expression) @binding.field .) (expression_list . (_) @value .)) @statement

; -- expressions
(identifier) @reference
((identifier) @self (#eq? @self "self"))
(chunk (return_statement "return" @reference (expression_list . (table_constructor) .)))
(chunk (return_statement "return" @same (expression_list . (table_constructor) @alias .)))
(dot_index_expression table: (_) @object field: (identifier) @property) @member
(method_index_expression table: (_) @object method: (identifier) @property) @member
(bracket_index_expression table: (_) @object field: (_) @key) @index
(function_call name: (_) @function) @call
(function_call name: (identifier) @_set arguments: (arguments (_) . (identifier) @type .) (#eq? @_set "setmetatable")) @made
(parenthesized_expression (_) @same) @alias
(binary_expression left: (_) @either "or" right: (_) @either) @union
(expression_list . (string) @literal.string .)
(field name: (identifier) @ignore)
(goto_statement (identifier) @ignore)
(label_statement (identifier) @ignore)
(return_statement (expression_list . (_) @return))

; -- imports
(variable_declaration (assignment_statement (variable_list . (identifier) @import.alias .) (expression_list . (function_call name: (identifier) @_require
  arguments: (arguments . (string content: (string_content) @import.whole) .)) .)) (#eq? @_require "require")) @import
(function_call name: (identifier) @_require arguments: (arguments . (string content: (string_content) @import.module) .) (#eq? @_require "require")) @require
(chunk (return_statement (expression_list . (_) @value .)) @export)
