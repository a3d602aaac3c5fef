"""The embedded PostgreSQL server: one for each data folder, shared by its user's daemons.

    lease = database.acquire(database.home(os.environ))
    ... connect to lease.dsn ...
    lease.close()

`acquire` starts a holder process when there is none (`holder`), which makes the cluster (`cluster`),
starts the server as its child (`server`) and stops it soon after the last lease is gone. Locks of the
kernel decide who holds and who uses (`locks`): there is no count to lose and no pid to
trust. The server binds no TCP port; its socket lies in a folder of its owner's alone (`places`), and
it asks the kernel who connects.

It refuses to guess: a folder that is another's, half-made or of another PostgreSQL release is left
alone, and the error says what to do.
"""

from indexer.database.lease import Lease, acquire, acquire_async
from indexer.database.places import home
from indexer.database.status import Status, status

__all__ = ["Lease", "Status", "acquire", "acquire_async", "home", "status"]
