"""The index in the formats of other programs, whole, from one moment's snapshot.

`scip`      https://github.com/sourcegraph/scip: what code hosts and other indexers exchange
`ctags`     a tags file, which every editor reads
`dot`       Graphviz: who depends on whom
`protobuf`  the few rules of protobuf's wire format that SCIP needs, both ways

`exporting` beside this package is our own format, JSON lines.
"""
