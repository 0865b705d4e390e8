"""Requests for the oracle, and what it says of them in a row."""

from __future__ import annotations

from typing import Any

from ..harness.oracle import Reading
from .helpers import (
    words,
)

ADJACENT = "+range.accepted: range of adjacent days"


def shown(reading: Reading) -> list[str]:
    """A reading as a row says it."""
    found = ["-" + " > ".join(words(fault.claims)) for fault in reading.faults]
    found += ["?" + word for word in words(reading.opens)]
    return sorted(found) or sorted("+" + word for word in words(reading.grants))


def count(value: Any) -> dict[str, Any]:
    return {"number_of_transactions": value}


def ids(*values: Any) -> dict[str, Any]:
    return {"transaction_ids": list(values)}


def span(start: Any, end: Any) -> dict[str, Any]:
    return {"date_range": {"start_date": start, "end_date": end}}


OPEN = "?observe.odd-json: "
