"""The oracle: headers, accounts and tokens, row by row."""

from __future__ import annotations

import pytest

from tests.meta.readings import ADJACENT, OPEN, count, ids, shown, span

from ..harness.cases import EMPTY, encode
from ..harness.oracle import LARGE, Claim, Oracle
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
    read,
    request,
    table,
    words,
)

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


def test_what_refuses_a_production_account_is_to_be_an_error_as_declared() -> None:
    assert read({"date_range": EMPTY}, account="P12345678").production
    assert read({"number_of_transactions": 0}, account="P12345678").production
    assert not read({"date_range": EMPTY}).production
    assert not read({"number_of_transactions": 0}).production
    assert not read(raw=b" " * 65537, account="P12345678").production


def test_what_comes_in_chunks_may_be_refused_for_that() -> None:
    reading = read(raw=b"{", chunked=True)
    assert shown(reading) == ["-body.json: JSON cut short, in chunks"]
    assert not reading.in_scope
    assert reading.chunked
    assert read(raw=b"{").in_scope
    assert not read(raw=b"{").chunked
    whole = read({"date_range": EMPTY}, chunked=True)
    assert "?observe.odd-json: body in chunks" in shown(whole)
    assert not whole.valid


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_method_is_of_the_account_and_out_of_scope(method: str) -> None:
    reading = read(raw=None, method=method)
    assert (reading.method, reading.account, reading.in_scope) == (method, ACCOUNT, False)


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
