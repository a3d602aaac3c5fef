; What C and C++ share. The captures are explained in indexer/languages/__init__.py.

; -- definitions: a name stands inside declarators, which belong to the declaration around them
(function_declarator declarator: (identifier) @name) @definition.function
(function_declarator declarator: (parenthesized_declarator . (identifier) @name .)) @definition.function
((ERROR (function_declarator declarator: (identifier) @undefined)) (#match? @undefined "^[A-Z][A-Z0-9_]+$"))
(function_definition declarator: (_) @wrapped body: (_) @body) @wrapper
(declaration declarator: (_) @wrapped) @wrapper
(pointer_declarator declarator: (_) @wrapped) @wrapper
(parenthesized_declarator (_) @wrapped) @wrapper
(function_declarator declarator: (parenthesized_declarator) @wrapped) @wrapper
(declaration declarator: (function_declarator)) @of @is.overload
(declaration declarator: (pointer_declarator declarator: (function_declarator))) @of @is.overload
(declaration declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator)))) @of @is.overload
(declaration (storage_class_specifier "extern")) @of @is.overload
(function_definition type: (_) @returns) @of
(declaration type: (_) @returns declarator: [(function_declarator) (pointer_declarator (function_declarator))]) @of
(function_definition (storage_class_specifier) @modifier) @of
(declaration (storage_class_specifier) @modifier) @of
(struct_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(union_specifier name: (type_identifier) @name body: (_) @body) @definition.union
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(type_definition type: (struct_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.union
(type_definition type: (enum_specifier !name body: (_)) declarator: (type_identifier) @name) @definition.enum
(type_definition type: (_ name: (type_identifier) @_tag !body) declarator: (type_identifier) @name (#eq? @_tag @name)) @definition.struct
(type_definition type: (_ name: (type_identifier) @_tag body: (_)) declarator: (type_identifier) @name (#eq? @_tag @name)) @definition.typedef
(type_definition type: (struct_specifier !name body: (_) @body) declarator: (pointer_declarator declarator: (type_identifier) @name)) @definition.struct
(type_definition type: (union_specifier !name body: (_) @body) declarator: (pointer_declarator declarator: (type_identifier) @name)) @definition.union
(translation_unit (declaration type: (_ !name body: (field_declaration_list) @body) declarator: (identifier) @name) @definition.variable)
(translation_unit (declaration type: (_ !name body: (field_declaration_list) @body) declarator: (_ declarator: (identifier) @name)) @definition.variable)
(type_definition type: (_ name: (type_identifier) @_tag !body) declarator: (type_identifier) @_name (#eq? @_tag @_name)) @of @is.overload
(type_definition type: [(struct_specifier) (union_specifier) (enum_specifier)] @wrapped) @wrapper
(enumerator name: (identifier) @name) @definition.enum_member
(preproc_def name: (identifier) @name) @definition.constant
(preproc_function_def name: (identifier) @name) @definition.macro

; -- scopes
(compound_statement) @scope
(for_statement) @scope
(function_declarator declarator: (parenthesized_declarator) parameters: (_) @scope)
(declaration declarator: (function_declarator parameters: (_) @scope))
(declaration declarator: (pointer_declarator declarator: (function_declarator parameters: (_) @scope)))
(declaration declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator parameters: (_) @scope))))
(type_definition declarator: (function_declarator parameters: (_) @scope))
(abstract_function_declarator) @scope
(compound_statement (declaration type: (_ !name body: (field_declaration_list) @scope)))

; -- bindings
(declaration type: (_) @type declarator: (_) @binding.variable) @statement
(field_declaration type: (_) @type declarator: (_) @binding.field) @statement
(type_definition type: [(type_identifier) (primitive_type) (sized_type_specifier)] @value declarator: (_) @binding.typedef) @statement
(type_definition type: [(struct_specifier name: (_) @value) (union_specifier name: (_) @value) (enum_specifier name: (_) @value)]
  declarator: (_) @binding.typedef (#not-eq? @value @binding.typedef)) @statement
(parameter_declaration type: (_) @type declarator: (_) @local)
(init_declarator declarator: (_) @same) @declarator
(pointer_declarator declarator: (_) @same) @declarator
(array_declarator declarator: (_) @same) @declarator
(function_declarator declarator: (_) @same) @declarator
(parenthesized_declarator (_) @same) @declarator
(preproc_params (identifier) @ignore)
(attribute_specifier (argument_list (identifier) @ignore))
(attribute_specifier (argument_list (call_expression function: (identifier) @ignore)))

; -- expressions
(identifier) @reference
(type_identifier) @reference.type
(field_expression argument: (_) @object field: (field_identifier) @property) @member
(call_expression function: (_) @function) @call
(cast_expression type: (_) @type) @made
(compound_literal_expression type: (_) @type) @made
(struct_specifier name: (_) @same !body) @alias
(union_specifier name: (_) @same !body) @alias
(enum_specifier name: (_) @same !body) @alias
(struct_specifier name: (_) @same body: (_)) @alias
(type_descriptor type: (_) @same) @alias
(parenthesized_expression . (_) @same .) @alias
(pointer_expression argument: (_) @same) @alias
(subscript_expression argument: (_) @same) @alias
(assignment_expression right: (_) @same) @alias
(conditional_expression consequence: (_) @either alternative: (_) @either) @union
(declaration type: (_) @object declarator: (init_declarator value: (initializer_list (initializer_pair designator: (field_designator (field_identifier) @property @member)))))
(declaration type: (_) @object declarator: (init_declarator value: (initializer_list (initializer_list (initializer_pair designator: (field_designator (field_identifier) @property @member))))))
(compound_literal_expression type: (_) @object value: (initializer_list (initializer_pair designator: (field_designator (field_identifier) @property @member))))

; -- includes
(preproc_include path: (string_literal (string_content) @import.module)) @import @import.wildcard
(preproc_include path: (system_lib_string) @import.module) @import @import.wildcard
