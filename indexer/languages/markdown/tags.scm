; Markdown. A section reaches to the next heading of its level; underlined headings have none in this grammar.
(section (atx_heading heading_content: (inline) @name)) @definition.heading
(setext_heading heading_content: (paragraph (inline) @name)) @definition.heading
