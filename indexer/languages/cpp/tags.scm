; C++, on top of cfamily.

; -- definitions
(function_declarator declarator: [(field_identifier) (operator_name) (destructor_name)] @name) @definition.function
(function_declarator declarator: (template_function name: (identifier) @name)) @definition.function
(function_declarator declarator: (qualified_identifier name: [(identifier) (operator_name) (destructor_name)] @name)) @definition.function
(function_declarator declarator: (qualified_identifier name: (template_function name: (identifier) @name))) @definition.function
(function_declarator declarator: (qualified_identifier name: (qualified_identifier name: [(identifier) (operator_name) (destructor_name)] @name))) @definition.function
(function_declarator declarator: (qualified_identifier name: (qualified_identifier name: (qualified_identifier name: [(identifier) (operator_name) (destructor_name)] @name)))) @definition.function
(operator_cast) @name @definition.function
(function_declarator declarator: (qualified_identifier scope: (_) @receiver name: [(identifier) (operator_name) (destructor_name) (template_function)])) @of
(function_declarator declarator: (qualified_identifier name: (qualified_identifier scope: (_) @receiver name: [(identifier) (operator_name) (destructor_name)]))) @of
(function_declarator declarator: (qualified_identifier name: (qualified_identifier name: (qualified_identifier scope: (_) @receiver name: [(identifier) (operator_name) (destructor_name)])))) @of
(qualified_identifier scope: (_) @receiver name: (operator_cast) @of)
(qualified_identifier name: (operator_cast) @wrapped) @wrapper
(reference_declarator (_) @wrapped) @wrapper
(field_declaration declarator: (_) @wrapped) @wrapper
(function_definition declarator: (_) @wrapped [(default_method_clause) (delete_method_clause)]) @wrapper
(template_declaration (_) @wrapped) @wrapper
(field_declaration declarator: (function_declarator)) @of @is.overload
(field_declaration declarator: [(pointer_declarator (function_declarator)) (reference_declarator (function_declarator))]) @of @is.overload
(declaration declarator: [(reference_declarator (function_declarator)) (operator_cast)]) @of @is.overload
(field_declaration declarator: (function_declarator) default_value: (_)) @of @is.abstract
(field_declaration type: (_) @returns declarator: [(function_declarator) (pointer_declarator (function_declarator)) (reference_declarator (function_declarator))]) @of
(field_declaration (storage_class_specifier) @modifier) @of
(class_specifier name: (type_identifier) @name body: (_) @body) @definition.class
(class_specifier name: (template_type name: (type_identifier) @name) body: (_) @body) @definition.class
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_) @body) @definition.struct
(class_specifier name: (qualified_identifier name: (type_identifier) @name) body: (_) @body) @definition.class
(struct_specifier name: (qualified_identifier name: (type_identifier) @name) body: (_) @body) @definition.struct
(class_specifier name: (qualified_identifier scope: (_) @receiver name: (type_identifier))) @of
(struct_specifier name: (qualified_identifier scope: (_) @receiver name: (type_identifier))) @of
(struct_specifier name: (qualified_identifier name: (qualified_identifier name: (type_identifier) @name)) body: (_) @body) @definition.struct
(struct_specifier name: (qualified_identifier name: (qualified_identifier scope: (_) @receiver name: (type_identifier)))) @of
(class_specifier name: (template_type)) @of @is.overload
(struct_specifier name: (template_type)) @of @is.overload
(class_specifier (base_class_clause [(type_identifier) (template_type) (qualified_identifier)] @extends)) @of
(struct_specifier (base_class_clause [(type_identifier) (template_type) (qualified_identifier)] @extends)) @of
(enum_specifier ["class" "struct"] name: (type_identifier) @name body: (_) @body) @definition.enum
(namespace_definition name: (_) @name body: (_) @body) @definition.namespace
(namespace_definition "namespace" @name !name body: (_) @body) @definition.namespace
(alias_declaration name: (type_identifier) @name type: (_) @value) @definition.type
(concept_definition name: (identifier) @name) @definition.type
(field_declaration_list (access_specifier) @section)
(friend_declaration (declaration declarator: (function_declarator declarator: (identifier) @undefined)))
(friend_declaration (declaration declarator: (_ (function_declarator declarator: [(identifier) (operator_name)] @undefined))))
(friend_declaration (declaration declarator: (function_declarator declarator: (operator_name) @undefined)))
(compound_statement (declaration declarator: (function_declarator declarator: (identifier) @undefined)))
(translation_unit (function_definition !type declarator: (function_declarator declarator: (identifier) @undefined)) (#match? @undefined "^[A-Z][A-Z0-9_]+$"))
(declaration_list (function_definition !type declarator: (function_declarator declarator: (identifier) @undefined)) (#match? @undefined "^[A-Z][A-Z0-9_]+$"))
((function_definition !type declarator: (function_declarator declarator: (identifier) @_test
  parameters: (parameter_list . (parameter_declaration type: (type_identifier) @receiver) . (parameter_declaration))) body: (_) @body) @extension
  (#match? @_test "^(TYPED_)?TEST(_F|_P)?$"))

; -- scopes
(lambda_expression) @scope @lambda
(for_range_loop) @scope
(catch_clause) @scope
(if_statement) @scope
(while_statement) @scope
(requires_expression) @scope
(field_declaration declarator: (function_declarator parameters: (_) @scope))
(field_declaration declarator: (_ (function_declarator parameters: (_) @scope)))
(declaration declarator: (reference_declarator (function_declarator parameters: (_) @scope)))
(template_declaration parameters: (_) @scope [(declaration) (friend_declaration) (alias_declaration) (concept_definition)])

; -- parameters and bindings
(type_parameter_declaration (type_identifier) @local)
(variadic_type_parameter_declaration (type_identifier) @local)
(optional_type_parameter_declaration name: (type_identifier) @local)
(template_template_parameter_declaration (type_parameter_declaration (type_identifier) @local))
(optional_parameter_declaration type: (_) @type declarator: (_) @local)
(variadic_parameter_declaration type: (_) @type declarator: (_) @local)
(variadic_declarator (identifier) @same) @declarator
(reference_declarator (_) @same) @declarator
(structured_binding_declarator (identifier) @local)
(declaration type: (placeholder_type_specifier) declarator: (init_declarator declarator: (_) @local value: (_) @value)) @statement
(declaration type: (placeholder_type_specifier) declarator: (_) @local value: (_) @value)
(for_range_loop type: (placeholder_type_specifier) declarator: (_) @local right: (_) @iterable)
(for_range_loop type: [(type_identifier) (qualified_identifier) (template_type)] @type declarator: (_) @local)
(type_definition type: [(qualified_identifier) (template_type) (dependent_type) (decltype)] @value declarator: (_) @binding.typedef) @statement
(namespace_alias_definition name: (_) @local)
(lambda_capture_initializer (identifier) @local)

; -- expressions
(namespace_identifier) @reference
(this) @self
(qualified_identifier scope: (_) @object name: [(identifier) (type_identifier)] @property) @member
(qualified_identifier scope: (_) @object name: (template_type name: (type_identifier) @property @member))
(qualified_identifier scope: (_) @object name: (template_function name: (identifier) @property @member))
(qualified_identifier scope: (_) @object name: (qualified_identifier scope: (namespace_identifier) @property @member))
(qualified_identifier scope: (_) @object name: (qualified_identifier scope: (template_type name: (_) @property @member)))
(qualified_identifier name: (qualified_identifier) @same) @alias
(qualified_identifier name: [(template_type) (template_function)] @same) @alias
(qualified_identifier !scope name: (_) @same) @alias
(field_expression argument: (_) @object field: (template_method name: (field_identifier) @property)) @member
(field_expression argument: (_) @object field: (qualified_identifier name: (field_identifier) @property)) @member
(field_initializer (field_identifier) @reference.member)
(template_type name: (_) @object arguments: (template_argument_list . (_) @key)) @index
(template_function name: (_) @same) @alias
(class_specifier name: (_) @same !body) @alias
(new_expression type: (_) @type) @made
(call_expression function: (template_function name: (identifier) @_cast arguments: (template_argument_list . (_) @type))
  (#any-of? @_cast "static_cast" "dynamic_cast" "reinterpret_cast" "const_cast" "make_unique" "make_shared")) @made
(call_expression function: (qualified_identifier name: (template_function name: (identifier) @_made arguments: (template_argument_list . (_) @type)))
  (#any-of? @_made "make_unique" "make_shared")) @made

; -- names of other namespaces
(using_declaration "namespace" @import.wildcard (_) @import.module) @import
(using_declaration (qualified_identifier scope: (_) @import.module name: (identifier) @import.name)) @import
