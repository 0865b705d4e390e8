"""Lawful variations in what is selected, and in what happens to the ledger meanwhile."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import ClassVar

from tests.reference import ledger
from tests.reference.ledger import Transaction
from tests.reference.messages import Reply, Request
from tests.reference.reading import Options, Span
from tests.reference.service import Service
from tests.reference.variants import dialect

LISTING = "{python} {here}/../reference --list-transactions --dialect "


def listed(dialect_name: str) -> dict[str, str]:
    """Return the target settings of a dialect whose transactions are others than the seeded."""
    command = LISTING + dialect_name
    return {
        "ledger.command": command,
        "ledger.other_command": f"{command} --account {ledger.OTHER_ACCOUNT}",
    }


@dialect()
class EndExcluded(Service):
    """Leaves the last day of a range out."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.span is not None:
            start, end = options.span
            options = Options(options.ids, options.count, (start, end - timedelta(days=1)))
        return super().select(account, options)


@dialect()
class DaysOfTheFarEast(Service):
    """Cuts days in a time zone where it is tomorrow already."""

    def day_of(self, transaction: Transaction) -> date:
        return transaction.day + timedelta(days=1)

    def now(self) -> date:
        return super().now() + timedelta(days=1)


@dialect()
class DaysOfTheFarWest(Service):
    """Cuts days in a time zone where it is still yesterday."""

    def day_of(self, transaction: Transaction) -> date:
        return transaction.day - timedelta(days=1)

    def now(self) -> date:
        return super().now() - timedelta(days=1)


@dialect()
class NeitherEndInTheFarWest(DaysOfTheFarWest):
    """Leaves both ends of a range out, in a time zone where it is still yesterday."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.span is not None:
            start, end = options.span
            inside = start + timedelta(days=1), end - timedelta(days=1)
            options = Options(options.ids, options.count, inside)
        return super().select(account, options)


@dialect()
class NewestFirst(Service):
    """Takes the newest transactions where a count is given."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found[::-1], count)


@dialect()
class AnyOfThem(Service):
    """Takes any transactions where a count is given, in no order."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(random.sample(found, len(found)), count)


@dialect()
class BareCountLooksEverywhere(Service):
    """Takes the oldest transactions of all where a count stands alone."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.ids is None and options.span is None and options.count is not None:
            options = Options(None, options.count, (date.min, date.max))
        return super().select(account, options)


@dialect()
class SevenDaysWithToday(Service):
    """Counts today as one of the last seven days."""

    default_days = 6


@dialect()
class SevenDaysBeforeTheFirst(Service):
    """Takes the day before the last seven too: seven times 24 hours and the rest of that day."""

    default_days = 8


@dialect()
class TransactionsArrive(Service):
    """Gets a new transaction of today at every fortieth request."""

    requests = 0

    async def answer(self, request: Request) -> Reply:
        self.requests += 1
        if self.requests % 40 == 0:
            for account in self.seeds:
                name = ledger.transaction_id(account, 0, self.requests)
                self.ledger.add(Transaction(name, account, ledger.today()))
        return await super().answer(request)


@dialect(target=listed("few-transactions"))
class FewTransactions(Service):
    """Has three transactions in all."""

    seeds: ClassVar = {ledger.MAIN_ACCOUNT: {3: 1, 25: 1, 40: 1}, ledger.OTHER_ACCOUNT: {30: 1}}


@dialect(target=listed("sixty-transactions"))
class SixtyTransactions(Service):
    """Has some sixty transactions, spread as every clause wants where nothing resets the ledger."""

    seeds: ClassVar = {
        ledger.MAIN_ACCOUNT: {3: 3, 4: 3}
        | dict.fromkeys((9, 11, 13), 2)
        | {40 + 7 * n: (1, 2, 1, 3)[n % 4] for n in range(30)},
        ledger.OTHER_ACCOUNT: dict.fromkeys((30, 35, 40), 2),
    }


