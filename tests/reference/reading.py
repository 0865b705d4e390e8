"""What a request asks for: from the bytes of a body to checked options."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from tests.reference.messages import Refusal, Request

IDS = "transaction_ids"
COUNT = "number_of_transactions"
RANGE = "date_range"
START = "start_date"
END = "end_date"

FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Body = dict[str, Any]
Span = tuple[date, date]


@dataclass(slots=True)
class Options:
    """What a valid body asks for; None is an option that was not given (or an empty array)."""

    ids: list[str] | None = None
    count: int | None = None
    span: Span | None = None


def _reject_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def read_int(digits: str) -> int:
    """Return the integer that JSON digits stand for.

    An integer of any length is valid JSON, yet Python refuses to read thousands of digits: what
    is left of such a number is still far beyond every bound.
    """
    return int(digits[:4000])


DECODER = json.JSONDecoder(parse_constant=_reject_constant, parse_int=read_int)


def full_date(value: Any) -> date | None:
    """Return the day that a full-date of RFC 3339 names, None for anything else."""
    if not isinstance(value, str) or not FULL_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


class Reading:
    """The part of the service that reads and checks bodies."""

    max_body = 1024 * 1024
    max_ids = 1000
    min_count = 1
    max_count = 10000

    def read_body(self, request: Request) -> Body:
        """Return the JSON object of a request, an empty one where it has no body."""
        if not request.body:
            return {}
        if len(request.body) > self.max_body:
            raise Refusal(413, "The body is too large.", reason="size")
        if not self.is_json_type(request.header("content-type") or ""):
            raise Refusal(415, "The body must be application/json.", reason="media-type")
        try:
            body = self.parse(request.body)
        except (ValueError, RecursionError) as error:
            raise Refusal(400, f"The body is no JSON: {error}", reason="malformed") from error
        return self.check_body(body)

    def is_json_type(self, media_type: str) -> bool:
        """Tell if a Content-Type, whatever its parameters and case, is application/json."""
        return media_type.partition(";")[0].strip().lower() == "application/json"

    def parse(self, raw: bytes) -> Any:
        """Return the JSON value that the bytes stand for; raises ValueError or RecursionError."""
        return DECODER.decode(raw.decode())

    def check_body(self, body: Any) -> Body:
        """Return a body that is an object, refuse any other."""
        if not isinstance(body, dict):
            raise self.invalid("", "type", "The body must be an object.")
        return body

    def read_options(self, body: Body) -> Options:
        """Return what a body asks for."""
        options = Options(self.read_ids(body), self.read_count(body), self.read_range(body))
        self.check_combination(options)
        return options

    def is_absent(self, body: Body, name: str) -> bool:
        """Tell if an option is not given."""
        return name not in body

    def read_ids(self, body: Body) -> list[str] | None:
        """Return the transaction ids of a body, None where there are none."""
        if self.is_absent(body, IDS):
            return None
        value = body[IDS]
        if not isinstance(value, list):
            raise self.invalid(IDS, "type", "must be an array.")
        self.check_number_of_ids(value)
        return [self.read_id(index, item) for index, item in enumerate(value)] or None

    def check_number_of_ids(self, items: list[Any]) -> None:
        """Refuse more ids than one report takes."""
        if len(items) > self.max_ids:
            raise self.invalid(IDS, "bounds", f"must have at most {self.max_ids} items.")

    def read_id(self, index: int, item: Any) -> str:
        """Return one transaction id."""
        if not isinstance(item, str):
            raise self.invalid(f"{IDS}/{index}", "type", "must be a string.")
        return item

    def read_count(self, body: Body) -> int | None:
        """Return the number of transactions that a body asks for, None where it gives none."""
        if self.is_absent(body, COUNT):
            return None
        return self.check_count(self.to_count(body[COUNT]), body)

    def to_count(self, value: Any) -> int:
        """Return a value that is an integer, refuse any other."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.invalid(COUNT, "type", "must be an integer.")
        return value

    def check_count(self, count: int, body: Body) -> int:
        """Return a number that is within its bounds, refuse any other."""
        if count < self.min_count:
            raise self.invalid(COUNT, "bounds", f"must be at least {self.min_count}.")
        if count > self.max_count:
            raise self.invalid(COUNT, "bounds", f"must be at most {self.max_count}.")
        return count

    def read_range(self, body: Body) -> Span | None:
        """Return the first and last day that a body asks for, None where it gives none."""
        if self.is_absent(body, RANGE):
            return None
        value = body[RANGE]
        if not isinstance(value, dict):
            raise self.invalid(RANGE, "type", "must be an object.")
        self.check_required(value)
        start = self.read_date(START, value[START])
        end = self.read_date(END, value[END])
        self.check_order(start, end)
        return start, end

    def check_required(self, span: Body) -> None:
        """Refuse a range that lacks one of its dates."""
        for name in (START, END):
            if name not in span:
                raise self.invalid(f"{RANGE}/{name}", "required", "is required.")

    def read_date(self, name: str, value: Any) -> date:
        """Return one date of a range (`name` tells which)."""
        day = self.to_date(value)
        if day is None:
            raise self.invalid(f"{RANGE}/{name}", "date", "must be a date as 2025-12-01.")
        return day

    def to_date(self, value: Any) -> date | None:
        """Return the day that a full-date of RFC 3339 names, None for anything else."""
        return full_date(value)

    def check_order(self, start: date, end: date) -> None:
        """Refuse a range that does not end after it starts."""
        if start >= end:
            raise self.invalid(RANGE, "order", "start_date must be before end_date.")

    def check_combination(self, options: Options) -> None:
        """Refuse ids beside a count or a range."""
        if options.ids is None:
            return
        for name, value in ((COUNT, options.count), (RANGE, options.span)):
            if value is not None:
                raise self.invalid(IDS, "combination", f"cannot be combined with {name}.")

    def invalid(self, field: str, reason: str, message: str) -> Refusal:
        """Return the refusal of a value in the body."""
        text = f"{field} {message}" if field else message
        return Refusal(400, text, field=field, reason=reason)
