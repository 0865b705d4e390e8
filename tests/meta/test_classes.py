"""Classes of case: each that the oracle says stands in its clause, and the other way round."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from tests.meta.classes import IDS, at, named

from ..harness import strategies
from ..harness.cases import EMPTY, days, encode
from ..harness.clauses import Level
from ..harness.grading import Sign, grade
from ..harness.oracle import Claim
from ..harness.tokens import (
    unsigned,
    with_changed_signature,
    with_claims,
    with_cut_signature,
    without_signature,
)
from ..harness.wire import Answer
from . import helpers
from .helpers import ACCOUNT, CLAUSES, TOKEN, examples, read

STATELESS = ("account", "body", "ids", "count", "range", "exclusion", "auth")


SPAN = '{"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"'


NEAR_MISSES = {
    "no such day": "1990-02-30",
    "no such month": "1990-13-01",
    "date with a time": "1990-06-12T00:00:00Z",
    "slashes": "1990/06/12",
    "no hyphens": "19900612",
    "no leading zeros": "1990-6-9",
    "week date": "1990-W24-1",
    "digits that are not ASCII": "١٩٩٠-٠٦-١٢",
    "number": 19900612,
    "null": None,
    "blank around": " 1990-06-12",
    "newline after": "1990-06-12\n",
    "words": "tomorrow",
    "boolean, array or object": ["1990-06-12"],
}


KINDS: dict[str, Any] = {
    "string": "5",
    "number": 5,
    "boolean": True,
    "null": None,
    "array": [],
    "object": {},
}


def body(value: Any) -> dict[str, Any]:
    return {"body": value}


def raw(text: str | bytes) -> dict[str, Any]:
    return {"raw": text if isinstance(text, bytes) else text.encode()}


def bearer(token: str | None) -> dict[str, Any]:
    return {"body": {"date_range": EMPTY}, "authorization": f"Bearer {token}"}


def kinds(option: str, what: str, *wrong: str) -> dict[str, dict[str, Any]]:
    return {f"{kind} as {what}": body({option: KINDS[kind]}) for kind in wrong}


def span(start: str, end: str) -> dict[str, Any]:
    return body({"date_range": days(start, end)})


def beside(count: Any, dates: Any) -> dict[str, Any]:
    return body({"number_of_transactions": count, "date_range": dates})


PUT: dict[str, dict[str, dict[str, Any]]] = {
    "account.length": {
        "account of 8 characters": at("T1234567"),
        "account of 10 characters": at("T123456788"),
        "account of another length": at("T1234"),
    },
    "account.pattern": {
        "account with another prefix": at("X12345678"),
        "account in lower case": at("t12345678"),
        "account with a letter among the digits": at("T1234567a"),
        "account with digits that are not ASCII": at("T1234567%D9%A8"),
        "account with a newline after it": at("T12345678%0A"),
        "account with a blank around it": at("%20T12345678"),
        "malformed account": at("T1234-678"),
    },
    "body.optional": {
        "no body": {"raw": None},
        "no body and no length": {"raw": None, "sized": False},
    },
    "body.empty": {"empty object": body({})},
    "body.open": {
        "unknown property": body({"comment": 1}),
        "unknown property in the range": body({"date_range": {**EMPTY, "zone": "UTC"}}),
        "bad ids beside an unknown property": body({"comment": 1, "transaction_ids": 0}),
        "bad count beside an unknown property": body({"comment": 1, "number_of_transactions": 0}),
        "bad range beside an unknown property": body({"comment": 1, "date_range": {}}),
    },
    "body.object": {
        f"{kind} as body": body(KINDS[kind]) for kind in ("array", "string", "number", "boolean")
    },
    "body.null": {"null as body": body(None)},
    "body.json": {
        "JSON cut short": raw(SPAN + "}"),
        "unbalanced JSON": raw(SPAN + "}]}"),
        "plain words": raw("all transactions, please"),
        "space that is none in JSON": raw("\u3000{}"),
        "JSON cut short, in chunks": raw(SPAN + "}") | {"chunked": True},
    },
    "body.json-strict": {
        "trailing data": raw(SPAN + "}} {}"),
        "trailing comma": raw(SPAN + "},}"),
        "NaN or Infinity": raw(SPAN + '}, "x": -Infinity}'),
        "single quotes": raw((SPAN + "}}").replace('"', "'")),
        "comment in JSON": raw("/* a comment */" + SPAN + "}}"),
        "invalid UTF-8": raw(SPAN.encode() + b'}, "x": "\xff"}'),
        "other lenient JSON": raw(SPAN + "}, x: 1}"),
    },
    "body.media-type": {
        "media type with a charset": {**body({}), "media_type": "application/json; charset=UTF-8"},
        "media type in another case": {**body({}), "media_type": "Application/JSON"},
    },
    "ids.accepted": {
        "one id": body({"transaction_ids": IDS[:1]}),
        "several ids": body({"transaction_ids": IDS[:3]}),
        "the same id twice": body({"transaction_ids": IDS[:1] * 2}),
    },
    "ids.any-string": {
        case: body({"transaction_ids": [text]})
        for case, text in {
            "short id": "x",
            "long id": "a" * 2000,
            "empty id": "",
            "id with NUL": "T12345678.\0a",
            "id with quotes": "it's",
            "id with emoji": "💸",
            "id written right to left": "عملية",
            "id with metacharacters": "${7*7}",
            "id with control characters": "\x1b[31m",
            "id with other letters": "æøå",
        }.items()
    },
    "ids.type": kinds("transaction_ids", "ids", "string", "number", "boolean", "null", "object"),
    "ids.items": {
        **{
            f"{kind} among the ids": body({"transaction_ids": [KINDS[kind]]})
            for kind in ("number", "null", "boolean", "array", "object")
        },
        "wrong item after good ones": body({"transaction_ids": [*IDS[:3], 5]}),
        "wrong item in the 1000th place": body({"transaction_ids": [*IDS[:999], 5]}),
    },
    "ids.max-items": {
        "1000 ids": body({"transaction_ids": IDS[:1000]}),
        "1001 ids": body({"transaction_ids": IDS}),
        "far too many ids": body({"transaction_ids": ["x"] * 1002}),
    },
    "ids.empty-accepted": {
        "empty ids alone": body({"transaction_ids": []}),
        "empty ids with a count": body({"transaction_ids": [], "number_of_transactions": 5}),
        "empty ids with a range": body({"transaction_ids": [], "date_range": EMPTY}),
        "empty ids with both": body(
            {"transaction_ids": [], "number_of_transactions": 5, "date_range": EMPTY}
        ),
        "bad count beside empty ids": body({"transaction_ids": [], "number_of_transactions": 0}),
        "bad range beside empty ids": body({"transaction_ids": [], "date_range": {}}),
    },
    "count.accepted": {
        "count of 1": body({"number_of_transactions": 1}),
        "count of 10000": body({"number_of_transactions": 10000}),
        "count in between": body({"number_of_transactions": 2}),
    },
    "count.minimum": {
        "count of zero": body({"number_of_transactions": 0}),
        "negative count": body({"number_of_transactions": -1}),
    },
    "count.maximum": {
        "count over the maximum": body({"number_of_transactions": 10001}),
        "huge count": body({"number_of_transactions": 10002}),
    },
    "count.type": {
        **kinds("number_of_transactions", "count", "string", "boolean", "null", "array", "object"),
        "fraction as count": body({"number_of_transactions": 1.5}),
    },
    "range.accepted": {
        "range of adjacent days": span("1990-06-11", "1990-06-12"),
        "range to a leap day": span("1988-02-27", "1988-02-29"),
        "range across months": span("1990-06-20", "1990-07-05"),
        "range across years": span("1989-12-20", "1990-01-10"),
        "range across a change of clocks": span("1990-03-20", "1990-03-30"),
        "range long past": span("1815-02-01", "1815-06-18"),
        "range in the future": span("2999-01-01", "2999-12-31"),
        "range from the year 1": span("0001-01-01", "0001-02-01"),
        "range to the year 9999": span("9999-12-01", "9999-12-31"),
        "other range": span("1990-06-11", "1990-06-14"),
    },
    "range.type": kinds("date_range", "range", "string", "number", "boolean", "null", "array"),
    "range.required": {
        "range without a start": body({"date_range": {"end_date": "1990-06-12"}}),
        "range without an end": body({"date_range": {"start_date": "1990-06-12"}}),
        "empty range": body({"date_range": {}}),
    },
    "range.date": {
        f"{side}: {case}": body({"date_range": {**EMPTY, side: wrong}})
        for side in ("start_date", "end_date")
        for case, wrong in NEAR_MISSES.items()
    },
    "range.order": {
        "equal dates": span("1990-06-11", "1990-06-11"),
        "reversed dates": span("1990-06-12", "1990-06-11"),
    },
    "exclusion.ids-count": {
        "ids with a count": body({"transaction_ids": IDS[:1], "number_of_transactions": 1}),
        "many ids with a count": body({"transaction_ids": IDS[:2], "number_of_transactions": 1}),
        "ids with a count and a range": body(
            {"transaction_ids": IDS[:2], "number_of_transactions": 1, "date_range": EMPTY}
        ),
    },
    "exclusion.ids-range": {
        "ids with a range": body({"transaction_ids": IDS[:1], "date_range": EMPTY}),
        "many ids with a range": body({"transaction_ids": IDS[:2], "date_range": EMPTY}),
    },
    "exclusion.count-range-allowed": {
        "count with a range": beside(7, EMPTY),
        "bad count beside a range": beside(0, EMPTY),
        "bad range beside a count": beside(7, {}),
    },
    "auth.missing": {"no Authorization header": {**at(ACCOUNT), "authorization": None}},
    "auth.scheme": {
        case: {**at(ACCOUNT), "authorization": value}
        for case, value in {
            "another scheme": "Basic c29tZWJvZHk6c29tZXRoaW5n",
            "our token under another scheme": f"Token {TOKEN}",
            "our token without a scheme": TOKEN,
            "bearer without a token": "Bearer",
            "empty Authorization header": "",
        }.items()
    },
    "auth.malformed": {
        "bearer that is no JWT": bearer("nonsense"),
        "bearer of three parts that are no JWT": bearer("one.two.three"),
        "our token with a further part": bearer(f"{TOKEN}.x"),
        "our token in quotes": bearer(f'"{TOKEN}"'),
        "our token in capitals": bearer(TOKEN.upper()),
    },
    "auth.tampered": {
        "token with changed claims": bearer(with_claims(TOKEN, admin=True)),
        "token with a changed signature": bearer(with_changed_signature(TOKEN)),
        "token with its signature cut": bearer(with_cut_signature(TOKEN)),
        "token without its signature": bearer(without_signature(TOKEN)),
    },
    "auth.unsigned": {
        "unsigned token": bearer(unsigned(TOKEN)),
        "unsigned token spelt otherwise": bearer(unsigned(TOKEN, "nOnE")),
    },
    "auth.expired": {"expired token": bearer(helpers.EXPIRED)},
    "auth.scopes": {"token without the scopes": bearer(helpers.WITHOUT_SCOPES)},
    "auth.account": {"token of another account": bearer(helpers.OTHERS_TOKEN)},
    "auth.test-only": {"production account": at("P12345678")},
}


ROWS = [(clause, case) for clause, cases in PUT.items() for case in cases]


def strangers(claims: Iterator[Claim] | tuple[Claim, ...]) -> list[str]:
    """Claims that stand in no clause."""
    return [
        f"{claim.clause}: {claim.case}"
        for claim in claims
        if CLAUSES[claim.clause].level is not Level.OBSERVE
        and claim.case not in named(claim.clause)
    ]


@pytest.mark.parametrize(("clause", "case"), ROWS)
def test_the_oracle_names_the_class_of_a_request_that_is_made_for_it(
    clause: str, case: str
) -> None:
    reading = read(**PUT[clause][case])
    every = [claim for fault in reading.faults for claim in fault.claims] + [*reading.grants]
    assert Claim(clause, case) in every
    assert not strangers((*every, *reading.opens))


@pytest.mark.parametrize(("clause", "case"), ROWS)
def test_a_request_that_is_made_for_a_clause_has_one_cause_at_most(clause: str, case: str) -> None:
    assert len(read(**PUT[clause][case]).faults) <= 1


def test_each_class_of_a_stateless_clause_is_one_that_the_oracle_names() -> None:
    for clause in CLAUSES.clauses:
        if clause.chapter in STATELESS:
            # "count alone" is the depth of a test that settles: it is a count in between; that a
            # token is good on its own account, grading says (`of_the_other`).
            elsewhere = {"count alone", "token on its own account"}
            assert named(clause.id) - elsewhere == PUT[clause.id].keys(), clause.id


@examples(400)
@given(strategies.bodies(ACCOUNT))
def test_no_body_is_of_a_class_that_no_clause_names(value: Any) -> None:
    reading = read(raw=encode(value), media_type="application/json")
    claims = tuple(claim for fault in reading.faults for claim in fault.claims)
    assert not strangers((*claims, *reading.grants, *reading.opens))


@examples(200)
@given(strategies.broken_json(ACCOUNT))
def test_no_text_is_of_a_class_that_no_clause_names(text: bytes) -> None:
    reading = read(raw=text, media_type="application/json")
    claims = tuple(claim for fault in reading.faults for claim in fault.claims)
    assert not strangers((*claims, *reading.grants, *reading.opens))


GOOD = {
    200: {"message": "nothing"},
    201: {"message": "created"},
    400: {"error": {"message": "bad"}},
    401: {"error": {"message": "who"}},
    403: {"error": {"message": "no"}},
}


@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "PATCH", "DELETE", "HEAD"])
@pytest.mark.parametrize("status", [*GOOD, 302, 404, 422])
def test_what_an_answer_shows_is_a_class_of_its_clause(status: int, method: str) -> None:
    content = json.dumps(GOOD.get(status, {})).encode()
    answer = Answer(status, (("content-type", "application/json"),), content)
    seen = grade(read({"date_range": EMPTY}, method=method), answer)
    assert seen
    assert not strangers(tuple(claim for shown in seen for claim in shown.kind.claims))


def test_each_class_of_an_answer_is_one_that_grading_names() -> None:
    shown: set[Claim] = set()
    for status in [*GOOD, 418]:
        content = json.dumps(GOOD.get(status, {})).encode()
        answer = Answer(status, (("content-type", "application/json"),), content)
        for method in ("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD"):
            for seen in grade(read({"date_range": EMPTY}, method=method), answer):
                if seen.kind.sign in (Sign.HELD, Sign.BROKEN):
                    shown |= set(seen.kind.claims)
    for clause in CLAUSES.clauses:
        if clause.chapter == "answer":
            assert {Claim(clause.id, case) for case in named(clause.id)} <= shown, clause.id
