; SQL. What a statement creates; a schema that is written before a name is what the name stands in.
(create_table (object_reference name: (_) @name)) @definition.table
(create_view (object_reference name: (_) @name)) @definition.view
(create_materialized_view (object_reference name: (_) @name)) @definition.view
(create_function (object_reference name: (_) @name)) @definition.function
(create_trigger . (_)* . (keyword_trigger) . (object_reference name: (_) @name)) @definition.function
(create_type (object_reference name: (_) @name)) @definition.type
(create_schema (identifier) @name) @definition.namespace
(create_sequence (object_reference name: (_) @name)) @definition.variable
(column_definition name: (_) @name) @definition.field
(create_table (object_reference schema: (_) @receiver)) @of
(create_view (object_reference schema: (_) @receiver)) @of
(create_materialized_view (object_reference schema: (_) @receiver)) @of
(create_function (object_reference schema: (_) @receiver)) @of
(create_type (object_reference schema: (_) @receiver)) @of
(create_sequence (object_reference schema: (_) @receiver)) @of
(statement (_) @wrapped) @wrapper
