"""Faults in reading a date range."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.reference.reading import END, RANGE, START, Body, Span
from tests.reference.service import Service
from tests.reference.variants import fault

EARLY, LATE = date.min, date.max


class PickyRange(Service):
    """Refuses some ranges that are valid."""

    def is_odd(self, start: date, end: date) -> bool:
        """Tell if a range is refused."""
        return False

    def check_order(self, start: date, end: date) -> None:
        super().check_order(start, end)
        if self.is_odd(start, end):
            raise self.invalid(RANGE, "bounds", "cannot be used.")


@fault("range.accepted")
class AdjacentDaysRefused(PickyRange):
    """Refuses a range of two adjacent days."""

    def is_odd(self, start: date, end: date) -> bool:
        return (end - start).days == 1


@fault("range.accepted")
class LeapDayRefused(PickyRange):
    """Refuses February 29."""

    def is_odd(self, start: date, end: date) -> bool:
        return (2, 29) in ((start.month, start.day), (end.month, end.day))


@fault("range.accepted")
class YearBoundaryRefused(PickyRange):
    """Refuses a range of a month or less that starts in one year and ends in the next."""

    def is_odd(self, start: date, end: date) -> bool:
        return start.year != end.year and (end - start).days < 32


@fault("range.accepted")
class MonthBoundaryRefused(PickyRange):
    """Refuses a range that ends on an earlier day of the month than it starts."""

    def is_odd(self, start: date, end: date) -> bool:
        return end.day < start.day


@fault("range.accepted")
class LongRangeRefused(PickyRange):
    """Refuses ranges of more than 366 days."""

    def is_odd(self, start: date, end: date) -> bool:
        return (end - start).days > 366


@fault("range.accepted")
class RangeBeforeTheEpochRefused(PickyRange):
    """Refuses ranges that start before 1970."""

    def is_odd(self, start: date, end: date) -> bool:
        return start.year < 1970


@fault("range.accepted")
class EveOfTheEpochRefused(PickyRange):
    """Refuses the last day before 1970: -1 is what its date library answers to what is no date."""

    def is_odd(self, start: date, end: date) -> bool:
        return end == date(1969, 12, 31)


@fault("range.accepted")
class RangeOfTheLastCenturyRefused(PickyRange):
    """Refuses ranges that start before 2010: there was no account then."""

    def is_odd(self, start: date, end: date) -> bool:
        return start.year < 2010


@fault("range.accepted")
class FutureRangeRefused(PickyRange):
    """Refuses ranges that end in the future."""

    def is_odd(self, start: date, end: date) -> bool:
        return end > self.now()


@fault("range.accepted")
class RangeFromTodayRefused(PickyRange):
    """Refuses ranges that start today."""

    def is_odd(self, start: date, end: date) -> bool:
        return start == self.now()


@fault("range.accepted")
class Year2038Refused(PickyRange):
    """Refuses dates that do not fit into 32 bits of seconds."""

    def is_odd(self, start: date, end: date) -> bool:
        return end > date(2038, 1, 19)


@fault("range.accepted")
class Year9999Refused(PickyRange):
    """Refuses the last day there is: the day after it cannot be computed."""

    def is_odd(self, start: date, end: date) -> bool:
        return end == LATE


@fault("range.accepted")
class DaylightSavingRefused(PickyRange):
    """Refuses short ranges with a day of 23 or 25 hours: no whole number of days."""

    def is_odd(self, start: date, end: date) -> bool:
        days = [start + timedelta(days=each) for each in range((end - start).days + 1)[:4]]
        changes = (
            each.month in (3, 10) and each.day >= 25 and each.weekday() == 6 for each in days
        )
        return days[-1] == end and any(changes)


@fault("range.accepted")
class DecemberRefused(PickyRange):
    """Refuses dates in December: months are counted from 0."""

    def is_odd(self, start: date, end: date) -> bool:
        return 12 in (start.month, end.month)


class LenientRange(Service):
    """Takes some values that are no ranges."""

    def lenient(self, value: Any) -> Any:
        """Return what a value is taken for; None stands for no range."""
        return value

    def read_range(self, body: Body) -> Span | None:
        if self.is_absent(body, RANGE):
            return None
        taken = self.lenient(body[RANGE])
        body = {name: value for name, value in body.items() if name != RANGE}
        return super().read_range(body if taken is None else body | {RANGE: taken})


class StrictNull(LenientRange):
    """Keeps null refused."""

    def lenient(self, value: Any) -> Any:
        return False if value is None else super().lenient(value)


@fault("range.type")
class RangeNullIgnored(LenientRange):
    """Takes null for no range."""


@fault("range.type")
class RangeArrayAccepted(StrictNull):
    """Takes an array for start and end, or for no range."""

    def lenient(self, value: Any) -> Any:
        if not isinstance(value, list):
            return super().lenient(value)
        return dict(zip((START, END), value, strict=True)) if len(value) == 2 else None


@fault("range.type")
class RangeStringAccepted(StrictNull):
    """Takes a string for start and end, or for no range."""

    def lenient(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().lenient(value)
        dates = re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
        return dict(zip((START, END), dates, strict=True)) if len(dates) == 2 else None


@fault("range.type")
class RangeNumberIgnored(StrictNull):
    """Takes a number or a boolean for no range."""

    def lenient(self, value: Any) -> Any:
        return None if isinstance(value, int | float) else super().lenient(value)


@fault("range.type", also=("range.required",))
class FalsyRangeIgnored(LenientRange):
    """Takes {}, [], "", 0, false and null for no range."""

    def lenient(self, value: Any) -> Any:
        return value or None


@fault("range.type")
class RangeTypeUnchecked(LenientRange):
    """Takes everything but an object for no range."""

    def lenient(self, value: Any) -> Any:
        return value if isinstance(value, dict) else None


@fault("range.required")
class StartOptional(LenientRange):
    """Takes a range without its start."""

    def lenient(self, value: Any) -> Any:
        if isinstance(value, dict) and START not in value and END in value:
            return {START: EARLY.isoformat()} | value
        return False if value is None else value


@fault("range.required")
class EndOptional(LenientRange):
    """Takes a range without its end."""

    def lenient(self, value: Any) -> Any:
        if isinstance(value, dict) and END not in value and START in value:
            return {END: LATE.isoformat()} | value
        return False if value is None else value


@fault("range.required")
class BothDatesOptional(LenientRange):
    """Takes a range with neither start nor end for no range."""

    def lenient(self, value: Any) -> Any:
        if isinstance(value, dict) and not {START, END} & value.keys():
            return None
        return False if value is None else value


@fault("range.order")
class OrderUnchecked(Service):
    """Takes ranges that end on the day they start or before it."""

    def check_order(self, start: date, end: date) -> None:
        pass


@fault("range.order")
class EqualDatesAccepted(Service):
    """Takes a range that ends on the day it starts."""

    def check_order(self, start: date, end: date) -> None:
        if start != end:
            super().check_order(start, end)


@fault("range.order")
class ReversedDatesSwapped(Service):
    """Swaps the dates of a range that ends before it starts."""

    def read_range(self, body: Body) -> Span | None:
        span = super().read_range(body)
        return (min(span), max(span)) if span else None

    def check_order(self, start: date, end: date) -> None:
        super().check_order(min(start, end), max(start, end))


@fault("range.order")
class OrderOfYearsChecked(Service):
    """Compares the years only."""

    def check_order(self, start: date, end: date) -> None:
        if start.year != end.year:
            super().check_order(start, end)


@fault("range.order")
class OrderOfTheEpochUnchecked(Service):
    """Does not compare a date that is 0 seconds: `if start and end`."""

    def check_order(self, start: date, end: date) -> None:
        if date(1970, 1, 1) not in (start, end):
            super().check_order(start, end)


@fault("range.order")
class OrderUncheckedInTheFuture(Service):
    """Does not compare dates that lie in the future."""

    def check_order(self, start: date, end: date) -> None:
        if start <= self.now():
            super().check_order(start, end)


def shift(year: int, month: int, day: int) -> date | None:
    """Return the day with what is too much in month or day carried on, None where it cannot be."""
    try:
        first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        return first + timedelta(days=day - 1)
    except (ValueError, OverflowError):
        return None


def parsed(text: str, layout: str) -> date | None:
    """Return the day that a text of a certain layout names, None for any other text."""
    try:
        return datetime.strptime(text, layout).replace(tzinfo=UTC).date()
    except ValueError:
        return None
