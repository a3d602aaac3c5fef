; Java. The captures are explained in indexer/languages/__init__.py.
(package_declaration [(scoped_identifier) (identifier)] @package)

; -- definitions
(class_declaration name: (identifier) @name body: (_) @body) @definition.class
(interface_declaration name: (identifier) @name body: (_) @body) @definition.interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(record_declaration name: (identifier) @name body: (_) @body) @definition.record
(enum_constant name: (identifier) @name) @definition.enum_member
(method_declaration name: (identifier) @name body: (block) @body) @definition.method
(method_declaration name: (identifier) @name !body) @definition.method
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(compact_constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(field_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @name)) @definition.field
(constant_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @name)) @definition.constant
(record_declaration parameters: (formal_parameters (formal_parameter type: (_) @type name: (identifier) @name) @definition.field))
(class_declaration (modifiers) @modifier) @of
(interface_declaration (modifiers) @modifier) @of
(annotation_type_declaration (modifiers) @modifier) @of
(enum_declaration (modifiers) @modifier) @of
(record_declaration (modifiers) @modifier) @of
(method_declaration (modifiers) @modifier) @of
(constructor_declaration (modifiers) @modifier) @of
(compact_constructor_declaration (modifiers) @modifier) @of
(field_declaration (modifiers) @modifier) @of
(interface_body (method_declaration !body) @of @is.abstract)
(method_declaration type: (_) @returns) @of
(method_declaration parameters: (_) @parameters) @of
(method_declaration parameters: (formal_parameters (formal_parameter type: (_) @takes))) @of
(method_declaration parameters: (formal_parameters (formal_parameter type: (_) @takes.array dimensions: (_)))) @of
(method_declaration parameters: (formal_parameters (spread_parameter . (modifiers)? . (_) @takes.rest))) @of
(modifiers [(marker_annotation name: (_) @decorator) (annotation name: (_) @decorator)])
(class_declaration superclass: (superclass (_) @extends)) @of
(class_declaration interfaces: (super_interfaces (type_list (_) @implements))) @of
(enum_declaration interfaces: (super_interfaces (type_list (_) @implements))) @of
(record_declaration interfaces: (super_interfaces (type_list (_) @implements))) @of
(interface_declaration (extends_interfaces (type_list (_) @extends))) @of

; -- scopes
(method_declaration !body) @scope
(lambda_expression) @scope @lambda
(block) @scope
(for_statement) @scope
(enhanced_for_statement) @scope
(try_with_resources_statement) @scope
(catch_clause) @scope
(switch_block_statement_group) @scope
(switch_rule) @scope

; -- parameters and locals
(class_declaration type_parameters: (type_parameters (type_parameter . (type_identifier) @parameter.type (type_bound . (_) @type)?))) @owner
(interface_declaration type_parameters: (type_parameters (type_parameter . (type_identifier) @parameter.type (type_bound . (_) @type)?))) @owner
(record_declaration type_parameters: (type_parameters (type_parameter . (type_identifier) @parameter.type (type_bound . (_) @type)?))) @owner
(method_declaration type_parameters: (type_parameters (type_parameter . (type_identifier) @parameter.type (type_bound . (_) @type)?))) @owner
(constructor_declaration type_parameters: (type_parameters (type_parameter . (type_identifier) @parameter.type (type_bound . (_) @type)?))) @owner
(formal_parameter type: (_) @type name: (identifier) @local)
(spread_parameter (variable_declarator name: (identifier) @local)) @type
(spread_parameter . (modifiers)? . (_) @item) @array
(lambda_expression parameters: (identifier) @local)
(inferred_parameters (identifier) @local)
(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @local value: (_) @value)) @statement
(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @local !value)) @statement
(enhanced_for_statement type: (_) @type name: (identifier) @local value: (_) @iterable)
(resource type: (_) @type name: (identifier) @local value: (_) @value)
(catch_formal_parameter (catch_type . (_) @type) name: (identifier) @local)
(instanceof_expression right: (_) @type name: (identifier) @local)
(type_pattern (_) @type (identifier) @local)
(record_pattern_component (_) @type (identifier) @local)

; -- expressions
(identifier) @reference
(type_identifier) @reference.type
(this) @self
(super) @super
(scoped_identifier (identifier) @ignore)
(package_declaration (identifier) @ignore)
(import_declaration (identifier) @ignore)
(labeled_statement . (identifier) @ignore)
(break_statement (identifier) @ignore)
(continue_statement (identifier) @ignore)
(element_value_pair key: (identifier) @ignore)
(field_access object: (_) @object field: (identifier) @property) @member
(field_access object: (_) @type field: (this)) @made
(method_invocation !object name: (identifier) @reference.member)
(method_invocation !object name: (identifier) @function arguments: (argument_list) @arguments) @call.counted
(method_invocation object: (_) @object name: (identifier) @property @member)
(method_invocation object: (_) name: (identifier) @function arguments: (argument_list) @arguments) @call.counted
(method_reference . (_) @object (identifier) @property @member.callable .)
(object_creation_expression type: (_) @function arguments: (_) @arguments) @call
(object_creation_expression type: (_) @type (class_body) @body) @anonymous
(array_access array: (_) @object index: (_) @key) @index
(array_type element: (_) @item) @array
(array_creation_expression type: (_) @item) @array
(generic_type . (_) @object (type_arguments (_) @key .)) @index
(scoped_type_identifier . (_) @object (type_identifier) @property .) @member
(cast_expression type: (_) @type) @made
(parenthesized_expression (_) @same) @alias
(assignment_expression right: (_) @same) @alias
(ternary_expression consequence: (_) @either alternative: (_) @either) @union
(binary_expression left: (_) @either operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>" ">>>"] right: (_) @either) @arithmetic
(binary_expression operator: ["==" "!=" "<" ">" "<=" ">=" "&&" "||"]) @literal.boolean
(instanceof_expression) @literal.boolean
(unary_expression operator: "!") @literal.boolean
(unary_expression operator: ["-" "+" "~"] operand: (_) @same) @alias
(update_expression [(identifier) (field_access) (array_access)] @same) @alias
[(integral_type) (floating_point_type) (boolean_type)] @word
(string_literal) @literal.String
(class_literal) @literal.Class
(character_literal) @literal.char
[(true) (false)] @literal.boolean
(null_literal) @literal.null
[(decimal_integer_literal) (hex_integer_literal) (octal_integer_literal) (binary_integer_literal)] @literal.int
([(decimal_integer_literal) (hex_integer_literal) (octal_integer_literal) (binary_integer_literal)] @literal.long
  (#match? @literal.long "[lL]$"))
(decimal_floating_point_literal) @literal.double
((decimal_floating_point_literal) @literal.float (#match? @literal.float "[fF]$"))
(return_statement (_) @return)

; -- imports
(import_declaration (scoped_identifier scope: (_) @import.from name: (identifier) @import.name) .) @import
(import_declaration (scoped_identifier) @import.from (asterisk) @import.wildcard) @import
(import_declaration (identifier) @import.from (asterisk) @import.wildcard) @import
