"""Bodies: what the contract permits for their values, row by row.

In a row `-` is a fault (`>` leads to the more specific claim), `+` a grant, `?` what is open;
grants are compared where nothing is wrong or open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.meta.readings import ADJACENT, count, ids, shown, span

from ..harness import body
from ..harness.cases import EMPTY, unknown_ids
from .helpers import (
    ACCOUNT,
    read,
    table,
)

IDS = unknown_ids(1001, ACCOUNT)


BESIDE = "exclusion.count-range-allowed"


# ------------------------------------------------------------------------------------ bodies


BODIES: list[tuple[Any, list[str]]] = [
    ({}, ["+body.empty: empty object"]),
    ({"comment": None}, ["+body.open: unknown property"]),
    ({"Transaction_ids": 5}, ["+body.open: unknown property"]),
    ({"": 1}, ["+body.open: unknown property"]),
    ([], ["-body.object: array as body"]),
    ([{}], ["-body.object: array as body"]),
    ("", ["-body.object: string as body"]),
    ("{}", ["-body.object: string as body"]),
    (0, ["-body.object: number as body"]),
    (1.5, ["-body.object: number as body"]),
    (False, ["-body.object: boolean as body"]),
    (None, ["-body.null: null as body"]),
    # ids
    (ids(IDS[0]), ["+ids.accepted: one id"]),
    (ids(*IDS[:2]), ["+ids.accepted: several ids"]),
    (ids(*IDS[:999]), ["+ids.accepted: several ids"]),
    (ids(IDS[0], IDS[1], IDS[0]), ["+ids.accepted: the same id twice"]),
    (ids(*IDS[:1000]), ["+ids.max-items: 1000 ids"]),
    (ids(*[IDS[0]] * 1000), ["+ids.max-items: 1000 ids"]),
    (ids(*IDS), ["-ids.max-items: 1001 ids"]),
    (ids(*["x"] * 1001), ["-ids.max-items: 1001 ids"]),
    (ids(*["x"] * 1002), ["-ids.max-items: far too many ids"]),
    (ids(), ["+ids.empty-accepted: empty ids alone"]),
    (ids("x"), ["+ids.any-string: short id"]),
    (ids(IDS[0], "x"), ["+ids.any-string: short id"]),
    (ids(IDS[0].lower()), ["+ids.any-string: short id"]),
    (ids(IDS[0][:-1]), ["+ids.any-string: short id"]),
    (ids("P12345678." + "a" * 22), ["+ids.accepted: one id"]),
    (ids(IDS[0] + "\n"), ["+ids.any-string: id with control characters"]),
    (ids("a" * 64), ["+ids.any-string: short id"]),
    (ids("a" * 65), ["+ids.any-string: long id"]),
    (ids(""), ["+ids.any-string: empty id"]),
    (ids("a\0b"), ["+ids.any-string: id with NUL"]),
    (ids('"'), ["+ids.any-string: id with quotes"]),
    (ids("🧾"), ["+ids.any-string: id with emoji"]),
    (ids("שלום"), ["+ids.any-string: id written right to left"]),
    (ids("\u202eevil"), ["+ids.any-string: id written right to left"]),
    (ids("سلام"), ["+ids.any-string: id written right to left"]),
    (ids("X"), ["+ids.any-string: short id"]),
    (ids("*"), ["+ids.any-string: id with metacharacters"]),
    (ids(" "), ["+ids.any-string: id with metacharacters"]),
    (ids("\x7f"), ["+ids.any-string: id with control characters"]),
    (ids("ø"), ["+ids.any-string: id with other letters"]),
    (
        ids("", IDS[0], "x", "ø"),
        [f"+ids.any-string: {k}" for k in ("empty id", "short id", "id with other letters")],
    ),
    ({"transaction_ids": IDS[0]}, ["-ids.type: string as ids"]),
    ({"transaction_ids": 0}, ["-ids.type: number as ids"]),
    ({"transaction_ids": True}, ["-ids.type: boolean as ids"]),
    ({"transaction_ids": None}, ["-ids.type: null as ids"]),
    ({"transaction_ids": {}}, ["-ids.type: object as ids"]),
    (ids(5), ["-ids.items: number among the ids"]),
    (ids(None), ["-ids.items: null among the ids"]),
    (ids(False), ["-ids.items: boolean among the ids"]),
    (ids([IDS[0]]), ["-ids.items: array among the ids"]),
    (ids({}), ["-ids.items: object among the ids"]),
    (ids(5, IDS[0]), ["-ids.items: number among the ids"]),
    (ids(IDS[0], 5), ["-ids.items: wrong item after good ones"]),
    (ids(*IDS[:999], 5), ["-ids.items: wrong item in the 1000th place"]),
    (
        ids(*IDS[:1000], None),
        ["-ids.items: wrong item in the 1000th place", "-ids.max-items: 1001 ids"],
    ),
    # counts
    (count(1), ["+count.accepted: count of 1"]),
    (count(2), ["+count.accepted: count in between"]),
    (count(9999), ["+count.accepted: count in between"]),
    (count(10000), ["+count.accepted: count of 10000"]),
    (count(0), ["-count.minimum: count of zero"]),
    (count(-1), ["-count.minimum: negative count"]),
    (count(-(2**63)), ["-count.minimum: negative count"]),
    (count(10001), ["-count.maximum: count over the maximum"]),
    (count(10002), ["-count.maximum: huge count"]),
    (count(2**64 + 5), ["-count.maximum: huge count"]),
    (count(10000.5), ["-count.type: fraction as count"]),
    (count(1.5), ["-count.type: fraction as count"]),
    (count(0.5), ["-count.type: fraction as count"]),
    (count(-0.5), ["-count.type: fraction as count"]),
    (count("5"), ["-count.type: string as count"]),
    (count(True), ["-count.type: boolean as count"]),
    (count(None), ["-count.type: null as count"]),
    (count([5]), ["-count.type: array as count"]),
    (count({}), ["-count.type: object as count"]),
    (count(1.0), ["?observe.integral-float: count written as a float"]),
    (count(10000.0), ["?observe.integral-float: count written as a float"]),
    (count(0.0), ["-count.minimum: count of zero"]),
    (count(-3.0), ["-count.minimum: negative count"]),
    (count(10001.0), ["-count.maximum: count over the maximum"]),
    # ranges
    ({"date_range": EMPTY}, [ADJACENT]),
    (span("1990-02-28", "1990-03-01"), [ADJACENT, "+range.accepted: range across months"]),
    (span("1990-06-11", "1990-06-13"), ["+range.accepted: other range"]),
    (span("2024-02-27", "2024-02-29"), ["+range.accepted: range to a leap day"]),
    (span("1989-11-20", "1990-01-10"), ["+range.accepted: range across years"]),
    (span("1990-06-20", "1990-07-20"), ["+range.accepted: range across months"]),
    (
        span("2025-03-20", "2025-04-02"),
        [
            "+range.accepted: range across a change of clocks",
            "+range.accepted: range across months",
        ],
    ),
    *(
        (span(start, end), ["+range.accepted: range across a change of clocks"])
        for start, end in (
            ("2026-03-28", "2026-03-30"),
            ("2026-10-24", "2026-10-26"),
        )
    ),
    *(
        (span(start, end), ["+range.accepted: other range"])
        for start, end in (
            ("2026-03-29", "2026-03-31"),
            ("2026-03-27", "2026-03-29"),
            ("2026-03-21", "2026-03-23"),
            ("2026-10-25", "2026-10-27"),
        )
    ),
    (
        span("1815-02-01", "1815-06-18"),
        ["+range.accepted: range long past", "+range.accepted: range across months"],
    ),
    (
        span("2201-01-01", "2201-12-31"),
        ["+range.accepted: range in the future", "+range.accepted: range across months"],
    ),
    (
        span("0001-01-01", "0001-01-02"),
        [
            "+range.accepted: range from the year 1",
            "+range.accepted: range long past",
            "+range.accepted: range of adjacent days",
        ],
    ),
    (
        span("0001-01-01", "1988-02-29"),
        [
            "+range.accepted: range from the year 1",
            "+range.accepted: range to a leap day",
            "+range.accepted: range across years",
        ],
    ),
    (
        span("9999-12-30", "9999-12-31"),
        [
            "+range.accepted: range to the year 9999",
            "+range.accepted: range in the future",
            "+range.accepted: range of adjacent days",
        ],
    ),
    ({"date_range": {**EMPTY, "zone": 1}}, ["+body.open: unknown property in the range", ADJACENT]),
    ({"date_range": "1990-06-11/1990-06-12"}, ["-range.type: string as range"]),
    ({"date_range": 1990}, ["-range.type: number as range"]),
    ({"date_range": False}, ["-range.type: boolean as range"]),
    ({"date_range": None}, ["-range.type: null as range"]),
    ({"date_range": ["1990-06-11", "1990-06-12"]}, ["-range.type: array as range"]),
    ({"date_range": {"end_date": "1990-06-12"}}, ["-range.required: range without a start"]),
    ({"date_range": {"start_date": "1990-06-12"}}, ["-range.required: range without an end"]),
    ({"date_range": {}}, ["-range.required: empty range"]),
    ({"date_range": {"from": "1990-06-11"}}, ["-range.required: empty range"]),
    (
        {"date_range": {"start_date": "soon"}},
        ["-range.date: start_date: words", "-range.required: range without an end"],
    ),
    (span("1990-06-11", "1990-06-11"), ["-range.order: equal dates"]),
    (span("1990-06-12", "1990-06-11"), ["-range.order: reversed dates"]),
    (span("9999-12-31", "0001-01-01"), ["-range.order: reversed dates"]),
    (span("0000-01-01", "0001-01-01"), ["?observe.year-0000: start_date: year 0000"]),
    (
        span("0000-02-29", "0000-12-31"),
        ["?observe.year-0000: end_date: year 0000", "?observe.year-0000: start_date: year 0000"],
    ),
    (
        span("0000-02-29", "1990-02-30"),
        ["-range.date: end_date: no such day", "?observe.year-0000: start_date: year 0000"],
    ),
    (
        {"date_range": {"end_date": "soon"}},
        ["-range.date: end_date: words", "-range.required: range without a start"],
    ),
    (span("0000-02-30", "0001-01-01"), ["-range.date: start_date: no such day"]),
    (span(1, None), ["-range.date: end_date: null", "-range.date: start_date: number"]),
    # together
    (
        {**ids(), **count(5)},
        ["+count.accepted: count in between", "+ids.empty-accepted: empty ids with a count"],
    ),
    ({**ids(), "date_range": EMPTY}, ["+ids.empty-accepted: empty ids with a range", ADJACENT]),
    (
        {**ids(), **count(0)},
        ["-ids.empty-accepted: bad count beside empty ids > count.minimum: count of zero"],
    ),
    (
        {**count(5), "date_range": EMPTY},
        ["+count.accepted: count in between", f"+{BESIDE}: count with a range", ADJACENT],
    ),
    (
        {**ids(), **count(5), "date_range": EMPTY},
        [
            "+count.accepted: count in between",
            f"+{BESIDE}: count with a range",
            "+ids.empty-accepted: empty ids with both",
            ADJACENT,
        ],
    ),
    (
        {**count(0), "date_range": EMPTY},
        [f"-count.minimum: count of zero > {BESIDE}: bad count beside a range"],
    ),
    (
        {**count(5), "date_range": {}},
        [f"-range.required: empty range > {BESIDE}: bad range beside a count"],
    ),
    (
        {**count("5"), "date_range": None},
        [
            f"-count.type: string as count > {BESIDE}: bad count beside a range",
            f"-range.type: null as range > {BESIDE}: bad range beside a count",
        ],
    ),
    (
        {**count(5), **span("1990-06-12", "1990-06-11")},
        [f"-range.order: reversed dates > {BESIDE}: bad range beside a count"],
    ),
    *(
        (
            {**bad, "comment": 1},
            [f"-body.open: bad {option} beside an unknown property > {fault}"],
        )
        for option, fault, bad in (
            ("ids", "ids.type: number as ids", {"transaction_ids": 5}),
            ("count", "count.minimum: count of zero", count(0)),
            ("range", "range.type: null as range", {"date_range": None}),
        )
    ),
    (
        {**count(0), "date_range": EMPTY, "comment": 1},
        [
            "-count.minimum: count of zero > body.open: bad count beside an unknown property"
            f" > {BESIDE}: bad count beside a range"
        ],
    ),
    ({**ids("x"), **count(5)}, ["-exclusion.ids-count: ids with a count"]),
    ({**ids("x", "y"), **count(5)}, ["-exclusion.ids-count: many ids with a count"]),
    (
        {**ids("x"), **count(5), "date_range": EMPTY},
        ["-exclusion.ids-count: ids with a count and a range"],
    ),
    ({**ids("x"), "date_range": EMPTY}, ["-exclusion.ids-range: ids with a range"]),
    ({**ids("x", "y"), "date_range": EMPTY}, ["-exclusion.ids-range: many ids with a range"]),
    (
        {**ids(5), **count(5)},
        ["-exclusion.ids-count: ids with a count", "-ids.items: number among the ids"],
    ),
    (
        {**ids("x"), **count(0)},
        ["-count.minimum: count of zero", "-exclusion.ids-count: ids with a count"],
    ),
    (
        {"transaction_ids": "x", **count(0)},
        ["-count.minimum: count of zero", "-ids.type: string as ids"],
    ),
    (
        {**ids("x"), **count(1.0)},
        [
            "-exclusion.ids-count: ids with a count",
            "?observe.integral-float: count written as a float",
        ],
    ),
]


@pytest.mark.parametrize(("value", "row"), table(BODIES))
def test_a_body_is_read_as_the_contract_says(value: Any, row: list[str]) -> None:
    assert shown(read(value)) == sorted(row)


DATES: list[tuple[Any, str | None]] = [
    *(
        (text, "no such day")
        for text in (
            "1990-02-29",
            "1900-02-29",
            "1990-04-31",
            "1990-06-00",
            "1990-06-32",
            "2023-02-30",
            "1990-01-99",
        )
    ),
    *((text, "no such month") for text in ("1990-13-01", "1990-00-10", "1990-99-99")),
    *(
        (text, "date with a time")
        for text in (
            "1990-06-12T00:00:00Z",
            "1990-06-12t00:00",
            "1990-06-12 00:00:00",
            "1990-06-12T",
        )
    ),
    *((text, "slashes") for text in ("1990/06/12", "12/06/1990", "6/12/90")),
    *((text, "no leading zeros") for text in ("1990-6-12", "1990-06-1")),
    *((text, "week date") for text in ("1990-W24-1", "1990W241", "1990-W24")),
    *(
        (text, "digits that are not ASCII")
        for text in ("١٩٩٠-٠٦-١٢", "1990-06-1२", "１９９０-06-12", "1990-06-1²")
    ),
    *(
        (text, "blank around")
        for text in (
            " 1990-06-12",
            "1990-06-12 ",
            "\t1990-06-12",
            "\n1990-06-12",
            "1990-06-12\u00a0",
        )
    ),
    *((text, "newline after") for text in ("1990-06-12\n", "1990-06-12\r\n")),
    *(
        (text, "words")
        for text in (
            "",
            "now",
            "90-06-12",
            "01990-06-12",
            "-1990-06-12",
            "+1990-06-12",
            "1990-06-12\0",
            "1990-06",
            "1990-164",
            "1990‐06‐12",
            "1990-06-12Z",
            "12.06.1990",
            "1990-06-12,",
        )
    ),
    *((value, "number") for value in (0, 19900612, 1.5)),
    (True, "boolean, array or object"),
    ([], "boolean, array or object"),
    ({}, "boolean, array or object"),
    (["1990-06-12"], "boolean, array or object"),
    ("19900612", "no hyphens"),
    (None, "null"),
    ("0000-01-01", "year 0000"),
    *(
        (text, None)
        for text in ("1990-06-12", "0001-01-01", "9999-12-31", "2000-02-29", "1600-02-29")
    ),
]


@pytest.mark.parametrize(("value", "fault"), table(DATES))
def test_a_date_is_a_full_date_or_wrong_in_a_named_way(value: Any, fault: str | None) -> None:
    assert body.date_fault(value) == fault
