"""What was seen in a run: observations added up, with the smallest witness of each kind.

A record is plain data that can be added to another, so that what several workers saw becomes one
verdict; its size depends on the classes of case, not on the number of requests.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .grading import Kind, Observation, Sign
from .wire import Exchange


@dataclass(slots=True)
class Entry:
    """How often one kind of observation was made, and its smallest witness."""

    count: int
    expected: tuple[int, ...]
    reason: str
    witness: Exchange | None = None
    steps: tuple[Exchange, ...] = ()
    """What was sent before, where the answer depends on it (outcome.*)."""

    @property
    def one_again(self) -> Literal["", "id", "count"]:
        """By what the witness asks for one once more, with nothing else in between."""
        if self.witness is None or not self.steps:
            return ""
        bodies = {exchange.request.body for exchange in (*self.steps, self.witness)}
        options = json.loads(bodies.pop() or b"{}") if len(bodies) == 1 else {}
        if len(options.get("transaction_ids") or ()) == 1:
            return "id"
        return "count" if options.get("number_of_transactions") == 1 else ""

    @property
    def small(self) -> bool:
        """Whether the witness is so small that nobody turns it away for its size."""
        return self.witness is None or len(self.witness.request.body or b"") <= SMALL

    def carries(self, words: bytes) -> bool:
        """Whether the witness, or what was sent before, has these words in its body."""
        sent = (*self.steps, *filter(None, [self.witness]))
        return any(words in (exchange.request.body or b"") for exchange in sent)

    def size(self) -> tuple[Any, ...]:
        """Sorts witnesses: one request, one once more, the shortest, and the smallest."""
        size = self.witness.request.size if self.witness else ()
        return (bool(self.steps), not self.one_again, len(self.steps), *size)


@dataclass
class Record:
    """All that was seen."""

    entries: dict[Kind, Entry] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    """Judged requests by clause."""
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Answers by clause and status."""
    weather: Counter[str] = field(default_factory=Counter)
    lacking: dict[str, str] = field(default_factory=dict)
    """Clauses that could not be put, and what they lacked."""
    sent: int = 0
    accepted: bool = False
    """Something on the operation's path was accepted, with our own token."""
    other_accepted: bool = False
    """Something was accepted for the other account, with its own token."""
    after_doubts: Counter[bool] = field(default_factory=Counter)
    """Whether fresh transactions gave 201, asked for by id after a doubt."""
    used: set[str] = field(default_factory=set)
    """Known transactions that were given to a scenario."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the report that belong to no clause."""
    clean: bool = True
    """Every answer so far held what it was held against, or was only to be observed."""

    def add(
        self,
        observations: Iterable[Observation],
        exchange: Exchange,
        steps: tuple[Exchange, ...] = (),
    ) -> None:
        """Add what one exchange showed."""
        clauses = set()
        for seen in observations:
            kind = seen.kind
            clauses |= {claim.clause for claim in kind.claims}
            entry = self.entries.get(kind)
            if entry is None:
                if len(self.entries) >= MOST_KINDS and len(kind.claims) > 2:
                    continue
                entry = self.entries[kind] = Entry(0, seen.expected, seen.reason)
            entry.count += 1
            self.clean = self.clean and kind.sign in (Sign.HELD, Sign.SEEN)
            if kind.sign is not Sign.HELD:
                before = steps if kind.depends else ()
                _keep_smallest(entry, Entry(0, seen.expected, seen.reason, exchange, before))
        for clause in clauses:
            self.requests[clause] += 1
            if exchange.answer.status is not None:
                self.statuses[clause, exchange.answer.status] += 1

    def about(self, clauses: Collection[str]) -> Record:
        """What was seen of some clauses."""
        kept = {
            kind: entry
            for kind, entry in self.entries.items()
            if any(claim.clause in clauses for claim in kind.claims)
        }
        return replace(self, entries=kept)

    def merge(self, other: Record) -> None:
        """Add what another worker saw."""
        for kind, entry in other.entries.items():
            mine = self.entries.setdefault(kind, Entry(0, entry.expected, entry.reason))
            mine.count += entry.count
            if entry.witness is not None:
                _keep_smallest(mine, entry)
        self.requests.update(other.requests)
        self.statuses.update(other.statuses)
        self.weather.update(other.weather)
        self.lacking.update(other.lacking)
        self.sent += other.sent
        self.accepted = self.accepted or other.accepted
        self.other_accepted = self.other_accepted or other.other_accepted
        self.clean = self.clean and other.clean
        self.after_doubts.update(other.after_doubts)
        self.used |= other.used
        self.notes += [note for note in other.notes if note not in self.notes]


SMALL = 1024
"""Bytes of a body up to which its size is no matter."""

MOST_KINDS = 4000
"""Kinds of observation that are kept apart; past that, combinations of many faults are dropped."""


def _keep_smallest(entry: Entry, found: Entry) -> None:
    """Keep the smaller witness, and what is to be said of that one."""
    if entry.witness is None or found.size() < entry.size():
        entry.witness, entry.steps = found.witness, found.steps
        entry.expected, entry.reason = found.expected, found.reason
