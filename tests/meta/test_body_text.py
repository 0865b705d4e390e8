"""Bodies: which bytes are JSON, which are not, and of which the document says nothing."""

from __future__ import annotations

import pytest

from tests.meta.readings import OPEN, shown

from ..harness import jsontext
from ..harness.body import Options
from .helpers import read, table

RANGE = '{"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"}'


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
    (b'{"number_of_transactions": 1E-99999999999999999999}', "-count.type: fraction as count"),
    (b'{"number_of_transactions": -1e-99999999999999999999}', "-count.type: fraction as count"),
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
    (b'{"x": {"__proto__": 1}}', OPEN + "property named __proto__"),
    (b'{"number_of_transactions": 0, "number_of_transactions": 0}', OPEN + "duplicate keys"),
    (b'{"x": "\\ud800"}', OPEN + "lone surrogate"),
    (b'{"\\udc00": 1}', OPEN + "lone surrogate"),
    (b'{"x": "\\udfff"}', OPEN + "lone surrogate"),
    (b'["\\ude00\\ud83d"]', OPEN + "lone surrogate"),
    (b"[" * 101 + b"]" * 101, OPEN + "deep nesting"),
    (b'{"x":' * 200 + b"1" + b"}" * 200, OPEN + "deep nesting"),
    (b"[" * 100 + b"]" * 100, "-body.object: array as body"),
    (b'"' + b"[" * 500 + b'"', "-body.object: string as body"),
    (b"[" + b"[]," * 200 + b"[]]", "-body.object: array as body"),
    (b"[" * 99 + b"[],[]" + b"]" * 99, "-body.object: array as body"),
    (b"[" * 100 + b"[],[]" + b"]" * 100, OPEN + "deep nesting"),
    (b'{"x": "\xff", "y": ' + b"[" * 5000, OPEN + "deep nesting"),
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
    (b"tru", BROKEN + "unbalanced JSON"),
    (b"}", BROKEN + "plain words"),
    (b"X", BROKEN + "plain words"),
    (b"hello", BROKEN + "plain words"),
    (b"<xml/>", BROKEN + "plain words"),
    (b"\x0b", OPEN + "zero bytes"),
    ("\u3000{}".encode(), BROKEN + "space that is none in JSON"),
    (b'{"n": 007}', STRICT + "other lenient JSON"),
    (b'{"n": 0x10}', STRICT + "other lenient JSON"),
    (b'{"n": -0Xfe}', STRICT + "other lenient JSON"),
    (b'{"n": +7}', STRICT + "other lenient JSON"),
    (b'{"n": -007}', STRICT + "other lenient JSON"),
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
    (b'{"a": NaN} x', STRICT + "trailing data"),
    (b'{"a": +Infinity}', STRICT + "NaN or Infinity"),
    (b'{"a": Infinity}', STRICT + "NaN or Infinity"),
    (b'{"a": -Infinity}', STRICT + "NaN or Infinity"),
    (b"{'a': 1}", STRICT + "single quotes"),
    (b"/* a */{}", STRICT + "comment in JSON"),
    (b"// a\n{}", STRICT + "comment in JSON"),
    (b"{a: 1}", STRICT + "other lenient JSON"),
    (b'{"a": "line\nbreak"}', STRICT + "other lenient JSON"),
    (b'{"ab\x00": 1}', STRICT + "other lenient JSON"),
    (b'{"ab\x00": "\xff"}', STRICT + "other lenient JSON"),
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


@pytest.mark.parametrize(
    ("text", "row"), table([row for row in TEXTS if row[1].startswith(STRICT)])
)
def test_what_only_lenient_readers_take_is_called_so(text: bytes, row: str) -> None:
    assert jsontext.read(text) == jsontext.Text("lenient", row.removeprefix(STRICT))


def test_no_body_selects_by_default() -> None:
    assert read(raw=None).options == Options()
