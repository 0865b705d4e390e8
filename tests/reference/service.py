"""The behaviour of the operation, in small pieces that faults and dialects override."""

from __future__ import annotations

import asyncio
import json
import math
import time
from datetime import date, timedelta
from typing import Any, ClassVar

from tests.reference import ledger
from tests.reference.access import Access
from tests.reference.ledger import Ledger, Transaction
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.reading import Options, Reading, Span

CODES = {
    400: "INVALID_REQUEST_PARAMETER",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    405: "METHOD_NOT_ALLOWED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY_REQUESTS",
    500: "UNEXPECTED_ERROR",
    503: "SERVICE_UNAVAILABLE",
}


class Service(Access, Reading):
    """The conforming server. A fault or a dialect is a subclass that changes a piece of it."""

    name: ClassVar[str] = "reference"
    breaks: ClassVar[str] = ""
    also: ClassVar[tuple[str, ...]] = ()
    gate: ClassVar[str] = "all"
    target: ClassVar[dict[str, Any]] = {}

    seeds: ClassVar[dict[str, dict[int, int]]] = ledger.SEEDS
    token_lifetime: float = 3600
    rate: float = 0
    delay: float = 0
    keep_alive = 30
    protocol: type[asyncio.Protocol] | str = "httptools"
    default_days = 7

    def __init__(self) -> None:
        super().__init__()
        self.allowance = math.inf
        self.refilled = time.monotonic()
        self.reset()

    def reset(self) -> None:
        """Put the seeded ledger back."""
        self.ledger = Ledger(ledger.seed(self.seeds))

    # -- one request ---------------------------------------------------------------------------

    async def answer(self, request: Request) -> Reply:
        """Answer one request; nothing that goes wrong in it leaves this method."""
        if self.delay:
            await asyncio.sleep(self.delay)
        try:
            self.throttle()
            return await self.operate(request)
        except Refusal as refusal:
            return self.refuse(request, refusal)
        except Exception:
            return self.refuse(request, Refusal(500, "An unexpected error happened."))

    async def operate(self, request: Request) -> Reply:
        """Serve a request of the operation, or raise the Refusal that answers it."""
        self.check_method(request)
        caller = self.authenticate(request)
        account = self.read_account(request.account, caller)
        options = self.read_options(self.read_body(request))
        return await self.report(account, options)

    def throttle(self) -> None:
        """Refuse with 429 what is above the rate (requests per second, 0: no limit)."""
        if not self.rate:
            return
        now = time.monotonic()
        self.allowance += (now - self.refilled) * self.rate
        self.allowance = min(self.allowance, max(self.rate, 1))
        self.refilled = now
        if self.allowance < 1:
            raise Refusal(429, "Too many requests.", reason="rate")
        self.allowance -= 1

    def check_method(self, request: Request) -> None:
        """Refuse every method but POST."""
        if request.method != "POST":
            raise Refusal(405, f"{request.method} is not supported here.", reason="method")

    # -- the report ----------------------------------------------------------------------------

    async def report(self, account: str, options: Options) -> Reply:
        """Settle what the options select, all at once, and say if there was any."""
        chosen = self.select(account, options)
        self.settle(chosen)
        return self.succeed(chosen)

    def select(self, account: str, options: Options) -> list[Transaction]:
        """Return the unsettled transactions of an account that the options select."""
        if options.ids is not None:
            return self.by_ids(account, options.ids)
        found = self.within(account, options.span or self.default_span())
        return found if options.count is None else self.pick(found, options.count)

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        """Return the unsettled transactions of an account with these ids."""
        named = map(self.ledger.find, dict.fromkeys(ids))
        return [each for each in named if each and each.account == account and not each.settled]

    def default_span(self) -> Span:
        """Return the days that a request without a range means: the last seven."""
        return self.now() - timedelta(days=self.default_days), date.max

    def within(self, account: str, span: Span) -> list[Transaction]:
        """Return an account's unsettled transactions within a span, the oldest first."""
        start, end = span
        return [
            each
            for each in self.ledger.of(account)
            if not each.settled and start <= self.day_of(each) <= end
        ]

    def now(self) -> date:
        """Return the day it is."""
        return ledger.today()

    def day_of(self, transaction: Transaction) -> date:
        """Return the day that a transaction counts for."""
        return transaction.day

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        """Return as many of the found transactions as were asked for: the oldest."""
        return found[:count]

    def settle(self, chosen: list[Transaction]) -> None:
        """Mark transactions as settled."""
        for transaction in chosen:
            transaction.settled = True

    # -- the answer ----------------------------------------------------------------------------

    def succeed(self, chosen: list[Transaction]) -> Reply:
        """Return the answer to a valid request that settled the chosen transactions."""
        status = 201 if chosen else 200
        return self.reply(status, self.success(status))

    def success(self, status: int) -> Any:
        """Return the document of a 200 or 201."""
        return {
            "message": "Settlement report created."
            if status == 201
            else "There are no transactions to report."
        }

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        """Return the answer to a request that is not served."""
        reply = self.reply(refusal.status, self.failure(refusal))
        if refusal.status == 401:
            reply.headers["www-authenticate"] = "Bearer"
        elif refusal.status == 405:
            reply.headers["allow"] = "POST"
        elif refusal.status in (429, 503):
            reply.headers["retry-after"] = "1"
        return reply

    def failure(self, refusal: Refusal) -> Any:
        """Return the document of a refusal."""
        detail = {"field": refusal.field, "reason": refusal.reason, "message": refusal.message}
        return {
            "error": {
                "code": CODES.get(refusal.status, "ERROR"),
                "message": refusal.message,
                "errors": [detail] if refusal.field or refusal.reason else [],
            }
        }

    def reply(self, status: int, document: Any) -> Reply:
        """Return a reply with a JSON document."""
        return Reply(status, json.dumps(document).encode())
