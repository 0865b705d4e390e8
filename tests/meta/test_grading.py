"""Grading: what one answer shows about the clauses that its request put."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.meta.observed import (
    JSON,
    VALID,
    answer,
    blamed,
    exchange,
    recorded,
)

from ..harness import blame
from ..harness.cases import EMPTY
from ..harness.grading import Sign, grade, of_the_other, success_problem
from ..harness.oracle import Claim, Reading
from ..harness.wire import Answer
from .helpers import ACCOUNT, OTHERS_TOKEN, read, table


def signs(reading: Reading, status: int) -> dict[str, str]:
    """The sign for each clause that an answer shows something about."""
    return {
        claim.clause: str(seen.kind.sign)
        for seen in grade(reading, answer(status))
        for claim in seen.kind.claims
    }


BAD = read({"number_of_transactions": 0})


NO_TOKEN = read({"date_range": EMPTY}, authorization=None)


THEIRS = read({"date_range": EMPTY}, authorization=f"Bearer {OTHERS_TOKEN}")


BLANK = read({"date_range": EMPTY}, authorization="")


PRODUCTION = read({"date_range": EMPTY}, account="P12345678")


LOWER = read({"date_range": EMPTY}, account=ACCOUNT.lower())


OPEN = read({"number_of_transactions": 1.0})


TEXT = read({"date_range": EMPTY}, media_type="text/plain")


CHUNKED = read(raw=b"{", chunked=True)


UNSIZED = read(raw=None, sized=False)


GET = read({"date_range": EMPTY}, method="GET")


BOTH = read({"number_of_transactions": 0}, authorization=None)


ROWS = [
    *((VALID, status, "count.accepted", "held") for status in (200, 201, 202, 204)),
    *((VALID, status, "count.accepted", "broken") for status in (400, 409, 410, 415, 422)),
    *((VALID, status, "count.accepted", "token") for status in (401, 403)),
    *((VALID, status, "count.accepted", "nowhere") for status in (404, 405, 300, 304, 100)),
    *((VALID, status, "count.accepted", "error") for status in (406, 500, 501, 505)),
    (BAD, 406, "count.minimum", "error"),
    (VALID, 406, "answer.status", "broken"),
    *((BAD, status, "count.minimum", "held") for status in (400, 413, 415, 422, 409)),
    *((BAD, status, "count.minimum", "token") for status in (401, 403)),
    *((BAD, status, "count.minimum", "nowhere") for status in (404, 405, 300, 302)),
    *((BAD, status, "count.minimum", "broken") for status in (200, 201, 204)),
    *((BAD, status, "count.minimum", "error") for status in (500, 501)),
    *((NO_TOKEN, status, "auth.missing", "broken") for status in (200, 201, 400, 403, 404, 302)),
    (NO_TOKEN, 401, "auth.missing", "held"),
    (NO_TOKEN, 500, "auth.missing", "error"),
    *((BLANK, status, "auth.scheme", "held") for status in (400, 401)),
    *((BLANK, status, "auth.scheme", "broken") for status in (403, 404, 422)),
    *((THEIRS, status, "auth.account", "held") for status in (401, 403, 404)),
    *((THEIRS, status, "auth.account", "broken") for status in (200, 201, 400, 422)),
    *((PRODUCTION, status, "auth.test-only", "held") for status in (400, 401, 403, 404, 405, 422)),
    *((PRODUCTION, status, "auth.test-only", "broken") for status in (200, 201)),
    *((LOWER, status, "account.pattern", "held") for status in (400, 401, 403, 404, 405)),
    (LOWER, 200, "account.pattern", "broken"),
    (LOWER, 301, "account.pattern", "nowhere"),
    (LOWER, 500, "account.pattern", "error"),
    *((LOWER, status, "observe.account-status", "seen") for status in (200, 400, 404)),
    *((OPEN, status, "observe.integral-float", "seen") for status in (200, 201, 400, 422)),
    *((TEXT, status, "observe.media-type", "seen") for status in (200, 400, 415)),
    *((GET, status, "answer.method", "held") for status in (200, 404, 405, 500)),
    (GET, 201, "answer.method", "broken"),
    (GET, 405, "observe.other-methods", "seen"),
    # two faults: either explains a refusal
    *((BOTH, status, "count.minimum", "held") for status in (400, 422)),
    *((BOTH, status, "count.minimum", "token") for status in (401, 403)),
    (BOTH, 200, "count.minimum", "broken"),
    # the answer for itself
    *((VALID, status, "answer.status", "held") for status in (200, 201, 400, 401, 403)),
    *((VALID, status, "answer.status", "broken") for status in (202, 204, 302, 404, 422)),
    *((BAD, status, "answer.status", "broken") for status in (404, 413, 422)),
    *((VALID, status, "answer.no-500", "held") for status in (200, 400, 404)),
    *((VALID, status, "answer.no-500", "broken") for status in (500, 501, 505)),
    (BAD, 500, "answer.no-500", "broken"),
    (OPEN, 500, "answer.no-500", "broken"),
    (LOWER, 500, "answer.no-500", "broken"),
    *((CHUNKED, status, "body.json", "held") for status in (400, 411, 413)),
    *((CHUNKED, status, "body.json", "broken") for status in (200, 201)),
    (CHUNKED, 501, "body.json", "error"),
    (CHUNKED, 501, "answer.no-500", "held"),
    (CHUNKED, 500, "answer.no-500", "broken"),
    *((UNSIZED, status, "body.optional", "held") for status in (200, 201)),
    *((UNSIZED, status, "body.optional", "broken") for status in (400, 415)),
    (UNSIZED, 411, "observe.odd-json", "seen"),
    (THEIRS, 404, "answer.status", "broken"),
    (VALID, 200, "answer.success", "held"),
    (VALID, 400, "answer.error", "held"),
    (VALID, 500, "answer.error", "held"),
]


@pytest.mark.parametrize(
    ("reading", "status", "clause", "sign"),
    [
        pytest.param(*row, id=f"{n} {row[0].claims[0].case}, {row[1]}, {row[2]}")
        for n, row in enumerate(ROWS)
    ],
)
def test_an_answer_is_for_a_clause_what_the_contract_says(
    reading: Reading, status: int, clause: str, sign: str
) -> None:
    assert signs(reading, status)[clause] == sign


@pytest.mark.parametrize("status", [200, 201, 400, 404, 422])
@pytest.mark.parametrize("reading", [LOWER, TEXT, CHUNKED, UNSIZED, GET])
def test_outside_the_operation_no_status_is_undeclared(reading: Reading, status: int) -> None:
    assert not {"answer.status", "answer.success", "answer.error"} & signs(reading, status).keys()


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    ("value", "blames"),
    [
        ({"error": {"message": "no"}}, ["answer.success"]),
        ({"error": {"message": "no"}, "message": "ok"}, ["count.minimum"]),
        ({"error": "no"}, ["answer.success", "count.minimum"]),
    ],
    ids=["error", "both", "neither"],
)
def test_an_error_that_is_sent_as_a_success_is_a_wrong_answer_first(
    status: int, value: Any, blames: list[str]
) -> None:
    assert blamed(*grade(BAD, answer(status, value))) == blames


def test_what_is_sent_as_an_error_accepts_nothing() -> None:
    said = answer(200, {"error": {"message": "no"}})
    observed = grade(VALID, said)
    assert blamed(*observed) == ["answer.success"]
    assert not blame.add_up(recorded(observed)).accepted & {c.clause for c in VALID.claims}
    assert Sign.HELD not in [seen.kind.sign for seen in of_the_other([], said, None)]


def test_an_error_as_200_for_a_malformed_account_is_wrong_where_it_is_not_so_for_everything() -> (
    None
):
    said = answer(200, {"error": {"message": "no"}})
    fine = answer(200, {"message": "ok"})
    assert blamed(*grade(VALID, fine), *grade(LOWER, said)) == ["account.pattern"]
    assert blamed(*grade(VALID, said), *grade(LOWER, said)) == ["answer.success"]


@pytest.mark.parametrize("status", [200, 404, 422])
def test_for_a_production_account_no_status_is_undeclared(status: int) -> None:
    assert (
        not {"answer.status", "answer.success", "answer.error"} & signs(PRODUCTION, status).keys()
    )


@pytest.mark.parametrize("status", [400, 401, 403])
def test_what_refuses_a_production_account_is_an_error_as_declared(status: int) -> None:
    assert signs(PRODUCTION, status)["answer.error"] == "held"
    text = answer(status)
    assert {
        seen.kind.claims[0].clause: seen.kind.sign.value
        for seen in grade(PRODUCTION, replace(text, body=b'{"message": "no"}'))
    }["answer.error"] == "broken"


@pytest.mark.parametrize("status", [None, 408, 425, 429, 502, 503, 504, 520, 530])
def test_the_weather_shows_nothing(status: int | None) -> None:
    assert grade(VALID, answer(status)) == []


def test_an_unexpected_error_for_another_media_type_is_not_blamed() -> None:
    assert "answer.no-500" not in signs(TEXT, 500)


def test_a_refusal_that_other_faults_explain_is_not_held_for_one_of_them() -> None:
    (refusal, *_) = grade(BOTH, answer(400))
    assert not refusal.kind.alone
    assert not blame.add_up(recorded([refusal])).held


ERROR = {"error": {"message": "no", "code": "X", "errors": [{}], "more": 1}, "more": 1}


@pytest.mark.parametrize(
    ("status", "value", "case"),
    table(
        [
            (200, {"message": "ok"}, None),
            (201, {"message": "", "id": 5}, None),
            (200, {}, "no message"),
            (200, {"message": None}, "message that is no string"),
            (200, {"message": 5}, "message that is no string"),
            (200, [], "body that is no object"),
            (200, "ok", "body that is no object"),
            (400, ERROR, None),
            (403, {"error": {"message": "no", "errors": []}}, None),
            (400, {"message": "no"}, "no error"),
            (400, [], "body that is no object"),
            (400, {"error": "no"}, "error that is no object"),
            (400, {"error": {}}, "no error.message"),
            (401, {"error": {"message": None}}, "error.message that is no string"),
            (400, {"error": {"message": "no", "code": 5}}, "error.code that is no string"),
            (400, {"error": {"message": "no", "code": None}}, "error.code that is no string"),
            (400, {"error": {"message": "no", "errors": {}}}, "error.errors that is no array"),
            (400, {"error": {"message": "no", "errors": ["x"]}}, "error.errors of no objects"),
            (500, {"error": {}}, "no error.message"),
        ]
    ),
)
def test_the_body_of_an_answer_is_what_its_status_declares(
    status: int, value: Any, case: str | None
) -> None:
    clause = "answer.success" if status < 300 else "answer.error"
    reading = VALID if status < 300 else BAD
    (seen,) = [
        shown
        for shown in grade(reading, answer(status, value))
        if shown.kind.claims[0].clause == clause
    ]
    assert seen.kind.sign is (Sign.BROKEN if case else Sign.HELD)
    if case:
        assert seen.kind.claims[0].case == case


@pytest.mark.parametrize(
    ("headers", "body", "case"),
    table(
        [
            ((("content-type", "application/json; charset=utf-8"),), b'{"message": "x"}', None),
            ((("CONTENT-TYPE", "APPLICATION/JSON ;x=y"),), b'{"message": "x"}', None),
            (
                (("content-type", "application/problem+json"),),
                b'{"message": "x"}',
                "another media type",
            ),
            ((("content-type", "text/html"),), b"<html>", "another media type"),
            ((), b'{"message": "x"}', "another media type"),
            (JSON, b"", "body that is no JSON"),
            (JSON, b'{"message": "x"', "body that is no JSON"),
            (JSON, b'{"message": "\xff"}', "body that is no JSON"),
            (JSON, b'{"message": "x", "more": NaN}', "body that is no JSON"),
            (JSON, b"[" * 100_000, "body that is no JSON"),
            ((*JSON, ("x-undecodable", "br")), b"\x8b", "unreadable content coding"),
        ]
    ),
)
def test_an_answer_that_is_no_json_breaks_what_it_declares(
    headers: tuple[tuple[str, str], ...], body: bytes, case: str | None
) -> None:
    seen = [s.kind for s in grade(VALID, Answer(200, headers, body))]
    (kind,) = [kind for kind in seen if kind.claims[0].clause == "answer.success"]
    assert kind.claims[0].case == (case or "success as declared")


WRONG = [
    (BAD, 201, (400,), "it is to be refused"),
    (NO_TOKEN, 201, (401,), "it is to be refused"),
    (BLANK, 201, (400, 401), "it is to be refused"),
    (LOWER, 201, (400, 401, 403), "it is to be refused"),
    (VALID, 400, (200, 201), "it is to be accepted"),
    (VALID, 501, (200, 201), "count in between: an unexpected error"),
    (BAD, 501, (400,), "count of zero: an unexpected error"),
    (VALID, 202, (200, 201), "202 is not among the declared statuses"),
    (BAD, 418, (400,), "418 is not among the declared statuses"),
    (VALID, 200, (200,), "`message` is required"),
    (BAD, 400, (400,), "`error` is required"),
    (GET, 201, (404, 405, 501), "another method created a report"),
]


@pytest.mark.parametrize(("reading", "status", "expected", "reason"), WRONG)
def test_what_was_wrong_and_what_would_have_conformed_is_said(
    reading: Reading, status: int, expected: tuple[int, ...], reason: str
) -> None:
    (found,) = [s for s in grade(reading, answer(status, {})) if s.kind.sign is Sign.BROKEN][:1]
    assert (found.kind.came, found.expected, found.reason) == (str(status), expected, reason)


@pytest.mark.parametrize(
    ("headers", "came"),
    [((), "no Content-Type"), ((("content-type", "text/html"),), "text/html")],
)
def test_the_media_type_that_came_is_said(headers: tuple[tuple[str, str], ...], came: str) -> None:
    found = success_problem(Answer(200, headers, b"{}"))
    assert found == ("another media type", f"application/json is declared, and {came} came")


def test_an_error_past_500_is_no_undeclared_status_too() -> None:
    assert "answer.status" not in signs(VALID, 501)


def test_what_is_observed_is_said_by_its_status() -> None:
    for reading, claim in (
        (OPEN, Claim("observe.integral-float", "count written as a float")),
        (GET, GET.opens[0]),
        (LOWER, Claim("observe.account-status", LOWER.faults[0].claims[0].case)),
    ):
        seen = [s.kind for s in grade(reading, answer(405)) if s.kind.sign is Sign.SEEN]
        assert [(kind.claims, kind.came) for kind in seen] == [((claim,), "405")]


@pytest.mark.parametrize(
    ("status", "sign"), [(201, Sign.HELD), (401, Sign.OTHER), (403, Sign.OTHER), (400, None)]
)
def test_of_the_other_account_its_token_is_in_question_first(
    status: int, sign: Sign | None
) -> None:
    came = answer(status)
    found = of_the_other(grade(VALID, came), came, Claim("outcome.accounts-apart", "ids"))
    claim = Claim("auth.account", "token on its own account")
    assert next((seen.kind.sign for seen in found if claim in seen.kind.claims), None) is sign


@pytest.mark.parametrize(("good", "broken"), [(False, []), (True, ["outcome.accounts-apart"])])
def test_a_token_that_was_good_once_is_to_be_accepted(good: bool, broken: list[str]) -> None:
    came, apart = answer(403), Claim("outcome.accounts-apart", "ids of another account")
    record = recorded(of_the_other(grade(VALID, came), came, apart))
    record.other_accepted = good
    record.add(of_the_other(grade(VALID, answer(201)), answer(201), None), exchange(201))
    sums = blame.add_up(record)
    assert [id_ for id_ in sums.breaches if not id_.startswith("answer")] == broken
    # Of a token that is dead nothing is left open but whether it is.
    assert {claim.clause for claim in sums.open} == (set() if good else {"auth.account"})
