; HCL. What has two labels is called by the second, within the first.
(config_file (body (block (identifier) @_word . (string_lit (template_literal) @name) . (block_start)
  (#any-of? @_word "variable" "output")) @definition.variable))
(config_file (body (block (identifier) @_word . (string_lit (template_literal) @name) . (block_start)
  (#any-of? @_word "module" "provider" "provisioner" "job" "group" "task" "service" "source" "build")) @definition.namespace))
(config_file (body (block (identifier) . (string_lit) . (string_lit (template_literal) @name) . (block_start)) @definition.object))
(config_file (body (block (identifier) . (string_lit (template_literal) @receiver) . (string_lit) . (block_start)) @of))
(config_file (body (block (identifier) @_word (body (attribute (identifier) @name) @definition.constant)) (#eq? @_word "locals")))
(config_file (body (attribute (identifier) @name) @definition.variable))
