; Scala. The captures are explained in indexer/languages/__init__.py.
(package_clause name: (_) @package !body)

; -- definitions
(package_clause name: (_) @name body: (_) @body) @definition.namespace
(package_object name: (_) @name body: (_)? @body) @definition.object
(class_definition name: (_) @name body: (_)? @body) @definition.class
(object_definition name: (_) @name body: (_)? @body) @definition.object
(trait_definition name: (identifier) @name body: (_)? @body) @definition.trait
(enum_definition name: (identifier) @name body: (_) @body) @definition.enum
(simple_enum_case name: (identifier) @name) @definition.enum_member
(full_enum_case name: (identifier) @name) @definition.enum_member
(type_definition name: (type_identifier) @name type: (_)? @value) @definition.type
(function_definition name: (_) @name body: (_)? @body) @definition.function
(function_declaration name: (_) @name) @definition.function
(given_definition name: (identifier) @name) @definition.variable
(template_body (val_definition pattern: (identifier) @name type: (_)? @type value: (_)? @value) @definition.field)
(template_body (var_definition pattern: (identifier) @name type: (_)? @type value: (_)? @value) @definition.field)
(template_body (val_definition pattern: (tuple_pattern (identifier) @name)) @definition.field)
(template_body (val_definition pattern: (identifiers (identifier) @name)) @definition.field)
(template_body (val_declaration name: (identifier) @name type: (_) @type) @definition.field)
(template_body (var_declaration name: (identifier) @name type: (_) @type) @definition.field)
(enum_body (val_definition pattern: (identifier) @name type: (_)? @type value: (_)? @value) @definition.field)
(compilation_unit (val_definition pattern: (identifier) @name type: (_)? @type value: (_)? @value) @definition.variable)
(compilation_unit (var_definition pattern: (identifier) @name type: (_)? @type value: (_)? @value) @definition.variable)
(class_definition "case" (class_parameters (class_parameter name: (identifier) @name type: (_) @type) @definition.field))
(class_parameter ["val" "var"] name: (identifier) @name type: (_) @type) @definition.field
(_ (modifiers) @modifier) @of
(template_body (function_declaration) @of @is.abstract)
(function_definition (parameters) @parameters) @of
(function_declaration (parameters) @parameters) @of
(function_definition (parameters (parameter type: (_) @takes))) @of
(function_declaration (parameters (parameter type: (_) @takes))) @of
(function_definition (parameters (parameter type: (repeated_parameter_type type: (_) @takes.rest)))) @of
(function_definition return_type: (_) @returns) @of
(function_declaration return_type: (_) @returns) @of
(extension_definition parameters: (parameters . (parameter type: (_) @extended)) (function_definition) @of)
(annotation name: (_) @decorator)
(_ extend: (extends_clause . type: (_) @extends)) @of
(_ extend: (extends_clause "with" . (_) @implements)) @of

; -- scopes
(function_declaration) @scope
(extension_definition) @scope
(given_definition) @scope
(type_definition) @scope
(full_enum_case) @scope
(lambda_expression) @scope @lambda
(block) @scope
(indented_block) @scope
(for_expression) @scope
(case_clause) @scope

