"""Working contexts kept to return to: what was open, what was being looked at, what was noted, which memories were in play.

What a context consists of is for the client to say; it comes back as it was given. The usual keys are `files` (path,
line), `symbols`, `notes`, `branch` and `task`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from indexer import errors
from indexer.memory import checks
from indexer.store import connect, memories, states
from indexer.store.states import NewState, State

#: An automatic capture goes after this time.
AUTOMATIC_STAYS: Final = dt.timedelta(days=14)
AUTOMATIC_IMPORTANCE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that two states have not in common; `path` leads to it ("working_context.files[2].line"). `kind` is
    'added', 'removed' or 'changed'; `before` and `after` are None where there is none.
    """

    path: str
    kind: str
    before: Any
    after: Any


async def capture(
    database: connect.Database,
    vault_id: UUID,
    *,
    name: object,
    working_context: object,
    memory_ids: Sequence[UUID] = (),
    description: object = None,
    tags: object = None,
    importance: object = 0.5,
    expires_at: object = None,
) -> State:
    """Keeps a context, with the memories in play as they are. Raises InvalidRequest naming the field, NotFound for a memory."""
    now = dt.datetime.now(dt.UTC)
    new = NewState(
        name=checks.name(name),
        working_context=_context(working_context),
        memory_state=await _in_play(database, vault_id, memory_ids),
        description=None if description is None else checks.text(description, "description"),
        tags=checks.tags(tags),
        importance=checks.importance(importance),
        expires_at=checks.expiry(expires_at, now),
    )
    return await states.capture(database, vault_id, new)


async def capture_automatically(
    database: connect.Database, vault_id: UUID, reason: str, working_context: object, memory_ids: Sequence[UUID] = ()
) -> State:
    """The same, before something that takes the context away, such as a switch of branches; it goes by itself after
    AUTOMATIC_STAYS."""
    now = dt.datetime.now(dt.UTC)
    new = NewState(
        name=checks.name(f"{reason} {now:%Y-%m-%d %H:%M:%S}"),
        working_context=_context(working_context),
        memory_state=await _in_play(database, vault_id, memory_ids),
        auto_captured=True,
        importance=AUTOMATIC_IMPORTANCE,
        expires_at=now + AUTOMATIC_STAYS,
    )
    return await states.capture(database, vault_id, new)


async def still_there(database: connect.Database, vault_id: UUID, memory_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the memories that the vault has."""
    return [memory.id for memory in await memories.get_many(database, vault_id, list(memory_ids))]


async def restore(database: connect.Database, vault_id: UUID, state: UUID | str) -> State:
    """A state, whole, by id or the latest by name; counts that it was returned to. Raises NotFound."""
    return await states.restore(database, vault_id, state)


async def compare(database: connect.Database, vault_id: UUID, one: UUID | str, other: UUID | str) -> list[Difference]:
    """What changed from one state to another. Raises NotFound for either."""
    before, after = (await states.get(database, vault_id, one), await states.get(database, vault_id, other))
    return differences(_whole(before), _whole(after))


def differences(before: Any, after: Any, path: str = "") -> list[Difference]:
    """What two JSON values have not in common, by path. Lists are compared by content: what is in both, wherever it
    stands, is no difference; where exactly one object was put for another in a list, the two are compared inside.
    """
    if _canonical(before) == _canonical(after):
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key in [*before, *(key for key in after if key not in before)]:
            inner = f"{path}.{key}" if path else str(key)
            if key not in after:
                found.append(Difference(inner, "removed", before[key], None))
            elif key not in before:
                found.append(Difference(inner, "added", None, after[key]))
            else:
                found += differences(before[key], after[key], inner)
        return found
    if isinstance(before, list) and isinstance(after, list):
        return _list_differences(before, after, path)
    return [Difference(path, "changed", before, after)]


def _whole(state: State) -> dict[str, Any]:
    return {"working_context": state.working_context, "memory_state": state.memory_state}


def _list_differences(before: list[Any], after: list[Any], path: str) -> list[Difference]:
    there = [_canonical(each) for each in before]
    here = [_canonical(each) for each in after]
    removed = _without(there, here)
    added = _without(here, there)
    if len(removed) == len(added) == 1 and isinstance(before[removed[0]], dict) and isinstance(after[added[0]], dict):
        return differences(before[removed[0]], after[added[0]], f"{path}[{added[0]}]")
    if not removed and not added:
        return [Difference(path, "changed", before, after)]  # the same in another order
    return [
        *(Difference(f"{path}[{place}]", "removed", before[place], None) for place in removed),
        *(Difference(f"{path}[{place}]", "added", None, after[place]) for place in added),
    ]


def _canonical(value: Any) -> str:
    """JSON with its keys in order; unlike `==` it tells 1 from 1.0 and true."""
    return json.dumps(value, sort_keys=True)


def _without(some: list[str], others: list[str]) -> list[int]:
    """The places in one list of what the other has not, or not as often."""
    left = list(others)
    places = []
    for place, each in enumerate(some):
        if each in left:
            left.remove(each)
        else:
            places.append(place)
    return places


def _context(working_context: object) -> dict[str, Any]:
    return checks.metadata(_given(working_context), "working_context", checks.MAX_STATE_BYTES)


def _given(working_context: object) -> object:
    if working_context is None:
        raise errors.InvalidRequest("working_context must be an object, not nothing.", "working_context")
    return working_context


async def _in_play(database: connect.Database, vault_id: UUID, memory_ids: Sequence[UUID]) -> Mapping[str, Any] | None:
    """The memories as they are, so that a state says what was known then even when they change."""
    if not memory_ids:
        return None
    known = await memories.get_many(database, vault_id, list(dict.fromkeys(memory_ids)))
    missing = set(memory_ids) - {memory.id for memory in known}
    if missing:
        raise errors.NotFound(f"The vault has no memory {min(missing)}.")
    return {
        "memories": [
            {
                "id": str(memory.id),
                "content": memory.content,
                "context": memory.context,
                "importance": memory.importance,
                "tier": memory.tier,
                "tags": list(memory.tags),
            }
            for memory in known
        ]
    }
