"""Chapter range: date_range, two real dates of which the first comes first."""

import datetime as dt
from typing import Any

import pytest

from tests.harness.cases import days
from tests.harness.fixtures import Put

clause = pytest.mark.clause
START, END = "1990-06-11", "1990-06-12"

WRONG_STARTS = [
    "1990/06/12",
    "12-06-1990",
    "19900612",
    "+001990-06-12",
    "1990-W24-1",
    "1990-Jun-12",
    "1990-06- 9",
    "1990-06-12\n",
    "١٩٩٠-٠٦-١٢",
    "6451488000",
    19900612,
    None,
]
WRONG_ENDS = [
    "2100-02-29",
    "1990-13-01",
    "1990-09-31",
    "1990-06-12T00:00:00+02:00",
    "12/06/1990",
    "1990-06-9",
    "19900-06-12",
    "1990-06-12 ",
    "",
]
"""Each class on one side at least, and near misses that tell most."""

TELLING = ["1990-06-12T00:00:00.000Z"]

MORE = [
    "1900-02-29",
    "1990-02-30",
    "1990-00-10",
    "1990-6-9",
    "1990-06-12T00:00:00Z",
    "1990-06-1२",
    " 1990-06-12",
    645148800,
    "1990-02-29",
    "1990-04-31",
    "1990-06-31",
    "1990-11-31",
    "1990-06-00",
    "1990-06-32",
    "1990-06-12 00:00:00",
    "1990-06-12T00:00:00",
    "1990-06-12T",
    "1990-06-12Z",
    "1990-06-12+00:00",
    "tomorrow",
    "1990-06-12\u00a0",
    "12.06.1990",
    "1990.06.12",
    "1990-06",
    "1990",
    "90-06-12",
    "+1990-06-12",
    "-1990-06-12",
    "011990-06-12",
    "1990-164",
    "1990W241",
    "１９９０-06-12",
    "1990-06-12\0",
    "1990‐06‐12",
    "12 June 1990",
    "Tue, 12 Jun 1990",
    "now",
    "null",
    "645148800",
    0,
    1.5,
    True,
    [],
    ["1990-06-12"],
    {},
    {"date": "1990-06-12"},
]


@clause("range.accepted")
@pytest.mark.smoke
def test_any_two_real_dates_are_accepted_however_far_apart(put: Put) -> None:
    put({"date_range": days("0001-01-01", "1988-02-29")})
    put({"date_range": days("2999-12-31", "9999-12-31")})


@clause("range.accepted")
def test_two_real_dates_in_order_are_accepted(put: Put) -> None:
    put({"date_range": days("1990-06-11", "1990-06-12")})
    put({"date_range": days("1990-06-20", "1990-07-05")})
    put({"date_range": days("1989-12-20", "1990-01-10")})
    put({"date_range": days("1990-03-24", "1990-03-26")})
    put({"date_range": days("0099-12-31", "0100-01-01")})


