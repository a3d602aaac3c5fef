"""Vaults: whose memories."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from indexer.protocol.methods.memory import Vault
from indexer.protocol.registry import Params, method

_Name = Annotated[str, Meta(description="A name for people, unique.")]


class _OfVault(Params, frozen=True, kw_only=True):
    vault: Vault | None = None


@method("vault.list")
class List(Params, frozen=True, kw_only=True):
    """Every vault, by name."""

    archived: Annotated[bool, Meta(description="Archived ones too.")] = False


@method("vault.get")
class Get(_OfVault, frozen=True, kw_only=True):
    """One vault with its settings, and what it holds at this moment."""


@method("vault.register")
class Register(Params, frozen=True, kw_only=True):
    """Make a vault."""

    name: _Name
    path: Annotated[str, Meta(description="Where what it is about lies; any text for one that is of no folder.")] = ""
    type: Annotated[str, Meta(description="project, personal or team.")] = "personal"
    settings: Annotated[dict[str, Any], Meta(description="As for vault.configure.")] | None = None


@method("vault.activate")
class Activate(_OfVault, frozen=True, kw_only=True):
    """Make this the active vault of the database: the default of those who name none over SQL."""


@method("vault.archive")
class Archive(_OfVault, frozen=True, kw_only=True):
    """Close a vault to changes; what it holds stays readable."""


@method("vault.unarchive")
class Unarchive(_OfVault, frozen=True, kw_only=True):
    """Open an archived vault again."""


@method("vault.configure")
class Configure(_OfVault, frozen=True, kw_only=True):
    """Set the keys that are given; null removes one. recall_weight (0 to 1) is what its scores count among several vaults."""

    settings: Annotated[dict[str, Any], Meta(description="Settings by name.")] | None = None
    metadata: Annotated[dict[str, Any], Meta(description="Anything else worth noting, by name.")] | None = None
