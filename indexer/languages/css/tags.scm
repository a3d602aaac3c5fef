; CSS. A rule defines the last class or id of each of its selectors.
(rule_set (selectors [(class_selector (class_name (identifier) @name) .) (id_selector (id_name) @name)])) @definition.selector
(rule_set (selectors (_ (class_selector (class_name (identifier) @name) .) .))) @definition.selector
(rule_set (selectors (_ (id_selector (id_name) @name) .))) @definition.selector
(declaration (property_name) @name (#match? @name "^--")) @definition.variable
(keyframes_statement (keyframes_name) @name) @definition.selector