@clause("range.accepted")
@pytest.mark.depth
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_accepted(put: Put, month: int) -> None:
    first = dt.date(1991, month, 1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    put({"date_range": days(first, last)})
    put({"date_range": days(last - dt.timedelta(days=1), last)})
    put({"date_range": days(last, last + dt.timedelta(days=1))})
    put({"date_range": days(first.replace(day=9), first.replace(day=10))})


@clause("range.accepted")
@pytest.mark.depth
def test_far_dates_and_leap_days_are_accepted(put: Put) -> None:
    put({"date_range": days("0001-01-01", "0001-02-01")})
    put({"date_range": days("2999-01-01", "2999-12-31")})
    put({"date_range": days("9999-12-01", "9999-12-31")})
    put({"date_range": days("1988-02-27", "1988-02-29")})
    put({"date_range": days("1600-02-29", "1600-03-01")})
    put({"date_range": days("2000-02-29", "2000-03-01")})
    put({"date_range": days("1988-02-29", "1988-03-01")})
    put({"date_range": days("1992-02-28", "1992-02-29")})
    put({"date_range": days("2400-02-28", "2400-02-29")})
    put({"date_range": days("1969-12-30", "1969-12-31")})
    put({"date_range": days("1969-12-31", "1970-01-01")})
    put({"date_range": days("1970-01-01", "1970-01-02")})
    put({"date_range": days("2038-01-18", "2038-01-19")})
    put({"date_range": days("2038-01-19", "2038-01-20")})
    put({"date_range": days("1899-12-31", "1900-01-01")})
    put({"date_range": days("0999-12-31", "1000-01-01")})
    put({"date_range": days("1815-02-01", "1815-06-18")})
    put({"date_range": days("0060-01-01", "1950-01-01")})
    put({"date_range": days("1582-10-04", "1582-10-15")})
    put({"date_range": days("1990-03-20", "1990-03-30")})
    put({"date_range": days("1990-10-20", "1990-10-30")})
    put({"date_range": days("1990-10-21", "1990-10-22")})
    put({"date_range": days("0001-01-01", "1990-01-01")})
    put({"date_range": days("2900-01-01", "9999-12-31")})


@clause("range.type")
@pytest.mark.parametrize(
    "span",
    [
        pytest.param(f"{START}/{END}", marks=pytest.mark.smoke),
        "",
        f"{START}..{END}",
        19900611,
        True,
        None,
        [START, END],
    ],
    ids=str,
)
def test_what_is_no_object_is_refused(put: Put, span: object) -> None:
    put({"date_range": span})


@clause("range.type")
@pytest.mark.depth
def test_what_reads_like_a_range_is_refused(put: Put) -> None:
    spans: list[Any] = [f"{START},{END}", 0, False, [], [{}], "null"]
    for span in spans:
        put({"date_range": span})


@clause("range.required")
@pytest.mark.smoke
def test_a_missing_date_is_refused(put: Put) -> None:
    put({"date_range": {"start_date": START}, "number_of_transactions": 1})
    put({"date_range": {"gte": START, "lte": END}})


@clause("range.required")
def test_a_missing_start_is_refused(put: Put) -> None:
    put({"date_range": {"end_date": END}})


@clause("range.required")
@pytest.mark.depth
def test_a_date_under_another_name_is_missing(put: Put) -> None:
    put({"date_range": {"from": START, "to": END}})
    put({"date_range": {}})
    put({"date_range": {"start": START, "end": END}})
    put({"date_range": {"startDate": START, "end_date": END}})
    put({"date_range": {"start_date": START, "End_date": END}})
    put({"date_range": {"comment": "no dates"}})
    put({"date_range": {"start_date": START}})


@clause("range.date")
def test_what_is_no_full_date_is_refused(put: Put) -> None:
    for start in WRONG_STARTS:
        put({"date_range": {"start_date": start, "end_date": "1990-06-30"}})
    for end in WRONG_ENDS:
        put({"date_range": {"start_date": "1990-01-01", "end_date": end}})


@clause("range.date")
@pytest.mark.depth
def test_nor_is_it_accepted_on_the_other_side(put: Put) -> None:
    for start in WRONG_ENDS:
        put({"date_range": {"start_date": start, "end_date": "1990-06-30"}})
    for end in WRONG_STARTS:
        put({"date_range": {"start_date": "1990-01-01", "end_date": end}})


@clause("range.date")
@pytest.mark.depth
@pytest.mark.parametrize(
    "wrong",
    [*(pytest.param(wrong, marks=pytest.mark.smoke) for wrong in TELLING), *MORE],
    ids=repr,
)
def test_no_near_miss_of_a_date_is_accepted(put: Put, wrong: object) -> None:
    put({"date_range": {"start_date": wrong, "end_date": "1990-06-30"}})
    put({"date_range": {"start_date": "1890-01-01", "end_date": wrong}})


@clause("range.order")
@pytest.mark.smoke
def test_equal_and_reversed_dates_are_refused(put: Put) -> None:
    put({"date_range": days("1990-06-01", "1990-06-01")})
    put({"date_range": days("2999-12-31", "2999-01-01")})


@clause("range.order")
def test_reversed_dates_around_the_epoch_are_refused(put: Put) -> None:
    put({"date_range": days("1970-01-01", "1969-12-31")})


@clause("range.order")
@pytest.mark.depth
def test_order_is_by_date_and_not_by_part(put: Put) -> None:
    put({"date_range": days(END, START)})
    put({"date_range": days("1991-01-02", "1990-12-31")})
    put({"date_range": days("1990-12-01", "1990-02-15")})
    put({"date_range": days("1990-10-09", "1990-09-10")})
    put({"date_range": days("9999-12-31", "0001-01-01")})
    put({"date_range": days("1988-02-29", "1988-02-29")})
    put({"date_range": days(START, START)})
    put({"date_range": days("1990-01-01", "1990-01-01")})
    put({"date_range": days("1990-12-31", "1990-12-31")})
    put({"date_range": days("1990-01-10", "1989-11-20")})
    put({"date_range": days("1970-01-02", "1970-01-01")})
