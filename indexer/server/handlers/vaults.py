"""vault.list, get, register, activate, archive, unarchive, configure."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.memory import vaults
from indexer.protocol import answers, methods
from indexer.server.handlers import remembered
from indexer.server.handlers.envelope import begin
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler
from indexer.store import vaults as store
from indexer.store.vaults import Vault


def handlers(state: State) -> Mapping[str, Handler]:
    """A handler for each method of vault."""

    async def answer(vault: Vault, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        counted = await store.statistics(state.database, vault.id)
        return basis.answer([remembered.vault_item(state, vault, counted)], 1)

    async def listed(params: methods.vault.List, context: Context) -> answers.Answer:
        basis = await begin(state, False, context)
        found = await store.listed(state.database, params.archived)
        return basis.answer([remembered.vault_item(state, vault) for vault in found], len(found))

    async def get(params: methods.vault.Get, context: Context) -> answers.Answer:
        vault = await remembered.vault_of(state, params.vault)
        return await answer(await store.get(state.database, vault.id), context)

    async def register(params: methods.vault.Register, context: Context) -> answers.Answer:
        made = await vaults.register(state.database, params.name, params.path, params.type, settings=params.settings)
        return await answer(made, context)

    async def activate(params: methods.vault.Activate, context: Context) -> answers.Answer:
        vault = await remembered.vault_of(state, params.vault)
        return await answer(await store.activate(state.database, vault.id), context)

    async def archive(params: methods.vault.Archive, context: Context) -> answers.Answer:
        vault = await remembered.vault_of(state, params.vault)
        return await answer(await store.archive(state.database, vault.id), context)

    async def unarchive(params: methods.vault.Unarchive, context: Context) -> answers.Answer:
        vault = await remembered.vault_of(state, params.vault)
        return await answer(await store.unarchive(state.database, vault.id), context)

    async def configure(params: methods.vault.Configure, context: Context) -> answers.Answer:
        vault = await remembered.vault_of(state, params.vault)
        return await answer(await vaults.configure(state.database, vault.id, params.settings, params.metadata), context)

    return {
        "vault.list": listed, "vault.get": get, "vault.register": register, "vault.activate": activate,
        "vault.archive": archive, "vault.unarchive": unarchive, "vault.configure": configure,
    }  # fmt: skip
