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

; -- parameters
(formal_parameters [(identifier) (object_pattern) (array_pattern)] @local)
(formal_parameters (assignment_pattern left: (_) @local right: (_) @value))

; -- JSX: a lower-case name is an element of the page
(jsx_opening_element name: (identifier) @ignore (#match? @ignore "^[a-z]"))
(jsx_closing_element name: (identifier) @ignore)
(jsx_self_closing_element name: (identifier) @ignore (#match? @ignore "^[a-z]"))
