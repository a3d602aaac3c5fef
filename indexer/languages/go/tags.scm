; Go. The captures are explained in indexer/languages/__init__.py.
(package_clause (package_identifier) @package)

; -- definitions
(function_declaration name: (identifier) @name body: (block) @body) @definition.function
(function_declaration name: (identifier) @name !body) @definition.function
(method_declaration name: (field_identifier) @name body: (block) @body) @definition.method
(method_declaration name: (field_identifier) @name !body) @definition.method
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (type_identifier) @receiver
  (pointer_type (type_identifier) @receiver)
  (generic_type type: (type_identifier) @receiver)
  (pointer_type (generic_type type: (type_identifier) @receiver))
  (parenthesized_type (_) @receiver)]))) @of
(type_spec name: (type_identifier) @name type: (struct_type) @body) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type) @body) @definition.interface
(type_spec name: (type_identifier) @name type: (_) @body) @definition.type
(type_alias name: (type_identifier) @name type: (_) @value) @definition.type
(type_spec type: (struct_type (field_declaration_list (field_declaration name: (field_identifier) @name type: (_) @type) @definition.field)))
(interface_type (method_elem name: (field_identifier) @name) @definition.method)
(method_elem) @of @is.abstract
(type_declaration . (type_spec) @wrapped .) @wrapper
(type_declaration . (type_alias) @wrapped .) @wrapper
(const_declaration . (const_spec) @wrapped .) @wrapper
(var_declaration . (var_spec) @wrapped .) @wrapper
(type_spec type: (struct_type (field_declaration_list (field_declaration !name type: (_) @extends)))) @of
(type_spec type: (interface_type (type_elem . [(type_identifier) (qualified_type) (generic_type)] @extends .))) @of
(function_declaration result: (_) @returns) @of
(method_declaration result: (_) @returns) @of
(method_elem result: (_) @returns) @of
(function_declaration result: (parameter_list (parameter_declaration type: (_) @item)) @tuple)
(method_declaration result: (parameter_list (parameter_declaration type: (_) @item)) @tuple)
(method_elem result: (parameter_list (parameter_declaration type: (_) @item)) @tuple)

; -- scopes
(func_literal) @scope @lambda
(block) @scope
(if_statement) @scope
(for_statement) @scope
(expression_switch_statement) @scope
(type_switch_statement) @scope
(expression_case) @scope
(type_case) @scope
(default_case) @scope
(communication_case) @scope
(function_type) @scope
(method_elem) @scope

; -- parameters
(parameter_declaration name: (identifier) @local type: (_) @type)
(variadic_parameter_declaration name: (identifier) @local type: (_) @type)
(function_declaration type_parameters: (type_parameter_list (type_parameter_declaration name: (identifier) @parameter.type))) @owner
(type_spec type_parameters: (type_parameter_list (type_parameter_declaration name: (identifier) @parameter.type))) @owner
(method_declaration receiver: (parameter_list (parameter_declaration type: [
  (generic_type type_arguments: (type_arguments (type_elem (type_identifier) @local)))
  (pointer_type (generic_type type_arguments: (type_arguments (type_elem (type_identifier) @local))))])))

; -- bindings
(const_spec (identifier) @binding.constant type: (_) @type) @statement
(const_spec !type (identifier) @binding.constant) @statement
(var_spec name: (identifier) @binding.variable type: (_) @type) @statement
(var_spec !type name: (identifier) @binding.variable value: (expression_list . (_) @value .)) @statement
(var_spec !type name: (identifier) @binding.variable) @statement
(short_var_declaration left: (expression_list) @local right: (_) @value) @statement
(range_clause left: (expression_list . (identifier) @local .) right: (_))
(range_clause left: (expression_list . (identifier) @local . (_)))
(range_clause left: (expression_list (_) . (identifier) @local .) right: (_) @iterable)
(type_switch_statement alias: (expression_list (identifier) @local))
(type_switch_statement alias: (expression_list (identifier) @local) (type_case "case" . type: (_) @type . ":") @within)
(receive_statement left: (expression_list . (identifier) @local) right: (unary_expression operand: (_) @iterable))
(expression_list (identifier) @element) @destructure

; -- expressions
(identifier) @reference
(type_identifier) @reference.type
(qualified_type package: (package_identifier) @reference)
(qualified_type package: (_) @object name: (type_identifier) @property) @member
(selector_expression operand: (_) @object field: (field_identifier) @property) @member
(call_expression function: (_) @function) @call
(call_expression function: (identifier) @_new arguments: (argument_list . (_) @type) (#any-of? @_new "new" "make")) @made
(composite_literal type: (_) @type) @made
(composite_literal type: [(type_identifier) (qualified_type) (generic_type)] body: (literal_value (keyed_element . (literal_element (identifier) @property) @member))) @object
(literal_element (literal_value (keyed_element . (literal_element (identifier) @ignore))))
(composite_literal type: (struct_type) body: (literal_value (keyed_element . (literal_element (identifier) @ignore))))
(type_assertion_expression type: (_) @type) @made
(type_conversion_expression type: (_) @type) @made
(index_expression operand: (_) @object index: (_) @key) @index
(generic_type type: (_) @object type_arguments: (type_arguments . (_) @key)) @index
(slice_type element: (_) @key) @index
(array_type element: (_) @key) @index
(map_type value: (_) @key) @index
(channel_type value: (_) @key) @index
(expression_list (_) @item) @tuple
(parenthesized_expression (_) @same) @alias
(parenthesized_type (_) @same) @alias
(unary_expression operator: ["&" "*"] operand: (_) @same) @alias
(pointer_type (_) @same) @alias
(slice_expression operand: (_) @same) @alias
(func_literal) @literal.func

; -- imports
(import_spec !name path: (interpreted_string_literal (interpreted_string_literal_content) @import.module)) @import
(import_spec name: [(package_identifier) (blank_identifier)] @import.alias path: (interpreted_string_literal (interpreted_string_literal_content) @import.module)) @import
(import_spec name: (dot) @import.wildcard path: (interpreted_string_literal (interpreted_string_literal_content) @import.module)) @import
