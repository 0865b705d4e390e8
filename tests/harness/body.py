"""What the contract permits for a body: the options, their bounds and their combinations.

A fault is a tuple of (clause, case) from the plain clause to the most specific one; a grant is a
(clause, case) that the body may rely on to be accepted. Both come from the document's own numbers
(`Rules`) and from the few rules that no schema can say.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import jsontext
from .document import Rules

Claimed = tuple[str, str]
"""A clause and a class of case of it."""

SHAPED = re.compile(r"[PT][0-9]{8}\.[0-9A-Za-z]{22,200}", re.ASCII)
"""An id shaped like the example in the document (clause ids.accepted)."""

OPTIONS = ("transaction_ids", "number_of_transactions", "date_range")
BESIDE = "exclusion.count-range-allowed"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a valid body; None where an option is absent."""

    ids: tuple[str, ...] | None = None
    count: int | None = None
    start: dt.date | None = None
    end: dt.date | None = None

    def words(self) -> str:
        """What is selected, in words."""
        parts = []
        if self.ids is not None:
            parts.append("an empty array" if not self.ids else f"{len(self.ids)} ids")
        if self.count is not None:
            parts.append(f"a count of {self.count}")
        if self.start is not None:
            parts.append(f"{self.start} to {self.end}")
        return " and ".join(parts) or "no options"


@dataclass(slots=True)
class Content:
    """What the contract says about one body."""

    faults: list[tuple[Claimed, ...]] = field(default_factory=list)
    grants: list[Claimed] = field(default_factory=list)
    opens: list[Claimed] = field(default_factory=list)
    options: Options | None = None


def read(raw: bytes | None, typed: bool, rules: Rules) -> Content:
    """Judge a body that is sent as JSON, or is not sent.

    Args:
        raw: the bytes; None for no body at all.
        typed: whether a Content-Type came with it.
        rules: the document's numbers.
    """
    content = Content()
    if raw is None:
        content.options = Options()
        if typed:
            content.opens.append(("observe.odd-json", "zero bytes"))
        else:
            content.grants.append(("body.optional", "no body"))
        return content
    text = jsontext.read(raw)
    if text.kind == "odd":
        content.opens.append(("observe.odd-json", text.case))
    elif text.kind == "json":
        _value(text.value, rules, content)
    else:
        clause = "body.json" if text.kind == "broken" else "body.json-strict"
        content.faults.append(((clause, text.case),))
    return content


def _value(value: Any, rules: Rules, content: Content) -> None:
    if value is None:
        content.faults.append((("body.null", "null as body"),))
    elif not isinstance(value, dict):
        content.faults.append((("body.object", f"{kind(value)} as body"),))
    else:
        _options(value, rules, content)


def _options(body: dict[str, Any], rules: Rules, content: Content) -> None:
    has_ids, has_count, has_range = (name in body for name in OPTIONS)
    ids = _ids(body["transaction_ids"], rules, content) if has_ids else None
    beside = has_count and has_range
    count = None
    if has_count:
        count = _count(body["number_of_transactions"], beside, rules, content)
    span = _range(body["date_range"], beside, rules, content) if has_range else None
    if has_ids and isinstance(body["transaction_ids"], list) and body["transaction_ids"]:
        _exclusion(len(body["transaction_ids"]), has_count, has_range, content)
    if beside and not content.faults:
        content.grants.append((BESIDE, "count with a range"))
    if ids == ():
        context = {(0, 0): "alone", (1, 0): "with a count", (0, 1): "with a range"}
        case = context.get((has_count, has_range), "with both")
        content.grants.append(("ids.empty-accepted", f"empty ids {case}"))
        _hide(content, "ids.empty-accepted", "empty ids")
    if body.keys() - set(OPTIONS):
        content.grants.append(("body.open", "unknown property"))
        _hide(content, "body.open", "an unknown property")
    if isinstance(body.get("date_range"), dict) and len(body["date_range"]) > 2:
        content.grants.append(("body.open", "unknown property in the range"))
    if not body:
        content.grants.append(("body.empty", "empty object"))
    if not content.faults:
        start, end = span or (None, None)
        content.options = Options(ids, count, start, end)


