"""Chapter body: what a body may be, and what is no JSON."""

from typing import Any

import pytest

from tests.harness.cases import EMPTY, days
from tests.harness.fixtures import Put

clause = pytest.mark.clause
UNKNOWN = {
    "comment": {"text": "unknown"},
    "Date_Range": "unknown too",
    "Transaction_Ids": 5,
    "NUMBER_OF_TRANSACTIONS": 0,
    " number_of_transactions": 0,
    "numberOfTransactions": 0,
    "5": None,
    "_method": "DELETE",
    "hasOwnProperty": 1,
    "length": 1,
}
"""Properties that the document does not name, near to those that it does."""
RANGE = b'"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"}'


@clause("body.media-type")
@pytest.mark.parametrize(
    "media_type",
    [
        pytest.param("application/json; charset=utf-8", marks=pytest.mark.smoke),
        pytest.param("application/json;charset=UTF-8", marks=pytest.mark.depth),
        "Application/JSON",
    ],
)
def test_json_with_a_charset_is_accepted_in_any_case(put: Put, media_type: str) -> None:
    put({"date_range": EMPTY}, media_type=media_type)


@clause("body.open")
@pytest.mark.smoke
def test_unknown_properties_of_any_name_and_value_are_accepted(put: Put) -> None:
    put({"date_range": {**EMPTY, "zone": ["Europe/Oslo"]}, **UNKNOWN})


@clause("body.open")
@pytest.mark.depth
def test_unknown_properties_are_accepted(put: Put) -> None:
    put({"date_range": EMPTY, "comment": "unknown", "Date_Range": "unknown too"})
    put({"date_range": {**EMPTY, "zone": "Europe/Oslo"}})


@clause("body.open")
@pytest.mark.depth
@pytest.mark.parametrize(
    "name",
    [
        "",
        "id",
        "limit",
        "5",
        "Date_Range",
        " date_range",
        "constructor",
        "$where",
        "æøå",
        "a.b",
        "x" * 300,
    ],
)
def test_whatever_an_unknown_property_is_called_it_is_accepted(put: Put, name: str) -> None:
    values: list[Any] = [None, [], {}, 1.5, "text"]
    for value in values:
        put({"date_range": EMPTY, name: value})


@clause("body.open")
@pytest.mark.depth
def test_names_that_frameworks_listen_to_are_accepted(put: Put) -> None:
    put({"date_range": EMPTY, "_method": "DELETE", "type": "text", "format": "xml"})
    put({"date_range": EMPTY, "options": {"number_of_transactions": 0}})
    put({"date_range": EMPTY, " number_of_transactions": 0})
    inherited = ["toString", "toJSON", "valueOf", "then", "prototype", "isPrototypeOf"]
    put({"date_range": EMPTY, **dict.fromkeys(inherited, 1)})


@clause("body.object")
@pytest.mark.parametrize(
    "body",
    [
        *(
            pytest.param(body, marks=pytest.mark.smoke)
            for body in ([{"date_range": EMPTY}], "text")
        ),
        ["text"],
        5,
        True,
    ],
    ids=repr,
)
def test_a_body_that_is_no_object_is_refused(put: Put, body: object) -> None:
    put(body)


@clause("body.object")
@pytest.mark.depth
def test_an_object_in_something_else_is_refused(put: Put) -> None:
    bodies: list[Any] = [
        '{"number_of_transactions": 5}',
        "",
        0,
        False,
        [],
        [[]],
        -1.5,
    ]
    for body in bodies:
        put(body)


@clause("body.null")
@pytest.mark.smoke
def test_null_is_refused(put: Put) -> None:
    put(raw=b"null")


@clause("body.json")
@pytest.mark.smoke
def test_words_are_refused(put: Put) -> None:
    put(raw=b"all transactions, please")


@clause("body.json")
def test_what_no_reader_takes_for_json_is_refused(put: Put) -> None:
    put(raw=b"{" + RANGE)
    put(raw=b"{" + RANGE + b"]}")


@clause("body.json")
@pytest.mark.depth
def test_json_cut_anywhere_is_refused(put: Put) -> None:
    for raw in (
        b"{",
        b'{"',
        b'{"date_range"',
        b'{"date_range":',
        b"[",
        b'"text',
        b"{" + RANGE[:-1],
    ):
        put(raw=raw)
    for raw in (
        b"}",
        b"{]",
        b'{"a" 1}',
        b"{,}",
        b'{"a":}',
        b"tru",
        b"{" + RANGE + b",,}",
        b"count=5",
    ):
        put(raw=raw)


@clause("body.json")
@pytest.mark.depth
def test_what_is_sent_in_chunks_is_read(put: Put) -> None:
    put(raw=b"{" + RANGE, chunked=True)


@clause("body.json")
def test_a_body_after_an_ideographic_space_is_refused(put: Put) -> None:
    put(raw="\u3000{".encode() + RANGE + b"}")


@clause("body.json")
@pytest.mark.depth
@pytest.mark.parametrize("space", ["\v", "\f", "\x1c", "\x85", "\xa0", "\u2028", "\u3000"])
def test_a_body_after_space_that_is_none_in_json_is_refused(put: Put, space: str) -> None:
    put(raw=space.encode() + b"{" + RANGE + b"}")


@clause("body.json-strict")
def test_what_only_lenient_readers_take_is_refused(put: Put) -> None:
    put(raw=b"{" + RANGE + b"}}")
    put(raw=b"{" + RANGE + b",}")
    put(raw=b"{" + RANGE + b', "x": NaN}')
    put(raw=b"{" + RANGE.replace(b'"', b"'") + b"}")
    put(raw=b"{/* a comment */" + RANGE + b"}")
    put(raw=b"{" + RANGE + b', "x": "\xff"}')
    put(raw=b"{" + RANGE + b"}\0")
    put(raw=b"{" + RANGE + b', "x": "\xc3\xa9\n"}')
    put(raw=b"{" + RANGE + b', "number_of_transactions": 007}')
    put(raw=b"{" + RANGE + b', "number_of_transactions": 0x10}')


@clause("body.json-strict")
@pytest.mark.depth
def test_each_leniency_is_refused(put: Put) -> None:
    put(raw=b"{" + RANGE + b"} trailing")
    put(raw=b"{" + RANGE + b"} {}")
    put(raw=b"{" + RANGE + b', "x": [1,]}')
    put(raw=b"{" + RANGE + b', "x": Infinity}')
    put(raw=b"{" + RANGE + b', "x": -Infinity}')
    put(raw=b"{" + RANGE + b"} // a comment")
    put(raw=b"{" + RANGE + b', "x": "\xc3\x28"}')
    put(raw=b"{" + RANGE + b', "x": "\xed\xa0\x80"}')
    put(raw=b"{" + RANGE + b', x: "unquoted"}')
    for before in (b"a", b"\\n"):
        put(raw=b"{" + RANGE + b', "x": "' + before + b'\nb"}')
    put(raw=b"{" + RANGE + b', "number_of_transactions": +7}')


@clause("body.open")
@pytest.mark.depth
def test_white_space_and_escapes_of_json_are_accepted(put: Put) -> None:
    put(raw=b" \t\r\n{\n" + RANGE + b"\r\n}\n ")
    put(
        raw=b"{" + RANGE.replace(b"date_range", b"d\\u0061te_range") + b', "\\/": "\\ud83d\\ude00"}'
    )
    put(raw=b"{" + RANGE.replace(b"1990", b"\\u0031990") + b', "n": 1E+2}')
    put({"x": {"deep": [[[{"deeper": None}]]]}, "date_range": days("1990-06-11", "1990-06-12")})
