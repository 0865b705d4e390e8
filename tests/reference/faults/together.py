"""Faults that several requests, options or accounts bring about together."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Hashable
from datetime import date
from typing import Any

from tests.reference.faults.isolation import Racing, RefusedForReason, RefusedSettles
from tests.reference.ledger import MAIN_ACCOUNT, OTHER_ACCOUNT, Transaction
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.reading import IDS, Body, Options, Span
from tests.reference.service import Service
from tests.reference.variants import fault


class Locking(Service):
    """Lets others pass between the selection and its mark, unless they want the same lock."""

    def reset(self) -> None:
        super().reset()
        self.locks: defaultdict[Hashable, asyncio.Lock] = defaultdict(asyncio.Lock)

    def key(self, options: Options) -> Hashable:
        """Return what a lock is for."""
        return None

    async def report(self, account: str, options: Options) -> Reply:
        async with self.locks[account, self.key(options)]:
            chosen = self.select(account, options)
            await asyncio.sleep(0.02)
            self.settle(chosen)
            return self.succeed(chosen)


@fault("outcome.concurrent-once")
class LockForEachOption(Locking):
    """Locks ids and ranges apart from each other."""

    def key(self, options: Options) -> Hashable:
        return options.ids is None


@fault("outcome.concurrent-once")
class LockForEachRange(Locking):
    """Locks each range for itself, and so not what two of them share."""

    def key(self, options: Options) -> Hashable:
        return options.span


@fault("outcome.concurrent-once")
class LockForEachBody(Locking):
    """Locks what is asked for, word by word, and so not what two requests share."""

    def key(self, options: Options) -> Hashable:
        return repr(options)


@fault("outcome.concurrent-once")
class LastDaysRace(Racing):
    """Selects and marks in two steps where there is no range and no id."""

    def races(self, options: Options) -> bool:
        return options.span is None and options.ids is None


@fault("outcome.concurrent-once", also=("outcome.accounts-apart",))
class AccountShared(Service):
    """Keeps the account of a request where that of the next one is kept too."""

    async def report(self, account: str, options: Options) -> Reply:
        self.latest = account
        await asyncio.sleep(0.02)
        return await super().report(self.latest, options)


@fault("outcome.concurrent-once")
class OptionsShared(Service):
    """Keeps the options of a request where those of the next one are kept too."""

    async def report(self, account: str, options: Options) -> Reply:
        self.latest = options
        await asyncio.sleep(0.02)
        return await super().report(account, self.latest)


@fault("count.minimum", also=("range.order", "ids.type"))
class NothingLeftNothingChecked(Service):
    """Answers 200 to whatever is asked of an account in which nothing is left to settle."""

    def read_options(self, body: Body) -> Options:
        left = not all(each.settled for each in self.ledger.of(MAIN_ACCOUNT))
        return super().read_options(body if left else {})


@fault("outcome.concurrent-once")
class CountsOfOneRace(Racing):
    """Selects and marks in two steps where one transaction is asked for."""

    def races(self, options: Options) -> bool:
        return options.count == 1


class Spreading(Service):
    """Settles some of the other accounts' transactions too."""

    def beyond(self, account: str, options: Options) -> list[Transaction]:
        """Return what is settled of one other account."""
        return []

    async def report(self, account: str, options: Options) -> Reply:
        for other in {each.account for each in self.ledger} - {account}:
            self.settle(self.beyond(other, options))
        return await super().report(account, options)


@fault("outcome.accounts-apart")
class DefaultAcrossAccounts(Spreading):
    """Settles the last days of every account where no option is given."""

    def beyond(self, account: str, options: Options) -> list[Transaction]:
        return self.select(account, options) if options == Options() else []


@fault("outcome.accounts-apart")
class CountedRangesAcrossAccounts(Spreading):
    """Settles in every account what a count takes of a range."""

    def beyond(self, account: str, options: Options) -> list[Transaction]:
        return self.select(account, options) if options.count and options.span else []


@fault("outcome.accounts-apart")
class IdsWithoutTheirAccount(Spreading):
    """Looks for ids by what follows the account in them, in every account."""

    def beyond(self, account: str, options: Options) -> list[Transaction]:
        ends = [name.partition(".")[2] for name in options.ids or ()]
        return self.by_ids(account, [f"{account}.{end}" for end in ends])


@fault("outcome.refused-nothing")
class ScopesAfterTheReport(RefusedSettles):
    """Settles before it looks at the scopes."""

    def is_settled(self, refusal: Refusal) -> bool:
        return refusal.reason == "scopes"


@fault("outcome.refused-nothing")
class ExpiryAfterTheReport(RefusedSettles):
    """Settles before it looks if a token that it can read is still good."""

    def is_settled(self, refusal: Refusal) -> bool:
        return refusal.reason == "token" and "expired" in refusal.message.lower()


@fault("outcome.refused-nothing")
class RefusedCountsSettleTheLastDays(RefusedForReason):
    """Settles the last days where it refuses a range, or a count for its bounds."""

    reasons = frozenset({"bounds", "order"})

    def named(self, request: Request) -> list[Transaction]:
        return self.within(request.account, self.default_span())


@fault("outcome.count-limit", also=("outcome.nothing", "outcome.range-limit"))
class CountsFilledFromOutside(Service):
    """Takes what lies outside where a range has fewer than the count."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if not options.span or not options.count or len(found) >= options.count:
            return found
        others = [each for each in self.within(account, (date.min, date.max)) if each not in found]
        return found + others[: options.count - len(found)]


@fault("outcome.ids-only")
class TenIdsAtMost(Service):
    """Takes the first ten transactions that the ids name, and leaves the others."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, ids)[:10]


