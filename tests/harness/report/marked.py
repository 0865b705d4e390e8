"""The published document as a tree in which each sentence and keyword has a status.

A place that clauses rest on has the worst status of these clauses. A description is cut so that
exactly the quoted sentence is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ..clauses import ClauseLedger, Rest
from ..document import Document
from .model import StatusWord

WORST: tuple[StatusWord, ...] = (
    "broken",
    "deviates",
    "not-established",
    "not-selected",
    "observed",
    "held",
)
"""Worst first: a sentence is held only where every clause on it was put, and held."""

KINDS = {
    "parameters": "Parameter",
    "schemas": "Schema",
    "responses": "Response",
    "securitySchemes": "Security scheme",
}
"""The components that hold sentences or keywords, and how a reader calls one."""

ITEM = "-"
"""What stands where an item of a list has no name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the clauses that rest on exactly it."""

    text: str
    clauses: tuple[str, ...] = ()
    status: StatusWord | None = None

    @property
    def item(self) -> bool:
        """Whether it stands for a place in a list rather than for a name."""
        return self.text == ITEM and not self.clauses


@dataclass(frozen=True, slots=True)
class Node:
    """One member of the document: its name, its value, and what it holds."""

    pointer: str
    key: tuple[Piece, ...] = ()
    value: tuple[Piece, ...] = ()
    children: tuple[Node, ...] = ()
    prose: bool = False
    waived: str = ""
    """Why no clause rests here."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """All clauses that rest on the name or the value, without those of what it holds."""
        found = (clause for piece in (*self.key, *self.value) for clause in piece.clauses)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document under a title of its own."""

    title: str
    name: str
    nodes: tuple[Node, ...]


def parts(
    document: Document, ledger: ClauseLedger, statuses: Mapping[str, StatusWord]
) -> list[Part]:
    """The parts of the published document that belong to its one operation."""
    marker = _Marker(ledger, statuses)
    published = document.published
    at = ledger.document.operation
    (operation,) = (path["post"] for path in published["paths"].values())
    node = marker.node(at, "post", operation)
    heading = replace(node, key=(replace(node.key[0], text=f"POST {document.path}"),))
    found = [Part("Operation", "", (heading,))]
    components = published.get("components", {})
    for kind, title in KINDS.items():
        for name, value in components.get(kind, {}).items():
            node = marker.node(f"/components/{kind}/{name}", name, value)
            found.append(Part(title, name, _unwrapped(node)))
    head = {key: published[key] for key in ("openapi", "servers", "security") if key in published}
    nodes = (marker.node(f"/{key}", key, value) for key, value in head.items())
    return [*found, Part("The document itself", "", tuple(nodes))]


def _unwrapped(node: Node) -> tuple[Node, ...]:
    """What a component holds: its own name is the title of its part already."""
    bare = len(node.key) == 1 and not node.clauses
    return node.children if node.children and bare else (node,)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Each node, and each node below it."""
    for node in nodes:
        yield node
        yield from walk(node.children)


class _Marker:
    """Turns values of the document into nodes, and marks what clauses rest on."""

    def __init__(self, ledger: ClauseLedger, statuses: Mapping[str, StatusWord]) -> None:
        self._statuses = statuses
        self._rests: dict[str, list[tuple[str, Rest]]] = {}
        self._waived: dict[str, str] = {}

        def absolute(pointer: str) -> str:
            start, slash, rest = pointer.partition("/")
            return ledger.document.operation + slash + rest if start == "post" else pointer

        for clause in ledger.clauses:
            for rest in clause.rests:
                self._rests.setdefault(absolute(rest.at), []).append((clause.id, rest))
        self._waived = {absolute(waiver.at): waiver.reason for waiver in ledger.waived}

    def node(self, pointer: str, key: str, value: Any) -> Node:
        """A member of the document as a node."""
        rests = self._rests.get(pointer, [])
        waived = self._waived.get(pointer, "")
        if isinstance(value, dict):
            return self._mapping(pointer, key, value, rests)
        if isinstance(value, list) and value:
            children = tuple(
                self.node(f"{pointer}/{number}", ITEM, item) for number, item in enumerate(value)
            )
            return Node(pointer, (self._piece(key, _ids(rests)),), (), children)
        name = (Piece(key),)
        if key == "description":
            return Node(pointer, name, self._cut(str(value), rests), prose=True, waived=waived)
        return Node(pointer, name, (self._piece(_scalar(value), _ids(rests)),), waived=waived)

    def _mapping(
        self, pointer: str, key: str, value: dict[str, Any], rests: list[tuple[str, Rest]]
    ) -> Node:
        named = {rest.quote for _, rest in rests} & value.keys()
        own = [(clause, rest) for clause, rest in rests if rest.quote not in named]
        children = []
        for name, item in value.items():
            child = self.node(f"{pointer}/{_token(str(name))}", str(name), item)
            if name in named:
                on_name = _ids([found for found in rests if found[1].quote == name])
                first = self._piece(child.key[0].text, (*on_name, *child.key[0].clauses))
                child = replace(child, key=(first, *child.key[1:]))
            children.append(child)
        children += [
            Node(place, (Piece(place.rpartition("/")[2]),), (self._piece("(absent)", _ids(found)),))
            for place, found in self._rests.items()
            if place.rpartition("/")[0] == pointer and any(rest.absent for _, rest in found)
        ]
        node = Node(pointer, (self._piece(key, _ids(own)),), (), tuple(children))
        return _collapsed(node)

    def _cut(self, text: str, rests: list[tuple[str, Rest]]) -> tuple[Piece, ...]:
        """A description cut at the ends of what is quoted from it."""
        text = " ".join(text.split())
        spans = []
        for clause, rest in rests:
            quote = " ".join(str(rest.quote or "").split())
            start = text.find(quote) if quote else -1
            # A quote that is not found marks the whole text rather than nothing.
            spans.append((clause, max(start, 0), start + len(quote) if start >= 0 else len(text)))
        cuts = sorted({0, len(text), *(cut for _, *ends in spans for cut in ends)})
        pieces = []
        for start, end in pairwise(cuts):
            clauses = tuple(c for c, first, last in spans if first <= start and end <= last)
            if piece := text[start:end].strip():
                pieces.append(self._piece(piece, clauses))
        return tuple(pieces)

    def _piece(self, text: str, clauses: Iterable[str]) -> Piece:
        clauses = tuple(dict.fromkeys(clauses))
        found = {self._statuses.get(clause, "not-selected") for clause in clauses}
        return Piece(text, clauses, next((word for word in WORST if word in found), None))


def _ids(rests: Iterable[tuple[str, Rest]]) -> tuple[str, ...]:
    return tuple(clause for clause, _ in rests)


def _collapsed(node: Node) -> Node:
    """A mapping with a single member, and that member, as one line."""
    if len(node.children) != 1 or node.value:
        return node
    (child,) = node.children
    return replace(child, key=(*node.key, *child.key)) if not child.prose else node


def _scalar(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return re.sub(r"\s+", " ", str(value))


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
