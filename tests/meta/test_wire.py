"""What really reached a server, byte for byte: the proof that a case is what it says it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from tests.harness.interlock import folded
from tests.meta import suite
from tests.meta.suite import JSON, REFUSED, Seen

PATH = "/v1/accounts/{}/settlements/reports/generate-test-report"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJlLW9mLW5vYm9keQ"
NOTHING = (200, JSON, b'{"message": "nothing"}')


def answer(seen: Seen) -> tuple[int, dict[str, str], bytes]:
    """Accept what is empty or selects a window long past, refuse the rest."""
    return NOTHING if b"1990-06-11" in seen.body or not seen.body else REFUSED


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """Every request of a whole run, generated ones included."""
    folder = tmp_path_factory.mktemp("wire")
    with suite.serving(answer) as served:
        path = suite.target(folder, served.base_url, "probe_production = true", TOKEN)
        suite.run(folder, path, "-q")
    return served.seen


def headers(request: Seen) -> dict[str, list[str]]:
    """The values of each header, by its lower-case name."""
    found: dict[str, list[str]] = {}
    for key, value in request.headers:
        found.setdefault(key.lower(), []).append(value)
    return found


CASES: dict[str, Callable[[Seen], bool]] = {
    "an empty Authorization header": lambda r: headers(r).get("authorization") == [""],
    "no Authorization header": lambda r: "authorization" not in headers(r),
    "a bearer without a token": lambda r: headers(r).get("authorization") == ["Bearer"],
    "our token under another scheme": lambda r: (
        headers(r).get("authorization") == [f"Token {TOKEN}"]
    ),
    "a newline in the account": lambda r: r.path == PATH.format("T12345678%0A"),
    "a blank before the account": lambda r: r.path == PATH.format("%20T12345678"),
    "digits that are not ASCII": lambda r: "%D9%A1" in r.path,
    "an account of eight characters": lambda r: r.path == PATH.format("T1234567"),
    "1000 items": lambda r: items(r) == 1000,
    "1001 items": lambda r: items(r) == 1001,
    "no body": lambda r: (
        r.method == "POST"
        and headers(r).get("content-length") == ["0"]
        and "content-type" not in headers(r)
    ),
    "no body, and no length that says so": lambda r: (
        r.method == "POST" and not {"content-length", "transfer-encoding"} & headers(r).keys()
    ),
    "zero bytes of JSON": lambda r: (
        r.body == b"" and headers(r).get("content-type") == ["application/json"]
    ),
    "a body without a media type": lambda r: bool(r.body) and "content-type" not in headers(r),
    "null": lambda r: r.body == b"null",
    "bytes that are no UTF-8": lambda r: b"\xff" in r.body,
    "a byte order mark": lambda r: r.body.startswith(b"\xef\xbb\xbf"),
    "a NUL in an id": lambda r: b"\\u0000" in r.body,
    "a lone surrogate": lambda r: b"\\ud800" in r.body,
    "a trailing comma": lambda r: r.body.endswith(b",}"),
    "an unsigned token": lambda r: headers(r).get("authorization", [""])[0].endswith("."),
    "a body in chunks": lambda r: (
        headers(r).get("transfer-encoding") == ["chunked"]
        and "content-length" not in headers(r)
        and r.body.startswith(b"{")
    ),
    "another method": lambda r: r.method == "DELETE",
    "a charset": lambda r: headers(r).get("content-type") == ["application/json; charset=utf-8"],
}


def items(request: Seen) -> int:
    """How many ids a body names."""
    try:
        ids = json.loads(request.body)["transaction_ids"]
    except (ValueError, KeyError, TypeError):
        return -1
    return len(ids) if isinstance(ids, list) else -1


@pytest.mark.parametrize("case", CASES)
def test_it_reached_the_server_as_it_was_meant(seen: list[Seen], case: str) -> None:
    assert any(CASES[case](request) for request in seen)


def test_no_request_has_two_authorizations_or_lengths(seen: list[Seen]) -> None:
    for request in seen:
        found = headers(request)
        assert len(found.get("authorization", [])) <= 1
        assert len([*found.get("content-length", []), *found.get("transfer-encoding", [])]) <= 1


def test_every_body_is_as_long_as_it_says(seen: list[Seen]) -> None:
    for request in seen:
        for length in headers(request).get("content-length", []):
            assert int(length) == len(request.body)


def test_only_the_probe_addresses_production_and_nobody_a_stranger(seen: list[Seen]) -> None:
    accounts = [unquote(request.path).split("/")[3] for request in seen]
    production = [account for account in accounts if folded(account) == "p12345678"]
    assert production == ["P12345678"] * len(production)
    assert len(production) == 1
    wellformed = {a for a in accounts if len(a) == 9 and a[0] == "T" and a[1:].isdecimal()}
    assert {folded(account) for account in wellformed} == {"t12345678"}


def test_every_request_says_who_sent_it_and_for_which_clause(seen: list[Seen]) -> None:
    for request in seen:
        found = headers(request)
        assert found["user-agent"][0].startswith("settlement-report-contract/")
        assert found["x-contract-clause"]
