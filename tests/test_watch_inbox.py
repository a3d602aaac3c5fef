"""What the event loop gets of what the watcher says."""

from __future__ import annotations

import asyncio
import threading

from indexer.watch import Inbox
from indexer.watch.events import (
    Changed,
    Cookie,
    Event,
    FolderAppeared,
    FolderGone,
    IgnoreChanged,
    Removed,
    Rescan,
    RootBack,
    RootGone,
)


async def taken(*batches: list[Event], capacity: int = 100) -> list[Event]:
    inbox = Inbox(capacity)
    for batch in batches:
        inbox.put(batch)
    return await inbox.take()


async def test_equal_hints_are_merged_and_the_last_one_counts() -> None:
    said = await taken([Changed("a"), Changed("b")], [Removed("a")], [Changed("b")])
    assert said == [Removed("a"), Changed("b")]


async def test_a_file_and_a_folder_of_one_name_are_two_things() -> None:
    assert await taken([Removed("a"), FolderAppeared("a")]) == [Removed("a"), FolderAppeared("a")]


async def test_a_cookie_comes_last_and_the_highest_wins() -> None:
    said = await taken([Changed("a"), Cookie(1)], [IgnoreChanged(), Changed("b"), Cookie(2)])
    assert said == [Changed("a"), Changed("b"), IgnoreChanged(), Cookie(2)]


async def test_folders_within_a_folder_that_is_compared_are_left_out() -> None:
    said = await taken([FolderAppeared("a/b"), FolderGone("a/c"), FolderAppeared("a"), FolderGone("ab")])
    assert said == [FolderAppeared("a"), FolderGone("ab")]


async def test_of_a_root_that_went_and_came_the_last_state_counts() -> None:
    assert await taken([RootGone(), RootBack()]) == [RootBack()]


async def test_too_many_hints_become_one_rescan() -> None:
    said = await taken([Changed(str(number)) for number in range(101)], [IgnoreChanged(), Cookie(7)])
    assert isinstance(said[0], Rescan)
    assert said[1:] == [IgnoreChanged(), Cookie(7)]


async def test_taking_waits_for_another_thread() -> None:
    inbox = Inbox()
    taking = asyncio.create_task(inbox.take())
    await asyncio.sleep(0)
    thread = threading.Thread(target=inbox.put, args=([Changed("a")],))
    thread.start()
    assert await taking == [Changed("a")]
    thread.join()


def test_a_closed_loop_is_no_error() -> None:
    async def make() -> Inbox:
        return Inbox()

    inbox = asyncio.run(make())
    inbox.put([Changed("a")])
