"""Lists of known transactions: what a target file names, or a command prints."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import msgspec

from .clauses import convert
from .errors import UsageError
from .ledger import DAY


class Listed(msgspec.Struct, frozen=True):
    """A known transaction: its id and its day."""

    id: str
    date: dt.date


def transactions(value: Any, name: str) -> list[Listed]:
    """A list of known transactions out of JSON; further members are ignored."""
    listed: list[Listed] = convert(value, list[Listed], name)
    doubled = [id_ for id_, times in Counter(entry.id for entry in listed).items() if times > 1]
    if doubled:
        more = f", and {len(doubled) - 1} more" if len(doubled) > 1 else ""
        raise UsageError(f"{name}: these stand more than once: {doubled[0]}{more}")
    return listed


def stand_ins(account: str, today: dt.date) -> list[Listed]:
    """What a list might hold whose command is not run: some of the last days, and older ones."""
    days = [today - n * DAY for n in (*range(1, 6), *range(10, 320, 5)) for _ in range(3)]
    return [Listed(f"{account}.{number:022}", day) for number, day in enumerate(days)]
