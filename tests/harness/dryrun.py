"""`--dry-run`: what would be sent, how many, and what it would settle; nothing is sent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from .ledger import Ledger
from .oracle import Reading
from .wire import Answer, Exchange

MESSAGE = (("content-type", "application/json"),)


@dataclass
class Plan:
    """What a run would send."""

    requests: Counter[str] = field(default_factory=Counter)
    settles: Counter[str] = field(default_factory=Counter)
    consuming: list[str] = field(default_factory=list)

    def add(self, exchange: Exchange, reading: Reading) -> None:
        """Note one request and the answer that was made up for it."""
        clause = exchange.purpose or "preflight"
        self.requests[clause] += 1
        if exchange.answer.status == 201 and reading.valid and reading.options is not None:
            self.settles[clause] += 1
            if not reading.options.ids and reading.options.start is None:
                body = (exchange.request.body or b"no body").decode("utf-8", "replace")
                self.consuming.append(f"{clause}: {body}")

    def lines(self, account: str) -> list[str]:
        """As text."""
        found = [f"  {clause:<28}{number:>6} requests" for clause, number in self.requests.items()]
        found.append(f"about {self.requests.total()} requests would go to account {account}")
        found.append(
            f"{self.settles.total()} of them would settle transactions, which cannot be undone"
        )
        found += [f"  settles whatever there is: {line}" for line in self.consuming]
        return found


def pretend(reading: Reading, ledger: Ledger | None) -> Answer:
    """The answer that a server which keeps the contract might give."""
    if reading.faults:
        statuses = reading.faults[0].statuses
        return Answer(min(statuses) if statuses else 400, MESSAGE, b'{"error": {"message": ""}}')
    if reading.method != "POST":
        return Answer(405, MESSAGE, b'{"error": {"message": ""}}')
    status = 200
    if ledger is not None and reading.valid and reading.options is not None:
        permitted = ledger.expect(reading.options, dt.datetime.now(dt.UTC).date()).statuses
        empty = not reading.options.ids and reading.options.start is None
        status = 201 if permitted == {201} or (empty and 201 in permitted) else 200
    return Answer(status, MESSAGE, b'{"message": ""}')
