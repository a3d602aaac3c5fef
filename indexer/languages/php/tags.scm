; PHP. The captures are explained in indexer/languages/__init__.py.
(namespace_definition name: (namespace_name) @package !body)
(namespace_definition name: (namespace_name) @name body: (_) @body) @definition.namespace

; -- definitions
(class_declaration name: (name) @name body: (_) @body) @definition.class
(interface_declaration name: (name) @name body: (_) @body) @definition.interface
(trait_declaration name: (name) @name body: (_) @body) @definition.trait
(enum_declaration name: (name) @name body: (_) @body) @definition.enum
(enum_case name: (name) @name) @definition.enum_member
(function_definition name: (name) @name body: (_) @body) @definition.function
(method_declaration name: (name) @name body: (_) @body) @definition.method
(method_declaration name: (name) @name !body) @definition.method
(property_declaration type: (_) @type (property_element name: (variable_name) @name)) @definition.field
(property_declaration !type (property_element name: (variable_name) @name)) @definition.field
(property_promotion_parameter type: (_) @type name: (variable_name) @name) @definition.field
(property_promotion_parameter !type name: (variable_name) @name) @definition.field
(const_declaration (const_element . (name) @name (_) @value)) @definition.constant
(function_call_expression function: (name) @_define arguments: (arguments . (argument (string (string_content) @name)))
  (#eq? @_define "define")) @definition.constant
(class_declaration (abstract_modifier) @is.abstract) @of
(method_declaration (abstract_modifier) @is.abstract) @of
(method_declaration (static_modifier) @is.static) @of
(property_declaration (static_modifier) @is.static) @of
(method_declaration (visibility_modifier) @modifier) @of
(property_declaration (visibility_modifier) @modifier) @of
(property_promotion_parameter visibility: (_) @modifier) @of
(const_declaration (visibility_modifier) @modifier) @of
(interface_declaration body: (declaration_list (method_declaration) @of @is.abstract))
(method_declaration return_type: (_) @returns) @of
(function_definition return_type: (_) @returns) @of
(class_declaration (base_clause (_) @extends)) @of
(class_declaration (class_interface_clause (_) @implements)) @of
(enum_declaration (class_interface_clause (_) @implements)) @of
(interface_declaration (base_clause (_) @extends)) @of
(class_declaration body: (declaration_list (use_declaration [(name) (qualified_name)] @mixes))) @of
(trait_declaration body: (declaration_list (use_declaration [(name) (qualified_name)] @mixes))) @of
(enum_declaration body: (enum_declaration_list (use_declaration [(name) (qualified_name)] @mixes))) @of
(attribute . [(name) (qualified_name)] @decorator)

; -- scopes
(method_declaration !body) @scope
(anonymous_function) @scope @lambda
(arrow_function) @scope @lambda

; -- parameters and locals
(simple_parameter type: (_) @type name: (variable_name) @local)
(simple_parameter !type name: (variable_name) @local)
(variadic_parameter name: (variable_name) @local)
(property_promotion_parameter type: (_) @type name: (variable_name) @local)
(property_promotion_parameter !type name: (variable_name) @local)
(assignment_expression left: (variable_name) @local right: (_) @value)
(list_literal (variable_name) @local)
(foreach_statement . (_) @iterable . (variable_name) @local)
(foreach_statement . (_) @iterable . (pair (_) (variable_name) @local .))
(foreach_statement (pair . (variable_name) @local))
(catch_clause type: (type_list . (_) @type) name: (variable_name) @local)
(static_variable_declaration name: (variable_name) @local)
(assignment_expression left: (member_access_expression object: (variable_name) @_this) @binding.field right: (_) @value
  (#eq? @_this "$this")) @statement

; -- expressions
(variable_name) @reference
((variable_name) @self (#eq? @self "$this"))
(primary_expression/name) @reference
(named_type (name) @reference.type)
(named_type (qualified_name)) @uses
((named_type (name) @self.type) (#any-of? @self.type "self" "static"))
(object_creation_expression . (name) @reference.type)
((object_creation_expression . (name) @self.type) (#any-of? @self.type "self" "static"))
(base_clause (name) @reference.type)
(class_interface_clause (name) @reference.type)
(use_declaration (name) @reference.type)
(attribute . (name) @reference.type)
(scoped_call_expression scope: (name) @reference.type)
(scoped_property_access_expression scope: (name) @reference.type)
(class_constant_access_expression . (name) @reference.type)
(binary_expression operator: "instanceof" right: (name) @reference.type)
(function_call_expression function: (name) @reference)
((qualified_name (name) @name .) @path)
((relative_scope) @self.type (#any-of? @self.type "self" "static"))
((relative_scope) @super (#eq? @super "parent"))
(member_access_expression object: (_) @object name: (name) @property) @member.field
(nullsafe_member_access_expression object: (_) @object name: (name) @property) @member.field
(member_call_expression object: (_) @object name: (name) @property @member)
(nullsafe_member_call_expression object: (_) @object name: (name) @property @member)
(scoped_call_expression scope: (_) @object name: (name) @property @member)
((class_constant_access_expression . (_) @object (name) @property .) @member (#not-eq? @property "class"))
(scoped_property_access_expression scope: (_) @object name: (variable_name) @property) @member
(function_call_expression function: (_) @function) @call
(member_call_expression name: (name) @function) @call
(nullsafe_member_call_expression name: (name) @function) @call
(scoped_call_expression name: (name) @function) @call
(object_creation_expression . [(name) (qualified_name)] @function) @call
(subscript_expression . (_) @object) @index
(clone_expression (_) @same) @alias
(parenthesized_expression (_) @same) @alias
(assignment_expression right: (_) @same) @alias
(conditional_expression body: (_) @either alternative: (_) @either) @union
(binary_expression left: (_) @either operator: "??" right: (_) @either) @union
(optional_type (_) @same) @alias
(union_type (_) @either (_) @either) @union
(assignment_expression right: (array_creation_expression) @literal.array)
(assignment_expression right: [(string) (encapsed_string)] @literal.string)
(return_statement (_) @return)
(arrow_function body: (_) @return)

; -- imports
(namespace_use_declaration (namespace_use_clause (qualified_name prefix: (namespace_name) @import.from (name) @import.name) !alias)) @import
(namespace_use_declaration (namespace_use_clause (qualified_name prefix: (namespace_name) @import.from (name) @import.name) alias: (name) @import.alias)) @import
(namespace_use_declaration (namespace_use_clause . (name) @import.name !alias)) @import
(namespace_use_declaration (namespace_use_clause . (name) @import.name alias: (name) @import.alias)) @import
(namespace_use_declaration (namespace_name) @prefix body: (_) @within)
(namespace_use_group (namespace_use_clause . (name) @import.name !alias)) @import
(namespace_use_group (namespace_use_clause . (name) @import.name alias: (name) @import.alias)) @import
(namespace_use_group (namespace_use_clause (qualified_name prefix: (namespace_name) @import.from (name) @import.name) !alias)) @import
([(include_expression (string (string_content) @import.module)) (include_once_expression (string (string_content) @import.module))
  (require_expression (string (string_content) @import.module)) (require_once_expression (string (string_content) @import.module))] @import)
([(include_expression (binary_expression (string (string_content) @import.module) .))
  (include_once_expression (binary_expression (string (string_content) @import.module) .))
  (require_expression (binary_expression (string (string_content) @import.module) .))
  (require_once_expression (binary_expression (string (string_content) @import.module) .))] @import)
