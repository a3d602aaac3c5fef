"""PostgreSQL's settings, sized to the machine, and who may connect.

They stand in files beside the data folder and are written before each start, so that a new version
of the program or a bigger machine takes effect; what a person set with `ALTER SYSTEM` still wins.
"""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

from indexer.database import places, wire

_MB = 1 << 20
_CONF, _HBA, _IDENT = "postgresql.conf", "hba.conf", "ident.conf"


def write(place: places.Place, sockets: Path) -> list[str]:
    """Write the three files; the server's arguments that name them. Raises OSError."""
    folder = place.folder
    owner_names = {pwd.getpwuid(os.geteuid()).pw_name}
    if place.account:
        owner_names.add(place.account.pw_name)
    _replace(folder / _HBA, "local all all peer map=own\n")
    _replace(folder / _IDENT, "".join(f"own {_quoted(name)} {wire.USER}\n" for name in sorted(owner_names)))
    values = sized(_memory(), os.cpu_count() or 1, _shared_memory()) | {
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
    }
    _replace(folder / _CONF, "".join(f"{name} = {_literal(value)}\n" for name, value in values.items()))
    # Paths stand on the command line: the file's syntax has no way to write a line's end in a value.
    files = {"config_file": _CONF, "hba_file": _HBA, "ident_file": _IDENT}
    named = [argument for name, file in files.items() for argument in ("-c", f"{name}={folder / file}")]
    return ["-D", str(place.data), *named]


def sized(memory: int, cpus: int, shared_memory: int) -> dict[str, str]:
    """Settings for a machine with that many bytes of memory, processors, and bytes in /dev/shm."""
    # The kernel caches files as well; each 128 MB more costs 7 MB that are never given back.
    buffers = min(max(memory // 16, 16 * _MB), 128 * _MB)
    upkeep = min(max(memory // 16, 64 * _MB), 512 * _MB)
    return {
        # Nothing but the owner's socket.
        "listen_addresses": "",
        "port": str(wire.PORT),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": f"{buffers // _MB}MB",
        "effective_cache_size": f"{memory // 2 // _MB}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{upkeep // _MB}MB",
        "temp_file_limit": "8GB",
        # A container's /dev/shm is often 64 MB, too small for a parallel build of a vector index.
        "dynamic_shared_memory_type": "posix" if shared_memory >= 1024 * _MB else "mmap",
        "max_worker_processes": str(max(cpus, 2) + 2),
        "max_parallel_workers": str(cpus),
        "max_parallel_maintenance_workers": str(min(cpus, 4)),
        # Plain reads: the data are mostly in the page cache, and three I/O workers fewer sit idle.
        "io_method": "sync",
        # The holder starts a crashed server again. Left to itself, PostgreSQL 18 hangs when it is told to stop
        # while it recovers from a crash of one of its processes.
        "restart_after_crash": "off",
        # Recovery begins by writing all files through to the disk: one by one takes seconds.
        "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
        # One machine, no replicas; COPY into a table made in the same transaction skips the log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        # Bounds recovery to seconds, and the log's share of the disk.
        "max_wal_size": "1GB",
        "wal_compression": "pglz",
        "checkpoint_timeout": "10min",
        "autovacuum_max_workers": str(min(cpus, 3)),
        "autovacuum_naptime": "1min",
        "autovacuum_vacuum_scale_factor": "0.1",
        "autovacuum_analyze_scale_factor": "0.05",
        "random_page_cost": "1.1",
        "jit": "off",
        "huge_pages": "off",
        "default_text_search_config": "pg_catalog.english",
        "lc_messages": "C",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Standard error goes to the holder, which keeps the log within its size.
        "logging_collector": "off",
        "log_line_prefix": "[%p] ",
        "log_checkpoints": "off",
        # A failed statement can carry a person's memory or source text: never log it.
        "log_min_error_statement": "panic",
    }


def _memory() -> int:
    """Bytes of memory we may use: the machine's, or our control group's limit if that is lower."""
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            sizes.append(int(Path(limit).read_text()))
        except (OSError, ValueError):
            continue  # no such control group, or "max"
    return min(sizes)


def _shared_memory() -> int:
    """Bytes that /dev/shm holds; 0 where there is none."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return 0
    return found.f_frsize * found.f_blocks


def _replace(path: Path, text: str) -> None:
    """Write the file if its text differs: a full disk does not stop a start that changes nothing."""
    wanted = text.encode(errors="surrogateescape")
    if path.is_file() and path.read_bytes() == wanted:
        return
    part = path.with_suffix(".part")
    part.write_bytes(wanted)
    part.chmod(0o644)  # the server's account reads it; the folder decides who else gets here
    os.replace(part, path)


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
