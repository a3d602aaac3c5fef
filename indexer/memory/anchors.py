"""What a memory is about, and what has become of it.

An anchor's state is computed by comparing it with the present index and files (`sightings` decides); what is found is
kept with the anchor, so that lists need not compute it again. An anchor follows its code when the evidence is clear, and
stays 'moved' until somebody confirms it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from indexer import errors
from indexer.memory import likeness, sightings
from indexer.memory.code import Code, Definition, check_path
from indexer.store import anchors as store
from indexer.store import connect
from indexer.store.anchors import Anchor, Place, Sighting, Target
from indexer.watch import secrets

#: Anchors whose surroundings are looked up at once.
BATCH: Final = 200
#: Bytes by which a renamed copy may be longer or shorter for each time that its name occurs in it.
MAX_NAME_CHANGE: Final = 24


@dataclass(frozen=True, slots=True)
class Change:
    """An anchor that was found in another state or at another place than before."""

    before: Anchor
    after: Sighting


# -- tying -------------------------------------------------------------------------------------------------------------------


async def to_symbol(code: Code, symbol_id: UUID) -> Target:
    """The target for a symbol. Raises InvalidRequest for one that is not in the index, or is an import or a module."""
    definition = await code.symbol(symbol_id)
    if definition is None:
        raise errors.InvalidRequest(f"about: {symbol_id} is no definition in the index; name a file to speak of a whole module.", "about")
    return _target(definition)


async def to_file(code: Code, path: str) -> Target:
    """The target for a whole file. Raises InvalidRequest for one that cannot be read, or holds secrets."""
    path, text = await _file(code, path)
    return Target(Place(path), likeness.code_hash(text), text)


async def to_lines(code: Code, path: str, start: int, end: int) -> Target:
    """The target for lines of a file, counted from 1, inclusive. Raises InvalidRequest, also for lines that the file has
    not.
    """
    path, text = await _file(code, path)
    lines = text.splitlines()
    if not 1 <= start <= end <= len(lines):
        raise errors.InvalidRequest(f"about: {path} has the lines 1 to {len(lines)}, not {start} to {end}.", "about")
    found = "\n".join(lines[start - 1 : end])
    if not found.strip():
        raise errors.InvalidRequest(f"about: lines {start} to {end} of {path} are blank.", "about")
    return Target(Place(path, start_line=start, end_line=end), likeness.code_hash(found), found)


async def tie(database: connect.Database, vault_id: UUID, memory_id: UUID, targets: Sequence[Target]) -> list[Anchor]:
    """Ties a memory to code, and returns all its anchors. Raises NotFound for the memory."""
    return await store.add(database, vault_id, memory_id, targets)


async def confirm(database: connect.Database, vault_id: UUID, code: Code, anchor_id: UUID) -> Anchor:
    """Says that the memory holds for the code as it is; the anchor is fresh from here on.

    Raises NotFound for the anchor, Conflict where the code is nowhere to be found.
    """
    anchor = await store.get(database, vault_id, anchor_id)
    [sighting] = await look(code, [anchor])
    if sighting.state == "orphaned":
        raise errors.Conflict(
            f"The code that anchor {anchor_id} was tied to is nowhere to be found: tie it to other code (memory reanchor) or remove it."
        )
    return await store.confirm(database, vault_id, anchor_id, await _target_at(code, anchor, sighting))


async def reanchor(database: connect.Database, vault_id: UUID, anchor_id: UUID, target: Target) -> Anchor:
    """Ties an anchor to other code; it is fresh from here on. Raises NotFound."""
    return await store.confirm(database, vault_id, anchor_id, target)


# -- looking -----------------------------------------------------------------------------------------------------------------


async def look(code: Code, anchors: Sequence[Anchor]) -> list[Sighting]:
    """What has become of anchors, in their order, wherever it may be; nothing is kept."""
    found: list[Sighting] = []
    for start in range(0, len(anchors), BATCH):
        found += await _look(code, anchors[start : start + BATCH])
    return found


async def look_after(code: Code, anchors: Sequence[Anchor], paths: Collection[str]) -> list[Change]:
    """What a change of `paths` has made of anchors; those that it cannot have touched are left out.

    An anchor in those files is looked at as by `look`. One that is elsewhere and moved may have come back to its place,
    and one that is orphaned may be in those files: nothing else is asked for.
    """
    changed = set(paths)
    inside = [anchor for anchor in anchors if sightings.paths_of(anchor) & changed]
    lost = [anchor for anchor in anchors if not sightings.paths_of(anchor) & changed and anchor.state in ("moved", "orphaned")]
    found = list(zip(inside, await look(code, inside), strict=True))
    files = [anchor for anchor in lost if anchor.place.qualified_name is None and _is_near(anchor, changed)]
    found += zip(files, await look(code, files), strict=True)
    symbols = [anchor for anchor in lost if anchor.place.qualified_name is not None]
    if symbols:
        named = await code.symbols_by_qualified_name(_union(map(sightings.names_of, symbols)))
        present = _read([*named, *await code.symbols_at_path(changed)])
        found += [(anchor, sightings.judge(anchor, _around(present, anchor))) for anchor in symbols]
    return [Change(one, other) for one, other in found]


async def refresh(database: connect.Database, vault_id: UUID, code: Code, paths: Collection[str] | None = None) -> list[Change]:
    """Looks at all anchors of a vault, or after a change of `paths` at those that it can have touched; keeps what is found.

    Returns those that are in another state, at another place or with another text than before.
    """
    changes: list[Change] = []
    if paths is not None:
        touched = {anchor.id: anchor for anchor in await store.at_paths(database, vault_id, paths)}
        unsettled, _ = await store.listed(database, vault_id, ("moved", "orphaned"), limit=0)
        touched.update({anchor.id: anchor for anchor in unsettled})
        return await _keep(database, vault_id, await look_after(code, list(touched.values()), paths))
    last: UUID | None = None
    while batch := await store.every(database, vault_id, last, BATCH):
        found = zip(batch, await look(code, batch), strict=True)
        changes += await _keep(database, vault_id, [Change(one, other) for one, other in found])
        last = batch[-1].id
    return changes


async def refresh_memories(database: connect.Database, vault_id: UUID, code: Code, memory_ids: Collection[UUID]) -> list[Change]:
    """The same for the anchors of some memories."""
    tied = [anchor for some in (await store.of_memories(database, vault_id, memory_ids)).values() for anchor in some]
    found = zip(tied, await look(code, tied), strict=True)
    return await _keep(database, vault_id, [Change(one, other) for one, other in found])


def as_seen(anchor: Anchor, sighting: Sighting) -> Anchor:
    """An anchor with what was found of it."""
    return replace(
        anchor,
        state=sighting.state,
        place=sighting.place,
        confirmed_path=sighting.confirmed_path,
        confirmed_name=sighting.confirmed_name,
        seen_hash=sighting.seen_hash,
        seen_text=sighting.seen_text,
    )


def differences(anchor: Anchor) -> str:
    """A unified diff from the text that was confirmed to the one last seen; empty while they are the same."""
    if anchor.seen_text is None:
        return ""
    lines = difflib.unified_diff(*(anchor.text.splitlines(), anchor.seen_text.splitlines(), "confirmed", "present"), lineterm="", n=2)
    return "\n".join(lines)


def sentence(anchor: Anchor) -> str:
    """What a person wants to know of an anchor's state."""
    place = anchor.place
    here = place.qualified_name or place.path + (f":{place.start_line}-{place.end_line}" if place.start_line else "")
    changed = " Its text has changed." if anchor.seen_hash is not None else ""
    match anchor.state:
        case "drifted":
            return f"{here} has changed since this was written or confirmed."
        case "moved":
            was = anchor.confirmed_name or anchor.confirmed_path or "its place"
            return f"{was} in {anchor.confirmed_path or place.path} is {here} in {place.path} today.{changed}"
        case "orphaned":
            return f"{here} in {place.path} is gone."
    return f"{here} is as it was."


