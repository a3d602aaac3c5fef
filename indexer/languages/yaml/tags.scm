; YAML. A file may hold several documents.
(document (block_node (block_mapping (block_mapping_pair key: (flow_node (plain_scalar) @name)) @definition.property)))
(document (block_node (block_mapping (block_mapping_pair key: (flow_node [
  (double_quote_scalar) (single_quote_scalar)] @name)) @definition.property)))
(document (flow_node (flow_mapping (flow_pair key: (flow_node (plain_scalar) @name)) @definition.property)))