@dialect(target=listed("transactions-every-day"))
class TransactionsEveryDay(Service):
    """Has transactions on each of the last 120 days, so that no window has empty edges."""

    seeds: ClassVar = {
        ledger.MAIN_ACCOUNT: dict.fromkeys(range(120), 3),
        ledger.OTHER_ACCOUNT: dict.fromkeys(range(40), 2),
    }


@dialect(target=listed("no-transactions"))
class NoTransactions(Service):
    """Has no transactions at all."""

    seeds: ClassVar = {ledger.MAIN_ACCOUNT: {}, ledger.OTHER_ACCOUNT: {}}


@dialect(target={"ledger.complete": False})
class UnlistedTransactions(Service):
    """Has more transactions than its list says, on days in between."""

    def reset(self) -> None:
        super().reset()
        for days_ago in range(9, 200, 3):
            day = ledger.today() - timedelta(days=days_ago)
            name = ledger.transaction_id(ledger.MAIN_ACCOUNT, days_ago, 99)
            self.ledger.add(Transaction(name, ledger.MAIN_ACCOUNT, day))


@dialect(target={"ledger.quiet": False})
class RefundsOpenAgain(Service):
    """Opens a settled transaction once more now and then: it was refunded."""

    reports = 0

    def reset(self) -> None:
        super().reset()
        self.refunded: set[str] = set()

    def settle(self, chosen: list[Transaction]) -> None:
        super().settle(chosen)
        self.reports += bool(chosen)
        if chosen and self.reports % 8 == 0 and chosen[0].id not in self.refunded:
            self.refunded.add(chosen[0].id)
            chosen[0].settled = False


@dialect(target={"ledger.quiet": False})
class OthersSettle(Service):
    """Has somebody else settle a transaction at every fortieth request."""

    every = 40
    requests = 0

    async def answer(self, request: Request) -> Reply:
        self.requests += 1
        if self.requests % self.every == 0:
            for account in self.seeds:
                self.settle(random.sample(self.ledger.of(account), 1))
        return await super().answer(request)


@dialect(target={"ledger.quiet": False})
class OthersSettleAlways(OthersSettle):
    """Has somebody else settle a transaction at every fourth request."""

    every = 4


@dialect()
class CompleteDaysOnly(Service):
    """Takes the last seven days that are over."""

    def default_span(self) -> Span:
        start, _ = super().default_span()
        return start, self.now() - timedelta(days=1)


@dialect()
class WindowsOfCompleteDays(Service):
    """Leaves today out of every window; ids reach it."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        return [each for each in super().within(account, span) if each.day < self.now()]


@dialect(target=listed("nothing-of-late"))
class NothingOfLate(Service):
    """Has no transaction of the last days."""

    seeds: ClassVar = {
        ledger.MAIN_ACCOUNT: dict.fromkeys(range(30, 230, 5), 3),
        ledger.OTHER_ACCOUNT: dict.fromkeys((30, 35, 40), 2),
    }


@dialect(target=listed("elsewhere-of-late"))
class ElsewhereOfLate(Service):
    """Has transactions of the last days only in the other account."""

    seeds: ClassVar = ledger.SEEDS | {ledger.OTHER_ACCOUNT: dict.fromkeys(range(1, 9), 2)}


@dialect(target=listed("all-on-one-day"))
class AllOnOneDay(Service):
    """Has all its transactions on one day."""

    seeds: ClassVar = {ledger.MAIN_ACCOUNT: {40: 120}, ledger.OTHER_ACCOUNT: {40: 10}}


@dialect(target=listed("many-transactions"))
class ManyTransactions(Service):
    """Has some thousands of transactions."""

    seeds: ClassVar = {
        ledger.MAIN_ACCOUNT: dict.fromkeys(range(600), 8),
        ledger.OTHER_ACCOUNT: dict.fromkeys(range(100), 8),
    }
