; C#. The captures are explained in indexer/languages/__init__.py.
(file_scoped_namespace_declaration name: (_) @package)

; -- definitions
(namespace_declaration name: (_) @name body: (_) @body) @definition.namespace
(class_declaration name: (identifier) @name body: (_) @body) @definition.class
(class_declaration name: (identifier) @name !body) @definition.class
(struct_declaration name: (identifier) @name body: (_) @body) @definition.struct
(struct_declaration name: (identifier) @name !body) @definition.struct
(record_declaration name: (identifier) @name body: (_) @body) @definition.record
(record_declaration name: (identifier) @name (parameter_list) @body !body) @definition.record
(interface_declaration name: (identifier) @name body: (_) @body) @definition.interface
(interface_declaration name: (identifier) @name !body) @definition.interface
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.enum_member
(delegate_declaration name: (identifier) @name) @definition.type
(method_declaration name: (identifier) @name body: (_) @body) @definition.method
(method_declaration name: (identifier) @name !body) @definition.method
(local_function_statement name: (identifier) @name body: (_) @body) @definition.function
(constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(constructor_declaration name: (identifier) @name !body) @definition.constructor
(destructor_declaration name: (identifier) @name body: (_) @body) @definition.method
(operator_declaration operator: _ @name body: (_) @body) @definition.method
(operator_declaration operator: _ @name !body) @definition.method
(conversion_operator_declaration "operator" @name body: (_) @body) @definition.method
(conversion_operator_declaration "operator" @name !body) @definition.method
(property_declaration type: (_) @type name: (identifier) @name) @definition.property
(indexer_declaration type: (_) @type "this" @name) @definition.property
(event_declaration type: (_) @type name: (identifier) @name) @definition.property
(event_field_declaration (variable_declaration type: (_) @type (variable_declarator name: (identifier) @name))) @definition.field
(field_declaration (variable_declaration type: (_) @type (variable_declarator name: (identifier) @name))) @definition.field
(record_declaration (parameter_list (parameter type: (_) @type name: (identifier) @name) @definition.property))
(_ (modifier) @modifier) @of
(interface_declaration (declaration_list (method_declaration !body) @of @is.abstract))
(method_declaration returns: (_) @returns) @of
(local_function_statement type: (_) @returns) @of
(operator_declaration type: (_) @returns) @of
(conversion_operator_declaration type: (_) @returns) @of
(conversion_operator_declaration parameters: (parameter_list (parameter type: (_) @takes))) @of
(method_declaration parameters: (_) @parameters) @of
(method_declaration parameters: (parameter_list (parameter type: (_) @takes))) @of
(method_declaration parameters: (parameter_list type: (array_type type: (_) @takes.rest))) @of
(local_function_statement parameters: (parameter_list (parameter type: (_) @takes))) @of
(local_function_statement parameters: (_) @parameters) @of
(constructor_declaration parameters: (_) @parameters) @of
((method_declaration parameters: (parameter_list . (parameter (modifier) @_word type: (_) @extended))) @of (#eq? @_word "this"))
; What is only reached through an interface gives way to another method of the name.
(method_declaration (explicit_interface_specifier)) @of @is.overload
(attribute name: (_) @decorator)
(attribute name: (identifier) @reference.type)
; The first base is a class unless it is named like an interface; the others are interfaces.
((class_declaration (base_list . (_) @extends)) @of (#not-match? @extends "^([A-Za-z_0-9]+[.])*I[A-Z]"))
((class_declaration (base_list . (_) @implements)) @of (#match? @implements "^([A-Za-z_0-9]+[.])*I[A-Z]"))
(class_declaration (base_list (_) (_) @implements)) @of
(struct_declaration (base_list (_) @implements)) @of
((record_declaration (base_list . [(identifier) (qualified_name) (generic_name)] @extends)) @of (#not-match? @extends "^([A-Za-z_0-9]+[.])*I[A-Z]"))
((record_declaration (base_list . (_) @implements)) @of (#match? @implements "^([A-Za-z_0-9]+[.])*I[A-Z]"))
(record_declaration (base_list (_) (_) @implements)) @of
(record_declaration (base_list (primary_constructor_base_type type: (_) @extends))) @of
(interface_declaration (base_list (_) @extends)) @of

; -- scopes
(method_declaration !body) @scope
(constructor_declaration !body) @scope
(delegate_declaration) @scope
(indexer_declaration) @scope
(operator_declaration !body) @scope
(lambda_expression) @scope @lambda
(anonymous_method_expression) @scope @lambda
(block) @scope
(for_statement) @scope
(foreach_statement) @scope
(using_statement) @scope
(catch_clause) @scope
(switch_section) @scope
(switch_expression_arm) @scope
(query_expression) @scope

; -- parameters and locals
(_ type_parameters: (type_parameter_list (type_parameter name: (identifier) @parameter.type))) @owner
(class_declaration (type_parameter_list (type_parameter name: (identifier) @parameter.type))) @owner
(struct_declaration (type_parameter_list (type_parameter name: (identifier) @parameter.type))) @owner
(record_declaration (type_parameter_list (type_parameter name: (identifier) @parameter.type))) @owner
(class_declaration (parameter_list (parameter type: (_) @type name: (identifier) @parameter))) @owner
(struct_declaration (parameter_list (parameter type: (_) @type name: (identifier) @parameter))) @owner
(parameter type: (_) @type name: (identifier) @local)
(parameter !type name: (identifier) @local)
(parameter_list type: (_) @type name: (identifier) @local)
(implicit_parameter) @local
(local_declaration_statement (variable_declaration type: (_) @type (variable_declarator name: (identifier) @local (_) @value .))) @statement
(variable_declaration type: (_) @type (variable_declarator name: (identifier) @local .))
(for_statement initializer: (variable_declaration type: (_) @type (variable_declarator name: (identifier) @local (_) @value .)))
(using_statement (variable_declaration type: (_) @type (variable_declarator name: (identifier) @local (_) @value .)))
(fixed_statement (variable_declaration type: (_) @type (variable_declarator name: (identifier) @local (_) @value .)))
(tuple_pattern name: (identifier) @local)
(foreach_statement type: (_) @type left: (identifier) @local right: (_) @iterable)
(catch_declaration type: (_) @type name: (identifier) @local)
(declaration_expression type: (_) @type name: (identifier) @local)
(declaration_pattern type: (_) @type name: (identifier) @local)
(recursive_pattern type: (_) @type name: (identifier) @local)
(recursive_pattern !type name: (identifier) @local)
(from_clause name: (identifier) @local (_) @iterable .)
(let_clause . (identifier) @local (_) @value)
(join_clause . (identifier) @local (_) @iterable)

; -- expressions
(identifier) @reference
(_ type: (identifier) @reference.type)
(_ returns: (identifier) @reference.type)
(base_list (identifier) @reference.type)
(type_argument_list (identifier) @reference.type)
(type_parameter_constraint type: (identifier) @reference.type)
(_ type: (generic_name . (identifier) @reference.type))
(_ returns: (generic_name . (identifier) @reference.type))
(base_list (generic_name . (identifier) @reference.type))
(type_argument_list (generic_name . (identifier) @reference.type))
(array_type (generic_name . (identifier) @reference.type))
(nullable_type (generic_name . (identifier) @reference.type))
(explicit_interface_specifier (identifier) @reference.type)
(as_expression right: (identifier) @reference.type)
(qualified_name) @uses
"this" @self
"base" @super
(attribute_argument name: (identifier) @ignore)
(argument name: (identifier) @ignore)
(labeled_statement . (identifier) @ignore)
(goto_statement (identifier) @ignore)
(tuple_element name: (identifier) @ignore)
(anonymous_object_creation_expression (identifier) @ignore . "=")
(using_directive (_) @ignore.inside)
(type_parameter_constraints_clause . (identifier) @ignore)
(initializer_expression (assignment_expression left: (identifier) @ignore))
(with_initializer . (identifier) @ignore)
(subpattern . (identifier) @ignore)
(alias_qualified_name alias: (_) @ignore)
(alias_qualified_name name: (_) @same) @alias
(namespace_declaration name: (_) @ignore.inside)
(file_scoped_namespace_declaration (_) @ignore.inside)
(qualified_name qualifier: (_) @object name: (identifier) @property) @member
(qualified_name qualifier: (_) @object name: (generic_name . (identifier) @property)) @member
(member_access_expression expression: _ @object name: (identifier) @property) @member
(member_access_expression expression: _ @object name: (generic_name . (identifier) @property)) @member
(conditional_access_expression condition: _ @object (member_binding_expression name: (identifier) @property)) @member
(conditional_access_expression condition: _ @object (member_binding_expression name: (generic_name . (identifier) @property))) @member
(invocation_expression function: [(identifier) (member_access_expression) (conditional_access_expression) (invocation_expression)
  (parenthesized_expression) (element_access_expression)] @function arguments: (_) @arguments) @call.counted
(invocation_expression function: (generic_name . (identifier) @function) arguments: (_) @arguments) @call.counted
(object_creation_expression type: (_) @function arguments: (_) @arguments) @call
(object_creation_expression type: (_) @function !arguments) @call
(primary_constructor_base_type type: (_) @function (argument_list) @arguments) @call
(generic_name . (identifier) @object (type_argument_list (_) @key .)) @index
(array_type type: (_) @item) @array
(array_creation_expression type: (_) @type) @made
(element_access_expression expression: (_) @object subscript: (_) @key) @index
(nullable_type type: (_) @same) @alias
(ref_type type: (_) @same) @alias
(cast_expression type: (_) @type) @made
(as_expression right: (_) @type) @made
(parenthesized_expression (_) @same) @alias
(assignment_expression right: (_) @same) @alias
(postfix_unary_expression (_) @same "!") @alias
(with_expression . (_) @same) @alias
(await_expression (_) @same) @awaited
(conditional_expression consequence: (_) @either alternative: (_) @either) @union
(binary_expression left: (_) @either operator: "??" right: (_) @either) @union
(binary_expression left: (_) @either operator: ["+" "-" "*" "/" "%" "&" "|" "^" "<<" ">>"] right: (_) @either) @arithmetic
(binary_expression operator: ["==" "!=" "<" ">" "<=" ">=" "&&" "||"]) @literal.bool
[(is_expression) (is_pattern_expression) (boolean_literal)] @literal.bool
(prefix_unary_expression "!") @literal.bool
(prefix_unary_expression ["-" "+" "~" "++" "--"] (_) @same) @alias
(postfix_unary_expression (_) @same ["++" "--"]) @alias
(predefined_type) @word
[(string_literal) (verbatim_string_literal) (raw_string_literal) (interpolated_string_expression)] @literal.String
(character_literal) @literal.char
(null_literal) @literal.null
(integer_literal) @literal.int
((integer_literal) @literal.long (#match? @literal.long "[lL]$"))
((integer_literal) @literal.uint (#match? @literal.uint "[uU]$"))
(real_literal) @literal.double
((real_literal) @literal.float (#match? @literal.float "[fF]$"))
((real_literal) @literal.decimal (#match? @literal.decimal "[mM]$"))
(typeof_expression) @literal.Type
(return_statement (_) @return)
(arrow_expression_clause (_) @return)

; -- imports
(using_directive "global"? @import.everywhere !name [(identifier) (qualified_name)] @import.from ";" @import.wildcard) @import
(using_directive name: (identifier) @import.alias "=" [(identifier) (qualified_name)] @import.module) @import
