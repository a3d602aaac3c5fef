"""memory.add, get, list, find, recall, update, pin, supersede, forget, restore, history, uses, duplicates, merge, unmerge."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from indexer import errors
from indexer.memory import checks, consolidation, memories, vaults
from indexer.memory.search import Found, Question
from indexer.protocol import answers, methods
from indexer.server.handlers import meaning, remembered, targets
from indexer.server.handlers.envelope import ALL, Basis, begin, counted, cut
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import accesses, anchors, bulk, searching
from indexer.store import memories as store
from indexer.store.accesses import Access
from indexer.store.memories import Memory
from indexer.store.vaults import Vault

#: Seconds that a synced request waits for anchors to be looked at.
_ANCHOR_SECONDS: Final = 30.0
#: Characters of a query that the log of accesses keeps.
_LOGGED: Final = 2000
#: Characters of a near-duplicate that are shown.
_NEAR_SHOWN: Final = 300


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of memory but those of anchors."""

    async def add(params: methods.memory.Add, context: Context) -> answers.Remembered:
        # The code that it is about must be as its author sees it.
        basis = await begin(state, bool(params.about), context)
        vault = await remembered.vault_of(state, params.vault)
        _check_own(state, vault, params.about)
        about = await targets.targets_of(state, basis, params.about)
        await _done(state.uses.write())
        done = await memories.remember(
            state.database, vault.id, _draft(params), about, session_id=params.session, keep_echo=params.keep_echo
        )
        state.anchoring.tied(anchor.place.path for anchor in done.anchors)
        state.context.note_memories([done.memory.id])
        [row] = await remembered.items(state, vault, [done.memory])
        near = [answers.NearMemory(each.memory.id, each.memory.content[:_NEAR_SHOWN], each.similarity) for each in done.near]
        answer = basis.answer([row], 1, _said(done))
        return answers.Remembered(
            *(answer.items, answer.total, answer.omitted, answer.note, answer.index),
            outcome=done.outcome, near=near, echoed=list(done.echoed),
        )  # fmt: skip

    async def add_many(params: methods.memory.AddMany, context: Context) -> answers.RememberedMany:
        vault = await remembered.vault_of(state, params.vault)
        now = dt.datetime.now(dt.UTC)
        new = [_checked(number, draft, now) for number, draft in enumerate(params.memories)]
        loaded = await bulk.add(
            state.database, vault.id, new, lambda at: context.progress(at.n_added + at.n_existing, len(new), "storing")
        )
        return answers.RememberedMany(loaded.n_added, loaded.n_existing)

    async def get(params: methods.memory.Get, context: Context) -> answers.Answer:
        basis = await seen(state, params.sync, context)
        vault = await remembered.vault_of(state, params.vault)
        memory = await store.get(state.database, vault.id, params.id)
        return await whole(state, basis, vault, memory)

    async def listed(params: methods.memory.List, context: Context) -> answers.Answer:
        filters = _filters(params)
        basis = await seen(state, params.sync, context)
        vault = await remembered.vault_of(state, params.vault)
        if params.about is not None:
            filters["ids"] = await _about(state, basis, vault, params.about)
        page = await store.listed(state.database, vault.id, store.Filters(**filters), params.limit, params.offset)
        rows = await remembered.items(state, vault, page.memories)
        more = None if page.is_total_exact else f"There are {store.MAX_TOTAL:,} or more; counting stopped there."
        nothing = None if page.total else await _why_none(state, vault, filters)
        return basis.answer(rows, page.total, nothing, more, cut(len(rows), page.total, params.offset))

    async def find(params: methods.memory.Find, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        text = checks.text(params.text, "text")
        if params.whole:
            known = (await store.by_text(state.database, vault.id, text))[: params.limit]
        else:
            known = await store.find_text(state.database, vault.id, text, params.limit)
        rows = await remembered.items(state, vault, known)
        return basis.answer(rows, len(rows), None if rows else f"No memory in {vault.name} contains that.")

    async def recall(params: methods.memory.Recall, context: Context) -> answers.Answer:
        question = _question(params)
        basis = await seen(state, params.sync, context)
        started = time.monotonic()
        named = [await remembered.vault_of(state, name) for name in params.vaults or ()] or [state.vault]
        found = await _asked(state, question, list({vault.id: vault for vault in named}.values()))
        note_uses(state, found, params.query, time.monotonic() - started, session=params.session, user=params.user)
        return basis.answer(await _recalled(state, found), found.total, *found.notes, _why_not_recalled(found))

    async def update(params: methods.memory.Update, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        changes = {name: getattr(params, name) for name in params.__struct_fields__ if name not in ("id", "vault")}
        given = {name: value for name, value in changes.items() if value is not msgspec.UNSET}
        if not given:
            raise errors.InvalidRequest(f"Say what to change: {', '.join(changes)}.")
        if "parent" in given:
            given["parent_memory_id"] = given.pop("parent")
        return await whole(state, basis, vault, await memories.update(state.database, vault.id, params.id, given))

    async def pin(params: methods.memory.Pin, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        return await whole(state, basis, vault, await store.pin(state.database, vault.id, params.id, params.pinned))

    async def supersede(params: methods.memory.Supersede, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        return await whole(state, basis, vault, await memories.supersede(state.database, vault.id, params.id, params.by))

    async def forget(params: methods.memory.Forget, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        memory = await store.forget(state.database, vault.id, params.id)
        days = (await store.undo_window(state.database)).days
        return await whole(state, basis, vault, memory, f"It can be had back for {counted(days, 'day')} (memory.restore).")

    async def restore(params: methods.memory.Restore, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        return await whole(state, basis, vault, await store.restore(state.database, vault.id, params.id))

    async def history(params: methods.memory.History, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        events = await store.history(state.database, vault.id, params.id, params.limit)
        rows = [answers.MemoryEvent(event.version, event.operation, event.before, event.changed_at) for event in events]
        return basis.answer(rows, len(rows), None if rows else "It was never changed.")

    async def uses(params: methods.memory.Uses, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        await store.get(state.database, vault.id, params.id)
        await _done(state.uses.flush())
        found = await accesses.of_memory(state.database, vault.id, params.id, params.limit)
        rows = [
            answers.MemoryUse(
                *(use.operation, use.accessed_at, use.query_text, use.score, use.rank),
                *(use.duration_ms, use.session_id, use.user_context),
            )
            for use in found
        ]
        return basis.answer(rows, len(rows), None if rows else "It was never used.")

    async def duplicates(params: methods.memory.Duplicates, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        found = await consolidation.propose(state.database, vault.id, params.contexts, params.threshold)
        shown = found.groups[: params.limit or ALL]
        rows = [answers.MemoryGroup(group.likeness, await remembered.items(state, vault, group.memories)) for group in shown]
        compared = None if found.is_complete else f"Only the newest {found.n_compared:,} memories were compared."
        nothing = None if rows else f"No two of {counted(found.n_compared, 'memory').replace('memorys', 'memories')} say nearly the same."
        return basis.answer(rows, len(found.groups), nothing, compared, cut(len(rows), len(found.groups)))

    async def merge(params: methods.memory.Merge, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        merged = await consolidation.merge(state.database, vault.id, params.sources, params.content, params.context)
        return await whole(state, basis, vault, merged)

    async def unmerge(params: methods.memory.Unmerge, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        vault = await remembered.vault_of(state, params.vault)
        rows = await remembered.items(state, vault, await consolidation.revert(state.database, vault.id, params.id))
        return basis.answer(rows, len(rows))

    return {
        "memory.add": add, "memory.add_many": add_many, "memory.get": get, "memory.list": listed, "memory.find": find,
        "memory.recall": recall, "memory.update": update, "memory.pin": pin, "memory.supersede": supersede,
        "memory.forget": forget, "memory.restore": restore, "memory.history": history, "memory.uses": uses,
        "memory.duplicates": duplicates, "memory.merge": merge, "memory.unmerge": unmerge,
    }  # fmt: skip


async def seen(state: State, is_synced: bool, context: Context) -> Basis:
    """Where the index stands; the anchors too are as the code is where that is asked for."""
    basis = await begin(state, is_synced, context)
    if is_synced:
        is_complete = state.live.first_done.is_set()
        if is_complete:
            await state.anchoring.look_outside()
        if not await state.anchoring.wait_for(_ANCHOR_SECONDS if is_complete else 0.0):
            why = state.anchoring.problem or ("that takes longer than usual" if is_complete else "the index is not complete")
            basis = Basis(basis.index, (*basis.remarks, f"Not every memory was compared with its code yet: {why}."))
    return basis


async def whole(state: State, basis: Basis, vault: Vault, memory: Memory, said: str | None = None) -> answers.Answer:
    """An answer of one memory with all that is known of it."""
    tied = await state.anchoring.of_memories(vault.id, [memory.id])
    row = remembered.item(memory, vault.name, tied.get(memory.id, ()), is_whole=True, with_changes=True)
    return basis.answer([row], 1, said)


async def _asked(state: State, question: Question, named: Sequence[Vault]) -> Found:
    """What is found in several vaults, each score times the vault's weight."""
    if len(named) == 1:
        return await state.search.ask(replace(question, vault=named[0].id))
    each = await asyncio.gather(*(state.search.ask(replace(question, vault=vault.id)) for vault in named))
    hits = [
        replace(hit, score=round(hit.score * vaults.weight(vault), 4))
        for vault, found in zip(named, each, strict=True)
        for hit in found.hits
    ]
    hits.sort(key=lambda hit: -hit.score)
    notes = dict.fromkeys(note for found in each for note in found.notes)
    return Found(tuple(hits[: question.limit]), sum(found.total for found in each), tuple(notes))


def note_uses(state: State, found: Found, query: str, seconds: float, **who: Any) -> None:
    """Takes down that these memories were recalled."""
    now = dt.datetime.now(dt.UTC)
    hits = [(hit.memory, hit.score) for hit in found.hits if hit.memory is not None]
    state.context.note_query(query, [memory.id for memory, _ in hits])
    state.uses.note(
        [
            Access(
                *(memory.vault_id, memory.id, "recall", now),
                query_text=query[:_LOGGED],
                score=score,
                rank=rank,
                duration_ms=round(1000 * seconds),
                session_id=who.get("session"),
                user_context=who.get("user"),
            )
            for rank, (memory, score) in enumerate(hits, start=1)
        ]
    )


async def _done(writing: Coroutine[None, None, None]) -> None:
    """Waits for accesses to be written; a log that cannot be written now is no reason to refuse an answer."""
    try:
        await asyncio.shield(writing)
    except errors.IndexerError:
        return


def _check_own(state: State, vault: Vault, about: Sequence[str]) -> None:
    if about and vault.id != state.vault.id:
        raise errors.InvalidRequest(
            f"about: the vault {vault.name} is not this project's ({state.vault.name}), whose code it could not follow.", "about"
        )


def _draft(params: methods.memory.Draft) -> memories.Draft:
    return memories.Draft(
        *(params.content, params.context, params.importance, params.expires_at, params.metadata, params.tags),
        parent_memory_id=params.parent,
        is_pinned=params.pinned,
    )


def _checked(number: int, params: methods.memory.Draft, now: dt.datetime) -> store.NewMemory:
    try:
        return _draft(params).checked(now)
    except errors.InvalidRequest as exc:
        raise errors.InvalidRequest(f"memories[{number}]: {exc}", f"memories[{number}].{exc.field}") from exc


def _said(done: memories.Remembered) -> str | None:
    """What somebody who remembers something should know of it."""
    match done.outcome:
        case "existing":
            return "The vault had that text in that context already."
        case "revived":
            return "The vault had that text, forgotten or expired; it holds again."
        case "echo":
            return "Nothing was stored: it repeats what was recalled lately (keep_echo stores it all the same)."
    if done.near:
        return f"{counted(len(done.near), 'other')} nearly the same; memory.supersede or memory.merge settles that."
    return None


def _filters(params: methods.memory.List) -> dict[str, Any]:
    """The filters of a list, checked."""
    return {
        "contexts": params.contexts and [checks.context(each) for each in params.contexts],
        "tiers": params.tiers and [checks.tier(each) for each in params.tiers],
        "tags": params.tags and checks.tags(params.tags),
        "metadata": params.metadata and checks.metadata(params.metadata),
        "min_importance": _importance(params.min_importance),
        "created_from": params.since and checks.moment(params.since, "since"),
        "created_until": params.until and checks.moment(params.until, "until"),
        "parent_memory_id": params.parent,
        "is_pinned": params.pinned,
        "forgotten": params.forgotten,
        "with_superseded": params.superseded,
        "with_expired": params.expired,
        "anchor_states": params.states and [checks.anchor_state(each) for each in params.states],
    }


def _importance(value: float | None) -> float | None:
    return None if value is None else checks.importance(value, "min_importance")


async def _about(state: State, basis: Basis, vault: Vault, text: str) -> list[Any]:
    """The memories about a symbol, or about a file and what is in it."""
    if (path := targets.file_of(state, text)) is not None:
        tied = await anchors.at_paths(state.database, vault.id, [path])
    else:
        try:
            names = {symbol.qualified_name for symbol in await meaning.symbols_of(state, basis, text, "about")}
        except errors.Ambiguous:
            raise
        except errors.NotFound:
            # Memories about what is gone are found by the name that it had.
            names = {text}
        tied = await anchors.by_names(state.database, vault.id, names)
    return [anchor.memory_id for anchor in tied]


async def _why_none(state: State, vault: Vault, filters: Mapping[str, Any]) -> str:
    if not any(value not in (None, False) for value in filters.values()):
        return f"The vault {vault.name} has no memories yet; memory.add makes one."
    if (await store.listed(state.database, vault.id, limit=1)).memories:
        return f"No memory in {vault.name} passes these filters."
    return f"The vault {vault.name} has no memories yet."


def _question(params: methods.memory.Recall) -> Question:
    if not params.query.strip():
        raise errors.InvalidRequest("The query is empty; say what you look for.", "query")
    since = params.since and checks.moment(params.since, "since")
    until = params.until and checks.moment(params.until, "until")
    if since and until and since >= until:
        raise errors.InvalidRequest("since must lie before until.", "since")
    only = searching.MemoryFilter(
        params.contexts and [checks.context(each) for each in params.contexts],
        params.tiers and [checks.tier(each) for each in params.tiers],
        params.tags and checks.tags(params.tags),
        _importance(params.min_importance),
        since or None,
        until or None,
    )
    checks.metadata(params.user, "user")
    return Question(checks.text(params.query, "query", 4_000_000), None, only, params.limit, params.sync)


async def _recalled(state: State, found: Found) -> list[answers.MemoryItem]:
    """The hits as memory items, of whichever vault."""
    by_vault: dict[Any, list[Memory]] = {}
    for hit in found.hits:
        if hit.memory is not None:
            by_vault.setdefault(hit.memory.vault_id, []).append(hit.memory)
    rows: dict[Any, answers.MemoryItem] = {}
    for vault_id, those in by_vault.items():
        vault = await remembered.vault_of(state, str(vault_id))
        rows.update({(vault_id, row.id): row for row in await remembered.items(state, vault, those)})
    return [
        msgspec.structs.replace(rows[hit.memory.vault_id, hit.memory.id], score=hit.score, why=list(hit.why))
        for hit in found.hits
        if hit.memory is not None
    ]


def _why_not_recalled(found: Found) -> str | None:
    if not found.total:
        return "No memory is about that, under these filters."
    if found.total > len(found.hits):
        return f"The best {len(found.hits):,} of {found.total:,} that were ranked."
    return None
