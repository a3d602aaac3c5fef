; JSX in TypeScript: a lower-case name is an element of the page.
(jsx_opening_element name: (identifier) @ignore (#match? @ignore "^[a-z]"))
(jsx_closing_element name: (identifier) @ignore)
(jsx_self_closing_element name: (identifier) @ignore (#match? @ignore "^[a-z]"))
