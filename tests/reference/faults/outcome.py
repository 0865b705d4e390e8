"""Faults in what is marked as settled, and what that means for later requests."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import timedelta

from tests.reference.ledger import Transaction
from tests.reference.messages import Reply, Request
from tests.reference.reading import IDS, Options, Span
from tests.reference.service import Service
from tests.reference.variants import fault


class NotMarked(Service):
    """Reports without marking what it reported."""

    def is_marked(self, options: Options) -> bool:
        """Tell if what these options select is marked."""
        return False

    async def report(self, account: str, options: Options) -> Reply:
        if self.is_marked(options):
            return await super().report(account, options)
        return self.succeed(self.select(account, options))


@fault("outcome.settled-once")
class NeverMarked(NotMarked):
    """Never marks anything as settled."""


@fault("outcome.settled-once")
class IdsNotMarked(NotMarked):
    """Does not mark what was selected by ids."""

    def is_marked(self, options: Options) -> bool:
        return options.ids is None


@fault("outcome.settled-once")
class CountsNotMarked(NotMarked):
    """Does not mark what was selected by a count."""

    def is_marked(self, options: Options) -> bool:
        return options.count is None


@fault("outcome.settled-once")
class RangesNotMarked(NotMarked):
    """Does not mark what was selected by a range without a count."""

    def is_marked(self, options: Options) -> bool:
        return options.span is None or options.count is not None


@fault("outcome.settled-once")
class DefaultNotMarked(NotMarked):
    """Does not mark what was selected without any option."""

    def is_marked(self, options: Options) -> bool:
        return options != Options()


@fault("outcome.settled-once", also=("outcome.ids-only",))
class OnlyFirstMarked(Service):
    """Marks the first of several selected transactions only."""

    def settle(self, chosen: list[Transaction]) -> None:
        super().settle(chosen[:1])


@fault("outcome.settled-once")
class MarkedLate(Service):
    """Marks what it reported a while after the answer."""

    def settle(self, chosen: list[Transaction]) -> None:
        asyncio.get_running_loop().call_later(0.5, super().settle, chosen)


@fault("outcome.settled-once", also=("outcome.settled-ignored",))
class SettledIdsSettledAgain(Service):
    """Does not look if transactions selected by ids are settled."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        named = map(self.ledger.find, dict.fromkeys(ids))
        return [each for each in named if each and each.account == account]


@fault("outcome.settled-once")
class SettledInRangesSettledAgain(Service):
    """Does not look if transactions selected by a range were settled by ids."""

    def reset(self) -> None:
        super().reset()
        self.by_name: set[str] = set()

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        self.by_name.update(each.id for each in found)
        return found

    def within(self, account: str, span: Span) -> list[Transaction]:
        start, end = span
        again = [
            each
            for each in self.ledger.of(account)
            if each.settled and each.id in self.by_name and start <= each.day <= end
        ]
        self.by_name.difference_update(each.id for each in again)
        return super().within(account, span) + again


@fault("outcome.settled-once", target={"server.reset": None})
class MarksExpire(Service):
    """Forgets after a second what was settled."""

    def reset(self) -> None:
        super().reset()
        self.marked: deque[tuple[float, list[Transaction]]] = deque()

    def settle(self, chosen: list[Transaction]) -> None:
        super().settle(chosen)
        self.marked.append((time.monotonic(), chosen))

    def select(self, account: str, options: Options) -> list[Transaction]:
        while self.marked and self.marked[0][0] < time.monotonic() - 1:
            for transaction in self.marked.popleft()[1]:
                transaction.settled = False
        return super().select(account, options)


@fault("outcome.settled-once")
class LedgerForgets(Service):
    """Remembers the last thirty reports, and forgets what was settled before."""

    def reset(self) -> None:
        super().reset()
        self.remembered: deque[list[Transaction]] = deque()

    def settle(self, chosen: list[Transaction]) -> None:
        super().settle(chosen)
        if chosen:
            self.remembered.append(chosen)
        if len(self.remembered) > 30:
            for transaction in self.remembered.popleft():
                transaction.settled = False


