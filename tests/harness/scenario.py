"""What outcome tests work with: requests whose every answer the ledger model judges."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import tokens
from .allocator import MARGIN, PROBED, RECENT, Allocator, Lacking, Window
from .blame import AGAIN
from .client import pause_before
from .court import Court
from .grading import Sign, about
from .ledger import DAY, EDGE, State
from .oracle import Claim
from .together import put_at_once, put_in_turn
from .wire import Exchange, Request

MOST_IDS = 1000
"""maxItems of transaction_ids."""

NEAR = 30 * DAY
"""How near to the last days a transaction lies that shows that the default does not reach it."""

MOST_ATTEMPTS = 4
"""How often simultaneous requests are sent where weather comes between."""

LONGEST_PAUSE = 5.0
"""Seconds that are waited between two of these attempts, whatever is asked for."""

MOST_YOUNG = 20
"""Transactions of the last days that are asked for one by one."""

SERIES = 8
"""Requests for the last days, one after another."""
MOST_PROBES = 26
"""Windows that are probed for life before blind relations are given up."""


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
    fresh: bool = False
    """The target has just forgotten what was settled, and will again."""

    def again(self) -> None:
        """Begin anew: the steps so far belong to another attempt."""
        self.steps.clear()

    def wants_to_be_forgotten(self) -> None:
        """What comes may settle whatever there is, and is put only where nothing is lost by that.

        Raises:
            Lacking: the target does not forget.
        """
        if not self.fresh:
            raise Lacking("a target that forgets what was settled ([server] reset)")

    def take(self, number: int) -> list[str]:
        """Known unsettled transactions of our account."""
        return self._used(self.allocator.single(number))

    def window(
        self, number: int, spread: bool = False, alone: bool = False, together: bool = False
    ) -> Window:
        """A window with known unsettled transactions well inside.

        Args:
            number: how many at least.
            spread: they lie on several days.
            alone: what its edges might take in is settled before.
            together: they lie on one day.
        """
        window = self.allocator.window(number, spread=spread, together=together)
        self._used(window.ids)
        if alone:
            self._settle_edges(window)
        return window

    def around_all(self, ids: Sequence[str]) -> Window:
        """A window around transactions, whose edges take in nothing else that is unsettled."""
        dates = [self.date(id_) for id_ in ids]
        window = Window.around(min(dates), max(dates), ids)
        self._settle_edges(window)
        return window

    def _settle_edges(self, window: Window) -> None:
        if not self.allocator.ledger.complete:
            wanted = "lacks [ledger] complete = true"
            self.court.record.lacking.setdefault(self.clause, wanted)
        near = self.allocator.ledger.open_within(window.start, window.end)
        if edges := self._used(sorted(near - set(window.ids))):
            self.ids(*edges[:MOST_IDS])

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

    def window_between(self, before: str, after: str) -> Window:
        """What lies between two transactions, two days away from either."""
        return Window(self.date(before) + 2 * DAY, self.date(after) - 2 * DAY, ())

    def take_up_to(self, number: int) -> list[str]:
        """As many as there are, at most `number`; at least 12.

        Raises:
            Lacking: there are fewer.
        """
        return self.take(max(12, min(number, self.allocator.left // 2)))

    def recent(self, least: int = 0) -> list[str]:
        """Unsettled transactions of the last days: the oldest, the youngest and one between.

        Raises:
            Lacking: there are fewer than so many.
        """
        found = sorted(self.allocator.recent(), key=self.date)
        if len(found) < least:
            raise Lacking(f"{least} unsettled transactions that are two to five days old")
        if not found:
            for clause in (self.clause, "outcome.created"):
                why = "lacks an unsettled transaction that is two to five days old"
                self.court.record.lacking.setdefault(clause, why)
        return self._used(found[:: max(1, (len(found) - 1) // 2)][:3])

    def young(self) -> list[str]:
        """Unsettled transactions of the last days, today's too; of many, those at either end.

        Raises:
            Lacking: there are fewer than three.
        """
        since = self.allocator.today - 7 * DAY
        found = sorted(self.allocator.ledger.within(since, dt.date.max), key=self.date)
        if len(found) < 3:
            raise Lacking("unsettled transactions of the last days")
        return self._used(found if len(found) <= MOST_YOUNG else found[:10] + found[-10:])

    def older(self, number: int) -> list[str]:
        """The youngest unsettled transactions that are older than the last days.

        Raises:
            Lacking: there are none, or none so young that a longer default would reach it.
        """
        found = self.allocator.older()
        if not found or self.date(found[0]) < self.allocator.today - NEAR:
            raise Lacking("an unsettled transaction nine to thirty days old")
        return self._used(found[:number])

    def walkable(self, number: int) -> list[str]:
        """Transactions for a random walk: close together, so that selections overlap."""
        free = sorted(self.allocator.free(), key=lambda id_: (self.date(id_), id_))
        if not free or self.allocator.spent:
            raise Lacking("unsettled transactions for a random walk")
        return free[:number]

    def take_from_other(self, number: int, youngest: bool = False) -> list[str]:
        """Known unsettled transactions of the other account: its oldest, or its youngest.

        Raises:
            Lacking: there are not that many.
        """
        if self.other is None or self.others is None or not self.others.ledger.transactions:
            raise Lacking(
                "[ledger] other_account with its transactions (other_transactions or "
                "other_command), and its token ([auth.others] other_account)"
            )
        return self._used(self.others.at_an_end(number, youngest))

    @property
    def foreign(self) -> dict[str, Any]:
        """What puts the other account's token into a request; nothing where there is none."""
        return _bearer(self.other[1] if self.other else None)

    @property
    def tampered(self) -> dict[str, Any]:
        """What puts our token with another signature into a request; nothing if it is no JWT."""
        own = self.court.credentials.tokens
        return _bearer(tokens.with_changed_signature(own.current or "") if own.is_jwt else None)

    @property
    def no_token(self) -> dict[str, Any]:
        """What is refused with 401: an expired token, or no header where none is known."""
        return _bearer(self.court.target.file.auth.others.expired) or {"authorization": None}

    @property
    def no_rights(self) -> dict[str, Any]:
        """What is refused with 403: a token without scopes, or another account's, if known."""
        others = self.court.target.file.auth.others
        return _bearer(others.without_scopes or others.other_account)

    def rest(self, sharers: int = 1, least: int = 1) -> list[str]:
        """Transactions that nothing has settled so far, the youngest first; as many as fit.

        Of a target that forgets, those of the last days too, since no other test wants them.

        Args:
            sharers: how many tests have to share them where the target does not forget; then the
                oldest are handed out.
            least: how many are wanted at least.

        Raises:
            Lacking: there are fewer.
        """
        allocator = self.allocator
        found = allocator.until(allocator.today - EDGE) if self.fresh else allocator.older()
        share = len(found) if self.fresh else -(-len(found) // sharers)
        if share < least:
            raise Lacking(f"{least} unsettled transactions that are left over")
        return found[-min(share, MOST_IDS) :]

    def settled(self) -> list[str]:
        """Transactions that this run has settled, and the target has not forgotten since.

        Raises:
            Lacking: there are none.
        """
        known = self.allocator.ledger.transactions.values()
        found = [each.id for each in known if each.state is State.SETTLED]
        if not found:
            raise Lacking("transactions that this run has settled")
        return found[:MOST_IDS]

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
        return Window.around(day, day)

    def elsewhere(self, body: Any, case: str | None = None) -> Exchange:
        """Send a body to the other account, with its own token."""
        return self.send(self.request_elsewhere(body), case)

    def request_elsewhere(self, body: Any) -> Request:
        """A request for the other account, with its own token.

        Raises:
            Lacking: none is known.
        """
        if self.other is None:
            raise Lacking("another account")
        account, token = self.other
        return self.court.request(body, account=account, authorization=f"Bearer {token}")

    def within_reach(self, window: Window) -> list[str]:
        """Unsettled transactions in a window, those included that its edges may take in."""
        near = self.allocator.ledger.within(window.start, window.end)
        return self._used(sorted(near, key=lambda id_: (self.date(id_), id_)))

    def counted(self, id_: str) -> str:
        """What asking for one of those that a count chose from shows."""
        pool = next((p for p in self.allocator.ledger.pools if id_ in p.members), None)
        state = self.allocator.ledger.transactions[id_].state
        left = pool.low > 0 if pool else state is State.UNSETTLED
        return "count settles no more" if left else "count settles no fewer"

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

    def observe(self, case: str, seen: dict[int | None, str]) -> None:
        """Note what the status of the last answer shows, by status, where any is lawful."""
        exchange = self.steps[-1]
        if exchange.answer.status in seen:
            came = seen[exchange.answer.status]
            self.court.add([about(Claim(self.clause, case), Sign.SEEN, came)], exchange)

    def refused(self, **changes: Any) -> bool:
        """Send what is to be refused; whether it was, with 400, 401, 403 or another 4xx."""
        exchange = self.send(self.court.request(changes.pop("body", None), **changes))
        return exchange.answer.refusal

    def again_and_again(self, body: Any) -> None:
        """Send a body that takes all of the last days, time after time."""
        requests = [self.court.request(body)] * SERIES
        self.steps += put_in_turn(self.court, requests, Claim(self.clause, AGAIN))

    def at_once(self, bodies: Callable[[], Sequence[Any]], case: str) -> list[Exchange]:
        """Send bodies at the same instant; the number of 201s must be one that some order gives.

        Args:
            bodies: makes what is sent, of fresh transactions: where the weather swallows some of
                the answers, others are sent. A whole request is sent as it is.
            case: the class of case that the answers show.
        """
        for attempt in range(1, MOST_ATTEMPTS + 1):
            requests = [
                body if isinstance(body, Request) else self.court.request(body) for body in bodies()
            ]
            done = put_at_once(self.court, requests, Claim(self.clause, case))
            self.steps += done
            weather = [exchange.answer for exchange in done if exchange.answer.weather]
            if not weather or attempt == MOST_ATTEMPTS:
                break
            time.sleep(
                min(LONGEST_PAUSE, max(pause_before(attempt, w, True) or 0 for w in weather))
            )
        return done


def _bearer(token: str | None) -> dict[str, Any]:
    """What puts a token into a request; nothing where there is none."""
    return {"authorization": f"Bearer {token}"} if token else {}
