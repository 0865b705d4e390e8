"""What a report says beside the verdict: what to make of it, and what hides in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .. import blame
from ..record import Record
from ..run import Run
from ..verdict import Outcome, Status
from ..wire import NO_ANSWER

BODIES = ("body", "ids", "count", "range")
"""The chapters of what a body may hold."""

MANY = 5
"""So many clauses that break in the same way have one cause."""


def notes(run: Run, outcomes: list[Outcome]) -> list[str]:
    """All notes on a run, secrets not yet masked."""
    return [
        *run.court.record.notes,
        *_lax(outcomes),
        *_unanswered(run, outcomes),
        *_blind(run),
        *_strangers(run),
        *_moved(run.court.record),
    ]


def _unanswered(run: Run, outcomes: Iterable[Outcome]) -> list[str]:
    """That some requests got no answer again and again, where others did."""
    silent = {
        case
        for outcome in outcomes
        for case, said in outcome.cases.items()
        if said == f"{case}: {NO_ANSWER}"
    }
    if not silent or run.undecided:
        return []
    return [
        "some requests got no answer, time after time, and others beside them did, as where a "
        f"server breaks down at what they put: {', '.join(sorted(silent))}"
    ]


def _lax(outcomes: Iterable[Outcome]) -> list[str]:
    """That no body was refused: many clauses broke, and there is one cause."""
    refusing = [
        outcome
        for outcome in outcomes
        if outcome.clause.chapter in BODIES and outcome.clause.twin and outcome.cases
    ]
    broken = sum(outcome.status is Status.BROKEN for outcome in refusing)
    if len(refusing) < MANY or broken < len(refusing):
        return []
    return [f"no wrong body was refused at all: one cause, by which {broken} clauses break"]


def _blind(run: Run) -> list[str]:
    """That no transactions are known, and what that leaves to be said."""
    known = run.listed or not run.opened
    if "state" not in run.court.capabilities or known or run.options.dry:
        return []
    return [
        "no transactions are known ([ledger] in the target file), so 200 and 201 are held against "
        "each other alone: of outcome.* only nothing, settled-once and concurrent-once can be "
        "established"
    ]


def _strangers(run: Run) -> list[str]:
    """That ids stand in a list whose beginning names another account than the list's."""
    found = []
    for account, listed in run.listed.items():
        heads = [re.match(r"([PT][0-9]{8})\.", entry.id) for entry in listed]
        number = sum(head is not None and head[1] != account for head in heads)
        if number:
            found.append(
                f"{number} of the transactions that are listed for {account} begin with another "
                "account: if they are that one's, outcome.* is blamed wrongly"
            )
    return found


def _moved(record: Record) -> list[str]:
    """That somebody else may have settled transactions meanwhile, where that was seen."""
    number = blame.ledger_moved(record)
    if not number:
        return []
    return [
        f"the ledger was moved, by others or by the target: {number} listed transactions were "
        "settled already when they were first asked for, so answers of 200 are not blamed; where "
        "nobody else settles them, say so ([ledger] quiet = true in the target file), and they are"
    ]
