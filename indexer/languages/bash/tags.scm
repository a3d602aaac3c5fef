; Bash. The captures are explained in indexer/languages/__init__.py.

; -- definitions
(function_definition name: (word) @name body: (_) @body) @definition.function
(command name: (command_name (word) @_alias) argument: (concatenation . (word) @name) (#eq? @_alias "alias")) @definition.constant

; -- variables
(program (variable_assignment name: (variable_name) @binding.variable value: (_) @value) @statement)
(program (declaration_command (variable_assignment name: (variable_name) @binding.variable)) @statement)
(program (if_statement (variable_assignment name: (variable_name) @binding.variable) @statement))
(declaration_command ["local" "declare" "typeset"] (variable_assignment name: (variable_name) @local))
(declaration_command ["local" "declare" "typeset"] (variable_name) @local)
(for_statement variable: (variable_name) @local)

; -- expressions
(variable_name) @reference
(command name: (command_name (word) @reference))
(command name: (command_name (word) @function)) @call
(command name: (command_name (word) @_trap) . argument: (word) @reference (#eq? @_trap "trap"))

; -- imports
(command name: (command_name (word) @import.wildcard) . argument: [(word) @import.from (concatenation) @import.from (string (string_content) @import.from .)]
  (#any-of? @import.wildcard "source" ".")) @import
