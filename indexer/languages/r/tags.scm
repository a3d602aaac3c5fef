; R.
(binary_operator lhs: (identifier) @name operator: ["<-" "=" "<<-"] rhs: (function_definition body: (_) @body)) @definition.function
(binary_operator lhs: (string (string_content) @name) operator: ["<-" "=" "<<-"] rhs: (function_definition body: (_) @body)) @definition.function
(program (binary_operator lhs: (identifier) @name operator: ["<-" "=" "<<-"]
  rhs: (call function: [(identifier) @_maker (namespace_operator rhs: (identifier) @_maker)]) @body
  (#any-of? @_maker "R6Class" "setRefClass" "setClass")) @definition.class)
(program (binary_operator lhs: (identifier) @name operator: ["<-" "=" "<<-"]) @definition.variable)
(call function: (identifier) @_maker arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#eq? @_maker "setClass")) @definition.class
(call function: (identifier) @_maker arguments: (arguments . (argument value: (string content: (string_content) @name)))
  (#any-of? @_maker "setGeneric" "setMethod")) @definition.function
(call function: [(identifier) @_maker (namespace_operator rhs: (identifier) @_maker)] arguments: (arguments (argument
    name: (identifier) @_part value: (call arguments: (arguments (argument
      name: (identifier) @name value: (function_definition)) @definition.method))))
  (#any-of? @_maker "R6Class" "setRefClass") (#any-of? @_part "public" "private" "active" "methods"))
