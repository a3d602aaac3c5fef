; Rust. The captures are explained in indexer/languages/__init__.py.

; -- definitions
(function_item name: (identifier) @name body: (block) @body) @definition.function
(function_signature_item name: (identifier) @name) @definition.function
(struct_item name: (type_identifier) @name body: (_) @body) @definition.struct
(struct_item name: (type_identifier) @name !body) @definition.struct
(union_item name: (type_identifier) @name body: (_) @body) @definition.union
(enum_item name: (type_identifier) @name body: (_) @body) @definition.enum
(enum_variant name: (identifier) @name) @definition.enum_member
(trait_item name: (type_identifier) @name body: (_) @body) @definition.trait
(type_item name: (type_identifier) @name type: (_) @value) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(mod_item name: (identifier) @name body: (_) @body) @definition.namespace
(const_item name: (identifier) @name type: (_) @type) @definition.constant
(static_item name: (identifier) @name type: (_) @type) @definition.variable
(field_declaration name: (field_identifier) @name type: (_) @type) @definition.field
(macro_definition name: (identifier) @name) @definition.macro
(impl_item !trait type: (_) @receiver body: (_) @body) @extension
(impl_item trait: (_) @implements type: (_) @receiver body: (_) @body) @extension
(trait_item bounds: (trait_bounds [(type_identifier) (scoped_type_identifier) (generic_type)] @extends)) @of
(function_item return_type: (_) @returns) @of
(function_signature_item return_type: (_) @returns) @of
(trait_item body: (declaration_list (function_signature_item) @of @is.abstract))
(impl_item trait: (_) body: (declaration_list [(function_item) (const_item) (type_item)] @of @is.exported))
(enum_variant body: (field_declaration_list (field_declaration) @of @is.exported))
((attribute_item (attribute (identifier) @_export)) . (macro_definition) @of @is.exported (#eq? @_export "macro_export"))
(impl_item body: (declaration_list (function_item parameters: (parameters . [(parameter pattern: (identifier)) ")"])) @of @is.static))
(trait_item body: (declaration_list (function_item parameters: (parameters . [(parameter pattern: (identifier)) ")"])) @of @is.static))
(trait_item body: (declaration_list (function_signature_item parameters: (parameters . [(parameter pattern: (identifier)) ")"])) @of @is.static))
(attribute . (_) @decorator)
((attribute (identifier) @_name arguments: (token_tree (identifier) @ignore)) (#not-eq? @_name "derive"))
(function_item (visibility_modifier) @modifier) @of
(function_item (function_modifiers "async" @modifier)) @of
(function_signature_item (function_modifiers "async" @modifier)) @of
(struct_item (visibility_modifier) @modifier) @of
(union_item (visibility_modifier) @modifier) @of
(enum_item (visibility_modifier) @modifier) @of
(trait_item (visibility_modifier) @modifier) @of
(type_item (visibility_modifier) @modifier) @of
(mod_item (visibility_modifier) @modifier) @of
(const_item (visibility_modifier) @modifier) @of
(static_item (visibility_modifier) @modifier) @of
(field_declaration (visibility_modifier) @modifier) @of
(function_signature_item (visibility_modifier) @modifier) @of

; -- scopes
(block) @scope
(closure_expression) @scope @lambda
(match_arm) @scope
(if_expression) @scope
(while_expression) @scope
(for_expression) @scope
(function_signature_item) @scope
(macro_rule) @scope
(function_type) @scope
(type_item) @scope

; -- parameters
(_ type_parameters: (type_parameters (type_parameter name: (type_identifier) @parameter.type !bounds))) @owner
(_ type_parameters: (type_parameters (type_parameter name: (type_identifier) @parameter.type bounds: (trait_bounds . (_) @type)))) @owner
(_ type_parameters: (type_parameters (const_parameter name: (identifier) @parameter))) @owner
(where_predicate left: (type_identifier) @local bounds: (trait_bounds . (_) @value))
(parameter pattern: (_) @local type: (_) @type)
(closure_parameters (identifier) @local)
(closure_parameters [(tuple_pattern) (reference_pattern) (struct_pattern) (tuple_struct_pattern) (slice_pattern)] @local)
(function_type (parameters (parameter pattern: (identifier) @ignore)))

; -- bindings
(let_declaration pattern: (identifier) @local type: (_) @type) @statement
(let_declaration pattern: (identifier) @local !type value: (_) @value) @statement
(let_declaration pattern: (identifier) @local !type !value) @statement
(let_declaration pattern: (tuple_pattern) @local !type value: (_) @value) @statement
(tuple_pattern (identifier) @element) @destructure
(for_expression pattern: (identifier) @local value: (_) @iterable)
((match_pattern . (identifier) @local) (#match? @local "^[a-z_]"))
((let_condition pattern: (identifier) @local) (#match? @local "^[a-z_]"))
((tuple_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((tuple_struct_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((slice_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((or_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((field_pattern pattern: (identifier) @local) (#match? @local "^[a-z_]"))
((reference_pattern (identifier) @local) (#match? @local "^[a-z_]"))
((captured_pattern . (identifier) @local) (#match? @local "^[a-z_]"))
(mut_pattern (identifier) @local)
(ref_pattern (identifier) @local)
(field_pattern name: (shorthand_field_identifier) @local)

; -- expressions
(identifier) @reference
(type_identifier) @reference.type
((type_identifier) @self.type (#eq? @self.type "Self"))
((identifier) @self.type (#eq? @self.type "Self"))
(self) @self
(scoped_identifier path: [(crate) (super) (self)] @require @import.module)
(scoped_type_identifier path: [(crate) (super) (self)] @require @import.module)
(scoped_identifier path: (super) name: (super)) @require @import.module
(scoped_identifier path: (_) @object name: (identifier) @property) @member
(scoped_type_identifier path: (_) @object name: (type_identifier) @property) @member
(field_expression value: (_) @object field: (field_identifier) @property) @member
(struct_expression name: (_) @object body: (field_initializer_list (field_initializer field: (field_identifier) @property @member)))
(struct_pattern type: (_) @object (field_pattern name: (field_identifier) @property @member))
(call_expression function: (_) @function) @call
(macro_invocation macro: (_) @function) @call
(struct_expression name: (_) @type) @made
(type_cast_expression type: (_) @type) @made
(generic_function function: (_) @same) @alias
(generic_type type: (_) @object type_arguments: (type_arguments . (_) @key)) @index
(array_type element: (_) @key) @index
(index_expression . (_) @object) @index
(try_expression . (_) @object) @index
(await_expression (_) @same) @awaited
(reference_expression value: (_) @same) @alias
(unary_expression "*" (_) @same) @alias
(parenthesized_expression (_) @same) @alias
(reference_type type: (_) @same) @alias
(pointer_type type: (_) @same) @alias
(abstract_type trait: (_) @same) @alias
(dynamic_type trait: (_) @same) @alias
(bracketed_type (_) @same) @alias
(qualified_type type: (_) @same) @alias
(tuple_expression (_) @item) @tuple
(tuple_type (_) @item) @tuple
(return_expression (_) @return)
(type_binding name: (type_identifier) @ignore)
(label (identifier) @ignore)
(lifetime (identifier) @ignore)
(token_tree (identifier) @call @function . (token_tree))
(token_tree (identifier) @object . ["." "::"] . (identifier) @property @member)
(token_tree (self) @object . "." . (identifier) @property @member)

; -- imports
(mod_item "mod" @import.from name: (identifier) @import.name !body) @import
(extern_crate_declaration name: (identifier) @import.name !alias) @import
(extern_crate_declaration name: (identifier) @import.name alias: (identifier) @import.alias) @import
(use_declaration argument: (identifier) @import.name) @import
(use_declaration argument: (scoped_identifier path: (_) @import.module name: (identifier) @import.name)) @import
(use_list (identifier) @import.name @import)
(use_list (scoped_identifier path: (_) @import.module name: (identifier) @import.name) @import)
(use_as_clause path: (identifier) @import.name alias: (identifier) @import.alias) @import
(use_as_clause path: (scoped_identifier path: (_) @import.module name: (identifier) @import.name) alias: (identifier) @import.alias) @import
(use_wildcard (_) @import.module) @import @import.wildcard
(use_wildcard . "*" @import.wildcard) @import
(scoped_use_list path: (_) @import.module list: (use_list (self))) @import
(scoped_use_list path: (_) @prefix list: (use_list) @within)
