"""The oracle: what the contract permits for a request, row by row, and against a JSON Schema.

In a row `-` is a fault (`>` leads to the more specific claim), `+` a grant, `?` what is open;
grants are compared where nothing is wrong or open.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ..harness import body, jsontext, strategies
from ..harness.cases import EMPTY, days, encode, unknown_ids
from ..harness.oracle import LARGE, Claim, Oracle, Reading
from ..harness.tokens import (
    Tokens,
    unsigned,
    with_changed_signature,
    with_claims,
    with_cut_signature,
    without_signature,
)
from ..harness.wire import Request
from .helpers import (
    ACCOUNT,
    DOCUMENT,
    EXPIRED,
    OLDER,
    ORACLE,
    OTHER,
    OTHERS_TOKEN,
    TOKEN,
    WITHOUT_SCOPES,
    examples,
    read,
    request,
    table,
    words,
)

IDS = unknown_ids(1001, ACCOUNT)
RANGE = '{"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"}'
ADJACENT = "+range.accepted: range of adjacent days"
BESIDE = "exclusion.count-range-allowed"


def shown(reading: Reading) -> list[str]:
    """A reading as a row says it."""
    found = ["-" + " > ".join(words(fault.claims)) for fault in reading.faults]
    found += ["?" + word for word in words(reading.opens)]
    return sorted(found) or sorted("+" + word for word in words(reading.grants))


def count(value: Any) -> dict[str, Any]:
    return {"number_of_transactions": value}


def ids(*values: Any) -> dict[str, Any]:
    return {"transaction_ids": list(values)}


def span(start: Any, end: Any) -> dict[str, Any]:
    return {"date_range": {"start_date": start, "end_date": end}}


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
    (ids("*"), ["+ids.any-string: id with metacharacters"]),
    (ids(" "), ["+ids.any-string: id with metacharacters"]),
    (ids("\x7f"), ["+ids.any-string: id with control characters"]),
    (ids("ø"), ["+ids.any-string: id with other letters"]),
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
    (span("1990-02-28", "1990-03-01"), [ADJACENT]),
    (span("1990-06-11", "1990-06-13"), ["+range.accepted: other range"]),
    (span("2024-02-27", "2024-02-29"), ["+range.accepted: range to a leap day"]),
    (span("1989-11-20", "1990-01-10"), ["+range.accepted: range across years"]),
    (span("1990-06-20", "1990-07-20"), ["+range.accepted: range across months"]),
    (span("2025-03-20", "2025-04-02"), ["+range.accepted: range across a change of clocks"]),
    (span("1815-02-01", "1815-06-18"), ["+range.accepted: range long past"]),
    (span("2201-01-01", "2201-12-31"), ["+range.accepted: range in the future"]),
    (span("0001-01-01", "0001-01-02"), ["+range.accepted: range from the year 1"]),
    (span("9999-12-30", "9999-12-31"), ["+range.accepted: range to the year 9999"]),
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
    (span("0000-02-30", "0001-01-01"), ["-range.date: start_date: no such day"]),
    (span(1, None), ["-range.date: end_date: null", "-range.date: start_date: number"]),
    # together
    (
        {**ids(), **count(5)},
        ["+count.accepted: count in between", "+ids.empty-accepted: empty ids with a count"],
    ),
    ({**ids(), "date_range": EMPTY}, ["+ids.empty-accepted: empty ids with a range", ADJACENT]),
    ({**ids(), **count(0)}, ["-count.minimum: count of zero"]),
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


# ------------------------------------------------------------------------------------- texts

OPEN = "?observe.odd-json: "
STRICT = "-body.json-strict: "
BROKEN = "-body.json: "
TEXTS: list[tuple[bytes | None, str]] = [
    (None, "+body.optional: no body"),
    (b"{}", "+body.empty: empty object"),
    (b" \t\r\n{ } \n", "+body.empty: empty object"),
    (b'{"x": "\\ud83d\\ude00 \\u0000 \\/"}', "+body.open: unknown property"),
    (b'{"x": "\xf0\x9f\x92\xb8"}', "+body.open: unknown property"),
    (b'{"n\\u0075mber_of_transactions": 0}', "-count.minimum: count of zero"),
    (b'{"number_of_transactions": 1E0}', "?observe.integral-float: count written as a float"),
    (b'{"number_of_transactions": 1e2}', "?observe.integral-float: count written as a float"),
    (b'{"number_of_transactions": 100e-2}', "?observe.integral-float: count written as a float"),
    (b'{"number_of_transactions": 1e5}', "-count.maximum: huge count"),
    (b'{"number_of_transactions": 1e400}', "-count.maximum: huge count"),
    (b'{"number_of_transactions": 1e99999999999999999999}', "-count.maximum: huge count"),
    (b'{"number_of_transactions": -1e99999999999999999999}', "-count.minimum: negative count"),
    (b'{"number_of_transactions": 1e-400}', "-count.type: fraction as count"),
    (b'{"number_of_transactions": -0}', "-count.minimum: count of zero"),
    (b'{"number_of_transactions": -0.0}', "-count.minimum: count of zero"),
    (b'{"number_of_transactions": 1.' + b"0" * 5000 + b"1}", "-count.type: fraction as count"),
    (b'{"number_of_transactions": 10000.' + b"0" * 50 + b"1}", "-count.type: fraction as count"),
    (b'{"number_of_transactions": ' + b"9" * 5000 + b"}", "-count.maximum: huge count"),
    (b'{"number_of_transactions": -' + b"9" * 5000 + b"}", "-count.minimum: negative count"),
    (b"", OPEN + "zero bytes"),
    (b" \n", OPEN + "zero bytes"),
    (b"\xef\xbb\xbf{}", OPEN + "byte order mark"),
    ("{}".encode("utf-16"), OPEN + "UTF-16"),
    ("{}".encode("utf-16-le"), OPEN + "UTF-16"),
    ("{}".encode("utf-16-be"), OPEN + "UTF-16"),
    ('{"x": "ø"}'.encode("utf-16"), OPEN + "UTF-16"),
    ("{}".encode("utf-32"), OPEN + "UTF-16"),
    (b'{"a": 1, "a": 1}', OPEN + "duplicate keys"),
    (b'{"a": 1, "\\u0061": 1}', OPEN + "duplicate keys"),
    (b'{"x": {"a": 1, "a": 2}}', OPEN + "duplicate keys"),
    (b'{"number_of_transactions": 0, "number_of_transactions": 0}', OPEN + "duplicate keys"),
    (b'{"x": "\\ud800"}', OPEN + "lone surrogate"),
    (b'{"\\udc00": 1}', OPEN + "lone surrogate"),
    (b'["\\ude00\\ud83d"]', OPEN + "lone surrogate"),
    (b"[" * 101 + b"]" * 101, OPEN + "deep nesting"),
    (b'{"x":' * 200 + b"1" + b"}" * 200, OPEN + "deep nesting"),
    (b"[" * 100 + b"]" * 100, "-body.object: array as body"),
    (b'"' + b"[" * 500 + b'"', "-body.object: string as body"),
    (b"null", "-body.null: null as body"),
    (b" null ", "-body.null: null as body"),
    (b"{", BROKEN + "JSON cut short"),
    (b'{"', BROKEN + "JSON cut short"),
    (b'{"a"', BROKEN + "JSON cut short"),
    (b'{"a":', BROKEN + "JSON cut short"),
    (b'{"a": 1', BROKEN + "JSON cut short"),
    (b'{"a": 1,', BROKEN + "JSON cut short"),
    (b'"text', BROKEN + "JSON cut short"),
    (b"[", BROKEN + "JSON cut short"),
    (b"[1, 2", BROKEN + "JSON cut short"),
    (b"{]", BROKEN + "unbalanced JSON"),
    (b"[1}", BROKEN + "unbalanced JSON"),
    (b'{"a" 1}', BROKEN + "unbalanced JSON"),
    (b'{"a":}', BROKEN + "unbalanced JSON"),
    (b"{,}", STRICT + "trailing comma"),
    (b'{"a":1,,}', BROKEN + "unbalanced JSON"),
    (b"}", BROKEN + "plain words"),
    (b"hello", BROKEN + "plain words"),
    (b"<xml/>", BROKEN + "plain words"),
    (b"a=1&b=2", BROKEN + "plain words"),
    (b"\xff", BROKEN + "plain words"),
    (b"{} {}", STRICT + "trailing data"),
    (b"{}}", STRICT + "trailing data"),
    (b"{}x", STRICT + "trailing data"),
    (b"1 2", STRICT + "trailing data"),
    (b"{}\n// comment", STRICT + "trailing data"),
    (b'{"a": 1,}', STRICT + "trailing comma"),
    (b"[1,]", STRICT + "trailing comma"),
    (b'{"a": NaN}', STRICT + "NaN or Infinity"),
    (b'{"a": Infinity}', STRICT + "NaN or Infinity"),
    (b'{"a": -Infinity}', STRICT + "NaN or Infinity"),
    (b"{'a': 1}", STRICT + "single quotes"),
    (b"/* a */{}", STRICT + "comment in JSON"),
    (b"// a\n{}", STRICT + "comment in JSON"),
    (b"{a: 1}", STRICT + "other lenient JSON"),
    (b'{"a": "line\nbreak"}', STRICT + "other lenient JSON"),
    (b'{"a": "tab\there"}', STRICT + "other lenient JSON"),
    (b'{"a": "\xff"}', STRICT + "invalid UTF-8"),
    (b'{"a": "\xc3\x28"}', STRICT + "invalid UTF-8"),
    (b'{"a": "\xed\xa0\x80"}', STRICT + "invalid UTF-8"),
    (b'{"a": "\xc0\xaf"}', STRICT + "invalid UTF-8"),
]


@pytest.mark.parametrize(("text", "row"), table(TEXTS))
def test_bytes_are_read_as_json_or_named_after_what_is_wrong(text: bytes | None, row: str) -> None:
    assert shown(read(raw=text)) == [row]


@pytest.mark.parametrize("cut", range(1, len(RANGE) + 1))
def test_a_body_cut_anywhere_is_broken_json(cut: int) -> None:
    assert shown(read(raw=RANGE[:cut].encode())) == [BROKEN + "JSON cut short"]


# ------------------------------------------------------------------------------- media types

JSON_EMPTY = "+body.empty: empty object"
MEDIA: list[tuple[str | None, list[str]]] = [
    ("application/json", [JSON_EMPTY]),
    (
        "application/json; charset=utf-8",
        [JSON_EMPTY, "+body.media-type: media type with a charset"],
    ),
    ("application/json;charset=UTF-8", [JSON_EMPTY, "+body.media-type: media type with a charset"]),
    (
        'application/json; charset="utf-8"',
        [JSON_EMPTY, "+body.media-type: media type with a charset"],
    ),
    (
        "application/json ; Charset=utf-8",
        [JSON_EMPTY, "+body.media-type: media type with a charset"],
    ),
    (
        "APPLICATION/JSON; charset=utf-8",
        [JSON_EMPTY, "+body.media-type: media type with a charset"],
    ),
    ("Application/JSON", [JSON_EMPTY, "+body.media-type: media type in another case"]),
    ("application/json; charset=iso-8859-1", ["?observe.media-type: another parameter"]),
    ("application/json; version=1", ["?observe.media-type: another parameter"]),
    ("application/json; charset=utf-8; v=1", ["?observe.media-type: another parameter"]),
    ("application/json; charset", ["?observe.media-type: another parameter"]),
    ("text/plain", ["?observe.media-type: text/plain"]),
    ("TEXT/json", ["?observe.media-type: text/json"]),
    ("application/vnd.api+json", ["?observe.media-type: application/vnd.api+json"]),
    ("application/json, text/plain", ["?observe.media-type: application/json, text/plain"]),
    ("application/*", ["?observe.media-type: application/*"]),
    ("", ["?observe.media-type: "]),
    (None, ["?observe.media-type: no media type"]),
]


@pytest.mark.parametrize(("media_type", "row"), table(MEDIA))
def test_a_media_type_is_json_or_open(media_type: str | None, row: list[str]) -> None:
    assert shown(read({}, media_type=media_type)) == sorted(row)


@pytest.mark.parametrize("content", [b"nonsense", b"null", b'{"number_of_transactions": 0}'])
@pytest.mark.parametrize("media_type", ["text/plain", None])
def test_a_body_of_another_media_type_is_not_judged(content: bytes, media_type: str | None) -> None:
    reading = read(raw=content, media_type=media_type)
    assert not reading.faults
    assert not reading.in_scope
    assert {claim.clause for claim in reading.opens} == {"observe.media-type"}


def test_a_content_type_without_a_body_is_open() -> None:
    assert shown(read(raw=None, media_type="application/json")) == [OPEN + "zero bytes"]


# ---------------------------------------------------------------------------------- accounts

LENGTH, PATTERN = "-account.length: ", "-account.pattern: "
ACCOUNTS = [
    (ACCOUNT, ADJACENT),
    ("%5412345678", ADJACENT),
    ("T%312345678", ADJACENT),
    ("%54%31%32%33%34%35%36%37%38", ADJACENT),
    ("T1234567", LENGTH + "account of 8 characters"),
    ("T123456789", LENGTH + "account of 10 characters"),
    ("P123456789", LENGTH + "account of 10 characters"),
    ("T", LENGTH + "account of another length"),
    ("T1234567890", LENGTH + "account of another length"),
    ("X12345678", PATTERN + "account with another prefix"),
    ("012345678", PATTERN + "account with another prefix"),
    ("x12345678", PATTERN + "account with another prefix"),
    ("t12345678", PATTERN + "account in lower case"),
    ("T1234567a", PATTERN + "account with a letter among the digits"),
    ("TT2345678", PATTERN + "account with a letter among the digits"),
    ("T1234567%D9%A8", PATTERN + "account with digits that are not ASCII"),
    (
        "T%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96%EF%BC%97%EF%BC%98",
        PATTERN + "account with digits that are not ASCII",
    ),
    ("T12345678%0A", PATTERN + "account with a newline after it"),
    ("T12345678%0D%0A", PATTERN + "account with a newline after it"),
    ("%0AT12345678", PATTERN + "account with a blank around it"),
    ("T12345678%20", PATTERN + "account with a blank around it"),
    ("%09T12345678", PATTERN + "account with a blank around it"),
    ("T12345678%C2%A0", PATTERN + "account with a blank around it"),
    ("T12345678%00", PATTERN + "malformed account"),
    ("T1234-678", PATTERN + "malformed account"),
    ("T1234+678", PATTERN + "malformed account"),
    ("%2554%312345678", PATTERN + "malformed account"),
    ("T1234567%FF", PATTERN + "malformed account"),
    ("T1234567%", PATTERN + "malformed account"),
    ("T1234567%zz", PATTERN + "malformed account"),
    ("12345678", PATTERN + "malformed account"),
    ("", PATTERN + "malformed account"),
    ("T1234%2F678", PATTERN + "malformed account"),
]


@pytest.mark.parametrize(("account", "row"), table(ACCOUNTS))
def test_an_account_is_read_after_percent_decoding(account: str, row: str) -> None:
    assert shown(read({"date_range": EMPTY}, account=account)) == [row]


@pytest.mark.parametrize("account", ["P12345678", "%5012345678", "P%312345678"])
def test_a_production_account_is_refused_with_anything(account: str) -> None:
    (fault,) = read({"date_range": EMPTY}, account=account).faults
    assert fault.claims == (Claim("auth.test-only", "production account"),)
    assert fault.lenient
    assert fault.statuses is None


@pytest.mark.parametrize("account", [account for account, row in ACCOUNTS if row != ADJACENT])
def test_a_malformed_account_is_refused_with_any_4xx_and_out_of_scope(account: str) -> None:
    reading = read({"date_range": EMPTY}, account=account)
    assert all(fault.lenient for fault in reading.faults)
    assert not reading.in_scope


@pytest.mark.parametrize(
    "path",
    ["", "/", "/v1", "/accounts/T12345678", "/v1/accounts/T12345678", "/v2" + DOCUMENT.path]
    + [ORACLE.path(ACCOUNT) + more for more in ("/", "?x=1", "%20")],
)
def test_another_path_is_open(path: str) -> None:
    reading = ORACLE.read(Request("POST", path))
    assert shown(reading) == ["?observe.account-status: another path"]
    assert not reading.in_scope


def test_the_path_of_an_account_is_read_back() -> None:
    assert ORACLE.raw_account(ORACLE.path("%20x")) == "%20x"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "post"])
def test_another_method_is_open_and_never_valid(method: str) -> None:
    reading = read({"date_range": EMPTY}, method=method)
    assert shown(reading) == [f"?observe.other-methods: {method}"]
    assert not reading.valid
    assert not reading.in_scope


# ------------------------------------------------------------------------------------ tokens

U, M = {401}, {400, 401}
TOKENS: list[tuple[str | None, str, set[int]]] = [
    (None, "auth.missing: no Authorization header", U),
    ("", "auth.scheme: empty Authorization header", M),
    ("  ", "auth.scheme: empty Authorization header", M),
    ("Bearer", "auth.scheme: bearer without a token", M),
    ("Bearer ", "auth.scheme: bearer without a token", M),
    ("bearer   ", "auth.scheme: bearer without a token", M),
    ("Basic c29tZWJvZHk6c29tZXRoaW5n", "auth.scheme: another scheme", U),
    ("Bearer:x", "auth.scheme: another scheme", U),
    ("nonsense", "auth.scheme: another scheme", U),
    (f"Token {TOKEN}", "auth.scheme: our token under another scheme", U),
    (f"Basic {OLDER}", "auth.scheme: our token under another scheme", U),
    (TOKEN, "auth.scheme: our token without a scheme", U),
    ("Bearer nonsense", "auth.malformed: bearer that is no JWT", M),
    ("Bearer a.b", "auth.malformed: bearer that is no JWT", M),
    ("Bearer a.b.c.d", "auth.malformed: bearer that is no JWT", M),
    (f"Bearer {TOKEN} {TOKEN}", "auth.malformed: bearer that is no JWT", M),
    ("Bearer one.two.three", "auth.malformed: bearer of three parts that are no JWT", M),
    ("Bearer ..", "auth.malformed: bearer of three parts that are no JWT", M),
    ("Bearer W10.e30.x", "auth.malformed: bearer of three parts that are no JWT", M),
    ("Bearer e30=.e30.x", "auth.malformed: bearer of three parts that are no JWT", M),
    (f"Bearer {with_claims(TOKEN, iat=1)}", "auth.tampered: token with changed claims", U),
    (f"bearer {with_claims(TOKEN, iat=1)}", "auth.tampered: token with changed claims", U),
    (f"Bearer {with_changed_signature(TOKEN)}", "auth.tampered: token with a changed signature", U),
    (f"Bearer {with_changed_signature(OLDER)}", "auth.tampered: token with a changed signature", U),
    (f"Bearer {with_cut_signature(TOKEN)}", "auth.tampered: token with its signature cut", U),
    (f"Bearer {without_signature(TOKEN)}", "auth.tampered: token without its signature", U),
    (f"Bearer {unsigned(TOKEN)}", "auth.unsigned: unsigned token", U),
    (f"Bearer {unsigned(TOKEN, 'None')}", "auth.unsigned: unsigned token spelt otherwise", U),
    (f"Bearer {unsigned(TOKEN, 'NONE')}", "auth.unsigned: unsigned token spelt otherwise", U),
    (f"Bearer {EXPIRED}", "auth.expired: expired token", U),
    (f"Bearer {WITHOUT_SCOPES}", "auth.scopes: token without the scopes", {403}),
    (f"Bearer {OTHERS_TOKEN}", "auth.account: token of another account", {401, 403}),
]


@pytest.mark.parametrize(("value", "claim", "statuses"), table(TOKENS))
def test_a_wrong_authorization_has_its_clause_and_its_statuses(
    value: str | None, claim: str, statuses: set[int]
) -> None:
    (fault,) = read({"date_range": EMPTY}, authorization=value).faults
    assert words(fault.claims) == [claim]
    assert fault.statuses == frozenset(statuses)
    assert not fault.lenient


@pytest.mark.parametrize("value", [f"Bearer {TOKEN}", f"Bearer {OLDER}", f"Bearer  {TOKEN} "])
def test_every_token_that_was_ours_is_good(value: str) -> None:
    assert read({"date_range": EMPTY}, authorization=value).valid


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "bEaReR"])
def test_the_scheme_in_another_case_is_open(scheme: str) -> None:
    reading = read({"date_range": EMPTY}, authorization=f"{scheme} {TOKEN}")
    assert shown(reading) == [f"?observe.bearer-case: {scheme}"]


def test_the_token_of_the_other_account_is_good_there_and_ours_not_judged_by_it() -> None:
    reading = read({"date_range": EMPTY}, account=OTHER, authorization=f"Bearer {OTHERS_TOKEN}")
    assert reading.valid
    assert reading.in_scope
    assert reading.account == OTHER


@pytest.mark.parametrize("value", [None, "", "Basic x", f"Bearer {TOKEN}"])
def test_a_target_that_wants_no_token_has_no_wrong_ones(value: str | None) -> None:
    oracle = Oracle(DOCUMENT.rules(), "/v1", ACCOUNT, Tokens(sent=False))
    assert oracle.read(request({"date_range": EMPTY}, authorization=value)).valid


def test_a_wrong_token_and_a_wrong_body_are_two_faults() -> None:
    reading = read(count(0), authorization=None)
    assert len(reading.faults) == 2


# ------------------------------------------------------------------------------ large bodies


def test_a_body_up_to_64_kib_is_judged_and_a_larger_one_is_observed() -> None:
    frame = len(encode({"x": ""}))
    whole = read({"x": "y" * (LARGE - frame)})
    larger = read({"x": "y" * (LARGE - frame + 1)})
    assert whole.valid
    assert whole.in_scope
    assert shown(larger) == ["?observe.large-body: body over 64 KiB"]
    assert not larger.in_scope


def test_a_valid_reading_says_what_is_selected() -> None:
    options = read({**count(5), **span("1990-06-11", "1990-06-12"), **ids()}).options
    assert options is not None
    assert (options.ids, options.count) == ((), 5)
    assert (str(options.start), str(options.end)) == ("1990-06-11", "1990-06-12")
    assert read(count(0)).options is None


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
