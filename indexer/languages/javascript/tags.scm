; JavaScript, on top of ecmascript.

; -- classes
(class_declaration (class_heritage (_) @extends)) @of
(class (class_heritage (_) @extends)) @of
(field_definition property: [(property_identifier) (private_property_identifier)] @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)] @value) @definition.method
(field_definition property: [(property_identifier) (private_property_identifier)] @name value: (_) @value) @definition.field
(field_definition property: [(property_identifier) (private_property_identifier)] @name !value) @definition.field
(field_definition "static" @is.static) @of
(method_definition decorator: (decorator (_) @decorator)) @of
(field_definition decorator: (decorator (_) @decorator)) @of

; -- members that are given to functions, prototypes and other objects
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_owner property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)] @value
  (#not-match? @_owner "^(module[.])?exports$|^module$")) @definition.method
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @receiver)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-match? @receiver "^(module[.])?exports$|^module$|[.]prototype$")) @of
(assignment_expression
  left: (member_expression object: [(identifier) (member_expression)] @_owner)
  right: [(arrow_function) (function_expression) (generator_function)]
  (#not-match? @_owner "^(module[.])?exports$|^module$|[.]prototype$")) @of @is.static
(assignment_expression
  left: (member_expression object: (member_expression object: (_) @receiver property: (property_identifier) @_prototype))
  right: [(arrow_function) (function_expression) (generator_function)]
  (#eq? @_prototype "prototype")) @of
(program (variable_declaration (variable_declarator name: (identifier) @name value: (object) @body) @definition.variable))
(program (variable_declaration (variable_declarator value: (object (pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @value) @definition.property))))
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: (object (pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @value) @definition.property)
  (#eq? @_module "module") (#eq? @_exports "exports"))
(assignment_expression
  left: (member_expression object: (_) @receiver property: (property_identifier) @_prototype) right: (object) @body
  (#eq? @_prototype "prototype")) @extension
(call_expression arguments: (arguments
  . (member_expression object: (_) @receiver property: (property_identifier) @_prototype) . (object) @body)
  (#eq? @_prototype "prototype")) @extension
(assignment_expression
  left: (member_expression property: (property_identifier) @_prototype)
  right: (object (pair key: (property_identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)] @value) @definition.method)
  (#eq? @_prototype "prototype"))
(call_expression arguments: (arguments
  . (member_expression property: (property_identifier) @_prototype)
  . (object (pair key: (property_identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)] @value) @definition.method))
  (#eq? @_prototype "prototype"))

; -- parameters
(formal_parameters [(identifier) (object_pattern) (array_pattern)] @local)
(formal_parameters (assignment_pattern left: (_) @local right: (_) @value))

; -- JSX: a lower-case name is an element of the page
(jsx_opening_element name: (identifier) @ignore (#match? @ignore "^[a-z]"))
(jsx_closing_element name: (identifier) @ignore)
(jsx_self_closing_element name: (identifier) @ignore (#match? @ignore "^[a-z]"))
