"""The index in the formats of other programs, whole, from one moment's snapshot.

`scip`      https://github.com/sourcegraph/scip: what code hosts and other indexers exchange
`ctags`     a tags file, which every editor reads
`dot`       Graphviz: who depends on whom

`exporting` beside this package is our own format, JSON lines.
"""
