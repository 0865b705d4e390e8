"""Declared deviations, and records of several workers that are merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.meta.observed import (
    EVERY,
    PLAIN,
    SPECIFIC,
    exchange,
    judged,
    named,
    recorded,
    seen,
)

from ..harness import verdict
from ..harness.grading import Observation, Sign
from ..harness.record import Record
from ..harness.target import Deviation
from ..harness.verdict import Outcome, Question, Status
from .helpers import CLAUSES, examples

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


def test_a_class_of_case_may_have_a_colon_in_its_name() -> None:
    clause, case = "range.date", "start_date: no such day"
    held = recorded([seen(Sign.HELD, (clause, case), refusal=True)])
    declared = Deviation(
        clause=clause, breaks=(f"{case}: 201",), reason="known", ticket="ABC-1", until=TODAY
    )
    question = Question(CLAUSES, EVERY, deviations=(declared,), today=TODAY)
    stale = verdict.excuse(verdict.evaluate(held, question), question)
    assert stale == [f"the deviation of {clause} is stale: '{case}' holds now"]


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
    assert named(first) == named(second)


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
