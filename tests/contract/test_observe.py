"""Chapter observe: where the document is silent, what is seen is reported and never blamed."""

import pytest

from tests.harness.cases import EMPTY
from tests.harness.fixtures import Put

clause = pytest.mark.clause
BODY = {"date_range": EMPTY}
RANGE = b'"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"}'


@clause("observe.integral-float")
@pytest.mark.depth
def test_a_count_written_as_a_float(put: Put) -> None:
    for literal in (b"1.0", b"1e2", b"10000.0"):
        put(raw=b'{"number_of_transactions": ' + literal + b", " + RANGE + b"}")


@clause("observe.media-type")
@pytest.mark.depth
def test_another_media_type(put: Put) -> None:
    for media_type in ("text/plain", "application/xml", "application/vnd.api+json", "text/json"):
        put(BODY, media_type=media_type)
    put(raw=b"number_of_transactions=1", media_type="application/x-www-form-urlencoded")
    put(BODY, media_type=None)
    put(BODY, media_type="application/json; version=1")


@clause("observe.bearer-case")
@pytest.mark.depth
def test_the_scheme_in_another_case(put: Put, token: str) -> None:
    put(BODY, authorization=f"bearer {token}")
    put(BODY, authorization=f"BEARER {token}")


@clause("observe.odd-json")
def test_half_a_character_and_deep_nesting(put: Put) -> None:
    put(raw=b'{"transaction_ids": ["\\ud800"]}')
    put(raw=b"{" + RANGE + b', "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}")


@clause("observe.odd-json")
@pytest.mark.depth
def test_json_that_readers_differ_on(put: Put) -> None:
    put(raw=b"\xef\xbb\xbf{" + RANGE + b"}")
    put(raw=("{" + RANGE.decode() + "}").encode("utf-16"))
    put(raw=b"{" + RANGE + b", " + RANGE + b"}")
    put(raw=b"{" + RANGE + b', "x": "\\ud800"}')
    put(raw=b"{" + RANGE + b', "__proto__": {"admin": true}}')
    put(raw=b"{" + RANGE + b', "x": ' + b"[" * 500 + b"]" * 500 + b"}")


@clause("observe.large-body")
@pytest.mark.depth
def test_a_body_over_64_kib(put: Put) -> None:
    put({"date_range": EMPTY, "x": "y" * 70_000})


@clause("observe.year-0000")
@pytest.mark.depth
def test_the_year_0000(put: Put) -> None:
    put({"date_range": {"start_date": "0000-01-01", "end_date": "0001-01-01"}})