def _hide(content: Content, clause: str, hider: str) -> None:
    """Where a fault is refused elsewhere, it is what stands beside it that hid it.

    The fault's own claim stays the most specific: where both held elsewhere, it is to blame.
    """
    for number, claims in enumerate(content.faults):
        option = claims[0][0].partition(".")[0]
        if option in ("ids", "count", "range"):
            hidden = (clause, f"bad {option} beside {hider}")
            content.faults[number] = (*claims[:-1], hidden, claims[-1])


def _exclusion(number: int, has_count: bool, has_range: bool, content: Content) -> None:
    what = "ids" if number == 1 else "many ids"
    if has_count:
        case = "ids with a count and a range" if has_range else f"{what} with a count"
        content.faults.append((("exclusion.ids-count", case),))
    elif has_range:
        content.faults.append((("exclusion.ids-range", f"{what} with a range"),))


def _ids(value: Any, rules: Rules, content: Content) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        content.faults.append((("ids.type", f"{kind(value)} as ids"),))
        return None
    wrong = next((n for n, item in enumerate(value) if not isinstance(item, str)), None)
    if wrong is not None:
        case = f"{kind(value[wrong])} among the ids"
        if wrong >= rules.ids_maximum - 1:
            case = "wrong item in the 1000th place"
        elif wrong > 0:
            case = "wrong item after good ones"
        content.faults.append((("ids.items", case),))
    if len(value) > rules.ids_maximum:
        near = len(value) == rules.ids_maximum + 1
        content.faults.append((("ids.max-items", "1001 ids" if near else "far too many ids"),))
    if content.faults or not value:
        return tuple(value) if not content.faults else None
    odd = dict.fromkeys(kind_of_string(item) for item in value if not SHAPED.fullmatch(item))
    if odd:
        content.grants += [("ids.any-string", kind) for kind in odd]
    elif len(value) == rules.ids_maximum:
        content.grants.append(("ids.max-items", "1000 ids"))
    elif len(set(value)) < len(value):
        content.grants.append(("ids.accepted", "the same id twice"))
    else:
        content.grants.append(("ids.accepted", "one id" if len(value) == 1 else "several ids"))
    return tuple(value)


def _count(value: Any, beside: bool, rules: Rules, content: Content) -> int | None:
    fault: Claimed | None = None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        fault = ("count.type", f"{kind(value)} as count")
    elif not integral(value):
        fault = ("count.type", "fraction as count")
    elif value < rules.count_minimum:
        fault = ("count.minimum", "count of zero" if value == 0 else "negative count")
    elif value > rules.count_maximum:
        near = value == rules.count_maximum + 1
        fault = ("count.maximum", "count over the maximum" if near else "huge count")
    elif isinstance(value, Decimal):
        content.opens.append(("observe.integral-float", "count written as a float"))
        return None
    if fault:
        content.faults.append((fault, (BESIDE, "bad count beside a range"))[: 1 + beside])
        return None
    bounds = {rules.count_minimum: "count of 1", rules.count_maximum: "count of 10000"}
    content.grants.append(("count.accepted", bounds.get(int(value), "count in between")))
    return int(value)


def integral(number: int | Decimal) -> bool:
    """Whether a number has no fraction, however it is written."""
    return number == Decimal(number).to_integral_value()