; -- parameters and locals
(class_definition type_parameters: (type_parameters name: (identifier) @parameter.type)) @owner
(class_definition type_parameters: (type_parameters (covariant_type_parameter name: (identifier) @parameter.type))) @owner
(class_definition type_parameters: (type_parameters (contravariant_type_parameter name: (identifier) @parameter.type))) @owner
(trait_definition type_parameters: (type_parameters name: (identifier) @parameter.type)) @owner
(trait_definition type_parameters: (type_parameters (covariant_type_parameter name: (identifier) @parameter.type))) @owner
(trait_definition type_parameters: (type_parameters (contravariant_type_parameter name: (identifier) @parameter.type))) @owner
(enum_definition type_parameters: (type_parameters name: (identifier) @parameter.type)) @owner
(function_definition (type_parameters name: (identifier) @parameter.type)) @owner
(function_declaration (type_parameters name: (identifier) @local))
(extension_definition (type_parameters name: (identifier) @local))
(given_definition (type_parameters name: (identifier) @local))
(type_definition (type_parameters name: (identifier) @local))
(full_enum_case (type_parameters name: (identifier) @local))
(class_definition . "class" (class_parameters (class_parameter . name: (identifier) @parameter type: (_) @type))) @owner
(class_definition (modifiers) . "class" (class_parameters (class_parameter . name: (identifier) @parameter type: (_) @type))) @owner
(parameter name: (identifier) @local type: (_) @type)
(full_enum_case (class_parameters (class_parameter name: (identifier) @local type: (_) @type)))
(binding name: (identifier) @local type: (_)? @type)
(lambda_expression parameters: (identifier) @local)
(block (val_definition pattern: (identifier) @local type: (_)? @type value: (_) @value)) @statement
(block (var_definition pattern: (identifier) @local type: (_)? @type value: (_) @value)) @statement
(indented_block (val_definition pattern: (identifier) @local type: (_)? @type value: (_) @value)) @statement
(indented_block (var_definition pattern: (identifier) @local type: (_)? @type value: (_) @value)) @statement
(enumerator . (identifier) @local "<-" . (_) @iterable)
(enumerator . (identifier) @local "=" . (_) @value)
(typed_pattern pattern: (identifier) @local type: (_) @type)
(capture_pattern name: (identifier) @local)
((tuple_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((case_class_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((case_clause pattern: (identifier) @local) (#match? @local "^[a-z_]"))
((infix_pattern [left: (identifier) @local right: (identifier) @local]) (#match? @local "^[a-z_]"))
(self_type . (identifier) @local (_) @type)

; -- expressions
(identifier) @reference
(type_identifier) @reference.type
(import_declaration (_) @ignore.inside)
(package_clause name: (_) @ignore.inside)
(access_qualifier (_) @ignore.inside)
(interpolated_string_expression interpolator: (identifier) @ignore)
(field_expression value: (_) @object field: (identifier) @property) @member
(stable_identifier . (_) @object (identifier) @property .) @member
(stable_type_identifier . (_) @object (type_identifier) @property) @member
(infix_expression left: (_) @object operator: (identifier) @property) @member
(infix_expression operator: (identifier) right: (_) @argument) @call.counted @function
(call_expression function: (_) @function arguments: (arguments) @arguments) @call.counted
(call_expression function: (_) @function arguments: [(block) (case_block) (indented_block)] @argument) @call.counted
(call_expression function: (generic_function function: (_) @function) arguments: (arguments) @arguments) @call.counted
(generic_function function: (_) @same) @alias
(instance_expression . [(type_identifier) (generic_type) (stable_type_identifier)] @function (arguments)? @arguments) @call
(instance_expression . (_) @type (template_body) @body) @anonymous
(generic_type type: (_) @object type_arguments: (type_arguments (_) @key .)) @index
(parenthesized_expression (_) @same) @alias
(ascription_expression (_) . (_) @type) @made
(block (_) @same .) @alias
(indented_block (_) @same .) @alias
(if_expression consequence: (_) @either alternative: (_) @either) @union
(function_type) @word
(string) @literal.String
(character_literal) @literal.Char
(null_literal) @literal.null
(boolean_literal) @literal.Boolean
(integer_literal) @literal.Int
((integer_literal) @literal.Long (#match? @literal.Long "[lL]$"))
(floating_point_literal) @literal.Double
((floating_point_literal) @literal.Float (#match? @literal.Float "[fF]$"))
(interpolated_string_expression) @literal.String
(function_definition body: (_) @return)

; -- imports
(import_declaration . (identifier) @import.path [(identifier) (namespace_wildcard) @import.wildcard] .) @import
(import_declaration . (identifier) @import.path (namespace_selectors (identifier) @import.name)) @import
(import_declaration . (identifier) @import.path (namespace_selectors (namespace_wildcard) @import.wildcard)) @import
(import_declaration . (identifier) @import.path
  (namespace_selectors (arrow_renamed_identifier name: (identifier) @import.name alias: (identifier) @import.alias))) @import
