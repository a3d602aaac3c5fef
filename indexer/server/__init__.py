"""The daemon's end of the socket.

`ownership`      one daemon a project: lock, stale socket, bind; who the peer is
`listen`         accept connections, bound them, stop
`connection`     one peer: frame, dispatch, answer
`subscriptions`  changes sent to those who asked
`system`         who listens, which methods there are, the end
"""
