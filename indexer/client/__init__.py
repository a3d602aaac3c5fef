"""How every program of ours reaches a project's daemon.

    with client.ensure(root) as daemon:              # starts one where none runs
        answer = daemon.call("symbols.find", {"name": "f"})

`blocking`      the connection: for the command line, which starts often and asks once
`start`         find, start, replace and stop daemons
`asynchronous`  many calls at once on an event loop: for a bridge that lives long. Not imported from here,
                since importing asyncio costs more than a whole command may.
"""

from indexer.client.blocking import Client
from indexer.client.start import Daemon, connect, daemons, ensure, log_path, stop

__all__ = ["Client", "Daemon", "connect", "daemons", "ensure", "log_path", "stop"]
