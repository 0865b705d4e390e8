"""The oracle against a JSON Schema, and other readers, on whatever Hypothesis makes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ..harness import body, jsontext, strategies
from ..harness.cases import days, encode
from ..harness.wire import Request
from .helpers import (
    ACCOUNT,
    DOCUMENT,
    ORACLE,
    examples,
    read,
)

# --------------------------------------------------------------------------------- properties


SCHEMA = jsonschema_rs.Draft4Validator(
    DOCUMENT.corrected["components"]["schemas"]["TestReportOptions"], validate_formats=True
)


DATE = jsonschema_rs.Draft4Validator({"type": "string", "format": "date"}, validate_formats=True)


def dates_of(value: Any) -> Any:
    dates = value.get("date_range") if isinstance(value, dict) else None
    if isinstance(dates, dict):
        return {name: dates[name] for name in ("start_date", "end_date") if name in dates}
    return dates


def in_order(value: Any) -> bool:
    """What no schema can say; where there are no two dates, it is true."""
    dates = dates_of(value)
    return not isinstance(dates, dict) or dates.get("start_date", "") < dates.get("end_date", "~")


def texts(dates: Any) -> list[str]:
    values = dates.values() if isinstance(dates, dict) else ()
    return [date for date in values if isinstance(date, str)]


def of_digits(date: str) -> bool:
    """Whether a date holds only digits and hyphens: jsonschema_rs takes ".001-01-01"."""
    return set(date) <= set("0123456789-")


def refuse(constant: str) -> None:
    raise ValueError(constant)


@examples(400)
@given(strategies.bodies(ACCOUNT))
@example({"number_of_transactions": 1.0})
@example({"date_range": {"start_date": "0000-01-01", "end_date": "0001-01-01"}})
@example({"date_range": days("1990-06-12", "1990-06-12")})
@example({"transaction_ids": [""], "number_of_transactions": 1})
def test_the_oracle_accepts_what_the_corrected_schema_accepts(value: Any) -> None:
    text = encode(value)
    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assume(False)
    reading = read(raw=text, media_type="application/json")
    accepted = SCHEMA.is_valid(value) and in_order(value)
    clauses = {claim.clause for claim in reading.opens}
    # A schema of draft 4 takes 1.0 for no integer; the year 0000 is a date to it.
    if not all(of_digits(date) for date in texts(dates_of(value))):
        accepted = False
    if not reading.faults and clauses == {"observe.integral-float"}:
        accepted = True
    if clauses - {"observe.integral-float", "observe.year-0000"}:
        assert clauses <= {"observe.odd-json", "observe.large-body"}
        assume(False)
    assert (not reading.faults) is accepted


@examples(500)
@given(strategies.dates())
def test_a_date_is_one_where_the_schema_says_so(value: Any) -> None:
    accepted = DATE.is_valid(value) and of_digits(value)
    assert (body.date_fault(value) in (None, "year 0000")) is accepted


@examples(500)
@given(st.one_of(st.binary(max_size=60), strategies.broken_json(ACCOUNT)))
def test_any_bytes_are_read(content: bytes) -> None:
    text = jsontext.read(content)
    assert text.kind == "json" or text.case
    try:
        strict: Any = json.loads(content.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        assert text.kind != "json"
    else:
        assert text.kind in ("json", "odd")
        assert text.kind == "odd" or text.value == strict or "." in str(strict)


HEADERS = st.sampled_from(["Authorization", "Content-Type", "content-type", "X-Other"])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


VALUES = st.one_of(
    TEXT,
    TEXT.map("Bearer ".__add__),
    st.lists(st.text("eyJ.W10_-=A", max_size=12), min_size=3, max_size=3).map(
        lambda parts: "Bearer " + ".".join(parts)
    ),
    st.text(' ;="/charsetutf8aplinjo', max_size=30).map("application/json;".__add__),
)


PATHS = st.one_of(
    TEXT, TEXT.map(ORACLE.path), st.text("%0123456789TPtpABF", max_size=12).map(ORACLE.path)
)


@examples(500)
@given(
    st.sampled_from(["POST", "GET", "PUT", ""]),
    PATHS,
    st.lists(st.tuples(HEADERS, VALUES), max_size=4),
    st.one_of(st.none(), st.binary(max_size=200)),
)
def test_any_request_is_read(
    method: str, path: str, headers: list[tuple[str, str]], content: bytes | None
) -> None:
    reading = ORACLE.read(Request(method, path, tuple(headers), content))
    assert reading.claims
    assert reading.valid is (not reading.faults and not reading.opens and method == "POST")
    assert reading.options is None or not any(
        claim.clause.startswith(("body", "ids", "count", "range", "exclusion"))
        for fault in reading.faults
        for claim in fault.claims
    )


@pytest.mark.parametrize(
    ("month", "days"), [*enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)]
)
def test_each_month_has_its_last_day(month: int, days: int) -> None:
    assert body.date_fault(f"1990-{month:02}-{days:02}") is None
    assert body.date_fault(f"1990-{month:02}-{days + 1:02}") == "no such day"


@pytest.mark.parametrize(
    ("place", "case"),
    [
        (0, "number among the ids"),
        (1, "wrong item after good ones"),
        (998, "wrong item after good ones"),
        (999, "wrong item in the 1000th place"),
    ],
)
def test_a_wrong_item_is_of_the_class_of_its_place(place: int, case: str) -> None:
    ids: list[object] = [f"{ACCOUNT}.{'a' * 22}"] * 1000
    ids[place] = 5
    assert [claim.case for claim in read({"transaction_ids": ids}).claims] == [case]
