"""`indexer mcp`: the daemon's answers as tools for coding agents (Model Context Protocol over stdio).

A process of its own, which knows nothing itself: each tool asks the project's daemon, started where none runs.

`tools`    what each tool takes, and how it asks the daemon
`results`  what tools give: items as structured data and as lines of text, cut to a budget of tokens
`bridge`   the connection to the daemon: made when first needed, and made again when the daemon was replaced
`server`   the only module that knows the protocol's SDK
"""
