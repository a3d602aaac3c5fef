; Kotlin. The captures are explained in indexer/languages/__init__.py.
(package_header (identifier) @package)

; -- definitions
(class_declaration "enum" (type_identifier) @name (enum_class_body) @body) @definition.enum
(class_declaration "enum" (type_identifier) @name) @definition.enum
(class_declaration "interface" (type_identifier) @name (class_body) @body) @definition.interface
(class_declaration "interface" (type_identifier) @name) @definition.interface
(class_declaration (type_identifier) @name (class_body) @body) @definition.class
(class_declaration (type_identifier) @name (primary_constructor) @body) @definition.class
(class_declaration (type_identifier) @name) @definition.class
(object_declaration (type_identifier) @name (class_body) @body) @definition.object
(object_declaration (type_identifier) @name) @definition.object
(companion_object (type_identifier) @name (class_body) @body) @definition.object
(enum_entry (simple_identifier) @name) @definition.enum_member
(type_alias (type_identifier) @name "=" (_) @value) @definition.type
(object_literal (class_body (function_declaration (simple_identifier) @name . (function_value_parameters) (function_body)? @body) @definition.method))
(enum_entry (class_body (function_declaration (simple_identifier) @name . (function_value_parameters) (function_body)? @body) @definition.method))
(function_declaration (simple_identifier) @name . (function_value_parameters) (function_body)? @body) @definition.function
(secondary_constructor "constructor" @name (statements)? @body) @definition.constructor
(class_body (property_declaration (variable_declaration (simple_identifier) @name .)
  (property_delegate (call_expression (call_suffix (annotated_lambda (lambda_literal (statements (_) @value .))))))) @definition.property)
