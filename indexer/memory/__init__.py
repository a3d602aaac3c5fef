"""Memories: what people and agents decided and learned, tied to the code that it is about.

    memories        remember, update and the rest of a memory's life; near-duplicates and echoes
    anchors         what a memory is about, and what has become of it
    code            how anchors look at the present index and files
    anchoring       keeps anchors true while the code changes
    consolidation   groups of near-duplicates, merged and taken apart again
    tiers           when a memory moves from working to session to longterm
    uses            the log of accesses, written in batches
    vaults          whose memories; out to JSONL and in again
    states          working contexts kept to return to
    context         what somebody is working on, kept when the branch is switched
    importing       memories from other programs; chroma reads their folders
    checks          what a value must be, said in the words of the one who sent it
    likeness        how alike two texts are

Finding memories by a query, and code in the same list, is the work of `search` and of the modules that it uses. Everything is kept by
`indexer.store`.
"""
