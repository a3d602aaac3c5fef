; Tables and the keys at the top.
(document (pair . [(bare_key) (dotted_key) (quoted_key)] @name) @definition.property)
(document (table . [(bare_key) (dotted_key) (quoted_key)] @name) @definition.namespace)
(document (table_array_element . [(bare_key) (dotted_key) (quoted_key)] @name) @definition.namespace)
