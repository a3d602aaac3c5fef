; C, on top of cfamily: parameters whose types stand behind the list, and types that macros make.
(parameter_list (identifier) @local)
(type_definition type: (macro_type_specifier) declarator: (_) @binding.typedef) @statement
