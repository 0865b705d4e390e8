"""Which of the clauses that broke is named first: the one that the cause belongs to.

One defect mostly breaks several clauses. `Standing` is what is asked of each, in this order:
whether another that broke is the likelier cause, how well its best breach stands by itself, and
whether it is of a kind that other defects show in too. The kill matrix holds the order against its
faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from .blame import AGAIN, Breach
from .clauses import Clause, Level
from .verdict import Outcome, Question, Status

LIMITS = {"count": "outcome.count-limit", "default": "outcome.default-window"}
"""What says how much an option takes."""


class Proof(IntEnum):
    """How well a breach stands by itself."""

    ALONE = 0
    """One request shows it."""
    STEPS = 1
    """One request, with those before it."""
    ABSENCE = 2
    """What should have been there was not, and nothing that was put with it tells why."""


class Standing(NamedTuple):
    """Sorts the clauses that broke: the smallest is named first."""

    causes: int
    """How many others that broke are likelier causes of it (`after` of spec/clauses.yaml)."""
    proof: Proof
    """Of its best breach."""
    should: bool
    """A SHOULD alone, where a MUST broke too."""
    secondary: bool
    """It is about answers or what is selected, or an input that broke rarely and only large."""


def named(outcomes: Iterable[Outcome], question: Question) -> list[str]:
    """The ids of the gated clauses that broke, the one that the cause belongs to first."""
    broken = [o for o in outcomes if o.status is Status.BROKEN and o.gated]
    order = sorted(broken, key=lambda outcome: _standing(outcome, broken, question.fresh))
    return [outcome.clause.id for outcome in order]


def _standing(outcome: Outcome, broken: Sequence[Outcome], fresh: bool) -> Standing:
    clause, breaches = outcome.clause, outcome.breaches
    plain = any(_plain(breach, clause, fresh) for breach in breaches)
    rare = not any(breach.mostly or breach.entry.small for breach in breaches)
    return Standing(
        causes=0 if plain else len(_causes(outcome, broken)),
        proof=min(_proof(breach, fresh or plain) for breach in breaches),
        should=clause.level is Level.SHOULD,
        secondary=clause.chapter in ("outcome", "answer") or rare,
    )


def _plain(breach: Breach, clause: Clause, fresh: bool) -> bool:
    """Whether a breach is a cause by itself, whatever else broke (`plain` of spec/clauses.yaml)."""
    if clause.plain == "again":
        return breach.entry.one_again == "id" and breach.case in clause.core
    if clause.plain != "alone" or not breach.mostly or breach.entry.steps:
        return False
    # What is not there on a fresh ledger, nothing that was put before has settled.
    return breach.case in clause.core or (fresh and breach.came == "200")


def _proof(breach: Breach, certain: bool) -> Proof:
    """How well it stands; `certain`: nothing that was put before can have settled what it asks."""
    if breach.entry.steps:
        return Proof.STEPS
    absent = breach.came == "200" and breach.entry.expected == (201,)
    return Proof.ABSENCE if absent and not (certain and breach.mostly) else Proof.ALONE


def _causes(outcome: Outcome, broken: Sequence[Outcome]) -> set[str]:
    """The broken clauses that are the likelier cause of this one's breaches, and theirs."""
    by_id = {other.clause.id: other for other in broken}
    found: set[str] = set()
    stack = [outcome]
    while stack:
        looked_at = stack.pop()
        for id_ in set(looked_at.clause.after) - _no_matter_of(looked_at):
            if id_ in by_id and id_ not in found and _may_cause(by_id[id_].clause, looked_at):
                found.add(id_)
                stack.append(by_id[id_])
    return found - {outcome.clause.id}


def _no_matter_of(outcome: Outcome) -> set[str]:
    """Clauses that cannot have caused it, since the same request gave more than there were."""
    if outcome.clause.plain != "again":
        return set()
    found = {breach.entry.one_again for breach in outcome.breaches} & {"count"}
    series = {"default" for breach in outcome.breaches if breach.case == AGAIN}
    return {LIMITS[how] for how in found | series}


def _may_cause(cause: Clause, outcome: Outcome) -> bool:
    """Whether what the clause is about stands in the requests of each of these breaches."""
    words = cause.carries.encode()
    return not words or all(breach.entry.carries(words) for breach in outcome.breaches)
