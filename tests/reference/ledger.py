"""The ledger: which transactions there are, and which of them are settled."""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

MAIN_ACCOUNT = "T12345678"
OTHER_ACCOUNT = "T87654321"

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# How many transactions (values) lie how many days before today (keys), by account.
SEEDS: dict[str, dict[int, int]] = {
    MAIN_ACCOUNT: {0: 1}
    | dict.fromkeys(range(1, 6), 2)
    | dict.fromkeys((10, 12, 14), 2)
    | dict.fromkeys(range(20, 20 + 5 * 42, 5), 3),
    OTHER_ACCOUNT: dict.fromkeys((2, 30, 35, 40), 2),
}


class Transaction:
    """One transaction of an account, with the UTC day it took place on."""

    # No dataclass: importing those takes longer than everything else that prints the list.
    __slots__ = ("account", "day", "id", "settled")

    def __init__(self, name: str, account: str, day: date) -> None:
        self.id = name
        self.account = account
        self.day = day
        self.settled = False


def today() -> date:
    """Return the day it is in UTC."""
    return datetime.now(UTC).date()


@cache
def transaction_id(account: str, days_ago: int, number: int) -> str:
    """Make the id of an account's n-th transaction of a day: the same at every start."""
    digest = hashlib.sha256(f"{account}/{days_ago}/{number}".encode()).digest()
    return f"{account}." + "".join(ALPHABET[byte % 62] for byte in digest[:22])


def seed(seeds: dict[str, dict[int, int]] | None = None) -> Iterator[Transaction]:
    """Make the transactions that `seeds` (by default SEEDS) describes, relative to today."""
    now = today()
    for account, days in (SEEDS if seeds is None else seeds).items():
        for days_ago, amount in days.items():
            for number in range(amount):
                name = transaction_id(account, days_ago, number)
                yield Transaction(name, account, now - timedelta(days=days_ago))


def _place(transaction: Transaction) -> tuple[date, str]:
    return transaction.day, transaction.id


class Ledger:
    """All transactions, found by id or by account; the oldest come first."""

    def __init__(self, transactions: Iterable[Transaction]) -> None:
        self._by_id: dict[str, Transaction] = {}
        self._by_account: dict[str, list[Transaction]] = {}
        for transaction in transactions:
            self._by_id[transaction.id] = transaction
            self._by_account.setdefault(transaction.account, []).append(transaction)
        for listed in self._by_account.values():
            listed.sort(key=_place)

    def add(self, transaction: Transaction) -> None:
        """Take in one more transaction."""
        self._by_id[transaction.id] = transaction
        listed = self._by_account.setdefault(transaction.account, [])
        insort(listed, transaction, key=_place)

    def find(self, name: str) -> Transaction | None:
        """Return the transaction with this id, None if there is none."""
        return self._by_id.get(name)

    def of(self, account: str) -> list[Transaction]:
        """Return all transactions of an account, settled or not, the oldest first."""
        return list(self._by_account.get(account, ()))

    def __iter__(self) -> Iterator[Transaction]:
        return iter(self._by_id.values())

    def unsettled(self, account: str) -> list[dict[str, str]]:
        """Return what is unsettled in an account as the list that a target file wants."""
        return [
            {"id": each.id, "date": each.day.isoformat()}
            for each in self.of(account)
            if not each.settled
        ]
