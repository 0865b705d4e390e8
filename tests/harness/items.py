"""One test in pytest's words: whether it is put, and when; what became of its clauses."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import pytest

from . import blame, verdict, workers
from .allocator import Lacking
from .budget import BudgetSpent
from .errors import Exhausted, TargetError
from .fixtures import RUN, clauses_of
from .run import Run
from .scenario import Scenario
from .verdict import Status

LATER = pytest.StashKey[frozenset[str]]()
"""The clauses that later tests put as well; before those, an open one may still be established."""
RESERVE, LAST = 50, 22
"""Requests that depth leaves to the core of the clauses that are put last, and last of all."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the clauses that are selected: what tells most first, consumers last."""
    run = config.stash.get(RUN, None)
    if run is None:
        return
    order = {clause.id: number for number, clause in enumerate(run.ledger.clauses)}
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        wanted = not clauses_of(item) or _wanted(item, run)
        (kept if wanted else dropped).append(item)

    def place(item: pytest.Item) -> tuple[bool, bool, bool, int]:
        marked = {mark.name for mark in item.iter_markers()}
        first = min((order[clause] for clause in clauses_of(item)), default=-1)
        if "consumes" in marked:
            # What settles whatever there is stays in the order in which it is written.
            return True, False, False, 0
        return False, "smoke" not in marked, "depth" in marked, first

    items[:] = sorted(kept, key=place)
    later: frozenset[str] = frozenset(order if workers.is_worker(config) else ())
    for item in reversed(items):
        item.stash[LATER] = later
        later |= frozenset(clauses_of(item))
    if dropped:
        config.hook.pytest_deselected(items=dropped)


def _wanted(item: pytest.Item, run: Run) -> bool:
    """Whether a test puts a clause that is selected, and fits the effort and what is known."""
    marked = {mark.name for mark in item.iter_markers()}
    if "blind" in marked and run.target.file.ledger.lists:
        return False
    if run.options.effort == "smoke" and not run.options.clauses and "smoke" not in marked:
        return False
    if run.options.effort != "nightly" and "nightly" in marked:
        return False
    return bool(run.selected & set(clauses_of(item)))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Put a scenario again, with other transactions, where somebody else may have spoilt it."""
    run = pyfuncitem.config.stash.get(RUN, None)
    scenario = pyfuncitem.funcargs.get("scenario")
    before = run.court.doubts if run else 0
    result = yield
    if run and isinstance(scenario, Scenario):
        names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001
        for _ in range(blame.TRIES - 1):
            if run.court.doubts == before:
                break
            before = run.court.doubts
            run.ask_plainly()
            run.renew(scenario)
            pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names})
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot be put."""
    run = item.config.stash.get(RUN, None)
    if run is None or not clauses_of(item):
        return
    reserve = LAST if item.get_closest_marker("consumes") else RESERVE
    run.court.budget.reserve = reserve if item.get_closest_marker("depth") else 0
    for clause in clauses_of(item):
        lacking = run.over or run.lacks(run.ledger[clause].needs)
        if item.get_closest_marker("consumes") and not run.target.file.consume:
            lacking = "consume = true"
        if lacking and not item.get_closest_marker("depth"):
            why = lacking if run.over else f"lacks {lacking}"
            run.court.record.lacking.setdefault(clause, why)
        if lacking:
            pytest.skip(lacking)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in pytest's words what became of the clauses that a test puts."""
    run = item.config.stash.get(RUN, None)
    clauses = clauses_of(item)
    if run is None or not clauses:
        return (yield)
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, Exhausted | Lacking | TargetError):
        # A skip without a traceback: to lay one out costs more than most tests.
        call.excinfo = None
    report = yield
    vars(report)["contract"] = clauses[0], run.court.record.sent
    if isinstance(error, Exhausted | Lacking):
        why = f"lacks {error}" if isinstance(error, Lacking) else str(error)
        if not isinstance(error, BudgetSpent | Lacking):
            run.over = run.undecided = why
        _skip(report, item, why)
        if not item.get_closest_marker("depth"):
            for clause in clauses:
                run.court.record.lacking.setdefault(clause, why)
    elif isinstance(error, TargetError):
        run.over = run.undecided = str(error)
        _skip(report, item, str(error))
    elif error is not None and not isinstance(error, pytest.skip.Exception):
        # A test that judges nothing cannot fail: the suite itself has a bug.
        run.failed = f"the suite itself failed in {item.nodeid}"
        report.longrepr = run.redactor.text(str(report.longrepr))
    elif report.when == "call" and report.outcome == "passed":
        if run.options.dry:
            _skip(report, item, "a dry run")
        else:
            _translate(report, item, run, clauses)
    return report


def _skip(report: pytest.TestReport, item: pytest.Item, why: str) -> None:
    report.outcome = "skipped"
    report.longrepr = (str(item.path), item.location[1] or 0, f"not established: {why}")


def _translate(
    report: pytest.TestReport, item: pytest.Item, run: Run, clauses: Iterable[str]
) -> None:
    """Held = passed; broken and gated = failed; broken otherwise or declared = xfailed.

    A clause fails one test, the first that shows it; a breach of a clause that no later test puts
    fails the test that came upon it.
    """
    own, later = set(clauses), item.stash[LATER]
    if run.court.record.clean and own <= later:
        return
    question = run.question()
    outcomes = verdict.evaluate(run.seen_of(own), question)
    verdict.excuse(outcomes, question)
    put = [o for o in outcomes if o.clause.id in own or o.clause.id not in later]
    broken = [o for o in put if o.status is Status.BROKEN and o.clause.id not in run.reported]
    run.reported.update(outcome.clause.id for outcome in broken)
    mine = [outcome for outcome in put if outcome.clause.id in own]
    if any(outcome.gated for outcome in broken):
        report.outcome = "failed"
        report.longrepr = "\n".join(
            f"{outcome.clause.id}: {breach.words}; expected {list(breach.entry.expected)}"
            for outcome in broken
            for breach in outcome.breaches
        )
    elif any(outcome.status in (Status.BROKEN, Status.DEVIATES) for outcome in mine):
        report.outcome = "skipped"
        report.wasxfail = "; ".join(
            f"{o.clause.id} {o.status}: {o.why or 'shown by an earlier test'}"
            for o in mine
            if o.status in (Status.BROKEN, Status.DEVIATES)
        )
    elif not own & later and all(o.status is Status.NOT_ESTABLISHED for o in mine):
        _skip(report, item, mine[0].why)
