"""The ledger model: what 200 and 201 may mean, with honest ignorance.

It knows transactions that are unsettled, that are settled, and sets of which only the number
left is known (a count picks, which ones is open). For a valid request it permits {201}, {200} or
both, with the clause that says so; from each answer it learns. What the document leaves open is
"either": the edges of a range, time zones, the seventh day, arrivals while we run.

Pure: no clock, no network; the day is handed in.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from .body import Options

DAY = dt.timedelta(days=1)
EDGE = 2 * DAY
"""How far inside a range a day surely counts: its ends may not, and zones move a day by another."""
EITHER = frozenset({200, 201})
MISSED = "missed"
"""How a transaction is said to be settled that a selection left out though it was unsettled."""
ALL_SETTLED = "all that it selects is settled already"
MOST = 10000
"""The largest count: a window of a test account does not hold more."""


class State(Enum):
    """What is known of one transaction."""

    UNSETTLED = "unsettled"
    SETTLED = "settled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction that the target file lists, and what is known of it."""

    id: str
    date: dt.date
    state: State = State.UNSETTLED
    how: str = ""
    """By which option it was settled: id, range, count, default."""


@dataclass(slots=True)
class Pool:
    """Transactions of which only the number still unsettled is known: between low and high."""

    members: set[str]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What a request selects: surely, possibly, and whether unlisted ones may be among it."""

    sure: frozenset[str]
    possible: frozenset[str]
    others: bool
    limit: int | None
    how: str
    window: tuple[dt.date, dt.date] | None = None
    beyond: bool = False
    """A window so long past, or so far ahead, that it holds nothing that is not listed."""
    closed: bool = True
    """Nothing new can come into it while we run: ids, and windows that are past."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The statuses that are permitted, the clause and class of case, and the reason."""

    statuses: frozenset[int]
    clause: str = ""
    case: str = ""
    reason: str = ""
    settled: tuple[tuple[str, str], ...] = ()
    """What may be settled among the selected, and so the reason to turn it away: clauses, cases."""
    never: bool = False
    """It selects what is not there, and never was: no refund opens anything of it."""


