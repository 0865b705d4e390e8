"""Which of the requests before a witness speak of what the witness selects."""

from __future__ import annotations

import datetime as dt

from ..ledger import Ledger
from ..run import Run
from ..wire import Exchange


def related(steps: tuple[Exchange, ...], witness: Exchange, run: Run) -> list[bool]:
    """For each step whether it may have settled some of what the witness selects, or named it.

    A step of which that cannot be said counts as related; all do where none would be.
    """
    found = [_is_related(step, witness, run) for step in steps]
    return found if any(found) else [True] * len(steps)


def beside(step: Exchange, witness: Exchange) -> bool:
    """Whether a step was under way when the witness was sent, and so has its part in it."""
    return step.sent + step.answer.seconds > witness.sent


def _is_related(step: Exchange, witness: Exchange, run: Run) -> bool:
    if beside(step, witness):
        return True
    oracle = run.court.oracle
    earlier, later = oracle.read(step.request), oracle.read(witness.request)
    if later.options is None or earlier.account != later.account:
        return True
    ledger = run.court.ledgers.get(later.account or "") or Ledger()
    today = dt.datetime.fromtimestamp(witness.sent, dt.UTC).date()
    wanted = ledger.select(later.options, today)
    if not wanted.possible:
        return True
    if earlier.options is None:
        # It was to be refused: related by the ids that it names, or if it names none.
        body = (step.request.body or b"").decode("utf-8", "replace")
        return "transaction_ids" not in body or any(id_ in body for id_ in wanted.possible)
    return not wanted.possible.isdisjoint(ledger.select(earlier.options, today).possible)
