"""From what was seen to a verdict: pure, and the same whatever the order of requests was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .blame import Breach, Sums, add_up
from .clauses import Clause, ClauseLedger, Level
from .oracle import Claim
from .record import Record
from .target import Deviation


class Status(StrEnum):
    """What became of a clause."""

    HELD = "held"
    BROKEN = "broken"
    DEVIATES = "deviates"
    NOT_ESTABLISHED = "not-established"
    OBSERVED = "observed"
    NOT_SELECTED = "not-selected"


@dataclass(slots=True)
class Outcome:
    """What became of one clause, and why."""

    clause: Clause
    status: Status
    gated: bool
    why: str = ""
    requests: int = 0
    breaches: list[Breach] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    """Each class of case that was put, and what it showed."""


@dataclass(frozen=True)
class Question:
    """What a run asks: which clauses count, which of them gate, which breaches are accepted."""

    ledger: ClauseLedger
    selected: frozenset[str]
    gate: str = "all"
    deviations: tuple[Deviation, ...] = ()
    today: dt.date = dt.date.max
    checked_document: bool = True
    blind: bool = False
    """No transactions are known: some clauses have a core of their own for that."""
    fresh: bool = False
    """The target forgets before each scenario, so that none can have spoilt another."""
    brief: bool = False
    """Only what tells most is put: much stays open, and for no other reason."""
    asked: bool = False
    """The selected clauses were asked for by name: blame does not fall beyond them."""

    def gated(self, clause: Clause) -> bool:
        """Whether a breach of the clause makes the verdict `broken`."""
        levels = {Level.MUST, Level.IMPLIED, *([Level.SHOULD] if self.gate == "all" else [])}
        return clause.level in levels


def evaluate(record: Record, question: Question) -> list[Outcome]:
    """What became of each clause, in the order of the clause ledger."""
    sums = add_up(record, question.selected if question.asked else frozenset())
    outcomes = []
    for clause in question.ledger.clauses:
        outcome = _outcome(clause, record, sums, question)
        outcome.requests = record.requests[clause.id]
        outcomes.append(outcome)
    return outcomes


def _outcome(clause: Clause, record: Record, sums: Sums, question: Question) -> Outcome:
    gated = question.gated(clause)
    if clause.level is Level.OBSERVE:
        return _observed(clause, sums)
    if clause.id not in question.selected:
        return Outcome(clause, Status.NOT_SELECTED, gated)
    if clause.chapter == "document":
        held = question.checked_document
        status = Status.HELD if held else Status.NOT_ESTABLISHED
        return Outcome(clause, status, gated)
    cases = sums.cases.get(clause.id, {})
    breaches = sorted(sums.breaches.get(clause.id, []), key=lambda b: len(b.entry.steps))
    if breaches:
        return Outcome(clause, Status.BROKEN, gated, breaches=breaches, cases=cases)
    core = clause.blind if question.blind and clause.blind else clause.core
    missing = [case for case in core if cases.get(case) != "held"]
    outcome = Outcome(clause, Status.HELD, gated, cases=cases)
    if missing:
        outcome.status = Status.NOT_ESTABLISHED
        outcome.why = _why(clause, record, sums, missing, question.brief)
    elif clause.twin and clause.twin not in sums.accepted:
        outcome.status = Status.NOT_ESTABLISHED
        outcome.why = (
            "the same request without the fault was not accepted, so a refusal says little"
        )
    return outcome


def _why(clause: Clause, record: Record, sums: Sums, missing: Sequence[str], brief: bool) -> str:
    if clause.id in record.lacking:
        return record.lacking[clause.id]
    opened = [
        sums.open[Claim(clause.id, case)] for case in missing if Claim(clause.id, case) in sums.open
    ]
    if opened:
        return "open: " + "; ".join(opened[:3])
    if brief:
        return "beyond a smoke run"
    return "not put: " + ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")


def _observed(clause: Clause, sums: Sums) -> Outcome:
    seen = {claim: came for claim, came in sums.seen.items() if claim.clause == clause.id}
    if not seen:
        return Outcome(clause, Status.NOT_SELECTED, False, "nothing that was sent showed it")
    words = [f"{claim.case}: " + ", ".join(sorted(came)) for claim, came in sorted(seen.items())]
    shown = "; ".join(words[:8]) + ("; ..." if len(words) > 8 else "")
    cases = {claim.case: ", ".join(sorted(came)) for claim, came in seen.items()}
    return Outcome(clause, Status.OBSERVED, False, shown, cases=cases)


# ------------------------------------------------------------------------- deviations


def same_way(words: str) -> str:
    """A breach as deviations compare it: which 2xx a fault got does not matter."""
    case, _, came = words.rpartition(": ")
    return f"{case}: {'2xx' if came in ('200', '201') else came}"


def excuse(outcomes: Iterable[Outcome], question: Question) -> list[str]:
    """Turn declared breaches into `deviates`; say of each stale declaration why it is stale."""
    stale = []
    by_id = {outcome.clause.id: outcome for outcome in outcomes}
    for deviation in question.deviations:
        outcome = by_id[deviation.clause]
        if outcome.status is Status.NOT_SELECTED:
            continue
        name = f"the deviation of {deviation.clause}"
        if question.today > deviation.until:
            stale.append(f"{name} was accepted until {deviation.until}, and that is over")
            continue
        declared = {same_way(words) for words in deviation.breaks}
        now = {same_way(breach.words): breach.words for breach in outcome.breaches}
        for words in sorted(declared - now.keys()):
            case = words.rpartition(": ")[0]
            if outcome.cases.get(case) == "held":
                stale.append(f"{name} is stale: {case!r} holds now")
            elif case in outcome.cases and outcome.cases[case].startswith("broken"):
                stale.append(
                    f"{name} is stale: {case!r} breaks otherwise now ({outcome.cases[case]})"
                )
        fresh = sorted(now[words] for words in now.keys() - declared)
        if fresh:
            outcome.why = "beyond the declared deviation: " + "; ".join(fresh)
        elif outcome.status is Status.BROKEN:
            outcome.status = Status.DEVIATES
            outcome.why = f"{deviation.reason} ({deviation.ticket}, until {deviation.until})"
    return stale
