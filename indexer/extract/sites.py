"""Lists a file's sites: all written, non-defining names whose target is not a local, with what they do and what they mean."""

from __future__ import annotations

from array import array

from indexer import model
from indexer.extract.captures import Captures, Node, Range, Written, merged
from indexer.extract.expressions import TYPED, Expressions
from indexer.extract.facts import Op
from indexer.extract.scopes import Variable


def all_sites(expressions: Expressions) -> bytes:
    """All written names that are not local, with what they do and what they mean, in order of place: see `Facts.sites`."""
    captures, names = expressions.captures, expressions.names
    listed = array("i")
    roles = _roles(captures)
    uses = merged(captures.uses)
    next_use, n_uses = 0, len(uses)
    definitions, defining = expressions.definitions, expressions.definitions.defining
    symbol_at, string, add = definitions.symbol_at, definitions.string, listed.extend
    found = names.found if not captures.member_names else [site for site in names.found if site[0] not in defining]
    found += [item for item in names.called_locals if _has_values(names.written[item[1]])]  # type: ignore[arg-type]
    found += [
        (start, place, node)
        for place, (_, node) in captures.members.items()
        if (start := node.start_byte) not in defining
    ]
    found += [(node.start_byte, place, node) for place, node in captures.paths.items()]
    found.sort(key=_by_place)
    references, source, types = model.Role.references, expressions.source, captures.types
    for start, place, node in found:
        role = roles.get(place, references)
        if role == references and expressions.bare_calls and isinstance(node, Node) and node.type == expressions.bare_calls:
            role = model.Role.calls
        while next_use < n_uses and uses[next_use][1] <= start:
            next_use += 1
        if role == references and start in types:
            role = model.Role.uses
        if role == references and next_use < n_uses and uses[next_use][0] <= start:
            role = model.Role.uses
        row, column = node.start_point
        name = string(source[start : node.end_byte].decode("utf-8", "replace"))
        number = expressions.of(place)
        if place in captures.given and (arguments := expressions.given(place)) >= 0 and number >= 0:
            # Which of several functions it is depends on what it is given.
            number = expressions.add(Op.call, number, arguments)
        add((row + 1, column, name, role, symbol_at(start), number))
    for site in definitions.import_sites:
        row, column = site.place.start_point
        name = string(definitions.text(site.place).decode("utf-8", "replace"))
        number = expressions.add(Op.imported, site.number, site.part)
        add((row + 1, column, name, model.Role.imports, symbol_at(site.place.start_byte), number))
    return listed.tobytes()


def indirect_calls(expressions: Expressions) -> bytes:
    """The calls of what no name stands for (results of calls, parts of containers): see `Facts.indirect`."""
    captures = expressions.captures
    listed = array("i")
    calls, indexes = captures.calls, captures.indexes
    for function in sorted(set(calls.values())):
        if function not in calls and function not in indexes:
            continue
        if (name := _name_of(captures, function)) is not None and (number := expressions.of(function)) >= 0:
            row, column = name.start_point
            listed.extend((row + 1, column, expressions.definitions.symbol_at(name.start_byte), number))
    for word, place in captures.implicit:
        if (name := _name_of(captures, place)) is not None and (number := expressions.narrowed(place)) >= 0:
            row, column = name.start_point
            implied = expressions.add(Op.implied, number, expressions.definitions.string(word))
            listed.extend((row + 1, column, expressions.definitions.symbol_at(name.start_byte), implied))
    return listed.tobytes()


def _name_of(captures: Captures, place: Range) -> Node | Written | None:
    """The last name of an expression before what is called or picked."""
    inside: Range | None = place
    while inside is not None:
        inner = captures.calls[inside] if inside in captures.calls else _indexed(captures, inside)
        if inner is None or inner == inside:
            break
        inside = inner
    if inside is None:
        return None
    return captures.members[inside][1] if inside in captures.members else captures.references.get(inside[0])


def _roles(captures: Captures) -> dict[Range, model.Role]:
    calls, aliases = captures.calls, captures.aliases
    roles = dict.fromkeys(calls.values(), model.Role.calls)
    for place in calls.values():
        while (same := aliases.get(place) or _indexed(captures, place)) is not None and same != place:
            roles[same] = model.Role.calls
            place = same
    for said in captures.said.values():
        for word, node in said:
            place = node.byte_range
            if word == "decorator":
                roles[calls.get(place, place)] = model.Role.decorates
            elif word in ("extends", "implements", "mixes") and place not in calls:
                while (same := aliases.get(place)) is not None and same != place:
                    place = same
                index = captures.indexes.get(place)
                role = model.Role.extends if word == "extends" else model.Role.implements
                roles[index[0] if index and index[0] else place] = role
    return roles


def _indexed(captures: Captures, place: Range) -> Range | None:
    """The generic type or container of which an expression names a part: calling the part calls it, as far as names go."""
    index = captures.indexes.get(place)
    return index[0] if index is not None else None


def _has_values(variable: Variable) -> bool:
    return any(define in TYPED for define, _ in variable.definitions)


def _by_place(item: tuple[int, Range, object]) -> int:
    return item[0]
