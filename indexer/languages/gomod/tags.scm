; The module's own path.
(module_directive (module_path) @name) @definition.module
