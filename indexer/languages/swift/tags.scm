; Swift. The captures are explained in indexer/languages/__init__.py.

; -- definitions
(class_declaration declaration_kind: "class" name: (type_identifier) @name body: (_) @body) @definition.class
(class_declaration declaration_kind: "actor" name: (type_identifier) @name body: (_) @body) @definition.class
(class_declaration declaration_kind: "struct" name: (type_identifier) @name body: (_) @body) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name body: (_) @body) @definition.enum
(protocol_declaration name: (type_identifier) @name body: (_) @body) @definition.protocol
(class_declaration declaration_kind: "extension" name: (_) @receiver body: (_) @body) @extension
(class_declaration declaration_kind: "class" (inheritance_specifier inherits_from: (_) @extends)) @of
(class_declaration declaration_kind: ["struct" "enum" "actor" "extension"] (inheritance_specifier inherits_from: (_) @implements)) @of
(protocol_declaration (inheritance_specifier inherits_from: (_) @extends)) @of
(enum_entry name: (simple_identifier) @name) @definition.enum_member
(function_declaration name: (simple_identifier) @name body: (_) @body) @definition.function
(function_declaration name: [(custom_operator) "==" "!=" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "===" "!==" "+=" "-=" "*=" "/=" "..." "..<" "&" "|" "^" "<<" ">>" "~" "++" "--" "%="] @name body: (_) @body) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(protocol_function_declaration name: [(custom_operator) "==" "<" "+" "-" "*" "/"] @name) @definition.method
(init_declaration name: "init" @name body: (_) @body) @definition.constructor
(init_declaration name: "init" @name !body) @definition.constructor
(deinit_declaration "deinit" @name body: (_) @body) @definition.method
(subscript_declaration "subscript" @name) @definition.method
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) computed_value: (_) @body) @definition.accessor)
(enum_class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) computed_value: (_) @body) @definition.accessor)
(property_declaration computed_value: (_)) @scope
(property_declaration (type_annotation (_) @returns) computed_value: (_)) @of
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) (type_annotation (_) @type) !computed_value) @definition.property)
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) !computed_value value: (_) @value) @definition.property)
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) !computed_value !value) @definition.property)
(enum_class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) !computed_value) @definition.property)
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name) (type_annotation (_) @type)) @definition.property
(typealias_declaration name: (type_identifier) @name name: (_) @value) @definition.type
(associatedtype_declaration name: (type_identifier) @name) @definition.type
(macro_declaration (simple_identifier) @name) @definition.macro
(protocol_function_declaration) @of @is.abstract
(protocol_property_declaration) @of @is.abstract
(_ (modifiers (_) @modifier)) @of
(function_declaration "class" @modifier) @of
(function_declaration "async" @modifier) @of
(function_declaration name: [(user_type) (optional_type) (array_type) (dictionary_type) (opaque_type) (existential_type) (tuple_type) (function_type)] @returns) @of
(protocol_function_declaration name: [(user_type) (optional_type) (array_type) (opaque_type) (existential_type)] @returns) @of

; -- scopes
(lambda_literal) @scope @lambda
(init_declaration) @scope
(subscript_declaration) @scope
(protocol_function_declaration) @scope
(if_statement) @scope
(for_statement) @scope
(while_statement) @scope
(do_statement) @scope
(catch_block) @scope
(switch_entry) @scope
(typealias_declaration) @scope
(macro_declaration) @scope

; -- parameters
(_ (type_parameters (type_parameter . (type_identifier) @parameter.type .))) @owner
(_ (type_parameters (type_parameter . (type_identifier) @parameter.type name: (_) @type))) @owner
(parameter name: (simple_identifier) @local [(user_type) (optional_type) (array_type) (dictionary_type) (opaque_type) (existential_type) (tuple_type) (function_type)] @type)
(parameter external_name: (simple_identifier) @ignore)
(lambda_parameter name: (simple_identifier) @local)
(lambda_parameter . (simple_identifier) @local [(user_type) (optional_type) (array_type)] @type)
(capture_list_item name: (simple_identifier) @ignore)
(value_argument_label (simple_identifier) @ignore)
(enum_type_parameters (simple_identifier) @ignore)

; -- bindings
(property_declaration name: (pattern bound_identifier: (simple_identifier) @binding.variable) (type_annotation (_) @type)) @statement
(property_declaration name: (pattern bound_identifier: (simple_identifier) @binding.variable) value: (_) @value) @statement
(property_declaration name: (pattern bound_identifier: (simple_identifier) @binding.variable)) @statement
(pattern (pattern (simple_identifier) @local))
(pattern bound_identifier: (simple_identifier) @local)
(if_statement bound_identifier: (simple_identifier) @local . condition: "=" . condition: (_) @value)
(guard_statement bound_identifier: (simple_identifier) @local . condition: "=" . condition: (_) @value)
(while_statement bound_identifier: (simple_identifier) @local . condition: "=" . condition: (_) @value)
(if_statement bound_identifier: (simple_identifier) @local)
(guard_statement bound_identifier: (simple_identifier) @local)
(for_statement item: (pattern bound_identifier: (simple_identifier) @local) collection: (_) @iterable)

; -- expressions
(simple_identifier) @reference
(type_identifier) @reference.type
(self_expression) @self
(super_expression) @super
((simple_identifier) @self.type (#eq? @self.type "Self"))
((type_identifier) @self.type (#eq? @self.type "Self"))
(navigation_expression . target: (_) @object suffix: (navigation_suffix suffix: (simple_identifier) @property)) @member
(user_type (type_identifier) @object . (type_identifier) @property @member)
(user_type (_) (type_identifier) @same .) @alias
(user_type . (type_identifier) @object (type_arguments . (_) @key)) @index
(prefix_expression operation: "." target: (simple_identifier) @ignore)
(pattern "." . (simple_identifier) @ignore)
(call_expression . (_) @function (call_suffix (value_arguments "("))) @call
(call_expression . (_) @function (call_suffix . (lambda_literal))) @call
(call_expression . (_) @object (call_suffix (value_arguments "["))) @index
(optional_type wrapped: (_) @same) @alias
(opaque_type (_) @same) @alias
(existential_type (_) @same) @alias
(postfix_expression target: (_) @same) @alias
(try_expression expr: (_) @same) @alias
(await_expression expr: (_) @same) @alias
(array_type (_) @key) @index
(dictionary_type (_) (_) @key) @index
(tuple_expression . value: (_) @same .) @alias
(as_expression (as_operator) . (_) @type) @made
(nil_coalescing_expression value: (_) @either if_nil: (_) @either) @union
(control_transfer_statement "return" result: (_) @return)
(import_declaration (identifier (simple_identifier) @ignore))
(inheritance_constraint constrained_type: (identifier (simple_identifier) @ignore))
(operator_declaration (simple_identifier) @ignore)

; -- imports
(import_declaration (identifier) @import.module) @import
