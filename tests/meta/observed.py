"""Records of what was seen, made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..harness import blame, naming, verdict
from ..harness.cases import EMPTY
from ..harness.grading import Kind, Observation, Sign
from ..harness.oracle import Claim
from ..harness.record import Record
from ..harness.verdict import Outcome, Question
from ..harness.wire import Answer, Exchange, Request
from .helpers import CLAUSES, read

JSON = (("Content-Type", "application/json"),)


EVERY = frozenset(clause.id for clause in CLAUSES.clauses)


def answer(status: int | None, value: Any = None) -> Answer:
    """An answer that is as declared, or has another body."""
    if value is None:
        value = {"message": "ok"} if status in (200, 201) else {"error": {"message": "no"}}
    return Answer(status, JSON, json.dumps(value).encode())


def exchange(status: int | None = 200, body: bytes | None = None) -> Exchange:
    return Exchange(Request("POST", "/", (), body), answer(status))


VALID = read({"number_of_transactions": 5, "date_range": EMPTY})


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


def judged(record: Record, **changes: Any) -> dict[str, Outcome]:
    question = Question(CLAUSES, EVERY, **changes)
    return {outcome.clause.id: outcome for outcome in verdict.evaluate(record, question)}


def named(record: Record, **changes: Any) -> list[str]:
    """The clauses that are named, the one that the cause belongs to first."""
    question = Question(CLAUSES, EVERY, **changes)
    return naming.named(verdict.evaluate(record, question), question)


PLAIN = ("count.minimum", "count of zero")


SPECIFIC = ("exclusion.count-range-allowed", "bad count beside a range")


def blamed(*observations: Observation) -> list[str]:
    return sorted(blame.add_up(recorded(observations)).breaches)
