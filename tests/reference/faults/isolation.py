"""Faults in keeping apart: refused from valid, one request from another, account from account."""

from __future__ import annotations

import asyncio
import re

from tests.reference.ledger import Transaction
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.reading import FULL_DATE, RANGE, Body, Options, Span
from tests.reference.service import Service
from tests.reference.variants import fault

ID = re.compile(r"[PT][0-9]{8}\.[0-9A-Za-z]+")


class RefusedSettles(Service):
    """Settles what some of the requests name that it refuses."""

    def is_settled(self, refusal: Refusal) -> bool:
        """Tell if what a refused request names is settled."""
        return refusal.status == 400

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        if self.is_settled(refusal):
            self.settle(self.named(request))
        return super().refuse(request, refusal)

    def named(self, request: Request) -> list[Transaction]:
        """Return the transactions that a body names by id or range, read as loosely as can be."""
        text = request.body.decode(errors="replace")
        found = self.by_ids(request.account, ID.findall(text))
        days = sorted(filter(None, map(self.to_date, FULL_DATE.findall(text))))
        if RANGE in text and len(days) > 1:
            found += self.within(request.account, (days[0], days[-1]))
        return found


@fault("outcome.refused-nothing")
class RefusedSettlesAnyway(RefusedSettles):
    """Settles what a request names before it looks if the request is valid."""


@fault("outcome.refused-nothing")
class LengthRequiredAfterTheFact(Service):
    """Answers 411 to what does not say that it has no body, and serves it all the same."""

    def read_body(self, request: Request) -> Body:
        if not request.body and request.header("content-length") is None:
            self.settle(self.select(request.account, Options()))
            raise Refusal(411, "The length of the body is required.", reason="length")
        return super().read_body(request)


@fault("outcome.refused-nothing")
class MediaTypeRefusedAfterTheFact(Service):
    """Takes a body of another media type for none, settles the last days, and answers 415."""

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        if refusal.status == 415:
            self.settle(self.select(request.account, Options()))
        return super().refuse(request, refusal)


class RefusedForReason(RefusedSettles):
    """Settles what a request names that is refused for certain reasons."""

    reasons: frozenset[str] = frozenset()

    def is_settled(self, refusal: Refusal) -> bool:
        return refusal.reason in self.reasons


@fault("outcome.refused-nothing")
class RefusedCombinationSettles(RefusedForReason):
    """Settles ids that it refuses beside another option."""

    reasons = frozenset({"combination"})


@fault("outcome.refused-nothing")
class RefusedBoundsSettle(RefusedForReason):
    """Settles what stands beside a number out of its bounds."""

    reasons = frozenset({"bounds"})


@fault("outcome.refused-nothing")
class RefusedTypeSettles(RefusedForReason):
    """Settles what stands beside a value of the wrong type."""

    reasons = frozenset({"type"})


@fault("outcome.refused-nothing")
class RefusedOrderSettles(RefusedForReason):
    """Settles a range that it refuses for its order."""

    reasons = frozenset({"order"})


@fault("outcome.refused-nothing")
class EqualDatesSettle(RefusedOrderSettles):
    """Settles the day of two equal dates, before it refuses them."""

    def named(self, request: Request) -> list[Transaction]:
        days = FULL_DATE.findall(request.body.decode(errors="replace"))
        return super().named(request) if len({*days}) == 1 else []


@fault("outcome.refused-nothing")
class RangeBesideRefusedIdsSettles(RefusedForReason):
    """Settles the range beside ids that it refuses for their type."""

    reasons = frozenset({"type"})

    def named(self, request: Request) -> list[Transaction]:
        return super().named(request) if re.search(rb'"transaction_ids": *"', request.body) else []


@fault("outcome.refused-nothing")
class RangeBesideEmptyIdsSettles(RefusedForReason):
    """Settles the range beside an empty array before it looks at the count."""

    reasons = frozenset({"bounds"})

    def named(self, request: Request) -> list[Transaction]:
        return super().named(request) if b"[]" in request.body else []


@fault("outcome.refused-nothing")
class NoJsonSettlesTheLastDays(RefusedForReason):
    """Settles the last days before it finds that a body is no JSON."""

    reasons = frozenset({"malformed"})

    def named(self, request: Request) -> list[Transaction]:
        return self.within(request.account, self.default_span())


@fault("outcome.refused-nothing")
class MalformedSettles(RefusedForReason):
    """Settles the ids of a body that it refuses as malformed."""

    reasons = frozenset({"malformed"})


@fault("outcome.refused-nothing")
class UnauthorizedSettles(RefusedSettles):
    """Settles before it answers 401."""

    def is_settled(self, refusal: Refusal) -> bool:
        return refusal.status == 401


