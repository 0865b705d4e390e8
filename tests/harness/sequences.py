"""Random walks over the ledger: a state machine whose every step the ledger model judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from .cases import days, unknown_ids
from .explore import Breached, breaches
from .scenario import Scenario
from .wire import Request

places = st.integers(0, 11)
picks = st.lists(places, min_size=1, max_size=4)
counts = st.sampled_from([1, 2, 3, 7, 10000])


def machine(begin: Callable[[], Scenario], fresh: bool) -> type[RuleBasedStateMachine]:
    """A state machine that works on the scenario that `begin` gives.

    Args:
        begin: gives a scenario; on a fresh ledger where the target can forget.
        fresh: whether it can: then a breach ends the walk, to be shrunk.
    """

    class Walk(RuleBasedStateMachine):
        """Selections of every kind, refused requests in between, repeats, another account."""

        @initialize()
        def start(self) -> None:
            self.scenario = begin()
            self.known = breaches(self.scenario.court)
            self.pool = self.scenario.walkable(12)
            self.last: Request | None = None

        def pick(self, chosen: list[int]) -> list[str]:
            return [self.pool[place % len(self.pool)] for place in chosen]

        def window(self, first: int, length: int) -> dict[str, Any]:
            day = self.scenario.date(self.pool[first % len(self.pool)])
            return days(day - dt.timedelta(1), day + dt.timedelta(2 + length))

        def send(self, body: Any, **changes: Any) -> None:
            court = self.scenario.court
            self.last = court.request(body, **changes)
            self.again()

        def again(self) -> None:
            if self.last is None:
                return
            court = self.scenario.court
            before = court.breaches
            self.scenario.send(self.last)
            if fresh and court.breaches > before and breaches(court) - self.known:
                raise Breached

        @rule(chosen=picks, unknown=st.booleans())
        def by_ids(self, chosen: list[int], unknown: bool) -> None:
            more = unknown_ids(1, self.scenario.account, seed=3) if unknown else []
            self.send({"transaction_ids": [*self.pick(chosen), *more]})

        @rule(first=places, length=st.integers(0, 12))
        def by_range(self, first: int, length: int) -> None:
            self.send({"date_range": self.window(first, length)})

        @rule(count=counts, first=places, length=st.integers(0, 12))
        def by_count(self, count: int, first: int, length: int) -> None:
            span = self.window(first, length)
            self.send({"number_of_transactions": count, "date_range": span})

        @rule(first=places)
        def by_range_with_empty_ids(self, first: int) -> None:
            self.send({"transaction_ids": [], "date_range": self.window(first, 0)})

        @rule()
        def repeat(self) -> None:
            self.again()

        @rule(chosen=picks, kind=st.integers(0, 4))
        def refused(self, chosen: list[int], kind: int) -> None:
            ids = self.pick(chosen)
            bodies: list[Any] = [
                {"transaction_ids": ids, "number_of_transactions": 1},
                {"transaction_ids": [*ids, 5]},
                {"transaction_ids": ids, "date_range": self.window(chosen[0], 0)},
                {"number_of_transactions": 0, "date_range": self.window(chosen[0], 0)},
            ]
            if kind < len(bodies):
                self.send(bodies[kind])
            else:
                self.send({"transaction_ids": ids}, authorization=None)

        @rule(place=places)
        def by_ids_of_another_account(self, place: int) -> None:
            others = self.scenario.others
            if others is not None and others.ledger.transactions:
                known = sorted(others.ledger.transactions)
                self.send({"transaction_ids": [known[place % len(known)]]})

        if fresh:

            @rule(count=st.sampled_from([None, 1, 3]), empty=st.booleans())
            def by_default(self, count: int | None, empty: bool) -> None:
                body: dict[str, Any] = {"transaction_ids": []} if empty else {}
                if count is not None:
                    body["number_of_transactions"] = count
                self.send(body)

    return Walk