@fault("outcome.settled-once")
class EveryFifthSettledIdIs201(Service):
    """Answers every fifth request for settled ids with 201."""

    repeats = 0

    async def report(self, account: str, options: Options) -> Reply:
        named = [self.ledger.find(name) for name in options.ids or ()]
        repeated = any(each and each.settled and each.account == account for each in named)
        reply = await super().report(account, options)
        self.repeats += repeated
        if repeated and self.repeats % 5 == 0:
            return self.reply(201, self.success(201))
        return reply


@fault("outcome.settled-once", also=("outcome.concurrent-once",))
class AnswersCached(Service):
    """Repeats the answer to the same body for two seconds."""

    def reset(self) -> None:
        super().reset()
        self.cache: dict[tuple[str, bytes], tuple[float, Reply]] = {}

    async def operate(self, request: Request) -> Reply:
        fresh = await super().operate(request)
        key, now = (request.account, request.body), time.monotonic()
        if key not in self.cache or self.cache[key][0] < now:
            self.cache[key] = (now + 2, fresh)
        return self.cache[key][1]


@fault("outcome.created", also=("outcome.nothing", "outcome.settled-once"))
class AnswersSwapped(Service):
    """Settles and answers 200, and answers 201 where there is nothing."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        status = 200 if chosen else 201
        return self.reply(status, self.success(status))


@fault("outcome.created", also=("outcome.settled-once", "outcome.range-limit"))
class SingleTransactionIs200(Service):
    """Settles a single transaction, and answers 200 as if there was none."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        return super().succeed(chosen if len(chosen) > 1 else [])


class SettledAmongIds(Service):
    """Treats ids of which some are settled differently."""

    def mixed(self, found: list[Transaction]) -> list[Transaction]:
        """Return what is settled where some ids are settled and those found are not."""
        return found

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        named = map(self.ledger.find, ids)
        settled = any(each and each.account == account and each.settled for each in named)
        return self.mixed(found) if settled and found else found


@fault("outcome.settled-ignored")
class SettledIdRefusesAll(SettledAmongIds):
    """Refuses fresh ids with 400 where one is settled."""

    def mixed(self, found: list[Transaction]) -> list[Transaction]:
        raise self.invalid(IDS, "settled", "has a settled transaction.")


@fault("outcome.settled-ignored")
class SettledIdHidesAll(SettledAmongIds):
    """Settles nothing and answers 200 where one of the ids is settled."""

    def mixed(self, found: list[Transaction]) -> list[Transaction]:
        return []


@fault("outcome.settled-ignored", also=("outcome.ids-only",))
class SettledIdHidesTheRest(SettledAmongIds):
    """Answers 201 and settles only the first fresh id where one of the ids is settled."""

    def mixed(self, found: list[Transaction]) -> list[Transaction]:
        return found[:1]


@fault("outcome.settled-once", also=("outcome.settled-ignored",))
class SettledIdsReopened(Service):
    """Takes back what was settled of ids among which there is a fresh one."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        for each in map(self.ledger.find, ids if found else ()):
            if each and each.account == account:
                each.settled = False
        return found


@fault("outcome.settled-once", also=("outcome.range-limit",))
class LastDaysInRangesNotMarked(Service):
    """Does not mark what is less than a week old where a range selects it."""

    async def report(self, account: str, options: Options) -> Reply:
        if options.span is None:
            return await super().report(account, options)
        chosen = self.select(account, options)
        week = self.now() - timedelta(days=6)
        self.settle([each for each in chosen if each.day < week])
        return self.succeed(chosen)


@fault("outcome.settled-once", also=("outcome.nothing",))
class AllSettledRefused(Service):
    """Refuses ids with 400 where all are settled."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        named = map(self.ledger.find, ids)
        if not found and any(each and each.account == account and each.settled for each in named):
            raise self.invalid(IDS, "settled", "has settled transactions only.")
        return found


@fault("outcome.default-window", also=("outcome.created",))
class DefaultSinceTheLastReport(Service):
    """Begins the default window at the newest transaction that is settled."""

    def default_span(self) -> Span:
        start, end = super().default_span()
        settled = (each.day for each in self.ledger if each.settled)
        return max(start, *settled, start), end
