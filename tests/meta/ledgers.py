"""Ledgers and selections, in few words."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from ..harness.body import Options
from ..harness.ledger import Ledger

TODAY = dt.date(2026, 11, 20)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def span(start: str, end: str, count: int | None = None) -> Options:
    return Options(count=count, start=day(start), end=day(end))


def by_ids(*ids: str) -> Options:
    return Options(ids=ids)


def of(*dates: str, complete: bool = True) -> Ledger:
    """A ledger of `a`, `b`, ... on these days."""
    return Ledger.of([("abcdefghij"[n], day(date)) for n, date in enumerate(dates)], complete)


def expected(ledger: Ledger, options: Options) -> str:
    """The statuses, and the class of case."""
    found = ledger.expect(options, TODAY)
    return f"{'/'.join(map(str, sorted(found.statuses)))} {found.case}".strip()


def after(ledger: Ledger, *told: tuple[Options, int | None]) -> Ledger:
    for options, status in told:
        ledger.learn(options, TODAY, status)
    return ledger


def state(ledger: Ledger, id_: str) -> str:
    return ledger.transactions[id_].state.value


MONTH = span("03-01", "03-31")


def counted(number: int, *dates: str) -> Ledger:
    """A ledger of which a count has settled some."""
    return after(of(*dates), (span("03-01", "03-31", number), 201))


THREE = ("03-10", "03-11", "03-12")


numbers = st.integers(0, 12)
