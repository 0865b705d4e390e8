"""The verdict: what all that was seen adds up to, and which clause a breach is blamed on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.meta.observed import (
    EVERY,
    PLAIN,
    SPECIFIC,
    VALID,
    answer,
    blamed,
    exchange,
    judged,
    named,
    recorded,
    seen,
)

from ..harness import blame, verdict
from ..harness.cases import EMPTY
from ..harness.grading import Observation, Sign, grade
from ..harness.record import Record
from ..harness.verdict import Question, Status
from .helpers import ACCOUNT, CLAUSES, read

IDS = [f"{ACCOUNT}.{'a' * 22}"]


def core(clause: str, *, refusal: bool | None = None) -> list[Observation]:
    """The whole core of a clause, held."""
    refused = CLAUSES[clause].twin is not None if refusal is None else refusal
    return [seen(Sign.HELD, (clause, case), refusal=refused) for case in CLAUSES[clause].core]


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


def test_the_smallest_witness_of_a_breach_is_kept() -> None:
    record = Record()
    for body in (b"long body", b"x", b"middle"):
        record.add([seen(Sign.BROKEN, PLAIN)], exchange(200, body))
    (entry,) = record.entries.values()
    assert entry.count == 3
    assert entry.witness is not None
    assert entry.witness.request.body == b"x"


@pytest.mark.parametrize(
    ("times", "breached"), [(blame.TRIES - 1, []), (blame.TRIES, ["outcome.created"])]
)
def test_a_doubt_is_a_breach_when_it_comes_back(times: int, breached: list[str]) -> None:
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


@pytest.mark.parametrize("put", [0, *(len(CLAUSES["count.type"].core) - n for n in (4, 3, 2))])
def test_the_first_three_of_what_is_missing_are_told(put: int) -> None:
    cases = CLAUSES["count.type"].core
    missing = cases[put:]
    shown = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
    record = recorded(core("count.type")[:put])
    assert judged(record)["count.type"].why == f"not put: {shown}"
    opened = [seen(Sign.ERROR, ("count.type", case), came="500") for case in missing]
    assert judged(recorded(opened))["count.type"].why == "open: " + "; ".join(
        f"{case}: 500" for case in missing[:3]
    )


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
    assert outcome.cases == {"count written as a float": "200, 400"}


def test_what_nothing_showed_is_not_observed() -> None:
    outcome = judged(Record())["observe.integral-float"]
    assert (outcome.status, outcome.gated) == (Status.NOT_SELECTED, False)
    assert outcome.why == "nothing that was sent showed it"


@pytest.mark.parametrize(("cases", "more"), [(8, ""), (9, "; ...")])
def test_eight_cases_of_what_is_observed_are_told(cases: int, more: str) -> None:
    record = recorded(
        seen(Sign.SEEN, ("observe.odd-json", f"case {number}"), came="200")
        for number in range(cases)
    )
    told = "; ".join(f"case {number}: 200" for number in range(8))
    assert judged(record)["observe.odd-json"].why == told + more


# -------------------------------------------------------------------------------------- gate


@pytest.mark.parametrize("clause", CLAUSES.clauses, ids=lambda clause: clause.id)
def test_the_gate_lets_pass_what_its_level_says(clause: Any) -> None:
    assert Question(CLAUSES, EVERY, gate="all").gated(clause) is (clause.level != "OBSERVE")
    assert Question(CLAUSES, EVERY, gate="must").gated(clause) is (
        clause.level in ("MUST", "IMPLIED")
    )


@pytest.mark.parametrize("selected", [EVERY, frozenset()])
def test_each_outcome_says_whether_its_clause_gates(selected: frozenset[str]) -> None:
    question = Question(CLAUSES, selected, gate="must")
    record = recorded([seen(Sign.SEEN, ("observe.odd-json", "x"), came="200")])
    for outcome in verdict.evaluate(record, question):
        assert outcome.gated is question.gated(outcome.clause)


@pytest.mark.parametrize(("gate", "told"), [("all", ["exclusion.ids-count"]), ("must", [])])
def test_a_broken_clause_that_does_not_gate_is_not_named(gate: str, told: list[str]) -> None:
    record = recorded([seen(Sign.BROKEN, ("exclusion.ids-count", "ids with a count"))])
    assert judged(record, gate=gate)["exclusion.ids-count"].status is Status.BROKEN
    assert named(record, gate=gate) == told


# --------------------------------------------------- what mutation testing found to be untested


CREATED = ("outcome.created", "created by range")


STEP = (exchange(201),)


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
    record.add([seen(Sign.BROKEN, ("outcome.ids-only", "a"), came="200")], exchange(), STEP * 3)
    record.add([seen(Sign.BROKEN, ("outcome.ids-only", "b"), came="200")], exchange(), STEP)
    assert [b.case for b in judged(record)["outcome.ids-only"].breaches] == ["b", "a"]


@pytest.mark.parametrize(
    ("before", "found", "lost", "moved"),
    [(1, 0, 1, 1), (0, 1, 9, 9), (1, 9, 0, 0), (0, 9, 0, 0), (0, 0, 9, 0)],
)
def test_where_some_are_gone_after_doubts_others_may_have_settled_them(
    before: int, found: int, lost: int, moved: int
) -> None:
    doubted = [seen(Sign.DOUBT, CREATED, came="200")] * blame.TRIES
    plain = [seen(Sign.HELD, ("outcome.created", "created by id"), came="201")] * before
    record = recorded([*doubted, *plain])
    record.after_doubts.update({True: found, False: lost})
    assert blame.ledger_moved(record) == moved
    assert broken(record) == ([] if moved else ["outcome.created"])


def test_a_ledger_moves_only_where_some_listed_ones_were_still_there() -> None:
    plain = ("outcome.created", "created by id")
    lost, held = seen(Sign.DOUBT, plain, came="200"), seen(Sign.HELD, plain, came="201")
    assert blame.ledger_moved(recorded([lost, lost])) == 0
    assert blame.ledger_moved(recorded([lost, lost, held])) == 2
    assert blame.ledger_moved(recorded([held])) == 0


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
    ("claims", "kept"),
    [
        ([("ids.accepted", "several ids")], False),
        ([("ids.accepted", "several ids"), ("outcome.nothing", "unknown ids")], False),
        (
            [("ids.accepted", "x"), ("outcome.settled-ignored", "settled id before a fresh one")],
            True,
        ),
        ([("ids.accepted", "x"), ("outcome.concurrent-once", "the same ids at once")], True),
        ([("outcome.nothing", "empty window")], True),
    ],
)
def test_what_was_sent_before_is_kept_where_the_answer_depends_on_it(
    claims: list[tuple[str, str]], kept: bool
) -> None:
    record = Record(accepted=True)
    record.add([seen(Sign.BROKEN, *claims, came="400")], exchange(400), STEP)
    (entry,) = record.entries.values()
    assert entry.steps == (STEP if kept else ())