(class_body (property_declaration (variable_declaration (simple_identifier) @name (_)? @type) ("=" . (_) @value)?) @definition.property)
(enum_class_body (property_declaration (variable_declaration (simple_identifier) @name (_)? @type) ("=" . (_) @value)?) @definition.property)
(source_file (property_declaration (variable_declaration (simple_identifier) @name (_)? @type) ("=" . (_) @value)?) @definition.property)
(class_body (property_declaration (multi_variable_declaration (variable_declaration (simple_identifier) @name))) @definition.property)
(class_parameter (binding_pattern_kind) (simple_identifier) @name . (_) @type) @definition.property
(class_declaration (modifiers) @modifier) @of
(object_declaration (modifiers) @modifier) @of
(function_declaration (modifiers) @modifier) @of
(secondary_constructor (modifiers) @modifier) @of
(property_declaration (modifiers) @modifier) @of
(class_parameter (modifiers) @modifier) @of
(type_alias (modifiers) @modifier) @of
(function_declaration (function_value_parameters) @parameters) @of
(function_declaration (function_value_parameters (parameter (simple_identifier) . (_) @takes))) @of
(function_declaration (function_value_parameters (parameter_modifiers (parameter_modifier) @_word) . (parameter (simple_identifier) . (_) @takes.rest))
  (#eq? @_word "vararg")) @of
(function_declaration (function_value_parameters) . [(user_type) (nullable_type) (function_type) (parenthesized_type)] @returns) @of
(function_declaration receiver: (receiver_type (_) @extended)) @of
(annotation (user_type (type_identifier) @decorator))
(file_annotation (constructor_invocation (user_type (type_identifier) @decorator)))
(annotation (constructor_invocation (user_type (type_identifier) @decorator)))
(class_declaration (delegation_specifier (constructor_invocation (user_type) @extends))) @of
(class_declaration "class" (delegation_specifier (user_type) @implements)) @of
(class_declaration "interface" (delegation_specifier (user_type) @extends)) @of
(class_declaration (delegation_specifier (explicit_delegation (user_type) @implements))) @of
(object_declaration (delegation_specifier (constructor_invocation (user_type) @extends))) @of
(object_declaration (delegation_specifier (user_type) @implements)) @of
(companion_object (delegation_specifier (constructor_invocation (user_type) @extends))) @of
(companion_object (delegation_specifier (user_type) @implements)) @of
(object_literal (delegation_specifier (constructor_invocation (user_type) @extends))) @of
(object_literal (delegation_specifier (user_type) @implements)) @of
(object_literal (delegation_specifier (constructor_invocation (user_type) @type)) (class_body) @body) @anonymous
(object_literal (delegation_specifier (user_type) @type) (class_body) @body) @anonymous

; -- scopes
(function_declaration) @scope
(secondary_constructor) @scope
(getter) @scope
(setter) @scope
(type_alias) @scope
(property_declaration (type_parameters)) @scope
(lambda_literal) @scope @lambda
(anonymous_function) @scope @lambda
(statements) @scope
(control_structure_body) @scope
(for_statement) @scope
(when_expression) @scope
(catch_block) @scope

; -- parameters and locals
(class_declaration (type_parameters (type_parameter (type_identifier) @parameter.type))) @owner
(function_declaration (type_parameters (type_parameter (type_identifier) @parameter.type))) @owner
(class_declaration (primary_constructor (class_parameter . (simple_identifier) @parameter . (_) @type))) @owner
(type_alias (type_parameters (type_parameter (type_identifier) @local)))
(property_declaration (type_parameters (type_parameter (type_identifier) @local)))
(parameter (simple_identifier) @local . (_) @type)
(parameter_with_optional_type (simple_identifier) @local)
(statements (property_declaration (variable_declaration (simple_identifier) @local (_)? @type) ("=" . (_) @value)?)) @statement
(statements (property_declaration (multi_variable_declaration (variable_declaration (simple_identifier) @local (_)? @type))))
(for_statement (variable_declaration (simple_identifier) @local (_)? @type) . (_) @iterable)
(for_statement (multi_variable_declaration (variable_declaration (simple_identifier) @local (_)? @type)))
(when_subject (variable_declaration (simple_identifier) @local (_)? @type) . (_) @value)
(lambda_parameters (variable_declaration (simple_identifier) @local (_)? @type))
(lambda_parameters (multi_variable_declaration (variable_declaration (simple_identifier) @local)))
(catch_block (simple_identifier) @local . (_) @type)

; -- expressions
(simple_identifier) @reference
(interpolated_identifier) @reference
(type_identifier) @reference.type
(this_expression) @self
(this_expression (type_identifier) @type) @made
(super_expression) @super
(package_header (_) @ignore.inside)
(import_header (_) @ignore.inside)
(value_argument (simple_identifier) @ignore . "=")
(type_constraint . (type_identifier) @ignore)
(navigation_expression . (_) @object (navigation_suffix (simple_identifier) @property)) @member
(user_type . (type_identifier) @object . (type_identifier) @property) @member
(callable_reference . (type_identifier) @object (simple_identifier) @property) @member.callable
(infix_expression . (_) @object . (simple_identifier) @property . (_)) @member
(infix_expression . (_) . (simple_identifier) . (_) @argument) @call.counted @function
(call_expression . (_) @function (call_suffix (value_arguments)? @arguments (annotated_lambda)? @argument)) @call.counted
(user_type . (type_identifier) @object (type_arguments (type_projection (_) @key) .)) @index
(indexing_expression . (_) @object (indexing_suffix . (_) @key)) @index
(nullable_type (_) @same) @alias
(parenthesized_type (_) @same) @alias
(parenthesized_expression (_) @same) @alias
(postfix_expression . (_) @same "!!") @alias
(as_expression (_) . (_) @type) @made
(elvis_expression (_) @either (_) @either) @union
(if_expression consequence: (_) @either alternative: (_) @either) @union
(control_structure_body . (_) @same .) @alias
(additive_expression (_) @either (_) @either) @arithmetic
(multiplicative_expression (_) @either (_) @either) @arithmetic
[(equality_expression) (comparison_expression) (conjunction_expression) (disjunction_expression) (check_expression) (boolean_literal)] @literal.Boolean
(prefix_expression "!") @literal.Boolean
(prefix_expression ["-" "+" "++" "--"] (_) @same) @alias
(postfix_expression . (_) @same ["++" "--"]) @alias
(function_type) @word
(string_literal) @literal.String
(character_literal) @literal.Char
(null_literal) @literal.null
[(integer_literal) (hex_literal) (bin_literal)] @literal.Int
(long_literal) @literal.Long
(real_literal) @literal.Double
((real_literal) @literal.Float (#match? @literal.Float "[fF]$"))
(jump_expression "return" (_) @return)
(function_body . "=" . (_) @return)

; -- imports
(import_header (identifier (simple_identifier) @import.name .) @import.from
  [(import_alias (type_identifier) @import.alias) (wildcard_import) @import.wildcard]?) @import
