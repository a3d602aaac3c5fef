; Ruby. The captures are explained in indexer/languages/__init__.py.

; -- definitions
(module name: (constant) @name body: (_)? @body) @definition.trait
(module name: (scope_resolution name: (constant) @name) body: (_)? @body) @definition.trait
(class name: (constant) @name body: (_)? @body) @definition.class
(class name: (scope_resolution name: (constant) @name) body: (_)? @body) @definition.class
(module name: (scope_resolution scope: (_) @receiver)) @of
(class name: (scope_resolution scope: (_) @receiver)) @of
(assignment left: (constant) @name right: (call receiver: (constant) @_maker method: (identifier) @_new block: (_)? @body)
  (#any-of? @_maker "Class" "Module" "Struct" "Data") (#any-of? @_new "new" "define")) @definition.class
(program (method name: (_) @name body: (_)? @body) @definition.function)
(method name: (_) @name body: (_)? @body) @definition.method
(singleton_method name: (_) @name body: (_)? @body) @definition.method
(singleton_method object: (self) @modifier) @of
(singleton_method object: (constant) @receiver) @of
(singleton_method object: (constant) @is.static) @of
(singleton_class (body_statement (method) @of @is.static))
(call method: (identifier) @_attr arguments: (argument_list (simple_symbol) @name @definition.accessor)
  (#any-of? @_attr "attr_accessor" "attr_reader" "attr_writer" "attr" "cattr_accessor" "mattr_accessor" "class_attribute"))
(call method: (identifier) @_define arguments: (argument_list . [(simple_symbol) (string)] @name) block: (_)? @body
  (#any-of? @_define "define_method" "define_singleton_method") (#not-match? @name "#[{]")) @definition.method
(call method: (identifier) @_alias arguments: (argument_list . (simple_symbol) @name) (#eq? @_alias "alias_method")) @definition.method
(alias name: (identifier) @name) @definition.method
(call receiver: (constant) @_struct method: (identifier) @_new arguments: (argument_list (simple_symbol) @name @definition.accessor)
  (#any-of? @_struct "Struct" "Data") (#any-of? @_new "new" "define"))
(body_statement (identifier) @section (#any-of? @section "private" "protected" "public"))
(call method: (identifier) @modifier arguments: (argument_list (method) @of)
  (#any-of? @modifier "private" "protected" "public"))
(call method: (identifier) @modifier arguments: (argument_list (singleton_method) @of) (#eq? @modifier "private_class_method"))
(class superclass: (superclass (_) @extends)) @of
(assignment left: (constant) right: (call receiver: (constant) @_class method: (identifier) @_new arguments: (argument_list . (_) @extends))
  (#eq? @_class "Class") (#eq? @_new "new")) @of
(class body: (body_statement (call method: (identifier) @_mix arguments: (argument_list [(constant) (scope_resolution)] @mixes))
  (#any-of? @_mix "include" "prepend" "extend"))) @of
(module body: (body_statement (call method: (identifier) @_mix arguments: (argument_list [(constant) (scope_resolution)] @mixes))
  (#any-of? @_mix "include" "prepend" "extend"))) @of

; -- scopes
(method !body) @scope
(singleton_method !body) @scope
(block) @scope @lambda
(do_block) @scope @lambda
(lambda) @scope @lambda

; -- parameters and locals
(method_parameters [
  (identifier) @local
  (_ name: (identifier) @local)
  (destructured_parameter (identifier) @local)])
(block_parameters [
  (identifier) @local
  (_ name: (identifier) @local)
  (destructured_parameter (identifier) @local)])
(lambda_parameters [
  (identifier) @local
  (_ name: (identifier) @local)])
(assignment left: (identifier) @local right: (_) @value)
(operator_assignment left: (identifier) @local right: (_) @value)
(left_assignment_list [
  (identifier) @local
  (rest_assignment (identifier) @local)
  (destructured_left_assignment (identifier) @local)])
(for pattern: (identifier) @local)
(rescue exceptions: (exceptions . (_) @instance) variable: (exception_variable (identifier) @local))
(rescue !exceptions variable: (exception_variable (identifier) @local))
(assignment left: (instance_variable) @binding.field right: (_) @value) @statement
(operator_assignment left: (instance_variable) @binding.field right: (_) @value) @statement
(assignment left: (constant) @binding.constant right: (_) @value) @statement
(assignment left: (left_assignment_list (constant) @binding.constant)) @statement

; -- expressions
(identifier) @reference
(constant) @reference
(instance_variable) @reference.member
(self) @self
(call receiver: (self) method: (identifier) @_class (#eq? @_class "class")) @self
(super) @super
(scope_resolution scope: (_) @object name: (constant) @property) @member
(scope_resolution !scope name: (constant) @same) @alias
(call receiver: (_) @object method: [(identifier) (constant)] @property @member)
(call receiver: (_) method: [(identifier) (constant)] @function) @call
(call !receiver method: (identifier) @function) @call
(call receiver: (_) @type method: (identifier) @_new (#eq? @_new "new")) @made
(element_reference object: (_) @object . (_) @key) @index
(parenthesized_statements (_) @same) @alias
(assignment right: (_) @same) @alias
(operator_assignment left: (_) @either operator: "||=" right: (_) @either) @union
(conditional consequence: (_) @either alternative: (_) @either) @union
(binary left: (_) @either operator: ["||" "or"] right: (_) @either) @union
(assignment right: (string) @literal.String)
(assignment right: (array) @literal.Array)
(assignment right: (hash) @literal.Hash)
(call receiver: (string) @literal.String)
(call receiver: (array) @literal.Array)
(return (argument_list . (_) @return .))
(method body: (body_statement (_) @return .))
(singleton_method body: (body_statement (_) @return .))

; -- imports
(call !receiver method: (identifier) @_require arguments: (argument_list . (string . (string_content) @import.module .) .)
  (#any-of? @_require "require" "require_relative" "load")) @import
(call !receiver method: (identifier) @_require arguments: (argument_list (simple_symbol) . (string . (string_content) @import.module .) .)
  (#eq? @_require "autoload")) @import
