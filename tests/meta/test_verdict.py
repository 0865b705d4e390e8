"""Grading and verdict: what an answer shows, and what all that was seen adds up to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..harness import verdict
from ..harness.cases import EMPTY
from ..harness.grading import Kind, Observation, Sign, grade
from ..harness.oracle import Claim, Reading
from ..harness.record import Record
from ..harness.target import Deviation
from ..harness.verdict import Outcome, Question, Status
from ..harness.wire import Answer, Exchange, Request
from .helpers import ACCOUNT, CLAUSES, OTHERS_TOKEN, examples, read, table

JSON = (("Content-Type", "application/json"),)
IDS = [f"{ACCOUNT}.{'a' * 22}"]
EVERY = frozenset(clause.id for clause in CLAUSES.clauses)


def answer(status: int | None, value: Any = None) -> Answer:
    """An answer that is as declared, or has another body."""
    if value is None:
        value = {"message": "ok"} if status in (200, 201) else {"error": {"message": "no"}}
    return Answer(status, JSON, json.dumps(value).encode())


def exchange(status: int | None = 200, body: bytes | None = None) -> Exchange:
    return Exchange(Request("POST", "/", (), body), answer(status))


def signs(reading: Reading, status: int) -> dict[str, str]:
    """The sign for each clause that an answer shows something about."""
    return {
        claim.clause: str(seen.kind.sign)
        for seen in grade(reading, answer(status))
        for claim in seen.kind.claims
    }


# ----------------------------------------------------------------------------------- grading

VALID = read({"number_of_transactions": 5, "date_range": EMPTY})
BAD = read({"number_of_transactions": 0})
NO_TOKEN = read({"date_range": EMPTY}, authorization=None)
THEIRS = read({"date_range": EMPTY}, authorization=f"Bearer {OTHERS_TOKEN}")
BLANK = read({"date_range": EMPTY}, authorization="")
PRODUCTION = read({"date_range": EMPTY}, account="P12345678")
LOWER = read({"date_range": EMPTY}, account=ACCOUNT.lower())
OPEN = read({"number_of_transactions": 1.0})
TEXT = read({"date_range": EMPTY}, media_type="text/plain")
GET = read({"date_range": EMPTY}, method="GET")
BOTH = read({"number_of_transactions": 0}, authorization=None)

ROWS = [
    *((VALID, status, "count.accepted", "held") for status in (200, 201, 202, 204)),
    *((VALID, status, "count.accepted", "broken") for status in (400, 409, 410, 415, 422)),
    *((VALID, status, "count.accepted", "token") for status in (401, 403)),
    *((VALID, status, "count.accepted", "nowhere") for status in (404, 405, 301, 304, 100)),
    *((VALID, status, "count.accepted", "error") for status in (500, 501, 505)),
    *((BAD, status, "count.minimum", "held") for status in (400, 413, 415, 422, 409)),
    *((BAD, status, "count.minimum", "token") for status in (401, 403)),
    *((BAD, status, "count.minimum", "nowhere") for status in (404, 405, 302)),
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
@pytest.mark.parametrize("reading", [LOWER, PRODUCTION, TEXT, GET], ids=["t", "P", "text", "GET"])
def test_outside_the_operation_no_status_is_undeclared(reading: Reading, status: int) -> None:
    assert not {"answer.status", "answer.success", "answer.error"} & signs(reading, status).keys()


@pytest.mark.parametrize("status", [None, 408, 425, 429, 502, 503, 504, 520, 530])
def test_the_weather_shows_nothing(status: int | None) -> None:
    assert grade(VALID, answer(status)) == []


def test_an_unexpected_error_for_another_media_type_is_not_blamed() -> None:
    assert "answer.no-500" not in signs(TEXT, 500)


def test_a_refusal_that_other_faults_explain_is_not_held_for_one_of_them() -> None:
    (refusal, *_) = grade(BOTH, answer(400))
    assert not refusal.kind.alone
    assert not verdict.add_up(recorded([refusal])).held


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


# ----------------------------------------------------------------------------------- verdict


def recorded(observations: Iterable[Observation], accepted: bool = True) -> Record:
    record = Record(accepted=accepted)
    for seen in observations:
        record.add([seen], exchange())
    return record


def seen(
    sign: Sign,
    *claims: tuple[str, str],
    came: str = "400",
    refusal: bool = False,
    alone: bool = True,
) -> Observation:
    """An observation of some claims."""
    kind = Kind(tuple(Claim(*claim) for claim in claims), sign, came, refusal, alone)
    return Observation(kind, (400,), "a reason")


def core(clause: str, *, refusal: bool | None = None) -> list[Observation]:
    """The whole core of a clause, held."""
    refused = CLAUSES[clause].twin is not None if refusal is None else refusal
    return [seen(Sign.HELD, (clause, case), refusal=refused) for case in CLAUSES[clause].core]


def judged(record: Record, **changes: Any) -> dict[str, Outcome]:
    question = Question(CLAUSES, EVERY, **changes)
    return {outcome.clause.id: outcome for outcome in verdict.evaluate(record, question)}


def broken(record: Record, **changes: Any) -> list[str]:
    outcomes = judged(record, **changes).values()
    return [outcome.clause.id for outcome in outcomes if outcome.status is Status.BROKEN]


REFUSED = [
    {"number_of_transactions": 0},
    {"number_of_transactions": "5"},
    {"transaction_ids": "x"},
    {"transaction_ids": [*IDS, 5]},
    {"date_range": {}},
    {"date_range": {"start_date": "x", "end_date": "1990-01-01"}},
    {"transaction_ids": IDS, "number_of_transactions": 1},
    {"transaction_ids": IDS, "date_range": EMPTY},
    [],
    None,
]


def run_of(status: int, accepted: int = 200) -> Record:
    """A run in which every refusal gets the same status."""
    record = Record(accepted=True)
    for body in REFUSED:
        record.add(grade(read(body), answer(status)), exchange(status))
    record.add(grade(VALID, answer(accepted)), exchange(accepted))
    return record


@pytest.mark.parametrize("status", [422, 413, 415, 409])
def test_another_4xx_for_every_refusal_breaks_the_status_and_nothing_else(status: int) -> None:
    assert broken(run_of(status)) == ["answer.status"]


def test_a_500_for_every_refusal_breaks_that_nothing_is_one() -> None:
    assert broken(run_of(500)) == ["answer.no-500"]


def test_what_is_all_as_declared_breaks_nothing() -> None:
    assert broken(run_of(400)) == []


def test_a_401_for_every_refusal_holds_where_the_token_was_accepted_and_else_is_open() -> None:
    assert judged(run_of(401))["count.minimum"].cases["count of zero"] == "held"
    record = run_of(401)
    record.accepted = False
    assert judged(record)["count.minimum"].cases["count of zero"] == "count of zero: 401"


def test_a_404_for_every_refusal_never_holds() -> None:
    outcome = judged(run_of(404))["count.minimum"]
    assert outcome.status is Status.NOT_ESTABLISHED
    assert "count of zero: 404" in outcome.cases["count of zero"]


@pytest.mark.parametrize("status", [401, 403, 404, 405, 302])
def test_a_valid_request_that_is_turned_away_is_broken_only_where_something_was_accepted(
    status: int,
) -> None:
    def record(accepted: bool) -> Record:
        return recorded(grade(VALID, answer(status)), accepted)

    assert "count.accepted" not in broken(record(accepted=False))
    (blamed,) = [id_ for id_ in broken(record(accepted=True)) if not id_.startswith("answer")]
    assert blamed in {claim.clause for claim in VALID.claims}


PLAIN = ("count.minimum", "count of zero")
SPECIFIC = ("exclusion.count-range-allowed", "bad count beside a range")


def blamed(*observations: Observation) -> list[str]:
    return sorted(verdict.add_up(recorded(observations)).breaches)


def test_the_blame_goes_to_the_plain_clause_where_that_is_broken_alone() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC)
    assert blamed(both, seen(Sign.BROKEN, PLAIN)) == ["count.minimum"]


def test_the_blame_goes_to_the_clause_that_never_held() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC)
    assert blamed(both, seen(Sign.HELD, PLAIN)) == ["exclusion.count-range-allowed"]
    assert blamed(both, seen(Sign.HELD, SPECIFIC)) == ["count.minimum"]


def test_the_blame_goes_to_what_a_simpler_request_was_blamed_on() -> None:
    all_three = seen(Sign.BROKEN, PLAIN, SPECIFIC, ("outcome.nothing", "empty window"))
    both = seen(Sign.BROKEN, SPECIFIC, ("outcome.nothing", "empty window"))
    held = seen(Sign.HELD, PLAIN), seen(Sign.HELD, SPECIFIC)
    assert blamed(all_three, both, *held) == ["outcome.nothing"]


def test_else_the_blame_goes_to_the_plainest_clause_of_which_nothing_held() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC)
    assert blamed(both) == ["count.minimum"]


def test_where_each_held_elsewhere_the_blame_goes_to_the_most_specific_clause() -> None:
    both = seen(Sign.BROKEN, PLAIN, SPECIFIC, came="200", refusal=True)
    assert blamed(both, seen(Sign.HELD, PLAIN), seen(Sign.HELD, SPECIFIC)) == [
        "exclusion.count-range-allowed"
    ]


def test_a_valid_request_turned_away_is_blamed_on_the_plainest_clause() -> None:
    window = ("range.accepted", "other range"), ("outcome.nothing", "empty window")
    both = seen(Sign.BROKEN, *window, came="400")
    held = [seen(Sign.HELD, claim) for claim in window]
    assert blamed(both, *held) == ["range.accepted"]


def test_the_smallest_witness_of_a_breach_is_kept() -> None:
    record = Record()
    for body in (b"long body", b"x", b"middle"):
        record.add([seen(Sign.BROKEN, PLAIN)], exchange(200, body))
    (entry,) = record.entries.values()
    assert entry.count == 3
    assert entry.witness is not None
    assert entry.witness.request.body == b"x"


CREATED = ("outcome.created", "created by range")


@pytest.mark.parametrize(("times", "breached"), [(1, []), (2, ["outcome.created"])])
def test_a_doubt_is_a_breach_when_it_comes_twice(times: int, breached: list[str]) -> None:
    assert blamed(*[seen(Sign.DOUBT, CREATED, came="200")] * times) == breached


def test_a_doubt_is_no_breach_where_somebody_else_moves_the_ledger() -> None:
    plain = ("outcome.created", "created by id")
    moved = [seen(Sign.HELD, plain, came="201"), seen(Sign.DOUBT, plain, came="200")]
    assert blamed(*moved, *[seen(Sign.DOUBT, CREATED, came="200")] * 2) == []


# --------------------------------------------------------------------------------- held only


def test_a_clause_is_held_when_its_whole_core_held_and_its_twin_was_accepted() -> None:
    twin = seen(Sign.HELD, ("count.accepted", "count in between"))
    record = recorded([*core("count.minimum"), twin])
    assert judged(record)["count.minimum"].status is Status.HELD


@pytest.mark.parametrize("case", CLAUSES["count.type"].core)
def test_a_clause_of_whose_core_one_case_is_missing_is_not_established(case: str) -> None:
    twin = seen(Sign.HELD, ("count.accepted", "count in between"))
    kept = [found for found in core("count.type") if found.kind.claims[0].case != case]
    outcome = judged(recorded([*kept, twin]))["count.type"]
    assert outcome.status is Status.NOT_ESTABLISHED
    assert case in outcome.why


def test_a_refusal_without_an_accepted_twin_says_little() -> None:
    outcome = judged(recorded(core("count.minimum")))["count.minimum"]
    assert outcome.status is Status.NOT_ESTABLISHED
    assert "was not accepted" in outcome.why


def test_a_refused_case_of_the_twin_is_no_acceptance() -> None:
    record = recorded(
        [*core("range.required"), seen(Sign.TOKEN, ("range.accepted", "other range"))]
    )
    record.accepted = False
    assert judged(record)["range.required"].status is Status.NOT_ESTABLISHED


def test_a_case_that_broke_beside_a_core_that_held_breaks_the_clause() -> None:
    record = recorded(
        [*core("count.accepted"), seen(Sign.BROKEN, ("count.accepted", "count alone"))]
    )
    assert judged(record)["count.accepted"].status is Status.BROKEN


def test_an_open_case_of_the_core_says_why_it_is_open() -> None:
    outcome = judged(recorded([seen(Sign.ERROR, PLAIN, came="500")]))["count.minimum"]
    assert outcome.status is Status.NOT_ESTABLISHED
    assert outcome.why == "open: count of zero: 500"


def test_a_clause_that_the_target_lacks_something_for_says_what() -> None:
    record = Record(lacking={"auth.expired": "lacks [auth.others] expired"})
    assert judged(record)["auth.expired"].why == "lacks [auth.others] expired"


def test_what_is_not_selected_is_not_judged() -> None:
    record = recorded([seen(Sign.BROKEN, PLAIN)])
    outcomes = judged(record)
    assert outcomes["count.minimum"].status is Status.BROKEN
    question = Question(CLAUSES, EVERY - {"count.minimum"})
    (outcome,) = [o for o in verdict.evaluate(record, question) if o.clause.id == "count.minimum"]
    assert outcome.status is Status.NOT_SELECTED


def test_a_breach_that_may_belong_to_a_clause_that_is_asked_for_is_not_lost() -> None:
    record = recorded([seen(Sign.BROKEN, PLAIN), seen(Sign.BROKEN, PLAIN, SPECIFIC, came="201")])
    asked = Question(CLAUSES, frozenset({SPECIFIC[0]}), asked=True)
    assert [o.clause.id for o in verdict.evaluate(record, asked) if o.breaches] == [SPECIFIC[0]]


def test_what_is_observed_is_told_and_never_broken() -> None:
    record = recorded(
        [
            seen(Sign.SEEN, ("observe.integral-float", "count written as a float"), came=came)
            for came in ("400", "200")
        ]
    )
    outcome = judged(record)["observe.integral-float"]
    assert outcome.status is Status.OBSERVED
    assert not outcome.gated
    assert outcome.why == "count written as a float: 200, 400"


# -------------------------------------------------------------------------------------- gate


@pytest.mark.parametrize("clause", CLAUSES.clauses, ids=lambda clause: clause.id)
def test_the_gate_lets_pass_what_its_level_says(clause: Any) -> None:
    assert Question(CLAUSES, EVERY, gate="all").gated(clause) is (clause.level != "OBSERVE")
    assert Question(CLAUSES, EVERY, gate="must").gated(clause) is (
        clause.level in ("MUST", "IMPLIED")
    )


@pytest.mark.parametrize(("gate", "named"), [("all", ["exclusion.ids-count"]), ("must", [])])
def test_a_broken_clause_that_does_not_gate_is_not_named(gate: str, named: list[str]) -> None:
    record = recorded([seen(Sign.BROKEN, ("exclusion.ids-count", "ids with a count"))])
    outcomes = judged(record, gate=gate)
    assert outcomes["exclusion.ids-count"].status is Status.BROKEN
    assert verdict.named(outcomes.values()) == named


def test_the_clause_that_the_cause_belongs_to_is_named_first() -> None:
    chain = ["auth.test-only", "auth.account", "auth.tampered", "auth.malformed", "auth.missing"]
    record = recorded([seen(Sign.BROKEN, (id_, CLAUSES[id_].core[0])) for id_ in chain])
    assert verdict.named(judged(record).values()) == chain[::-1]


# ------------------------------------------------------------------------------- deviations

CLAUSE = "exclusion.ids-count"
ONE, MANY, WHOLE = CLAUSES[CLAUSE].core
TODAY = dt.date(2026, 11, 20)


def deviation(*breaks: str, until: dt.date = TODAY) -> Deviation:
    return Deviation(clause=CLAUSE, breaks=breaks, reason="known", ticket="ABC-1", until=until)


def excused(
    record: Record, *deviations: Deviation, selected: frozenset[str] = EVERY
) -> tuple[Outcome, list[str]]:
    question = Question(CLAUSES, selected, deviations=deviations, today=TODAY)
    outcomes = verdict.evaluate(record, question)
    stale = verdict.excuse(outcomes, question)
    return next(outcome for outcome in outcomes if outcome.clause.id == CLAUSE), stale


def breaks(*cases: str, came: str = "201") -> list[Observation]:
    return [seen(Sign.BROKEN, (CLAUSE, case), came=came, refusal=True) for case in cases]


def holds(*cases: str) -> list[Observation]:
    return [seen(Sign.HELD, (CLAUSE, case), refusal=True) for case in cases]


@pytest.mark.parametrize("came", ["200", "201"])
def test_a_declared_breach_deviates_and_which_2xx_it_was_does_not_matter(came: str) -> None:
    record = recorded([*breaks(ONE, came=came), *holds(MANY, WHOLE)])
    outcome, stale = excused(record, deviation(f"{ONE}: 201"))
    assert outcome.status is Status.DEVIATES
    assert outcome.why == "known (ABC-1, until 2026-11-20)"
    assert stale == []


def test_a_declared_breach_that_holds_now_is_stale() -> None:
    record = recorded([*breaks(ONE), *holds(MANY, WHOLE)])
    outcome, stale = excused(record, deviation(f"{ONE}: 201", f"{MANY}: 201"))
    assert stale == [f"the deviation of {CLAUSE} is stale: '{MANY}' holds now"]
    assert outcome.status is Status.DEVIATES


def test_a_declared_breach_that_breaks_otherwise_is_stale_and_broken() -> None:
    record = recorded(breaks(ONE, came="204"))
    outcome, stale = excused(record, deviation(f"{ONE}: 201"))
    assert outcome.status is Status.BROKEN
    assert len(stale) == 1
    assert "breaks otherwise now" in stale[0]


def test_a_declared_breach_that_could_not_be_put_is_neither_stale_nor_broken() -> None:
    outcome, stale = excused(Record(), deviation(f"{ONE}: 201"))
    assert stale == []
    assert outcome.status is Status.NOT_ESTABLISHED


def test_a_class_that_was_not_declared_is_broken() -> None:
    outcome, stale = excused(recorded(breaks(ONE, MANY)), deviation(f"{ONE}: 201"))
    assert outcome.status is Status.BROKEN
    assert outcome.why == f"beyond the declared deviation: {MANY}: 201"
    assert stale == []


@pytest.mark.parametrize(("days", "over"), [(-1, True), (0, False), (1, False)])
def test_a_deviation_is_accepted_until_its_last_day(days: int, over: bool) -> None:
    until = TODAY + dt.timedelta(days=days)
    outcome, stale = excused(recorded(breaks(ONE)), deviation(f"{ONE}: 201", until=until))
    assert bool(stale) is over
    assert outcome.status is (Status.BROKEN if over else Status.DEVIATES)


def test_a_deviation_of_what_is_not_selected_is_not_stale() -> None:
    late = deviation(f"{ONE}: 201", until=dt.date(2020, 1, 1))
    outcome, stale = excused(Record(), late, selected=EVERY - {CLAUSE})
    assert stale == []
    assert outcome.status is Status.NOT_SELECTED


def test_a_deviation_of_another_clause_excuses_nothing() -> None:
    other = Deviation(
        clause="exclusion.ids-range",
        breaks=(f"{ONE}: 201",),
        reason="known",
        ticket="1",
        until=TODAY,
    )
    outcome, _ = excused(recorded(breaks(ONE)), other)
    assert outcome.status is Status.BROKEN


# ----------------------------------------------------------------------------------- merging

CLAIMS = [
    PLAIN,
    ("count.minimum", "negative count"),
    SPECIFIC,
    ("count.accepted", "count in between"),
    ("range.order", "equal dates"),
    ("observe.integral-float", "count written as a float"),
]
made = st.builds(
    lambda sign, claims, came, refusal, alone, body: (
        seen(sign, *claims, came=came, refusal=refusal, alone=alone),
        body,
    ),
    st.sampled_from(list(Sign)),
    st.lists(st.sampled_from(CLAIMS), min_size=1, max_size=3, unique=True),
    st.sampled_from(["200", "400", "401", "404", "500"]),
    st.booleans(),
    st.booleans(),
    st.binary(max_size=3),
)


def summed(parts: Iterable[Iterable[tuple[Observation, bytes]]]) -> Record:
    whole = Record()
    for part in parts:
        record = Record()
        for found, body in part:
            record.add([found], exchange(200, body))
        record.accepted = any(found.kind.sign is Sign.HELD for found, _ in part)
        whole.merge(record)
    return whole


def told(record: Record) -> list[Any]:
    """What a verdict says, but for the order of its words."""
    return [
        (
            outcome.clause.id,
            outcome.status,
            outcome.requests,
            sorted((case, shown == "held") for case, shown in outcome.cases.items()),
            sorted(
                (breach.words, breach.entry.count, str(breach.entry.witness))
                for breach in outcome.breaches
            ),
        )
        for outcome in judged(record).values()
    ]


@examples(100)
@given(st.lists(st.lists(made, max_size=6), max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_what_was_seen_and_of_merging_does_not_change_a_verdict(
    parts: list[list[tuple[Observation, bytes]]], chance: Any
) -> None:
    first = summed(parts)
    shuffled = [list(part) for part in parts]
    chance.shuffle(shuffled)
    for part in shuffled:
        chance.shuffle(part)
    second = summed(shuffled)
    assert told(first) == told(second)
    named = [verdict.named(judged(record).values()) for record in (first, second)]
    assert named[0] == named[1]


@examples(60)
@given(st.lists(made, max_size=12))
def test_whoever_saw_what_the_verdict_is_the_same(found: list[tuple[Observation, bytes]]) -> None:
    together = summed([found])
    apart = summed([[one] for one in found])
    assert told(together) == told(apart)


def test_merging_adds_up_what_is_counted() -> None:
    left, right = Record(sent=2, lacking={"a.b": "x"}), Record(sent=3, accepted=True, notes=["n"])
    left.weather["429"], right.weather["429"] = 1, 2
    left.merge(right)
    left.merge(Record(notes=["n"]))
    assert (left.sent, left.accepted, left.weather["429"], left.notes) == (5, True, 3, ["n"])
    assert left.lacking == {"a.b": "x"}


# --------------------------------------------------- what mutation testing found to be untested

CREATED = ("outcome.created", "created by range")
MEANWHILE = ("outcome.created", "while putting outcome.settled-once")
RANGE = ("outcome.range-limit", "range settles all inside")
STEP = (exchange(201),)


def first_named(*found: tuple[Observation, tuple[Exchange, ...]], fresh: bool = False) -> str:
    record = Record(accepted=True)
    for observation, steps in found:
        record.add([observation], exchange(), steps)
    return verdict.named(judged(record, fresh=fresh).values())[0]


def test_a_plain_case_that_never_held_is_a_cause_of_its_own() -> None:
    cause, plain = (seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, CREATED))
    assert first_named((cause, STEP), (plain, ())) == "outcome.created"
    assert first_named((cause, STEP), (plain, STEP)) == "outcome.range-limit"
    held = seen(Sign.HELD, CREATED, came="201")
    assert first_named((cause, STEP), (plain, ()), (held, ())) == "outcome.range-limit"


@pytest.mark.parametrize(
    ("fresh", "named"), [(True, "outcome.created"), (False, "outcome.range-limit")]
)
def test_beyond_its_core_a_case_is_plain_only_on_a_fresh_ledger(fresh: bool, named: str) -> None:
    cause, plain = (seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, MEANWHILE))
    assert first_named((cause, STEP), (plain, ()), fresh=fresh) == named


def test_a_clause_that_is_not_marked_so_is_never_plain() -> None:
    cause, other = (
        seen(Sign.BROKEN, claim, came="200") for claim in (RANGE, ("outcome.nothing", "x"))
    )
    assert first_named((cause, STEP), (other, ())) == "outcome.range-limit"


def test_a_clause_beyond_the_profile_takes_its_blame_all_the_same() -> None:
    record = recorded([seen(Sign.BROKEN, PLAIN, SPECIFIC), seen(Sign.BROKEN, PLAIN)])
    question = Question(CLAUSES, EVERY - {PLAIN[0]})
    assert [o.clause.id for o in verdict.evaluate(record, question) if o.breaches] == []


def test_each_outcome_counts_its_requests() -> None:
    outcome = judged(run_of(400))["count.minimum"]
    assert outcome.requests == 1


def test_all_that_came_for_a_case_is_said_once_each() -> None:
    both = [seen(Sign.BROKEN, PLAIN, came=came, refusal=True) for came in ("201", "200")]
    outcome = judged(recorded([*both, *both]))["count.minimum"]
    assert outcome.cases[PLAIN[1]] == "broken: 200, 201"


def test_the_shortest_witness_stands_first() -> None:
    record = Record(accepted=True)
    record.add([seen(Sign.BROKEN, ("range.type", "a"), came="200")], exchange(), STEP * 3)
    record.add([seen(Sign.BROKEN, ("range.type", "b"), came="200")], exchange(), STEP)
    assert [b.case for b in judged(record)["range.type"].breaches] == ["b", "a"]


def test_a_ledger_moves_only_where_some_listed_ones_were_still_there() -> None:
    plain = ("outcome.created", "created by id")
    lost, held = seen(Sign.DOUBT, plain, came="200"), seen(Sign.HELD, plain, came="201")
    assert verdict.ledger_moved(recorded([lost, lost])) == 0
    assert verdict.ledger_moved(recorded([lost, lost, held])) == 2
    assert verdict.ledger_moved(recorded([held])) == 0


def test_a_stale_deviation_hides_none_after_it() -> None:
    record = recorded([*breaks(ONE), seen(Sign.BROKEN, PLAIN, came="201", refusal=True)])
    later = Deviation(
        clause=PLAIN[0], breaks=(f"{PLAIN[1]}: 201",), reason="known", ticket="A-2", until=TODAY
    )
    over = deviation(f"{ONE}: 201", until=TODAY - dt.timedelta(1))
    for selected in (EVERY, EVERY - {CLAUSE}):
        question = Question(CLAUSES, selected, deviations=(over, later), today=TODAY)
        outcomes = verdict.evaluate(record, question)
        stale = verdict.excuse(outcomes, question)
        status = {outcome.clause.id: outcome.status for outcome in outcomes}
        assert status[PLAIN[0]] is Status.DEVIATES
        assert [s for s in stale if s.endswith("and that is over")] == stale
        assert len(stale) == (CLAUSE in selected)


def test_a_case_may_have_a_colon_in_it() -> None:
    case = "start_date: no such day"
    assert verdict.same_way(f"{case}: 201") == f"{case}: 2xx"
    assert verdict.same_way(f"{case}: 204") == f"{case}: 204"


def test_several_undeclared_breaches_are_listed() -> None:
    outcome, _ = excused(recorded(breaks(ONE, MANY, WHOLE)), deviation(f"{ONE}: 201"))
    assert outcome.why == f"beyond the declared deviation: {WHOLE}: 201; {MANY}: 201"


def test_where_no_transactions_are_known_the_core_is_another() -> None:
    clause = CLAUSES["outcome.settled-once"]
    record = recorded([seen(Sign.HELD, (clause.id, case), came="200") for case in clause.blind])
    assert judged(record, blind=True)[clause.id].status is Status.HELD
    assert judged(record)[clause.id].status is Status.NOT_ESTABLISHED


def test_a_smoke_run_says_so_of_what_it_leaves_open() -> None:
    assert judged(Record(), brief=True)["count.type"].why == "beyond a smoke run"


def test_a_checked_document_holds_and_an_unchecked_one_is_open() -> None:
    assert judged(Record())["document.valid"].status is Status.HELD
    unchecked = judged(Record(), checked_document=False)["document.valid"]
    assert unchecked.status is Status.NOT_ESTABLISHED


@pytest.mark.parametrize(
    ("reading", "expected"),
    [(BAD, (400,)), (NO_TOKEN, (401,)), (BLANK, (400, 401)), (VALID, (200, 201))],
)
def test_what_would_have_conformed_is_said(reading: Reading, expected: tuple[int, ...]) -> None:
    wrong = 400 if reading.valid else 201
    found = next(s for s in grade(reading, answer(wrong)) if s.kind.sign is Sign.BROKEN)
    assert found.expected == expected
    assert found.reason == ("it is to be accepted" if reading.valid else "it is to be refused")
