; HTML: elements with an id, and headings.
(element [
  (start_tag (attribute (attribute_name) @_id [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]))
  (self_closing_tag (attribute (attribute_name) @_id [(attribute_value) @name (quoted_attribute_value (attribute_value) @name)]))]
  (#any-of? @_id "id" "ID")) @definition.element
(element (start_tag (tag_name) @_h) . (text) @name (#match? @_h "^[hH][1-6]$")) @definition.heading