async def _keep(database: connect.Database, vault_id: UUID, found: Iterable[Change]) -> list[Change]:
    changes = [change for change in found if _differs(change.before, change.after)]
    if changes:
        await store.note(database, vault_id, [change.after for change in changes])
    return changes


def _differs(anchor: Anchor, sighting: Sighting) -> bool:
    return (anchor.state, anchor.place, anchor.seen_hash) != (sighting.state, sighting.place, sighting.seen_hash)


async def _look(code: Code, anchors: Sequence[Anchor]) -> list[Sighting]:
    symbols = [anchor for anchor in anchors if anchor.place.qualified_name is not None]
    others = [anchor for anchor in anchors if anchor.place.qualified_name is None]
    found = {sighting.anchor_id: sighting for sighting in await _look_for_symbols(code, symbols)}
    found.update({sighting.anchor_id: sighting for sighting in await _look_for_files(code, others)})
    return [found[anchor.id] for anchor in anchors]


async def _look_for_symbols(code: Code, anchors: Sequence[Anchor]) -> list[Sighting]:
    """First where it should be, by qualified name: most are there, unchanged. The rest is looked for by name and file,
    and what is still missing among all texts of its size.
    """
    if not anchors:
        return []
    named = _read(await code.symbols_by_qualified_name(_union(map(sightings.names_of, anchors))))
    found = {anchor.id: sightings.judge(anchor, _around(named, anchor)) for anchor in anchors}
    missing = [anchor for anchor in anchors if found[anchor.id].state != "fresh"]
    if missing:
        names = {sightings.last_segment(name) for name in _union(map(sightings.names_of, missing))}
        near = _read(
            [
                *(read.definition for read in named),
                *await code.symbols_by_name(names),
                *await code.symbols_at_path(_union(map(sightings.paths_of, missing))),
            ]
        )
        for anchor in missing:
            found[anchor.id] = sightings.judge(anchor, _around(near, anchor))
    for anchor in missing:
        if found[anchor.id].state == "orphaned":
            copies = await _renamed_copies(code, anchor)
            if copies:
                found[anchor.id] = sightings.judge(anchor, sightings.Surroundings(_read(copies)))
    return list(found.values())