@dataclass
class Ledger:
    """The ledger of one account, as far as we know it."""

    transactions: dict[str, Transaction] = field(default_factory=dict)
    complete: bool = False
    pools: list[Pool] = field(default_factory=list)
    cleared: list[tuple[dt.date, dt.date, str]] = field(default_factory=list)
    _by_date: tuple[list[dt.date], list[str]] = field(
        default_factory=lambda: ([], []), repr=False, compare=False
    )
    """The dates, and the ids in their order; neither ever changes."""
    doubted: str = ""
    """Why anything may be settled by now; empty where that is not so."""

    def __post_init__(self) -> None:
        """Sort the transactions by date, once: every selection looks there."""
        if len(self._by_date[0]) != len(self.transactions):
            by_date = sorted((t.date, t.id) for t in self.transactions.values())
            self._by_date = [date for date, _ in by_date], [id_ for _, id_ in by_date]

    @classmethod
    def of(cls, listed: Iterable[tuple[str, dt.date]], complete: bool = False) -> Ledger:
        """A ledger of listed, unsettled transactions; complete: no others before today."""
        return cls({id_: Transaction(id_, date) for id_, date in listed}, complete)

    # ------------------------------------------------------------------ selecting

    def select(self, options: Options, today: dt.date) -> Selection:
        """What a valid request selects, settled ones included."""
        if options.ids:
            known = frozenset(options.ids) & self.transactions.keys()
            return Selection(known, known, False, None, "id")
        if options.start is not None and options.end is not None:
            start, end = options.start, options.end
            # Neither the first nor the last day need count, and a zone may move either by a day.
            # Whether a day that is not over yet counts is open, too.
            last = min(end, today)
            wide = last - start >= 2 * EDGE
            sure = self.dated(start + EDGE, last - EDGE) if wide else frozenset()
            possible = self.dated(_back(start), _on(end))
            how = "range" if options.count is None else "count"
            # A window long past, or far ahead, holds nothing that the list does not name.
            beyond = end < self._oldest() or start > today + 400 * DAY
            closed = end < today - DAY or beyond
            others = not beyond and not (closed and self.complete) and not self._within(start, end)
            window = (start, end)
            return Selection(sure, possible, others, options.count, how, window, beyond, closed)
        # Whether a day that is not over yet counts is open, and so is the zone that it ends in.
        recent = self.dated(today - 5 * DAY, today - 2 * DAY)
        if options.count is not None:
            everything = frozenset(self.transactions)
            return Selection(recent, everything, True, options.count, "count", closed=False)
        possible = self.dated(today - 8 * DAY, today + DAY)
        return Selection(recent, possible, True, None, "default", closed=False)

    def within(self, start: dt.date, end: dt.date) -> frozenset[str]:
        """The unsettled ones of a range, those included that its edges may take in."""
        near = self.open_within(start, end)
        return frozenset(i for i in near if self.transactions[i].state is State.UNSETTLED)

    def open_within(self, start: dt.date, end: dt.date) -> set[str]:
        """The same with those that may be settled or not."""
        return self._open(self.dated(_back(start), _on(end)))

    def dated(self, first: dt.date, last: dt.date) -> frozenset[str]:
        """The transactions of some days, both included."""
        dates, ids = self._by_date
        return frozenset(ids[bisect_left(dates, first) : bisect_right(dates, last)])

    def _oldest(self) -> dt.date:
        """The day before which there is nothing: a year before the oldest that is listed."""
        listed = next((date for date in self._by_date[0] if date.year > 1), dt.date.max)
        return min(listed - 366 * DAY, dt.date(2000, 1, 1))

    def _within(self, start: dt.date, end: dt.date) -> bool:
        return any(first <= start and end <= last for first, last, _ in self.cleared)

    # ------------------------------------------------------------------ expecting

    def expect(self, options: Options, today: dt.date) -> Expectation:
        """What a valid request must, or may, be answered."""
        selection = self.select(options, today)
        found = self._expect(options, selection)
        settled = self._among(selection)
        if found.statuses == {200}:
            settled = found.settled or ((found.clause, found.case),)
        return replace(found, settled=settled)

    def _among(self, selection: Selection) -> tuple[tuple[str, str], ...]:
        states = {self.transactions[id_].state for id_ in selection.possible}
        found = []
        if State.UNKNOWN in states:
            found.append(("outcome.settled-once", "settled before"))
        if selection.how == "id" and states & {State.SETTLED, State.UNKNOWN}:
            found.append(("outcome.settled-ignored", "settled id after a fresh one"))
        return tuple(found)

    def _expect(self, options: Options, selection: Selection) -> Expectation:
        states = {id_: self.transactions[id_].state for id_ in selection.possible}
        fresh = [id_ for id_ in selection.sure if states[id_] is State.UNSETTLED]
        if fresh:
            reason = f"{len(fresh)} of the selected are unsettled"
            return Expectation(
                frozenset({201}), "outcome.created", f"created by {selection.how}", reason
            )
        for pool in self.pools:
            inside = len(pool.members & selection.sure)
            if pool.low > len(pool.members) - inside:
                reason = f"{pool.low} of {len(pool.members)} are left, and these are among them"
                return Expectation(
                    frozenset({201}), "outcome.count-limit", "count settles no more", reason
                )
        # What a window has given, edges and all, none that lies within it gives again.
        cleared = selection.window and selection.closed and self._within(*selection.window)
        asked = selection.sure if cleared else selection.possible
        if selection.others or any(states[id_] is not State.SETTLED for id_ in asked):
            return Expectation(EITHER)
        return self._nothing(options, selection)

    def _nothing(self, options: Options, selection: Selection) -> Expectation:
        only = frozenset({200})
        if options.ids and not selection.possible:
            reason = "none of these ids is a transaction of the account"
            return Expectation(only, "outcome.nothing", "unknown ids", reason, never=True)
        if selection.possible:
            # What an edge takes in may have been settled otherwise.
            asked = selection.sure or selection.possible
            before = sorted({self.transactions[id_].how for id_ in asked} - {""})
            case = "settled before"
            if before == ["default"] and selection.how == "id":
                reason = "the default settled it, or it is settled twice"
                case = "default settles the last days"
                again = (("outcome.settled-once", "settled by default then by id"),)
                return Expectation(only, "outcome.default-window", case, reason, again)
            if len(before) == 1:
                case = f"settled by {before[0]} then by {selection.how}"
            return Expectation(only, "outcome.settled-once", case, ALL_SETTLED)
        if selection.window and not selection.beyond and self._within(*selection.window):
            start, end = selection.window
            first = next(how for a, b, how in self.cleared if a <= start and end <= b)
            case = f"settled by {first} then by {selection.how}"
            return Expectation(only, "outcome.settled-once", case, ALL_SETTLED)
        case = "empty window" if selection.limit is None else "count in an empty window"
        reason = "there is nothing in this window"
        return Expectation(only, "outcome.nothing", case, reason, never=selection.beyond)

    def copy(self) -> Ledger:
        """A ledger that knows the same, and learns apart from this one."""
        pools = [Pool(set(pool.members), pool.low, pool.high) for pool in self.pools]
        cleared = list(self.cleared)
        return Ledger(dict(self.transactions), self.complete, pools, cleared, self._by_date)

    # ------------------------------------------------------------------- learning

    def learn(self, options: Options, today: dt.date, status: int | None) -> None:
        """Take in the answer to a valid request; a status of None is an answer that was lost."""
        selection = self.select(options, today)
        if status == 201:
            self._created(selection)
        elif status == 200:
            self._none(selection)
        elif status is None or status >= 500 or 200 < status < 300:
            self.doubt(selection.possible)

    def doubt(self, ids: Collection[str] | None = None, why: str = "") -> None:
        """Something may have settled these; without ids, anything."""
        self.doubted = self.doubted or why
        touched = set(self.transactions if ids is None else ids)
        for id_ in touched:
            if self.transactions[id_].state is State.UNSETTLED:
                self._becomes(id_, State.UNKNOWN)
        for pool in self.pools:
            if pool.members & touched:
                pool.low = 0

    def _created(self, selection: Selection) -> None:
        candidates = self._open(selection.possible)
        most = MOST if selection.others else len(candidates)
        if selection.limit is not None and selection.limit < most:
            self._picked(candidates, selection)
            return
        for id_ in candidates & selection.sure:
            self._becomes(id_, State.SETTLED, selection.how)
        for id_ in candidates - selection.sure:
            self._becomes(id_, State.UNKNOWN)
        # An edge, or one that is not listed, may be what was created.
        certain = candidates <= selection.sure and not selection.others
        self._shrink(selection.sure, selection.possible - selection.sure, least=int(certain))
        self._clear(selection)

    def _none(self, selection: Selection) -> None:
        fresh = [i for i in selection.sure if self.transactions[i].state is State.UNSETTLED]
        for id_ in fresh:
            # It should have been selected, and was not: from here on we know nothing of it.
            self._becomes(id_, State.UNKNOWN, MISSED)
        for id_ in self._open(selection.sure):
            if self.transactions[id_].how != MISSED:
                how = self.transactions[id_].how or selection.how
                self._becomes(id_, State.SETTLED, how)
        gone = selection.sure - set(fresh)
        for pool in self.pools:
            pool.members -= gone
            pool.high = min(pool.high, len(pool.members))
            # Where more are gone than the counts can have taken, they took no one knows what.
            pool.low = pool.low if pool.low <= len(pool.members) else 0
        self._tidy()
        self._clear(selection)

    def _clear(self, selection: Selection) -> None:
        """A window that has given all it held gives nothing again, if it is past."""
        if selection.window and selection.closed and not self._within(*selection.window):
            self.cleared.append((*selection.window, selection.how))

    def _picked(self, candidates: set[str], selection: Selection) -> None:
        """A count of `limit` settled some of the candidates, at least one."""
        limit = selection.limit or 0
        fresh = {i for i in candidates if self.transactions[i].state is State.UNSETTLED}
        pool = next((p for p in self.pools if p.members and p.members <= candidates), None)
        whole = not selection.others and candidates <= selection.sure
        if not selection.others and fresh == candidates:
            # As many as the count says, unless the window held fewer: no edge changes that.
            least = min(limit, len(fresh & selection.sure))
            self._pool(fresh, len(fresh) - limit, len(fresh) - least)
        elif whole and pool and pool.members == candidates:
            pool.low, pool.high = max(0, pool.low - limit), max(0, pool.high - limit)
            self._tidy()
        else:
            for other in self.pools:
                if other.members & candidates:
                    other.low = max(0, other.low - limit)
            if fresh:
                self._pool(fresh, max(0, len(fresh) - limit), len(fresh))

    def _pool(self, members: set[str], low: int, high: int) -> None:
        for id_ in members:
            self._becomes(id_, State.UNKNOWN, "count")
        self.pools.append(Pool(set(members), low, high))
        self._tidy()

    def _becomes(self, id_: str, state: State, how: str | None = None) -> None:
        transaction = self.transactions[id_]
        how = transaction.how if how is None else how
        self.transactions[id_] = replace(transaction, state=state, how=how)

    def _open(self, ids: Iterable[str]) -> set[str]:
        return {i for i in ids if self.transactions[i].state is not State.SETTLED}

    def _shrink(self, settled: frozenset[str], maybe: frozenset[str], least: int) -> None:
        """These were settled just now, at least `least` of them having been unsettled."""
        for pool in self.pools:
            inside = pool.members & settled
            if inside:
                certain = least if settled <= pool.members else 0
                pool.members -= inside
                pool.low = max(0, pool.low - len(inside))
                pool.high = min(pool.high - certain, len(pool.members))
            pool.low = max(0, pool.low - len(pool.members & maybe))
        self._tidy()

    def _tidy(self) -> None:
        """Pools whose number leaves no doubt become knowledge again."""
        for pool in list(self.pools):
            pool.low = min(pool.low, len(pool.members))
            if pool.high <= 0 or pool.low >= len(pool.members):
                for id_ in pool.members:
                    if pool.high <= 0:
                        self._becomes(id_, State.SETTLED, "count")
                    else:
                        self._becomes(id_, State.UNSETTLED)
                self.pools.remove(pool)


def _back(day: dt.date) -> dt.date:
    return day - DAY if day > dt.date.min else day


def _on(day: dt.date) -> dt.date:
    return day + DAY if day < dt.date.max else day
