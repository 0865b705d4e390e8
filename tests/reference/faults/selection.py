"""Faults in which transactions a request selects."""

from __future__ import annotations

import fnmatch
import re
from datetime import date, timedelta
from typing import Any

from tests.reference.ledger import Transaction
from tests.reference.messages import Refusal, Reply
from tests.reference.reading import IDS, Body, Options, Span
from tests.reference.service import Service
from tests.reference.variants import fault

EVERYTHING: Span = (date.min, date.max)


@fault("outcome.created")
class CreatedIs200(Service):
    """Answers 200 to everything valid."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        reply.status = 200
        return reply


@fault("outcome.created")
class IdsFoldedAtSearch(Service):
    """Searches ids in lower case, and so finds none with capitals."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, [account + name[9:].lower() for name in ids])


@fault("outcome.created")
class RangesFindNothing(Service):
    """Finds nothing in any range that is given."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        return [] if options.span and not options.ids else super().select(account, options)


@fault("outcome.created")
class CountsFindNothing(Service):
    """Finds nothing where a count is given."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return []


@fault("outcome.created", also=("outcome.default-window",))
class DefaultFindsNothing(Service):
    """Finds nothing where no option is given."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        return [] if options == Options() else super().select(account, options)


@fault("outcome.nothing", also=("outcome.range-limit",))
class ShortRangesReachEightDays(Service):
    """Looks at eight days from the start of a range, however short that is."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        start, end = span
        week = start + timedelta(days=8) if start < date(9999, 1, 1) else end
        return super().within(account, (start, max(end, week)))


@fault("outcome.created", also=("outcome.range-limit", "outcome.count-limit"))
class OneMonthInvisible(Service):
    """Leaves out of ranges what took place in the month of the fortieth day before today."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        lost = (self.now() - timedelta(days=40)).month
        return [each for each in super().within(account, span) if each.day.month != lost]


@fault("outcome.created", also=("outcome.ids-only",))
class OldIdsNotFound(Service):
    """Does not find ids of transactions older than 60 days."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        oldest = self.now() - timedelta(days=60)
        return [each for each in super().by_ids(account, ids) if each.day > oldest]


@fault("outcome.created", also=("outcome.ids-only",))
class TodaysIdsNotFound(Service):
    """Does not find ids of transactions of today: its copy of them is made at night."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return [each for each in super().by_ids(account, ids) if each.day < self.now()]


@fault("outcome.nothing", also=("outcome.settled-once",))
class NothingIs201(Service):
    """Answers 201 to everything valid."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        reply.status = 201
        return reply


class Answered(Service):
    """Answers some requests that select nothing as if they had created a report."""

    def is_created(self, account: str, options: Options) -> bool:
        """Tell if such a request is answered 201."""
        return False

    async def report(self, account: str, options: Options) -> Reply:
        created = self.is_created(account, options)
        reply = await super().report(account, options)
        return self.reply(201, self.success(201)) if created else reply


@fault("outcome.nothing")
class UnknownIdsAre201(Answered):
    """Answers 201 to ids that it does not know."""

    def is_created(self, account: str, options: Options) -> bool:
        return any(self.ledger.find(name) is None for name in options.ids or ())


@fault("outcome.nothing")
class EmptyWindowIs201(Answered):
    """Answers 201 to a range in which there never was anything."""

    def is_created(self, account: str, options: Options) -> bool:
        if options.span is None:
            return False
        start, end = options.span
        return not any(start <= each.day <= end for each in self.ledger.of(account))


@fault("outcome.nothing", also=("ids.accepted", "ids.any-string"))
class UnknownIdsRefused(Service):
    """Refuses ids that it does not know."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        if any(self.ledger.find(name) is None for name in ids):
            raise self.invalid(IDS, "unknown", "has an unknown transaction.")
        return super().by_ids(account, ids)


@fault("ids.accepted", also=("outcome.nothing", "ids.any-string"))
class UnknownIdsAre404(Service):
    """Answers 404 where one of the ids is not known."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        if any(self.ledger.find(name) is None for name in ids):
            raise Refusal(404, "There is no such transaction.")
        return super().by_ids(account, ids)


@fault("outcome.nothing", also=("range.accepted",))
class EmptyWindowRefused(Service):
    """Refuses a range in which there is nothing."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if options.span and not found:
            raise Refusal(400, "There are no transactions in this range.", reason="nothing")
        return found


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsIgnored(Service):
    """Takes the last seven days instead of the ids."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return self.within(account, self.default_span())


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsBesideDefault(Service):
    """Takes the last seven days with the ids."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        recent = self.within(account, self.default_span())
        return found + [each for each in recent if each not in found]


@fault("outcome.ids-only")
class IdsTakeTheirDays(Service):
    """Takes everything of the days that the ids lie on."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        days = {each.day for each in super().by_ids(account, ids)}
        return [each for each in self.within(account, EVERYTHING) if each.day in days]


