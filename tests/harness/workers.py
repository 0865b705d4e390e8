"""A run on several pytest-xdist workers.

The controller checks the files, starts the server, fetches the token, reads the list of
transactions, puts the preflight, and alone decides. Each worker gets its share of the requests
and of the rate; what shares the ledger stays on one of them. What they saw is added up.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from .listed import Listed
from .options import Options
from .record import Record
from .run import Run
from .target import Target
from .tokens import Tokens

KEY = "contract"
LEDGER = "ledger"
SHARING = ("test_outcome", "test_blind", "test_consume")
"""How the modules begin whose tests share the ledger, and must stay on one worker."""


@dataclass(frozen=True)
class Share:
    """What the controller hands to a worker."""

    options: Options
    target: Target
    tokens: Tokens
    listed: dict[str, list[Listed]]
    over: str | None
    accepted: bool
    requests: int | None
    per_second: float | None


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is a worker."""
    return hasattr(config, "workerinput")


def number(config: pytest.Config) -> int:
    """How many workers the session has; 0 where it has none."""
    chosen = config.getoption("numprocesses", None)
    return int(chosen) if chosen else 0


def scheduler(config: pytest.Config, log: Any) -> object:
    """Sends tests to workers one by one, and those that share the ledger to a single one.

    Our own, since xdist's groups go by a name that pytest 9.2 no longer reads.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc, unused-ignore]
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0].rpartition("/")[2]
            return LEDGER if module.startswith(SHARING) else nodeid

    return Scheduling(config, log)


def give(run: Run, workers: int) -> bytes:
    """What a worker needs, packed."""
    budget = run.court.budget
    left = None if budget.requests is None else max(0, budget.requests - budget.taken)
    share = Share(
        options=run.options,
        target=run.target,
        tokens=run.court.credentials.tokens,
        listed=run.listed,
        over=run.over,
        accepted=run.court.record.accepted,
        requests=None if left is None else left // workers,
        per_second=budget.per_second / workers if budget.per_second else None,
    )
    return pickle.dumps(share)


def take(config: Any) -> Run:
    """The run of a worker, out of what the controller gave."""
    share: Share = pickle.loads(config.workerinput[KEY])
    options = share.options
    if options.report_dir is not None:
        options = replace(options, worker=str(config.workerinput["workerid"]))
    run = Run.prepare(options, share.target)
    run.court.credentials.tokens = run.court.oracle.tokens = share.tokens
    run.redactor.learn(share.tokens.own)
    run.court.budget.requests, run.court.budget.per_second = share.requests, share.per_second
    run.court.record.accepted = share.accepted
    run.listed = share.listed
    run.over = share.over
    if "state" in run.court.capabilities:
        run.fresh_ledgers()
    return run


def give_back(config: Any, run: Run) -> None:
    """Hand what this worker saw to the controller."""
    own = run.court.credentials.tokens.own
    config.workeroutput[KEY] = pickle.dumps((run.court.record, run.undecided, run.failed, own))


def collect(run: Run, node: Any) -> None:
    """Add what a worker saw; one that gave nothing back leaves the run incomplete."""
    packed = getattr(node, "workeroutput", {}).get(KEY)
    if packed is None:
        run.undecided = run.undecided or "a worker ended without saying what it saw"
        return
    record: Record
    record, undecided, failed, own = pickle.loads(packed)
    run.court.credentials.know(own)
    run.court.record.merge(record)
    run.undecided = run.undecided or undecided
    run.failed = run.failed or failed


def journal_name(folder: Path, worker: str) -> Path:
    """Where the exchanges of a worker are written."""
    return folder / (f"exchanges.{worker}.har" if worker else "exchanges.har")