def _range(
    value: Any, beside: bool, rules: Rules, content: Content
) -> tuple[dt.date, dt.date] | None:
    def fault(clause: str, case: str) -> None:
        found = ((f"range.{clause}", case), (BESIDE, "bad range beside a count"))
        content.faults.append(found[: 1 + beside])

    if not isinstance(value, dict):
        fault("type", f"{kind(value)} as range")
        return None
    missing = [name for name in rules.range_required if name not in value]
    if missing:
        sides = {"start_date": "range without a start", "end_date": "range without an end"}
        fault("required", sides[missing[0]] if len(missing) == 1 else "empty range")
    dates = {}
    for name in ("start_date", "end_date"):
        if name not in value:
            continue
        wrong = date_fault(value[name])
        if wrong == "year 0000":
            content.opens.append(("observe.year-0000", f"{name}: year 0000"))
        elif wrong:
            fault("date", f"{name}: {wrong}")
        else:
            dates[name] = dt.date.fromisoformat(value[name])
    if len(dates) < 2:
        return None
    start, end = dates["start_date"], dates["end_date"]
    if start >= end:
        fault("order", "equal dates" if start == end else "reversed dates")
        return None
    content.grants += [("range.accepted", kind) for kind in kinds_of_range(start, end)]
    return start, end


DATE_FAULTS: Sequence[tuple[str, re.Pattern[str]]] = [
    ("newline after", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[\r\n]+")),
    ("blank around", re.compile(r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*")),
    ("date with a time", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].*", re.DOTALL)),
    ("slashes", re.compile(r"[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}")),
    ("no hyphens", re.compile(r"[0-9]{8}")),
    ("no leading zeros", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")),
    ("week date", re.compile(r"[0-9]{4}-?W[0-9]{2}(-?[1-7])?")),
]


def date_fault(value: Any) -> str | None:
    """Why a value is no full-date (RFC 3339, section 5.6); None where it is one.

    "year 0000" is a full-date by the letter, and one that few calendars know.
    """
    if not isinstance(value, str):
        name = kind(value)
        return name if name in ("number", "null") else "boolean, array or object"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        year, month, day = (int(part) for part in value.split("-"))
        if not 1 <= month <= 12:
            return "no such month"
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if not 1 <= day <= (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]:
            return "no such day"
        return "year 0000" if year == 0 else None
    if any(character.isdigit() and not character.isascii() for character in value):
        return "digits that are not ASCII"
    return next((name for name, shape in DATE_FAULTS if shape.fullmatch(value)), "words")


def kinds_of_range(start: dt.date, end: dt.date) -> list[str]:
    """The classes of a range that is accepted (clause range.accepted)."""
    days = (end - start).days
    clocks = [_last_sunday(start.year, 3), _last_sunday(start.year, 10)]
    kinds = {
        "range to a leap day": (end.month, end.day) == (2, 29),
        "range from the year 1": start.year == 1,
        "range to the year 9999": end.year == 9999,
        "range in the future": start.year > 2200,
        "range long past": end.year < 1900,
        "range of adjacent days": days == 1,
        "range across a change of clocks": days < 40 and any(start < day < end for day in clocks),
        "range across years": start.year < end.year,
        "range across months": start.year == end.year and start.month < end.month,
    }
    return [name for name, holds in kinds.items() if holds] or ["other range"]


def _last_sunday(year: int, month: int) -> dt.date:
    last = dt.date(year, month, 31)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def kind_of_string(text: str) -> str:
    """The class of an id that is not shaped like the example (clause ids.any-string)."""
    kinds = {
        "empty id": not text,
        "id with NUL": "\0" in text,
        "id written right to left": any(
            unicodedata.bidirectional(character) in ("R", "AL", "RLO") for character in text
        ),
        "id with emoji": any(ord(character) > 0xFFFF for character in text),
        "id with control characters": any(unicodedata.category(c) == "Cc" for c in text),
        "id with other letters": not text.isascii(),
        "id with quotes": any(quote in text for quote in "'\"`"),
        "id with metacharacters": not re.fullmatch(r"[\w.-]*", text, re.ASCII),
        "long id": len(text) > 64,
    }
    return next((name for name, holds in kinds.items() if holds), "short id")


def kind(value: Any) -> str:
    """The JSON type of a value, in a word."""
    if value is None:
        return "null"
    names: dict[type, str] = {bool: "boolean", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "number")