@fault("outcome.ids-only")
class FirstHundredIdsRead(Service):
    """Reads the first hundred ids, and leaves the others."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, ids[:100])


@fault("outcome.ids-only")
class LastHundredIdsKept(Service):
    """Asks for ids by the hundred, and keeps what the last hundred found."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, ids[(len(ids) - 1) // 100 * 100 :])


@fault("outcome.ids-only", also=("outcome.range-limit",))
class PagesOfHundred(Service):
    """Takes a hundred transactions at most where no count is given."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, ids)[:100]

    def within(self, account: str, span: Span) -> list[Transaction]:
        return super().within(account, span)[:100]


@fault("outcome.range-limit")
class PageThatLeavesTheLastDays(Service):
    """Takes the oldest hundred and thirty-five of a range, which leaves some of the last days."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        return super().within(account, span)[:135]


@fault("outcome.ids-only")
class IdsInOrderOnly(Service):
    """Takes ids as long as their dates ascend."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        rising = [not found[:n] or each.day >= found[n - 1].day for n, each in enumerate(found)]
        return found[: rising.index(False)] if False in rising else found


@fault("outcome.default-window", also=("outcome.settled-once",))
class DefaultInPages(Service):
    """Settles five transactions at most where no option is given."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        return found[:5] if options == Options() else found


@fault("outcome.settled-once")
class RangesForgetTheDefault(Service):
    """Settles by range what was settled where no option was given."""

    def reset(self) -> None:
        super().reset()
        self.by_default: set[str] = set()

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if options == Options():
            self.by_default.update(each.id for each in found)
        elif options.span:
            start, end = options.span
            found += [
                each
                for each in self.ledger.of(account)
                if each.id in self.by_default and start <= each.day <= end
            ]
        return found


@fault("outcome.nothing")
class UnknownIdsMeanTheLastDays(Service):
    """Settles the last days where no id is known."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        if any(map(self.ledger.find, ids)):
            return super().by_ids(account, ids)
        return self.within(account, self.default_span())


@fault("outcome.settled-once")
class CountsOpenAgainByRange(Service):
    """Opens what a count settled again when its range is asked for."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if found and options.span and options.count is None:
            start, end = options.span
            for each in self.ledger.of(account):
                if each not in found and start <= each.day <= end:
                    each.settled = False
        return found


@fault("ids.empty-accepted", also=("outcome.empty-ids",))
class EmptyIdsDropTheRest(Service):
    """Reads nothing but an empty array where there is one."""

    def read_options(self, body: Body) -> Any:
        return super().read_options({} if body.get(IDS) == [] else body)


@fault("outcome.nothing")
class PropertyNamesAsIds(Service):
    """Looks ids up in an object that inherits names, and finds those."""

    async def report(self, account: str, options: Options) -> Reply:
        if {"constructor", "toString", "__proto__"} & set(options.ids or ()):
            return self.reply(201, self.success(201))
        return await super().report(account, options)


@fault("outcome.count-limit")
class LoneCountsCappedAtThree(Service):
    """Settles three transactions at most where a count stands alone."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        return found[:3] if options.count and not options.span else found


@fault("outcome.count-limit")
class LoneCountsTakeOneMore(Service):
    """Takes one transaction more where a count stands alone."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        lone = options.count is not None and options.span is None and not options.ids
        more = Options(count=(options.count or 0) + 1)
        return super().select(account, more if lone else options)


@fault("outcome.count-limit")
class ExactCountsFallShort(Service):
    """Leaves one where a count of several is just what there is."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, count - (1 < count == len(found)))


class OtherAccount(Service):
    """Is wrong for one account only, which is not the first."""

    def is_wrong(self, account: str) -> bool:
        """Tell if an account is served wrongly."""
        return account == OTHER_ACCOUNT


@fault("outcome.settled-once", also=("outcome.accounts-apart",))
class OtherAccountNotMarked(OtherAccount):
    """Marks nothing as settled in one of the accounts."""

    def settle(self, chosen: list[Transaction]) -> None:
        super().settle([each for each in chosen if not self.is_wrong(each.account)])


@fault("outcome.range-limit", also=("outcome.accounts-apart", "outcome.created", "outcome.nothing"))
class RangesIgnoredInOtherAccount(OtherAccount):
    """Ignores ranges in one of the accounts."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if self.is_wrong(account) and options.span:
            options = Options(count=options.count, span=(date.min, date.max))
        return super().select(account, options)


@fault("outcome.default-window")
class DefaultIsEverythingInOtherAccount(OtherAccount):
    """Settles everything where no option is given, in one of the accounts."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if self.is_wrong(account) and options == Options():
            options = Options(span=(date.min, date.max))
        return super().select(account, options)


@fault("outcome.accounts-apart")
class RangesCachedForAllAccounts(Service):
    """Remembers what a range gave, whichever account asked."""

    def reset(self) -> None:
        super().reset()
        self.cache: dict[Span, str] = {}

    async def report(self, account: str, options: Options) -> Reply:
        if options.span is None or options.count or options.span[1].year < 2000:
            return await super().report(account, options)
        if self.cache.setdefault(options.span, account) != account:
            return self.succeed([])
        return await super().report(account, options)
