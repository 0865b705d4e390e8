"""Lets Hypothesis look for breaches, and shrink them, against a server that has a memory.

What a server answered is never asked of Hypothesis again: the court has recorded it, with the
smallest witness. So an answer that differs at the second try (an intermittent fault, a ledger
that moved on) is no flaky test but a finding.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.errors import HypothesisException
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from .court import Court
from .errors import Exhausted
from .grading import Sign
from .options import EFFORTS, Options

STORAGE = Path(os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY", ".hypothesis")) / "examples"


class Breached(AssertionError):
    """An answer breached the contract: Hypothesis may shrink it."""


def register_profiles() -> None:
    """The profiles smoke, gate and nightly.

    Each says all that matters, since `CI=1` has Hypothesis load a profile of its own: it would
    derandomise the nightly run and drop its database.
    """
    for name, effort in EFFORTS.items():
        nightly = name == "nightly"
        settings.register_profile(
            name,
            max_examples=effort.examples,
            derandomize=not nightly,
            database=DirectoryBasedExampleDatabase(STORAGE) if nightly else None,
            deadline=None,
            print_blob=False,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            stateful_step_count=60 if nightly else 20,
        )


register_profiles()


def explore(
    court: Court,
    strategy: SearchStrategy[Any],
    send: Callable[[Any], object],
    options: Options,
    name: str,
    share: float,
) -> None:
    """Send what a strategy makes; a breach of a kind that is new is shrunk.

    Args:
        court: where the answers are judged.
        strategy: makes examples.
        send: sends one.
        options: of the run; its effort and its seed count here.
        name: the test's, which has random numbers and a folder of examples of its own.
        share: how much of the effort's number of examples this is worth.
    """
    known = breaches(court)

    def one(example: Any) -> None:
        before = court.breaches
        send(example)
        if court.breaches > before and breaches(court) - known:
            raise Breached

    profile = settings.get_profile(options.effort)
    number = max(1, int(profile.max_examples * share))
    # Over a network, shrinking is hundreds of requests for a smaller witness.
    phases = [phase for phase in profile.phases if phase is not Phase.shrink or _near(court)]
    # One key for all tests: in a common folder, each would drop the examples of the others.
    database = profile.database and DirectoryBasedExampleDatabase(STORAGE / _filename(name))
    chosen = settings(profile, max_examples=number, phases=phases, database=database)
    # The seed first: it takes away the database of the settings that it finds.
    _run(chosen(_seeded(options, name)(hypothesis.given(strategy)(one))))


def _seeded(options: Options, name: str) -> Callable[[Any], Any]:
    return hypothesis.seed(f"{options.seed} {name}")


def _filename(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")


def walk(machine: type[RuleBasedStateMachine], options: Options, fresh: bool) -> None:
    """Run a state machine: many short walks on fresh ledgers, or one long walk without replay."""
    effort = options.effort
    profile = settings.get_profile(effort)
    if fresh:
        chosen = settings(profile, max_examples=EFFORTS[effort].walks)
    else:
        chosen = settings(
            profile,
            max_examples=1,
            stateful_step_count=EFFORTS[effort].steps,
            database=None,
            phases=[Phase.generate],
        )
    if not profile.derandomize:
        machine = _seeded(options, "walks")(machine)
    _run(lambda: run_state_machine_as_test(machine, settings=chosen))


def _run(test: Callable[[], object]) -> None:
    try:
        test()
    except Breached:
        pass
    except Exhausted:
        raise
    except (HypothesisException, BaseExceptionGroup) as error:
        if spent := _exhausted(error):
            raise spent from None


def _exhausted(error: BaseException) -> Exhausted | None:
    """What ended the run, where it hides in a group."""
    if isinstance(error, Exhausted):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return next((found for sub in inner if (found := _exhausted(sub))), None)


def _near(court: Court) -> bool:
    return court.target.endpoint.loopback and not court.budget.per_second


def breaches(court: Court) -> set[Any]:
    """The kinds of breach that were seen so far."""
    return {kind for kind in court.record.entries if kind.sign is Sign.BROKEN}
