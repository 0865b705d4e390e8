"""What outcome tests work with: known transactions, taken so that tests do not spoil each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .cases import days
from .court import Court
from .grading import Kind, Observation, Sign
from .ledger import DAY, Ledger, State
from .oracle import Claim
from .wire import Exchange, Request

MARGIN = 2 * DAY
"""Days around a window whose transactions it may touch: edges and time zones are open."""

PROBED = 14 * DAY
"""The length of a window that is probed for unsettled transactions."""

MOST_PROBES = 26

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
        free = sorted(self.free(), key=lambda id_: (self._crowd(id_), self._date(id_), id_))
        if len(free) < number:
            raise Lacking(f"{number} unsettled transactions; {len(free)} are left")
        chosen = free[-number:]
        self.taken.update(chosen)
        return chosen

    def oldest(self, number: int) -> list[str]:
        """The oldest transactions.

        Raises:
            Lacking: there are not that many left.
        """
        self._good()
        free = sorted(self.free(), key=self._date)
        if len(free) < number:
            raise Lacking(f"{number} unsettled transactions; {len(free)} are left")
        self.taken.update(free[:number])
        return free[:number]

    def window(self, number: int, amid: bool = False, spread: bool = False) -> Window:
        """A window with at least `number` transactions well inside.

        What lies so near that an edge or a time zone might take it in is used up with it.

        Args:
            number: how many are to lie inside; as few more as can be.
            amid: others are to be left on either side.
            spread: they are to lie on more than one day.

        Raises:
            Lacking: there is none left.
        """
        self._good()
        free = set(self.free())
        dates = sorted({self._date(id_) for id_ in free})
        best: tuple[tuple[int, int, dt.date], Window, set[str]] | None = None
        for n, first in enumerate(dates):
            for last in dates[n + spread : n + number + spread]:
                inside = sorted(id_ for id_ in free if first <= self._date(id_) <= last)
                if len(inside) < number:
                    continue
                near = self._near(first, last)
                if any(self._state(id_) is not State.SETTLED for id_ in near - free):
                    break
                beyond = [self._date(id_) for id_ in free - near]
                if amid and not (beyond and min(beyond) < first and last < max(beyond)):
                    break
                cost = (len(near & free) - len(inside), len(inside), first)
                if best is None or cost < best[0]:
                    best = cost, Window(first - DAY, last + 2 * DAY, tuple(inside)), near & free
                break
        if best is None:
            raise Lacking(f"{number} unsettled transactions close together, and apart from others")
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
            and self.today - 5 * DAY <= transaction.date <= self.today
        ]

    def older(self) -> list[str]:
        """Unsettled transactions that the default window must not reach, the youngest first."""
        return sorted(
            (
                id_
                for id_, transaction in self.ledger.transactions.items()
                if transaction.state is State.UNSETTLED and transaction.date < self.today - 8 * DAY
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

    def _near(self, first: dt.date, last: dt.date) -> set[str]:
        return {
            id_
            for id_, transaction in self.ledger.transactions.items()
            if first - DAY - MARGIN <= transaction.date <= last + 2 * DAY + MARGIN
        }

    def _state(self, id_: str) -> State:
        return self.ledger.transactions[id_].state

    def _date(self, id_: str) -> dt.date:
        return self.ledger.transactions[id_].date

    def _crowd(self, id_: str) -> int:
        """Singles are best taken where many lie close together already."""
        date = self._date(id_)
        return sum(1 for other in self.ledger.transactions.values() if other.date == date)


@dataclass
class Scenario:
    """Puts one outcome clause: each step is judged by the ledger model, none by the test."""

    court: Court
    clause: str
    allocator: Allocator
    account: str
    steps: list[Exchange] = field(default_factory=list)
    other: tuple[str, str] | None = None
    """The other account and its token."""
    others: Allocator | None = None
    """The other account's known transactions."""

    def again(self) -> None:
        """Begin anew: the steps so far belong to another attempt."""
        self.steps.clear()

    def take(self, number: int) -> list[str]:
        """Known unsettled transactions of our account."""
        return self._used(self.allocator.single(number))

    def window(self, number: int, spread: bool = False) -> Window:
        """A window with known unsettled transactions well inside; spread: on several days."""
        window = self.allocator.window(number, spread=spread)
        self._used(window.ids)
        return window

    def _used(self, ids: Sequence[str]) -> list[str]:
        self.court.record.used.update(ids)
        return list(ids)

    def live_window(self) -> Window:
        """A past window that just gave 201 to a count of one, and may hold more.

        Raises:
            Lacking: nothing unsettled was found in the last year.
        """
        for _ in range(MOST_PROBES):
            day = self.allocator.unprobed()
            window = Window(day - PROBED, day, ())
            if self.count(1, window).answer.status == 201:
                return window
        raise Lacking("unsettled transactions: none were found in the last year")

    def half_of(self, window: Window) -> Window:
        """The first half of a window."""
        return Window(window.start, window.start + (window.end - window.start) // 2, ())

    def window_amid_others(self) -> tuple[Window, str, str]:
        """A window, and a known transaction before and after it."""
        try:
            window = self.allocator.window(2, amid=True, spread=True)
        except Lacking:
            window = self.allocator.window(2, amid=True)
        before, after = self.allocator.beside(window)
        self._used([*window.ids, before, after])
        return window, before, after

    def take_up_to(self, number: int) -> list[str]:
        """As many as there are, at most `number`; at least 12.

        Raises:
            Lacking: there are fewer.
        """
        return self.take(max(12, min(number, self.allocator.left // 2)))

    def recent(self) -> list[str]:
        """Unsettled transactions of the last days, a few of each day."""
        found = sorted(self.allocator.recent(), key=self.date)
        return self._used(found[:: max(1, len(found) // 5)][:5])

    def older(self, number: int) -> list[str]:
        """The youngest unsettled transactions that are older than the last days.

        Raises:
            Lacking: there are none.
        """
        found = self.allocator.older()
        if not found:
            raise Lacking("an unsettled transaction older than the last days")
        return self._used(found[:number])

    def walkable(self, number: int) -> list[str]:
        """Transactions for a random walk: close together, so that selections overlap."""
        free = sorted(self.allocator.free(), key=lambda id_: (self.date(id_), id_))
        if not free or self.allocator.spent:
            raise Lacking("unsettled transactions for a random walk")
        return free[:number]

    def take_from_other(self, number: int) -> list[str]:
        """Known unsettled transactions of the other account.

        Raises:
            Lacking: there are not that many.
        """
        if self.other is None or self.others is None:
            raise Lacking("[ledger] other_account with its transactions, and its token")
        return self._used(self.others.oldest(number))

    @property
    def foreign(self) -> dict[str, Any]:
        """What puts the other account's token into a request; nothing where there is none."""
        return {"authorization": f"Bearer {self.other[1]}"} if self.other else {}

    def rest(self, number: int) -> list[str]:
        """Transactions that nothing has settled so far, the youngest first.

        Raises:
            Lacking: there are none.
        """
        found = self.allocator.older()
        if not found:
            raise Lacking("an unsettled transaction that is left over")
        return self._used(found[:number])

    def date(self, id_: str) -> dt.date:
        """The day of a known transaction."""
        return self.allocator.ledger.transactions[id_].date

    def around(self, id_: str) -> Window:
        """A window around a transaction of the other account."""
        if self.others is None:
            raise Lacking("transactions of another account")
        day = self.others.ledger.transactions[id_].date
        if day >= self.allocator.today - RECENT - MARGIN:
            raise Lacking("transactions of the other account that are older than the last days")
        return Window(day - DAY, day + 2 * DAY, ())

    def elsewhere(self, body: Any, case: str) -> Exchange:
        """Send a body to the other account, with its own token."""
        if self.other is None:
            raise Lacking("another account")
        account, token = self.other
        request = self.court.request(body, account=account, authorization=f"Bearer {token}")
        return self.send(request, case)

    def counted(self, id_: str) -> str:
        """What asking for one of those that a count chose from shows."""
        pool = next((p for p in self.allocator.ledger.pools if id_ in p.members), None)
        more = pool is not None and pool.low > 0
        return "count settles no more" if more else "count settles no fewer"

    def ask(self, body: Any = None, case: str | None = None, **changes: Any) -> Exchange:
        """Send a body (None: no body at all); `case` is the class of case that the answer shows."""
        return self.send(self.court.request(body, **changes), case)

    def send(self, request: Request, case: str | None = None) -> Exchange:
        """Send a request; `case` as with `ask`."""
        also = Claim(self.clause, case) if case else None
        exchange = self.court.put(request, also, tuple(self.steps[-12:]))
        self.steps.append(exchange)
        return exchange

    def ids(self, *ids: str, case: str | None = None, **more: Any) -> Exchange:
        """Select by ids."""
        return self.ask({"transaction_ids": list(ids), **more}, case)

    def range(self, window: Window, case: str | None = None, **more: Any) -> Exchange:
        """Select by a range."""
        return self.ask({"date_range": window.range, **more}, case)

    def count(self, number: int, window: Window, case: str | None = None, **more: Any) -> Exchange:
        """Select a number of transactions within a range."""
        return self.range(window, case, number_of_transactions=number, **more)

    def refused(self, **changes: Any) -> bool:
        """Send what is to be refused; whether it was, with 400, 401, 403 or another 4xx."""
        exchange = self.send(self.court.request(changes.pop("body", None), **changes))
        status = exchange.answer.status
        return status is not None and 400 <= status < 500

    def at_once(self, bodies: Sequence[Any], case: str) -> list[Exchange]:
        """Send bodies at the same instant; the number of 201s must be one that some order gives."""
        court = self.court
        requests = [court.request(body) for body in bodies]
        readings = [court.oracle.read(request) for request in requests]
        options = [reading.options for reading in readings if reading.options is not None]
        today = dt.datetime.now(dt.UTC).date()
        ledger = court.ledgers[self.account]
        lawful = ledger.at_once(options, today)
        done = court.at_once(requests)
        created = sum(exchange.answer.status == 201 for exchange in done)
        whole = all(exchange.answer.status in (200, 201) for exchange in done)
        for exchange, reading in zip(done, readings, strict=True):
            court.judge(exchange, reading, ignorant=True)
        refused = [e for e in done if e.answer.status is not None and 400 <= e.answer.status < 500]
        sign = Sign.HELD
        if created > max(lawful) and court.refunds_seen:
            sign = Sign.ERROR
        elif created > max(lawful) or refused:
            sign = Sign.BROKEN
        elif whole and created not in lawful:
            sign = Sign.BROKEN if court.target.file.ledger.quiet else Sign.DOUBT
        elif not whole:
            sign = Sign.ERROR
        claim = Claim(self.clause, case)
        came = f"{created} of {len(done)} created" if not refused else "refused"
        reason = f"{' or '.join(map(str, sorted(lawful)))} of them is to be answered 201"
        seen = Observation(Kind((claim,), sign, came), (200, 201), reason)
        court.add([seen], done[-1], tuple(done[:-1]))
        self.steps += done
        return done
