"""What requests that are sent at the same time may be answered: each order of them is played.

Pure, as the ledger model is.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .body import Options
from .ledger import MOST as LARGEST
from .ledger import Ledger

MOST = 120
"""Orders that are played; of more, nothing is said."""

ARRIVING = 1
"""Transactions that may arrive while simultaneous requests are served."""


def created_at_once(ledger: Ledger, requests: Sequence[Options], today: dt.date) -> set[int]:
    """How many 201s there may be when valid requests are sent at the same time.

    Each order in which a server may take them is played through copies of the ledger, and
    where either answer is permitted, both are.
    """
    numbers: set[int] = set()
    alike = Counter(_as_known(options, ledger) for options in requests)
    for tried, order in enumerate(_orders(alike)):
        if tried == MOST:
            return set(range(len(requests) + 1))
        numbers |= _created_in(ledger, order, today)
    if len(alike) == 1 and _takes_all_of_late(requests[0]):
        # Each finds what is new since the one before it, and nothing else.
        numbers = {number for number in numbers if number <= 1 + ARRIVING}
    return numbers


def _takes_all_of_late(options: Options) -> bool:
    """Whether it leaves nothing unsettled in the last days, which nobody knows all of."""
    return not options.ids and options.start is None and options.count in (None, LARGEST)


def _as_known(options: Options, ledger: Ledger) -> Options:
    """The same selection without the ids of no transaction: what differs in these alone is one."""
    if not options.ids:
        return options
    known = ledger.transactions.keys() & options.ids
    return replace(options, ids=tuple(sorted(known)) or ("",))


def _created_in(ledger: Ledger, order: Sequence[Options], today: dt.date) -> set[int]:
    """How many 201s there may be in one order; ways that come to the same are one."""
    ways = [(ledger, 0)]
    for options in order:
        after: list[tuple[Ledger, int]] = []
        for known, created in ways:
            for status in known.expect(options, today).statuses:
                way = known.copy(), created + (status == 201)
                way[0].learn(options, today, status)
                if way not in after:
                    after.append(way)
        ways = after
    return {number for _, number in ways}


def _orders(left: Counter[Options]) -> Iterator[tuple[Options, ...]]:
    """The orders of requests that differ, of which some may be the same."""
    if not left:
        yield ()
    for first in left:
        for rest in _orders(left - Counter([first])):
            yield first, *rest
