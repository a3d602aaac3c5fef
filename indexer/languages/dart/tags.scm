; Dart. Bodies stand beside signatures.
(class_definition name: (identifier) @name body: (_) @body) @definition.class
(class_definition (abstract) @is.abstract) @of
(mixin_declaration (identifier) @name (class_body) @body) @definition.class
(extension_declaration name: (identifier) @name body: (_) @body) @definition.class
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_constant name: (identifier) @name) @definition.enum_member
(type_alias . (type_identifier) @name) @definition.type
(program (function_signature name: (identifier) @name) @definition.function . (function_body)? @body)
(program (getter_signature name: (identifier) @name) @definition.accessor . (function_body)? @body)
(program (setter_signature name: (identifier) @name) @definition.accessor . (function_body)? @body)
(program (initialized_identifier_list (initialized_identifier . (identifier) @name)) @definition.variable)
(program (static_final_declaration_list (static_final_declaration . (identifier) @name)) @definition.constant)
((method_signature (function_signature name: (identifier) @name)) @definition.method . (function_body)? @body)
((method_signature (getter_signature name: (identifier) @name)) @definition.accessor . (function_body)? @body)
((method_signature (setter_signature name: (identifier) @name)) @definition.accessor . (function_body)? @body)
((method_signature (operator_signature [(binary_operator) "==" "[]" "[]=" "~"] @name)) @definition.method . (function_body)? @body)
((method_signature (constructor_signature name: (identifier) @name . (formal_parameter_list))) @definition.constructor . (function_body)? @body)
((method_signature (factory_constructor_signature (identifier) @name . (formal_parameter_list))) @definition.constructor . (function_body)? @body)
(method_signature "static" @modifier) @of
(declaration (function_signature name: (identifier) @name)) @definition.method
(declaration (getter_signature name: (identifier) @name)) @definition.accessor
(declaration (constructor_signature name: (identifier) @name . (formal_parameter_list))) @definition.constructor
(declaration (constant_constructor_signature (identifier) @name . (formal_parameter_list))) @definition.constructor
(declaration (initialized_identifier_list (initialized_identifier . (identifier) @name))) @definition.field
(declaration (static_final_declaration_list (static_final_declaration . (identifier) @name))) @definition.field
(declaration "static" @modifier) @of
