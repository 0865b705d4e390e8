"""The classes of case that a clause names, and requests that put some."""

from __future__ import annotations

from typing import Any

from ..harness.cases import EMPTY, unknown_ids
from .helpers import ACCOUNT, CLAUSES

IDS = unknown_ids(1001, ACCOUNT)


def at(account: str) -> dict[str, Any]:
    return {"body": {"date_range": EMPTY}, "account": account}


def named(clause: str) -> set[str]:
    return {*CLAUSES[clause].core, *CLAUSES[clause].depth}