async def _renamed_copies(code: Code, anchor: Anchor) -> Sequence[Definition]:
    """Definitions anywhere that may be the anchored one under another name: their size differs by a multiple of the
    name's count.
    """
    place = anchor.place
    assert place.qualified_name is not None
    assert place.kind is not None
    text = anchor.seen_text or anchor.text
    tokens = likeness.code_tokens(text, sightings.last_segment(place.qualified_name))
    if len(text) >= store.KEPT_TEXT or len(tokens) < sightings.MIN_TOKENS:
        return []
    size, n_names = len(text.encode()), max(tokens.count(""), 1)
    sizes = [size + n_names * change for change in range(-MAX_NAME_CHANGE, MAX_NAME_CHANGE + 1)]
    return await code.symbols_by_size(place.kind, [each for each in sizes if each > 0])


async def _look_for_files(code: Code, anchors: Sequence[Anchor]) -> list[Sighting]:
    if not anchors:
        return []
    texts = dict(await code.file_texts(_union(map(sightings.paths_of, anchors))))
    found = {anchor.id: sightings.judge(anchor, sightings.Surroundings(files=_own(anchor, texts))) for anchor in anchors}
    missing = [anchor for anchor in anchors if found[anchor.id].state == "orphaned"]
    if missing:
        paths = await code.paths_near(_union(map(sightings.paths_of, missing)))
        texts.update(await code.file_texts([path for path in paths if path not in texts]))
        for anchor in missing:
            found[anchor.id] = sightings.judge(anchor, sightings.Surroundings(files=texts))
    return list(found.values())


def _read(definitions: Iterable[Definition]) -> list[sightings.Read]:
    return [sightings.Read(each) for each in {each.id: each for each in definitions}.values()]


def _around(definitions: Iterable[sightings.Read], anchor: Anchor) -> sightings.Surroundings:
    """The definitions of its qualified names, its names and its files."""
    qualified, paths = sightings.names_of(anchor), sightings.paths_of(anchor)
    names = {sightings.last_segment(name) for name in qualified}
    return sightings.Surroundings(
        [
            read
            for read in definitions
            if read.definition.qualified_name in qualified or read.definition.name in names or read.definition.path in paths
        ]
    )


def _own(anchor: Anchor, texts: dict[str, str]) -> dict[str, str]:
    return {path: texts[path] for path in sightings.paths_of(anchor) if path in texts}


def _is_near(anchor: Anchor, paths: Collection[str]) -> bool:
    """Whether one of the files has the name of the anchored one, or lies in its folder: no other is looked at for it."""
    known = {part for path in sightings.paths_of(anchor) for part in _name_and_folder(path)}
    return any(part in known for path in paths for part in _name_and_folder(path))


def _name_and_folder(path: str) -> tuple[tuple[str, str], tuple[str, str]]:
    folder, _, name = path.rpartition("/")
    return ("name", name), ("folder", folder)


def _union(sets: Iterable[set[str]]) -> list[str]:
    return sorted(set().union(*sets))


def _target(definition: Definition) -> Target:
    place = Place(definition.path, definition.qualified_name, definition.kind)
    return Target(place, likeness.code_hash(definition.text), definition.text, definition.id)


async def _target_at(code: Code, anchor: Anchor, sighting: Sighting) -> Target:
    """The code at the place of a sighting, whole: what the sighting kept of it may be cut."""
    place = sighting.place
    if place.qualified_name is not None:
        assert sighting.symbol_id is not None
        return await to_symbol(code, sighting.symbol_id)
    if place.start_line is not None and place.end_line is not None:
        return await to_lines(code, place.path, place.start_line, place.end_line)
    return await to_file(code, place.path)


async def _file(code: Code, path: str) -> tuple[str, str]:
    path = check_path(path)
    if secrets.is_secret_name(path):
        raise errors.InvalidRequest(f"about: {path} may hold secrets, which are never stored.", "about")
    texts = await code.file_texts([path])
    if path not in texts:
        raise errors.InvalidRequest(f"about: {path} is no readable file of the project, or holds secrets.", "about")
    return path, texts[path]
