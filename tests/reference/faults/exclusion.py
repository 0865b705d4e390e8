"""Faults in which options go together, and those that show only when two meet."""

from __future__ import annotations

from datetime import date

from tests.reference.faults.ranges import EARLY, LATE
from tests.reference.ledger import Transaction
from tests.reference.reading import COUNT, END, IDS, RANGE, START, Body, Options, Span
from tests.reference.service import Service
from tests.reference.variants import fault


class Combining(Service):
    """Accepts some combinations with ids, and selects by the ids alone."""

    def accepts(self, options: Options) -> bool:
        """Tell if options that exclude each other are accepted."""
        return False

    def check_combination(self, options: Options) -> None:
        if not self.accepts(options):
            super().check_combination(options)


@fault("exclusion.ids-count", also=("exclusion.ids-range",))
class ExclusionUnchecked(Combining):
    """Takes ids beside a count and beside a range, and ignores these."""

    def accepts(self, options: Options) -> bool:
        return True


@fault("exclusion.ids-count")
class IdsWithCountAccepted(Combining):
    """Takes ids beside a count, and ignores the count."""

    def accepts(self, options: Options) -> bool:
        return options.span is None


@fault("exclusion.ids-count")
class IdsLimitedByCount(Combining):
    """Takes ids beside a count, and settles as many of them as the count says."""

    def accepts(self, options: Options) -> bool:
        return options.span is None

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        both = options.ids is not None and options.count is not None
        return found[: options.count] if both else found


@fault("exclusion.ids-count")
class CountWinsOverIds(Service):
    """Takes ids beside a count, and ignores the ids."""

    def check_combination(self, options: Options) -> None:
        if options.ids is not None and options.count is not None and options.span is None:
            options.ids = None
        super().check_combination(options)


@fault("exclusion.ids-count")
class OneIdWithCountAccepted(Combining):
    """Takes a single id beside a count."""

    def accepts(self, options: Options) -> bool:
        return options.span is None and options.ids is not None and len(options.ids) == 1


@fault("exclusion.ids-count")
class SeveralIdsWithCountAccepted(Combining):
    """Takes several ids beside a count that is at least as high."""

    def accepts(self, options: Options) -> bool:
        several = options.ids is not None and len(options.ids) > 1
        return several and options.span is None and (options.count or 0) >= len(options.ids or ())


@fault("exclusion.ids-count")
class AllThreeAccepted(Combining):
    """Takes ids, count and range all together, yet refuses each pair."""

    def accepts(self, options: Options) -> bool:
        return options.span is not None and options.count is not None


@fault("exclusion.ids-range")
class IdsWithRangeAccepted(Combining):
    """Takes ids beside a range, and ignores the range."""

    def accepts(self, options: Options) -> bool:
        return options.count is None


@fault("exclusion.ids-range")
class IdsWithinRange(Combining):
    """Takes ids beside a range, and settles those that lie in it."""

    def accepts(self, options: Options) -> bool:
        return options.count is None

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if options.ids is None or options.span is None:
            return found
        within = self.within(account, options.span)
        return [each for each in found if each in within]


@fault("exclusion.ids-range")
class RangeWinsOverIds(Service):
    """Takes ids beside a range, and ignores the ids."""

    def check_combination(self, options: Options) -> None:
        if options.ids is not None and options.span is not None and options.count is None:
            options.ids = None
        super().check_combination(options)


@fault("exclusion.ids-range")
class OneIdWithRangeAccepted(Combining):
    """Takes a single id beside a range."""

    def accepts(self, options: Options) -> bool:
        return options.count is None and options.ids is not None and len(options.ids) == 1


class CountInRange(Service):
    """Treats a count beside a range differently."""

    def is_odd(self, count: int) -> bool:
        """Tell if a count is refused beside a range."""
        return False

    def check_combination(self, options: Options) -> None:
        super().check_combination(options)
        if options.span and options.count is not None and self.is_odd(options.count):
            raise self.invalid(COUNT, "combination", f"cannot be combined with {RANGE}.")


@fault("exclusion.count-range-allowed")
class CountWithRangeRefused(CountInRange):
    """Refuses a count beside a range."""

    def is_odd(self, count: int) -> bool:
        return True


@fault("exclusion.count-range-allowed")
class CountOfOneWithRangeRefused(CountInRange):
    """Refuses a count of 1 beside a range."""

    def is_odd(self, count: int) -> bool:
        return count == 1


@fault("exclusion.count-range-allowed")
class TenThousandWithRangeRefused(CountInRange):
    """Refuses a count of exactly 10000 beside a range."""

    def is_odd(self, count: int) -> bool:
        return count == 10000


@fault("exclusion.count-range-allowed", also=("count.maximum",))
class CountMaximumUncheckedBesideRange(Service):
    """Takes any count above the maximum beside a range."""

    def check_count(self, count: int, body: Body) -> int:
        return super().check_count(min(count, 1) if RANGE in body else count, body) and count


@fault("exclusion.count-range-allowed", also=("count.minimum",))
class CountMinimumUncheckedBesideRange(Service):
    """Takes zero and negative counts beside a range."""

    def check_count(self, count: int, body: Body) -> int:
        return 0 if RANGE in body and count < 1 else super().check_count(count, body)


@fault("exclusion.count-range-allowed", also=("count.type",))
class CountTypeUncheckedBesideRange(Service):
    """Ignores a count that is no integer beside a range."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (
            name == COUNT and RANGE in body and type(body[name]) is not int
        )


class BesideCount(Service):
    """Reads a range differently beside a count."""

    def loose(self, span: Body) -> Body:
        """Return what a range is taken for."""
        return span

    def read_range(self, body: Body) -> Span | None:
        if COUNT in body and isinstance(body.get(RANGE), dict):
            body = body | {RANGE: self.loose(body[RANGE])}
        return super().read_range(body)


@fault("exclusion.count-range-allowed", also=("range.date",))
class DatesUncheckedBesideCount(BesideCount):
    """Takes any dates beside a count."""

    def loose(self, span: Body) -> Body:
        good = {name: self.to_date(span.get(name)) for name in (START, END)}
        if START in span and good[START] is None:
            span = span | {START: EARLY.isoformat()}
        if END in span and good[END] is None:
            span = span | {END: LATE.isoformat()}
        return span


@fault("exclusion.count-range-allowed", also=("range.required",))
class RequiredUncheckedBesideCount(BesideCount):
    """Takes a range without its start or end beside a count."""

    def loose(self, span: Body) -> Body:
        return {START: EARLY.isoformat(), END: LATE.isoformat()} | span


@fault("exclusion.count-range-allowed", also=("range.order",))
class OrderUncheckedBesideCount(BesideCount):
    """Swaps reversed dates, and takes equal ones, beside a count."""

    def loose(self, span: Body) -> Body:
        start, end = self.to_date(span.get(START)), self.to_date(span.get(END))
        if not isinstance(start, date) or not isinstance(end, date) or start < end:
            return span
        later = date.fromordinal(min(start.toordinal() + 1, LATE.toordinal()))
        return {START: end.isoformat(), END: later.isoformat()}


@fault("exclusion.count-range-allowed", also=("range.type",))
class RangeTypeUncheckedBesideCount(Service):
    """Ignores a range that is no object beside a count."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (
            name == RANGE and COUNT in body and not isinstance(body[name], dict)
        )


@fault("ids.type")
class IdsTypeUncheckedBesideRange(Service):
    """Ignores ids that are no array beside a range."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (
            name == IDS and RANGE in body and not isinstance(body[name], list)
        )
