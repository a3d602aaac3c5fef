; TypeScript, on top of ecmascript.

; -- definitions
(abstract_class_declaration name: (_) @name body: (_) @body) @definition.class
(abstract_class_declaration "abstract" @is.abstract) @of
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(type_alias_declaration name: (_) @name value: (object_type) @body) @definition.type
(type_alias_declaration name: (_) @name value: (_) @body @value) @definition.type
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_body name: (property_identifier) @name @definition.enum_member)
(enum_assignment name: (property_identifier) @name value: (_) @value) @definition.enum_member
(internal_module name: (_) @name body: (_) @body) @definition.namespace
(module name: [(identifier) (nested_identifier)] @name body: (_) @body) @definition.namespace
(module name: (string (string_fragment) @name) body: (_) @body) @definition.namespace
(function_signature name: (identifier) @name) @definition.function
(function_signature) @of @is.overload
(ambient_declaration (_) @of) @is.exported
(ambient_declaration (_) @wrapped) @wrapper
(expression_statement (internal_module) @wrapped) @wrapper
(method_signature name: [(property_identifier) (private_property_identifier) (computed_property_name)] @name) @definition.method
(method_signature name: (string (string_fragment) @name)) @definition.method
(class_body (method_signature) @of @is.overload)
(method_signature ["get" "set" "static" "async"] @modifier) @of
(method_signature (accessibility_modifier) @modifier) @of
(interface_body (method_signature) @of @is.abstract)
(abstract_method_signature name: (property_identifier) @name) @definition.method
(abstract_method_signature "abstract" @is.abstract) @of
(abstract_method_signature ["get" "set"] @modifier) @of
(interface_body (property_signature name: (property_identifier) @name type: (type_annotation (_) @type)) @definition.field)
(interface_body (property_signature name: (property_identifier) @name !type) @definition.field)
(type_alias_declaration value: (object_type (property_signature name: (property_identifier) @name type: (type_annotation (_) @type)) @definition.field))
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)] @value) @definition.method
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name type: (type_annotation (_) @type)) @definition.field
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name !type value: (_) @value) @definition.field
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name !type !value) @definition.field
(public_field_definition ["static" "abstract" "declare"] @modifier) @of
(public_field_definition (accessibility_modifier) @modifier) @of
(public_field_definition decorator: (decorator (_) @decorator)) @of
(method_definition (accessibility_modifier) @modifier) @of
(class_body (decorator (_) @decorator) . (method_definition) @of)
(abstract_method_signature (accessibility_modifier) @modifier) @of
(required_parameter (accessibility_modifier) pattern: (identifier) @name type: (type_annotation (_) @type)) @definition.field
(required_parameter (accessibility_modifier) @modifier) @of
(class_declaration (class_heritage (extends_clause value: (_) @extends))) @of
(abstract_class_declaration (class_heritage (extends_clause value: (_) @extends))) @of
(class (class_heritage (extends_clause value: (_) @extends))) @of
(class_declaration (class_heritage (implements_clause (_) @implements))) @of
(abstract_class_declaration (class_heritage (implements_clause (_) @implements))) @of
(class (class_heritage (implements_clause (_) @implements))) @of
(interface_declaration (extends_type_clause type: (_) @extends)) @of
(function_declaration return_type: (type_annotation (_) @returns)) @of
(function_signature return_type: (type_annotation (_) @returns)) @of
(method_definition return_type: (type_annotation (_) @returns)) @of
(method_signature return_type: (type_annotation (_) @returns)) @of
(abstract_method_signature return_type: (type_annotation (_) @returns)) @of
(arrow_function return_type: (type_annotation (_) @returns)) @of
(_ parameters: (formal_parameters) @takes.all) @of
(function_type parameters: (_) @parameters return_type: (_) @returns) @signature
(call_signature parameters: (_) @parameters return_type: (type_annotation (_) @returns)) @signature
(call_signature parameters: (_) @parameters !return_type) @signature
(interface_declaration body: (_ (call_signature) @callable)) @of
(type_alias_declaration value: (object_type (call_signature) @callable)) @of
(variable_declarator type: (type_annotation (_) @type) value: [(arrow_function) (function_expression)] @expected)
(public_field_definition type: (type_annotation (_) @type) value: [(arrow_function) (function_expression)] @expected)
(function_expression return_type: (type_annotation (_) @returns)) @of

; -- scopes
(function_signature) @scope
(method_signature) @scope
(abstract_method_signature) @scope
(call_signature) @scope
(construct_signature) @scope
(function_type) @scope
(constructor_type) @scope
(index_signature) @scope
(mapped_type_clause name: (_) @local)
(index_signature (mapped_type_clause) @ignore)
(index_signature name: (identifier) @local)

; -- parameters
(_ type_parameters: (type_parameters (type_parameter name: (type_identifier) @parameter.type))) @owner
(required_parameter pattern: (_) @local type: (type_annotation (_) @type))
(required_parameter pattern: (_) @local !type)
(optional_parameter pattern: (_) @local type: (type_annotation (_) @type))
(optional_parameter pattern: (_) @local !type)
(lexical_declaration (variable_declarator name: (_) @local type: (type_annotation (_) @type)))
(infer_type (type_identifier) @local)

; -- types as expressions
(type_identifier) @reference.type
(nested_type_identifier module: (_) @object name: (_) @property) @member
(nested_identifier object: (_) @object property: (_) @property) @member
(generic_type . (_) @object type_arguments: (type_arguments (_) @key)) @index
(parenthesized_type (_) @same) @alias
(readonly_type (_) @same) @alias
(union_type (_) @either (_) @either) @union
(intersection_type (_) @either (_) @either) @union
(type_annotation (_) @same) @alias
(non_null_expression (_) @same) @alias
(as_expression . (_) (_) @type) @made
(satisfies_expression . (_) @same) @alias
(instantiation_expression . (_) @same) @alias
(type_query) @uses
(array_type (_) @key) @index
(import_alias . (identifier) @binding.constant (_) @value) @statement
(import_statement (import_require_clause (identifier) @import.alias source: (string (string_fragment) @import.whole))) @import
(export_statement "=" . (_) @value) @export
