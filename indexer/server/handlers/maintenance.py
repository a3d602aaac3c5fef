"""system.maintain: the regular work, now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from indexer.protocol import answers, methods
from indexer.server.handlers.state import State
from indexer.server.listen import Context, Handler


def handlers(state: State) -> Mapping[str, Handler]:
    """The handler of system.maintain."""

    async def maintain(params: methods.system.Maintain, context: Context) -> answers.Maintained:
        if params.embedder:
            await state.search.adopt_embedder()
        context.progress(0, None, "maintaining")
        done = await state.upkeep.once(force=not params.due)
        return answers.Maintained(
            None if done.shared is None else asdict(done.shared), done.n_counted, done.n_facts_removed
        )

    return {"system.maintain": maintain}
