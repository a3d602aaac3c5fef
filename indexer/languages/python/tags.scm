; Python. The captures are explained in indexer/languages/__init__.py.

; -- definitions
(function_definition name: (identifier) @name body: (block) @body) @definition.function
(class_definition name: (identifier) @name body: (block) @body) @definition.class
(type_alias_statement left: (type [(identifier) @name (generic_type . (identifier) @name)]) right: (type) @body @value) @definition.type
(type_alias_statement left: (type (generic_type (type_parameter (type (identifier) @parameter.type))))) @owner
; The types are named because a comment in between would pass for a definition.
(decorated_definition definition: [(function_definition) (class_definition)] @wrapped) @wrapper
(decorated_definition (decorator (_) @decorator) definition: [(function_definition) (class_definition)] @of)

(function_definition "async" @is.async) @of
(yield) @is.generator
(function_definition return_type: (type) @returns) @of
(function_definition body: (block . [(string) (concatenated_string)] @doc)) @of
(class_definition body: (block . [(string) (concatenated_string)] @doc)) @of
(module . (comment)* . [(string) (concatenated_string)] @doc) @of
(class_definition superclasses: (argument_list [(identifier) (attribute) (subscript) (call)] @extends)) @of
(class_definition superclasses: (argument_list (keyword_argument name: (identifier) value: (_) @metaclass))) @of

