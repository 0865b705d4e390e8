"""Faults in how much a count, a range or the default window selects."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.reference.faults.body import KNOWN
from tests.reference.faults.selection import EVERYTHING
from tests.reference.ledger import Transaction
from tests.reference.messages import Request
from tests.reference.reading import Body, Options, Span
from tests.reference.service import Service
from tests.reference.variants import fault


@fault("outcome.count-limit")
class CountIgnored(Service):
    """Takes everything, whatever the count."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return found


@fault("outcome.count-limit")
class OneMoreThanCount(Service):
    """Takes one transaction more than the count."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, count + 1)


@fault("outcome.count-limit", also=("outcome.created",))
class OneLessThanCount(Service):
    """Takes one transaction less than the count."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, count - 1)


@fault("outcome.count-limit")
class OneAtMost(Service):
    """Takes one transaction, whatever the count."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, 1)


@fault("outcome.count-limit", also=("outcome.created",))
class CountBeforeRange(Service):
    """Applies the count to all of the account before it looks at the range."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if options.ids is not None or options.count is None or options.span is None:
            return found
        first = super().within(account, EVERYTHING)[: options.count]
        return [each for each in super().within(account, options.span) if each in first]


@fault("outcome.count-limit", also=("outcome.created", "outcome.settled-ignored"))
class SettledOnesCounted(Service):
    """Counts settled transactions too, and then leaves them out."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.ids is not None or options.count is None:
            return super().select(account, options)
        start, end = options.span or self.default_span()
        found = [each for each in self.ledger.of(account) if start <= each.day <= end]
        return [each for each in found[: options.count] if not each.settled]


class Ranges(Service):
    """Reads the ranges that are given differently when it selects."""

    def widened(self, span: Span, options: Options) -> Span:
        """Return the range that is selected by."""
        return span

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.ids is None and options.span is not None:
            options = Options(None, options.count, self.widened(options.span, options))
        return super().select(account, options)


@fault("outcome.range-limit", also=("outcome.nothing",))
class RangeIgnored(Ranges):
    """Takes the last seven days instead of the range."""

    def widened(self, span: Span, options: Options) -> Span:
        return self.default_span()


@fault("outcome.range-limit", also=("outcome.nothing",))
class RangeMeansEverything(Ranges):
    """Takes everything instead of the range."""

    def widened(self, span: Span, options: Options) -> Span:
        return EVERYTHING


@fault("outcome.range-limit")
class StartIgnored(Ranges):
    """Takes everything up to the end of the range."""

    def widened(self, span: Span, options: Options) -> Span:
        return date.min, span[1]


@fault("outcome.range-limit", also=("outcome.nothing",))
class EndIgnored(Ranges):
    """Takes everything from the start of the range on."""

    def widened(self, span: Span, options: Options) -> Span:
        return span[0], date.max


@fault("outcome.range-limit", also=("outcome.count-limit", "outcome.nothing"))
class RangeIgnoredBesideCount(Ranges):
    """Takes the oldest of everything where a count stands beside the range."""

    def widened(self, span: Span, options: Options) -> Span:
        return span if options.count is None else EVERYTHING


@fault("outcome.range-limit")
class RangeByYear(Ranges):
    """Takes the whole years that start and end lie in."""

    def widened(self, span: Span, options: Options) -> Span:
        return date(span[0].year, 1, 1), date(span[1].year, 12, 31)


@fault("outcome.range-limit", also=("outcome.created",))
class OnlyFirstDayOfRange(Ranges):
    """Takes the first day of the range only."""

    def widened(self, span: Span, options: Options) -> Span:
        return span[0], span[0]


@fault("outcome.default-window")
class DefaultIsThirtyDays(Service):
    """Takes the last 30 days where no option is given."""

    default_days = 30


@fault("outcome.default-window", also=("outcome.created",))
class DefaultIsOneDay(Service):
    """Takes the last day where no option is given."""

    default_days = 1


@fault("outcome.default-window")
class DefaultIsEverything(Service):
    """Takes everything where no option is given."""

    def default_span(self) -> Span:
        return EVERYTHING


@fault("outcome.default-window")
class DefaultWithoutBodyIsEverything(Service):
    """Takes everything where there is no body, and seven days for an empty object."""

    def read_body(self, request: Request) -> Body:
        body = super().read_body(request)
        self.is_bare = not request.body
        return body

    def select(self, account: str, options: Options) -> list[Transaction]:
        if self.is_bare:
            options = Options(span=EVERYTHING)
        return super().select(account, options)


class Swayed(Service):
    """Selects differently where there is an unknown property."""

    def swayed(self, options: Options) -> Options:
        """Return what is selected by instead."""
        return options

    def read_options(self, body: Body) -> Any:
        options = super().read_options(body)
        return self.swayed(options) if body.keys() - KNOWN else options


@fault("outcome.unknown-ignored", also=("outcome.nothing",))
class UnknownHidesRange(Swayed):
    """Takes everything, or as much as the count, where an unknown property is beside a range."""

    def swayed(self, options: Options) -> Options:
        return Options(options.ids, options.count, EVERYTHING if options.span else None)


@fault("outcome.unknown-ignored", also=("outcome.nothing",))
class UnknownHidesIds(Swayed):
    """Takes the last seven days where an unknown property is beside ids."""

    def swayed(self, options: Options) -> Options:
        return Options(None, options.count, options.span)


@fault("outcome.unknown-ignored")
class UnknownIsAnOption(Swayed):
    """Takes everything where there is nothing but an unknown property."""

    def swayed(self, options: Options) -> Options:
        alone = options.ids is None and options.count is None and options.span is None
        return Options(None, None, EVERYTHING) if alone else options


@fault("outcome.unknown-ignored", also=("outcome.count-limit",))
class UnknownHidesCount(Swayed):
    """Ignores a count where there is an unknown property."""

    def swayed(self, options: Options) -> Options:
        return Options(options.ids, None, options.span)


@fault("outcome.unknown-ignored", also=("outcome.created",))
class UnknownIsDryRun(Swayed):
    """Selects nothing where there is an unknown property."""

    def swayed(self, options: Options) -> Options:
        return Options(ids=["a rehearsal"])
