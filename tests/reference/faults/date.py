"""Faults in reading one date: what lenient date libraries take."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime
from typing import Any

from tests.reference.faults.ranges import EARLY, LATE, parsed, shift
from tests.reference.reading import END, START, full_date
from tests.reference.service import Service
from tests.reference.variants import fault

DIGITS = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class LenientDate(Service):
    """Takes some texts that are no full-dates."""

    def lenient(self, text: str) -> date | None:
        """Return the day that a text is taken for, None where it is refused."""
        return None

    def to_date(self, value: Any) -> date | None:
        day = super().to_date(value)
        return self.lenient(value) if day is None and isinstance(value, str) else day


@fault("range.date")
class DaysRollOver(LenientDate):
    """Takes February 30 for a day in March."""

    def lenient(self, text: str) -> date | None:
        match = DIGITS.fullmatch(text)
        year, month, day = map(int, match.groups()) if match else (0, 0, 0)
        return shift(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


@fault("range.date")
class MonthsRollOver(LenientDate):
    """Takes month 13 for January of the next year."""

    def lenient(self, text: str) -> date | None:
        match = DIGITS.fullmatch(text)
        year, month, day = map(int, match.groups()) if match else (0, 0, 0)
        return shift(year, month, day) if month > 12 and 1 <= day <= 31 else None


@fault("range.date")
class DaysClamped(LenientDate):
    """Takes a day that the month does not have for its last."""

    def lenient(self, text: str) -> date | None:
        match = DIGITS.fullmatch(text)
        if not match or not 28 < int(match[3]) < 32:
            return None
        return full_date(text[:8] + "30") or full_date(text[:8] + "28")


@fault("range.date")
class CalendarUnchecked(LenientDate):
    """Takes everything that matches the pattern of a date."""

    def lenient(self, text: str) -> date | None:
        return LATE if DIGITS.fullmatch(text) and not text.startswith("0000") else None


@fault("range.date")
class DateTimesAccepted(LenientDate):
    """Takes a date with a time."""

    def lenient(self, text: str) -> date | None:
        return full_date(text[:10]) if re.match(r"[Tt ]\d\d", text[10:]) else None


@fault("range.date")
class DatePrefixAccepted(LenientDate):
    """Takes whatever starts with a date: match instead of fullmatch."""

    def lenient(self, text: str) -> date | None:
        return full_date(text[:10])


@fault("range.date")
class DateAnywhereAccepted(LenientDate):
    """Takes whatever has a date in it: search instead of fullmatch."""

    def lenient(self, text: str) -> date | None:
        match = DIGITS.search(text)
        return full_date(match[0]) if match else None


@fault("range.date")
class SlashesAccepted(LenientDate):
    """Takes slashes or dots for hyphens."""

    def lenient(self, text: str) -> date | None:
        return full_date(re.sub("[/.]", "-", text))


@fault("range.date")
class CompactDatesAccepted(LenientDate):
    """Takes a date without hyphens."""

    def lenient(self, text: str) -> date | None:
        return parsed(text, "%Y%m%d") if re.fullmatch("[0-9]{8}", text) else None


@fault("range.date")
class UnpaddedDatesAccepted(LenientDate):
    """Takes months and days of one digit."""

    def lenient(self, text: str) -> date | None:
        return parsed(text, "%Y-%m-%d") if re.fullmatch("[0-9]{4}-[0-9]+-[0-9]+", text) else None


@fault("range.date")
class WeekDatesAccepted(LenientDate):
    """Takes a date by week and weekday."""

    def lenient(self, text: str) -> date | None:
        return parsed(text, "%G-W%V-%u")


@fault("range.date")
class IsoFormatsAccepted(LenientDate):
    """Takes every form of ISO 8601 that the language's own date reader takes."""

    def lenient(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None


@fault("range.date")
class DayFirstAccepted(LenientDate):
    """Takes dates that start with the day."""

    def lenient(self, text: str) -> date | None:
        return parsed(re.sub("[/.]", "-", text), "%d-%m-%Y")


@fault("range.date")
class UnicodeDigitsAccepted(LenientDate):
    r"""Takes the digits of all scripts in dates: `\d` matches them."""

    def lenient(self, text: str) -> date | None:
        match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
        return shift(*map(int, match.groups())) if match else None


@fault("range.date")
class DatesStripped(LenientDate):
    """Strips blanks around dates."""

    def lenient(self, text: str) -> date | None:
        return full_date(text.strip())


@fault("range.date")
class DateNewlineAccepted(LenientDate):
    """Takes a newline after a date: `$` matches before it."""

    def lenient(self, text: str) -> date | None:
        return full_date(text.removesuffix("\n"))


@fault("range.date")
class CenturyLeapDayAccepted(LenientDate):
    """Takes every fourth year for a leap year, 1900 and 2100 too."""

    def lenient(self, text: str) -> date | None:
        leap = text.endswith("00-02-29") and DIGITS.fullmatch(text)
        return full_date(text[:8] + "28") if leap else None


@fault("range.date")
class DateFormatUnchecked(Service):
    """Takes any string for a date."""

    def read_date(self, name: str, value: Any) -> date:
        if isinstance(value, str) and self.to_date(value) is None:
            return EARLY if name == START else LATE
        return super().read_date(name, value)


@fault("range.date")
class StartDateUnchecked(Service):
    """Takes any string for the start."""

    def read_date(self, name: str, value: Any) -> date:
        if name == START and isinstance(value, str) and self.to_date(value) is None:
            return EARLY
        return super().read_date(name, value)


@fault("range.date")
class EndDateUnchecked(Service):
    """Takes any string for the end."""

    def read_date(self, name: str, value: Any) -> date:
        if name == END and isinstance(value, str) and self.to_date(value) is None:
            return LATE
        return super().read_date(name, value)


@fault("range.date")
class NullDateAccepted(Service):
    """Takes null for a date that is not given."""

    def read_date(self, name: str, value: Any) -> date:
        if value is None:
            return EARLY if name == START else LATE
        return super().read_date(name, value)


@fault("range.date")
class EmptyDateAccepted(Service):
    """Takes an empty string for a date that is not given."""

    def read_date(self, name: str, value: Any) -> date:
        if value == "":
            return EARLY if name == START else LATE
        return super().read_date(name, value)


@fault("range.date")
class TimestampsAccepted(Service):
    """Takes numbers for seconds, or digits of a date, or failing that for the farthest day."""

    def read_date(self, name: str, value: Any) -> date:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return super().read_date(name, value)
        day = parsed(str(value), "%Y%m%d")
        with contextlib.suppress(ValueError, OverflowError, OSError):
            day = day or datetime.fromtimestamp(value, UTC).date()
        return day or (EARLY if name == START else LATE)


@fault("range.date")
class JavascriptDatesAccepted(LenientDate):
    """Takes what JavaScript prints for a day: with a time in milliseconds, in UTC."""

    def lenient(self, text: str) -> date | None:
        return full_date(text.removesuffix("T00:00:00.000Z"))


@fault("range.date")
class OffsetsAccepted(LenientDate):
    """Takes a time with an offset after a date."""

    def lenient(self, text: str) -> date | None:
        return full_date(re.sub(r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d$", "", text))


@fault("range.date")
class ShortDaysAccepted(LenientDate):
    """Takes a day of one digit after a month of two."""

    def lenient(self, text: str) -> date | None:
        return full_date(re.sub(r"-(\d)$", r"-0\1", text))


@fault("range.date")
class LongYearsAccepted(LenientDate):
    """Takes a year of five digits for the last there is."""

    def lenient(self, text: str) -> date | None:
        return LATE if re.fullmatch(r"[1-9]\d{4}-\d\d-\d\d", text) else None


@fault("range.date")
class MonthNamesAccepted(LenientDate):
    """Takes the short name of a month."""

    def lenient(self, text: str) -> date | None:
        return parsed(text, "%Y-%b-%d")


@fault("range.date")
class LeapDayOf2100Accepted(LenientDate):
    """Takes February 29 of 2100."""

    def lenient(self, text: str) -> date | None:
        return date(2100, 3, 1) if text == "2100-02-29" else None


@fault("range.date")
class DayFirstWithDashesAccepted(LenientDate):
    """Takes a date that begins with its day."""

    def lenient(self, text: str) -> date | None:
        return parsed(text, "%d-%m-%Y")


@fault("range.date")
class DaysPaddedWithSpaces(LenientDate):
    """Takes a space for a zero, as some scanners of numbers do."""

    def lenient(self, text: str) -> date | None:
        return full_date(re.sub("- ", "-0", text))


@fault("range.date")
class SeptemberTooLong(LenientDate):
    """Takes September 31 and November 31."""

    def lenient(self, text: str) -> date | None:
        return full_date(text[:8] + "30") if re.fullmatch(r"\d{4}-(09|11)-31", text) else None


@fault("range.date")
class ExpandedYearsAccepted(LenientDate):
    """Takes a year of six digits after a sign, as ISO 8601 lets two parties agree on."""

    def lenient(self, text: str) -> date | None:
        return full_date(text[3:]) if re.fullmatch(r"[+-]00\d{4}-\d\d-\d\d", text) else None


@fault("range.date")
class SecondsOfTenDigitsAccepted(LenientDate):
    """Takes ten to thirteen digits for seconds or milliseconds of the epoch."""

    def lenient(self, text: str) -> date | None:
        return EARLY if re.fullmatch(r"\d{10,13}", text) else None


@fault("range.accepted")
class TwoDigitYearsFolded(Service):
    """Takes the years up to 99 for those of the last century, as some constructors do."""

    def to_date(self, value: Any) -> date | None:
        found = super().to_date(value)
        return found.replace(year=found.year + 1900) if found and found.year < 100 else found