; -- scopes that are no definitions
(lambda body: (_) @scope) @lambda
[(list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @scope

; -- parameters
(function_definition parameters: (parameters (identifier) @parameter)) @owner
(function_definition parameters: (parameters (default_parameter name: (identifier) @parameter value: (_) @default))) @owner
(function_definition parameters: (parameters (typed_parameter . (identifier) @parameter type: (type) @type))) @owner
(function_definition parameters: (parameters (typed_default_parameter name: (identifier) @parameter type: (type) @type value: (_) @default))) @owner
(function_definition parameters: (parameters (typed_parameter . [
  (list_splat_pattern (identifier) @parameter.list) (dictionary_splat_pattern (identifier) @parameter.dict)]))) @owner
(function_definition parameters: (parameters [
  (list_splat_pattern (identifier) @parameter.list) (dictionary_splat_pattern (identifier) @parameter.dict)])) @owner
(function_definition type_parameters: (type_parameter (type [(identifier) @parameter.type (constrained_type . (type (identifier) @parameter.type))]))) @owner
(class_definition type_parameters: (type_parameter (type [(identifier) @parameter.type (constrained_type . (type (identifier) @parameter.type))]))) @owner
(lambda parameters: (lambda_parameters (identifier) @parameter)) @owner
(lambda parameters: (lambda_parameters (default_parameter name: (identifier) @parameter value: (_) @default))) @owner
(lambda parameters: (lambda_parameters [
  (list_splat_pattern (identifier) @parameter.list) (dictionary_splat_pattern (identifier) @parameter.dict)])) @owner

; -- bindings
(assignment left: (_) @binding right: (_) @value) @statement
(assignment left: (_) @binding type: (type) @type) @statement
(augmented_assignment left: (identifier) @binding) @statement
(named_expression name: (identifier) @binding value: (_) @value) @statement
(for_statement left: (_) @local right: (_) @iterable)
(for_in_clause left: (_) @local right: (_) @iterable)
(with_item value: (as_pattern (_) @entered alias: (as_pattern_target (_) @local)))
(except_clause value: (as_pattern (_) @instance alias: (as_pattern_target (_) @local)))
(case_pattern (as_pattern [(case_pattern (class_pattern . (dotted_name) @instance)) (case_pattern)] (identifier) @local .))
(case_pattern (dotted_name . (identifier) @local .))
(case_pattern (splat_pattern (identifier) @local))
(dict_pattern (splat_pattern (identifier) @local))
(keyword_pattern . (identifier) @ignore (dotted_name . (identifier) @local .))
(keyword_pattern . (identifier) @ignore)
(pattern_list [(identifier) (attribute) (subscript) (tuple_pattern) (list_pattern) (list_splat_pattern)] @element) @destructure
(tuple_pattern [(identifier) (attribute) (subscript) (tuple_pattern) (list_pattern) (list_splat_pattern)] @element) @destructure
(list_pattern [(identifier) (attribute) (subscript) (tuple_pattern) (list_pattern) (list_splat_pattern)] @element) @destructure
(as_pattern_target (tuple (identifier) @element) @destructure)
(list_splat_pattern [(identifier) (attribute)] @element) @destructure
(global_statement (identifier) @global)
(nonlocal_statement (identifier) @nonlocal)

; -- expressions
; Identifiers that are expressions: not names of properties, keywords, parameters or imports.
(primary_expression/identifier) @reference
(pattern/identifier) @reference
(generic_type . (identifier) @reference)
(class_pattern . (dotted_name (identifier) @reference .))
(attribute object: (_) @object attribute: (identifier) @property) @member
(call function: (_) @function arguments: (_) @arguments) @call
(raise_statement . [(identifier) (attribute)] @function .) @call
(subscript value: (_) @object subscript: (_) @key) @index
(subscript value: (_) @same subscript: (slice)) @alias
(generic_type . (identifier) @object (type_parameter (type) @key)) @index
(parenthesized_expression (_) @same) @alias
(await (_) @same) @awaited
(named_expression value: (_) @same) @alias
(assignment right: (_) @same) @alias
(conditional_expression . (_) @either (_) (_) @either) @union
(boolean_operator left: (_) @either right: (_) @either) @union
(binary_operator left: (_) @either operator: "|" right: (_) @either) @union
(union_type . (type) @either (type) @either .) @union
(keyword_argument name: (identifier) @ignore)
(return_statement (_) @return)
(yield (_) @yield)
(type) @uses
(type [(string) (subscript) (binary_operator) (generic_type)] @quoted)
(call function: [(identifier) @_cast (attribute attribute: (identifier) @_cast)] arguments: (argument_list . [(string) (subscript) (binary_operator)] @quoted) (#eq? @_cast "cast"))
(attribute object: (string) @literal.str)
(assignment right: [(string) (concatenated_string)] @literal.str)
(assignment right: (integer) @literal.int)
(subscript subscript: (string) @literal.str)
(subscript subscript: (integer) @literal.int)
(pair key: (string) @literal.str)
(pair key: (integer) @literal.int)
(default_parameter value: (string) @literal.str)
(list) @sequence.list
(set) @sequence.set
(tuple) @sequence.tuple
(expression_list) @sequence.tuple
(list_comprehension body: (_) @item) @sequence.list
(set_comprehension body: (_) @item) @sequence.set
(generator_expression body: (_) @item) @sequence.generator
(dictionary) @mapping.dict
(dictionary_comprehension body: (pair value: (_) @item)) @mapping.dict

(for_statement right: (_) @implicit.iterate)
(for_in_clause right: (_) @implicit.iterate)
(with_item value: [(call) (identifier) (attribute) (subscript)] @implicit.enter)
(with_item value: (as_pattern . (_) @implicit.enter))
; Tests of types: where they hold is told by what they stand in.
(call function: (identifier) @_isinstance arguments: (argument_list . (_) @subject . (_) @type .) (#eq? @_isinstance "isinstance")) @test
(except_clause value: (as_pattern (_) @instance alias: (as_pattern_target (identifier) @subject)) (block) @within) @test
(for_statement left: (identifier) @subject right: (_) @iterable body: (block) @within) @test
(with_statement (with_clause (with_item value: (as_pattern (_) @entered alias: (as_pattern_target (identifier) @subject)))) body: (block) @within) @test
(match_statement subject: (_) @subject body: (block (case_clause . (case_pattern (class_pattern . (dotted_name) @type)) consequence: (block) @within) @test))
(match_statement subject: (_) @subject body: (block (case_clause . (case_pattern (as_pattern (case_pattern (class_pattern . (dotted_name) @type)))) consequence: (block) @within) @test))

; -- imports
(import_statement name: (dotted_name) @import.module) @import
(import_statement name: (aliased_import name: (dotted_name) @import.module alias: (identifier) @import.alias)) @import
(import_from_statement module_name: (_) @import.from name: (dotted_name (identifier) @import.name)) @import
(import_from_statement module_name: (_) @import.from name: (aliased_import name: (dotted_name (identifier) @import.name) alias: (identifier) @import.alias)) @import
(import_from_statement module_name: (_) @import.from (wildcard_import) @import.wildcard) @import
(future_import_statement name: (dotted_name (identifier) @ignore))