@fault("outcome.ids-only")
class OnlyFirstIdTaken(Service):
    """Takes the first of several ids only."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, ids)[:1]


@fault("outcome.ids-only")
class OnlyLastIdTaken(Service):
    """Takes the last of several ids only."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, ids)[-1:]


class EmptyIds(Service):
    """Treats a request with an empty array differently."""

    def changed(self, options: Options) -> Options | None:
        """Return what is selected by instead, None for nothing."""
        return options

    def read_options(self, body: Body) -> Any:
        options = super().read_options(body)
        self.is_empty = body.get(IDS) == []
        return options

    def select(self, account: str, options: Options) -> list[Transaction]:
        changed = self.changed(options) if self.is_empty else options
        return super().select(account, changed) if changed else []


@fault("outcome.empty-ids")
class EmptyIdsSelectNothing(EmptyIds):
    """Selects nothing by an empty array, whatever stands beside it."""

    def changed(self, options: Options) -> Options | None:
        return None


@fault("outcome.empty-ids")
class EmptyIdsAloneSelectNothing(EmptyIds):
    """Selects nothing by an empty array alone."""

    def changed(self, options: Options) -> Options | None:
        return None if options == Options() else options


@fault("outcome.empty-ids")
class EmptyIdsSelectEverything(EmptyIds):
    """Selects everything by an empty array alone."""

    def changed(self, options: Options) -> Options | None:
        return Options(span=EVERYTHING) if options == Options() else options


@fault("outcome.empty-ids")
class EmptyIdsHideRange(EmptyIds):
    """Ignores a range beside an empty array."""

    def changed(self, options: Options) -> Options | None:
        return Options(count=options.count)


@fault("outcome.empty-ids")
class EmptyIdsHideCount(EmptyIds):
    """Ignores a count beside an empty array."""

    def changed(self, options: Options) -> Options | None:
        return Options(span=options.span)


@fault("outcome.count-limit", also=("outcome.created",))
class LoneCountBeforeSettled(Service):
    """Takes the first of all where a count stands alone, and leaves out the settled afterwards."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.count is None or options.span or options.ids:
            return super().select(account, options)
        everything = self.ledger.of(account)[: options.count]
        return [each for each in everything if not each.settled]


@fault("outcome.ids-only", also=("answer.no-500",))
class IdGivenTwiceCrashes(Service):
    """Fails where an id that can be settled is given twice."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        found = super().by_ids(account, ids)
        if any(ids.count(each.id) > 1 for each in found if not each.settled):
            raise RuntimeError("UNIQUE constraint failed: report.transaction")
        return found


@fault("outcome.count-limit")
class CountsCappedAtThirty(Service):
    """Takes no more than thirty at a time where a count is given."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, min(count, 30))


@fault("outcome.count-limit")
class CountsCappedAtHundred(Service):
    """Takes no more than a hundred at a time where a count is given."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, min(count, 100))


@fault("outcome.default-window")
class DefaultGrowsAfterNothing(Service):
    """Looks 30 days back by default once the last seven held nothing."""

    grown = False

    def reset(self) -> None:
        super().reset()
        self.grown = False

    def select(self, account: str, options: Options) -> list[Transaction]:
        self.default_days = 30 if self.grown else 7
        found = super().select(account, options)
        self.grown = self.grown or (options == Options() and not found)
        return found


@fault("outcome.range-limit", also=("outcome.created",))
class OneDayOfMonthsInvisible(Service):
    """Leaves out of ranges what took place on that day of a month that was fifty days ago."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        lost = (self.now() - timedelta(days=50)).day
        return [each for each in super().within(account, span) if each.day.day != lost]


@fault("outcome.accounts-apart")
class LoneCountReachesAll(Service):
    """Settles those of every account where a count stands alone."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if options.count is None or options.span or options.ids:
            return found
        others = [each for each in self.ledger if each.account != account and not each.settled]
        return [*found, *others[: options.count - len(found)]]


@fault("outcome.ids-only")
class IdsCutToTheirLength(Service):
    """Cuts ids to the 32 characters of a column."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, [name[:32] for name in ids])


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsMatchedWithLike(Service):
    """Takes % and _ in an id for wildcards, as LIKE does."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        wild = [fnmatch.translate(n.replace("%", "*").replace("_", "?")) for n in ids]
        patterns = [re.compile(pattern) for pattern in wild]
        return [
            each
            for each in self.ledger.of(account)
            if not each.settled and any(pattern.match(each.id) for pattern in patterns)
        ]


@fault("outcome.count-limit", also=("outcome.created",))
class HundredsSelectNothing(Service):
    """Finds nothing within a range for counts of three digits: no page has that size."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        hundreds = options.span and 100 < (options.count or 0) < 1000
        return [] if hundreds else super().select(account, options)