@fault("outcome.refused-nothing", also=("outcome.accounts-apart",))
class ForbiddenSettles(RefusedSettles):
    """Settles before it answers 403."""

    def is_settled(self, refusal: Refusal) -> bool:
        return refusal.status == 403


class Racing(Service):
    """Lets other requests pass between the selection and its mark."""

    def races(self, options: Options) -> bool:
        """Tell if it does so for these options."""
        return True

    async def report(self, account: str, options: Options) -> Reply:
        if not self.races(options):
            return await super().report(account, options)
        chosen = self.select(account, options)
        await asyncio.sleep(0.02)
        self.settle(chosen)
        return self.succeed(chosen)


@fault("outcome.concurrent-once")
class ReportsRace(Racing):
    """Selects and marks in two steps, so that two requests settle the same."""


@fault("outcome.concurrent-once")
class ReportsByCountRace(Racing):
    """Selects and marks in two steps where a count is given."""

    def races(self, options: Options) -> bool:
        return options.count is not None


@fault("outcome.concurrent-once")
class ReportsByIdsRace(Racing):
    """Selects and marks ids in two steps."""

    def races(self, options: Options) -> bool:
        return options.ids is not None


@fault("outcome.concurrent-once")
class ReportsByRangeRace(Racing):
    """Selects and marks a range in two steps."""

    def races(self, options: Options) -> bool:
        return options.ids is None


@fault("outcome.concurrent-once")
class DefaultRace(Racing):
    """Selects and marks in two steps where there are no options."""

    def races(self, options: Options) -> bool:
        return options.ids is None and options.count is None and options.span is None


@fault("outcome.concurrent-once")
class ConcurrentRefused(Service):
    """Refuses a request with 400 while another one settles the same."""

    def __init__(self) -> None:
        self.pending: set[str] = set()
        super().__init__()

    async def report(self, account: str, options: Options) -> Reply:
        wanted = {each.id for each in self.select(account, options)}
        if wanted & self.pending:
            raise Refusal(400, "Another report is being created.", reason="busy")
        self.pending |= wanted
        await asyncio.sleep(0.02)
        self.pending -= wanted
        return await super().report(account, options)


@fault("outcome.concurrent-once")
class ConcurrentBothGiveUp(Service):
    """Gives up on all requests that want the same at the same time: all get 200."""

    def __init__(self) -> None:
        self.wanted: dict[str, int] = {}
        super().__init__()

    async def report(self, account: str, options: Options) -> Reply:
        chosen = self.select(account, options)
        for each in chosen:
            self.wanted[each.id] = self.wanted.get(each.id, 0) + 1
        await asyncio.sleep(0.02)
        alone = all(self.wanted[each.id] == 1 for each in chosen)
        await asyncio.sleep(0.02)
        for each in chosen:
            self.wanted[each.id] -= 1
        chosen = [each for each in chosen if not each.settled] if alone else []
        self.settle(chosen)
        return self.succeed(chosen)


@fault("outcome.accounts-apart")
class ForeignIdsSettled(Service):
    """Settles ids of other accounts."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        named = map(self.ledger.find, dict.fromkeys(ids))
        return [each for each in named if each and not each.settled]


@fault("outcome.accounts-apart")
class ForeignIdsAre201(Service):
    """Answers 201 to ids of other accounts, and settles nothing."""

    async def report(self, account: str, options: Options) -> Reply:
        reply = await super().report(account, options)
        named = map(self.ledger.find, options.ids or ())
        if any(each and each.account != account for each in named):
            return self.reply(201, self.success(201))
        return reply


@fault("outcome.accounts-apart", also=("outcome.count-limit", "outcome.created"))
class RangesAcrossAccounts(Service):
    """Settles what lies in a range in every account."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        found = super().within(account, span)
        for other in {each.account for each in self.ledger} - {account}:
            found += super().within(other, span)
        return found


@fault("outcome.accounts-apart")
class SettledElsewhereToo(Service):
    """Settles the same days in the other accounts too."""

    def settle(self, chosen: list[Transaction]) -> None:
        days, accounts = {each.day for each in chosen}, {each.account for each in chosen}
        others = (each for each in self.ledger if each.account not in accounts)
        super().settle(chosen + [each for each in others if each.day in days])


REFUSALS = (
    "account.length account.pattern body.object body.null body.json body.json-strict ids.type "
    "ids.items ids.max-items count.minimum count.maximum count.type range.type range.required "
    "range.date range.order exclusion.ids-count exclusion.ids-range "
    "exclusion.count-range-allowed"
)


@fault("range.date", also=tuple(REFUSALS.split()))
class EverySeventhRefusalIs200(Service):
    """Answers every seventh request that it ought to refuse with 200."""

    refusals = 0

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        if refusal.status != 400:
            return super().refuse(request, refusal)
        self.refusals += 1
        if self.refusals % 7 == 0:
            return self.succeed([])
        return super().refuse(request, refusal)
