"""Hands out known transactions, so that outcome tests do not spoil each other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .cases import days
from .ledger import DAY, EDGE, Ledger, State

MARGIN = 2 * DAY
"""Days around a window whose transactions it may touch: edges and time zones are open."""

PROBED = 14 * DAY
"""The length of a window that is probed for unsettled transactions."""

KEPT = 6

RECENT = 9 * DAY
"""Transactions younger than this are kept for the default window."""


class Lacking(Exception):
    """What a clause wants of the target is not there; the message says what."""


@dataclass(frozen=True, slots=True)
class Window:
    """A range with known transactions well inside it, and no other known one near it."""

    start: dt.date
    end: dt.date
    ids: tuple[str, ...]

    @classmethod
    def around(cls, first: dt.date, last: dt.date, ids: Iterable[str] = ()) -> Window:
        """The narrowest one that surely takes in what lies on these days."""
        return cls(first - EDGE, last + EDGE, tuple(ids))

    @property
    def range(self) -> dict[str, Any]:
        """As a date_range."""
        return days(self.start, self.end)


@dataclass
class Allocator:
    """Hands out known transactions, each once."""

    ledger: Ledger
    today: dt.date
    taken: set[str] = field(default_factory=set)
    probed: dt.date | None = None
    spent: bool = False
    """The list was settled before this run."""
    kept: frozenset[str] = frozenset()
    """Kept for the default window: transactions that it must not reach."""

    whole: bool = False
    """Hand out every transaction: no default window is put to this account."""

    def __post_init__(self) -> None:
        """Keep what the last test of all needs."""
        if not self.whole:
            self.kept = frozenset(self.older()[:KEPT])

    def single(self, number: int) -> list[str]:
        """Transactions older than the default window, one by one.

        Raises:
            Lacking: there are not that many left.
        """
        self._good()
        # Singles are best taken where many lie close together already.
        crowd = Counter(transaction.date for transaction in self.ledger.transactions.values())
        free = sorted(self.free(), key=lambda id_: (crowd[self._date(id_)], self._date(id_), id_))
        if len(free) < number:
            raise Lacking(self._too_few(number, len(free)))
        chosen = free[-number:]
        self.taken.update(chosen)
        return chosen

    def at_an_end(self, number: int, youngest: bool) -> list[str]:
        """The oldest transactions, or the youngest.

        Raises:
            Lacking: there are not that many left.
        """
        self._good()
        free = sorted(self.free(), key=self._date, reverse=youngest)
        if len(free) < number:
            raise Lacking(self._too_few(number, len(free)))
        self.taken.update(free[:number])
        return free[:number]

    def window(
        self, number: int, amid: bool = False, spread: bool = False, together: bool = False
    ) -> Window:
        """A window with at least `number` transactions well inside.

        What lies so near that an edge or a time zone might take it in is used up with it.

        Args:
            number: how many are to lie inside; as few more as can be.
            amid: others are to be left on either side.
            spread: they are to lie on more than one day.
            together: they are to lie on one day.

        Raises:
            Lacking: there is none left.
        """
        self._good()
        free = set(self.free())
        dates = sorted({self._date(id_) for id_ in free})
        best: tuple[tuple[int, int, dt.date], Window, frozenset[str]] | None = None
        for n, first in enumerate(dates):
            for last in dates[n + spread : n + (1 if together else number + spread)]:
                inside = sorted(free & self.ledger.dated(first, last))
                if len(inside) < number:
                    continue
                window = Window.around(first, last, inside)
                earliest, latest = window.start - MARGIN, window.end + MARGIN
                near = self.ledger.dated(earliest, latest)
                if any(self._state(id_) is not State.SETTLED for id_ in near - free):
                    break
                if amid and not dates[0] < earliest <= latest < dates[-1]:
                    break
                cost = (len(near & free) - len(inside), len(inside), first)
                if best is None or cost < best[0]:
                    best = cost, window, near & free
                break
        if best is None:
            alone = f"{number} with nothing else within four days of them"
            raise Lacking(self._too_few(alone, len(free)))
        self.taken |= best[2]
        return best[1]

    def beside(self, window: Window) -> tuple[str, str]:
        """The nearest transactions before and after a window.

        Raises:
            Lacking: there is none on one side.
        """
        free = sorted(self.free(), key=self._date)
        before = [id_ for id_ in free if self._date(id_) < window.start - DAY]
        after = [id_ for id_ in free if self._date(id_) > window.end + DAY]
        if not before or not after:
            raise Lacking("unsettled transactions before and after a window")
        self.taken |= {before[-1], after[0]}
        return before[-1], after[0]

    def recent(self) -> list[str]:
        """Unsettled transactions well inside the last 7 days."""
        return [
            id_
            for id_, transaction in self.ledger.transactions.items()
            if transaction.state is State.UNSETTLED
            and self.today - 5 * DAY <= transaction.date <= self.today - 2 * DAY
        ]

    def older(self) -> list[str]:
        """Unsettled transactions that the default window must not reach, the youngest first."""
        return self.until(self.today - RECENT)

    def until(self, day: dt.date) -> list[str]:
        """Unsettled transactions of a day and of those before it, the youngest first."""
        self._good()
        return sorted(
            (
                id_
                for id_, transaction in self.ledger.transactions.items()
                if transaction.state is State.UNSETTLED and transaction.date <= day
            ),
            key=self._date,
            reverse=True,
        )

    def unprobed(self) -> dt.date:
        """The end of the next window to be probed, from the youngest closed one backwards."""
        self.probed = (self.probed or self.today - 2 * DAY) - PROBED - DAY
        return self.probed + PROBED

    @property
    def left(self) -> int:
        """How many transactions could still be handed out."""
        return len(self.free())

    def free(self) -> list[str]:
        """Transactions that can be handed out."""
        return [
            id_
            for id_, transaction in self.ledger.transactions.items()
            if id_ not in self.taken
            and id_ not in self.kept
            and transaction.state is State.UNSETTLED
            and (self.whole or transaction.date < self.today - RECENT)
        ]

    def _good(self) -> None:
        if self.spent:
            raise Lacking("unsettled transactions: the list is spent, its first ids all give 200")

    def _too_few(self, number: int | str, free: int) -> str:
        states = [transaction.state for transaction in self.ledger.transactions.values()]
        unknown = states.count(State.UNKNOWN)
        few = f"unsettled transactions: {number} wanted, {free} to be had"
        if not unknown:
            return few
        since = f", since {self.ledger.doubted}" if self.ledger.doubted else ""
        return f"{few}; whether {unknown} more are settled is not known any more{since}"

    def _state(self, id_: str) -> State:
        return self.ledger.transactions[id_].state

    def _date(self, id_: str) -> dt.date:
        return self.ledger.transactions[id_].date
