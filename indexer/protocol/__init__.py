"""The wire: newline-delimited JSON-RPC 2.0, as both ends speak it.

This package is the only one that knows the wire's JSON. One message is one line of UTF-8; a batch is not
accepted (send one request a line: they are answered concurrently, in any order). Parameters go by name.

`messages`  requests, answers, notifications, limits
`failures`  JSON-RPC error codes and the exceptions that they stand for
`answers`   the envelope of every list answer, and the items in it
`methods`   every method with its parameters: what `system.methods` lists. Not imported from here,
            since a client can do without (10 ms of its start).
"""

from indexer.protocol.failures import Failure, error_of, failure_of
from indexer.protocol.messages import (
    MAX_REQUEST_BYTES,
    MAX_RESPONSE_BYTES,
    PROTOCOL_VERSION,
    Hello,
    Progress,
)

__all__ = [
    "MAX_REQUEST_BYTES",
    "MAX_RESPONSE_BYTES",
    "PROTOCOL_VERSION",
    "Failure",
    "Hello",
    "Progress",
    "error_of",
    "failure_of",
]
