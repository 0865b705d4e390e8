"""The hooks and fixtures of a session that puts the contract: a run in pytest's words."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Generator, Iterable
from typing import Any

import msgspec
import pytest

from . import blame, compare, document, proposal, verdict, workers
from .allocator import Lacking
from .budget import BudgetSpent
from .errors import Exhausted, TargetError, UsageError
from .fixtures import RUN, clauses_of
from .options import Options
from .progress import Progress
from .replay import Replayed, exit_of, replay
from .report import build, write
from .report.model import Verdict
from .run import Run
from .scenario import Scenario
from .target import Target
from .verdict import Status

PUBLISHED = pytest.StashKey[Verdict]()
LATER = pytest.StashKey[frozenset[str]]()
"""The clauses that later tests put as well; before those, an open one may still be established."""
SAID = pytest.StashKey[list[str]]()
OLD = pytest.StashKey[Verdict]()
REPLAYED = pytest.StashKey[list[Replayed]]()
JOURNAL = pytest.StashKey[Callable[[], None]]()
RESERVE, LAST = 50, 22
"""Requests that depth leaves to the core of the clauses that are put last, and last of all."""
REFRESH = 1.0
"""Seconds between two writings of the unfinished verdict."""


def begin(config: pytest.Config, asked: Options, target: Target) -> None:
    """Check everything else, and start the server, before a test is collected.

    Raises:
        UsageError: something is wrong in the files or the options.
    """
    config.stash[SAID] = []
    # As with Ctrl-C: the server is stopped, and what was seen is written.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name in ("replay", "compare"):
        if path := getattr(config.option, name):
            config.stash[OLD] = compare.load(path)
    run = Run.prepare(asked, target)
    if asked.report_dir:
        write.prepare(asked.report_dir)
    document.once(run.document, getattr(config, "cache", None), "valid", document.validate)
    run.launch()
    _keep(config, run)
    progress = Progress(config, asked.effort, run.court.budget.requests)
    config.pluginmanager.register(progress, "contract-progress")
    run.court.listeners.append(progress.saw)


def begin_worker(config: pytest.Config) -> None:
    """Take up the share of an xdist worker."""
    config.stash[SAID] = []
    _keep(config, workers.take(config))


def _keep(config: pytest.Config, run: Run) -> None:
    config.stash[RUN] = run
    config.add_cleanup(run.close)


# --------------------------------------------------------------------------- collection


def pytest_report_header(config: pytest.Config) -> list[str]:
    """What is about to happen, before it does."""
    run = config.stash.get(RUN, None)
    return run.announcement() if run is not None and not workers.is_worker(config) else []


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


# -------------------------------------------------------------------------------- running


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Open the run, where no workers do: then the tests, or the replay."""
    run = session.config.stash.get(RUN, None)
    if run is None or session.config.option.collectonly or not session.items:
        return None
    if workers.is_worker(session.config):
        _keep_exchanges(session.config, run)
    elif not workers.number(session.config):
        _open(session.config, run)
    # What was imported and collected stays: the collector need not look at it again and again.
    gc.freeze()
    if session.config.option.replay:
        if run.over is None:
            session.config.stash[REPLAYED] = list(replay(run, session.config.stash[OLD]))
        return True
    return None


def _keep_exchanges(config: pytest.Config, run: Run) -> None:
    """Write every exchange down as it happens, where reports are wanted."""
    if run.options.report_dir and not run.options.dry:
        from .report.har import Journal

        path = workers.journal_name(run.options.report_dir, run.options.worker)
        journal = Journal(path, run)
        run.court.listeners.append(journal.add)
        config.stash[JOURNAL] = journal.close


def _open(config: pytest.Config, run: Run) -> None:
    """The target is there, the token is had, the preflight makes sense."""
    _keep_exchanges(config, run)
    _publish(config, run)
    try:
        run.open()
    except TargetError as error:
        run.undecided = run.over = run.redactor.text(str(error))
    except UsageError as error:
        run.close()
        raise pytest.UsageError(str(error)) from None
    _publish(config, run)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """What shares the ledger stays on one worker, in its order."""
    return workers.scheduler(config, log) if config.stash.get(RUN, None) else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give an xdist worker what it needs; the first one to ask has the run opened."""
    run = node.config.stash.get(RUN, None)
    if run is None:
        return
    if not run.opened:
        _open(node.config, run)
    node.workerinput[workers.KEY] = workers.give(run, workers.number(node.config))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Add up what a worker saw."""
    run = node.config.stash.get(RUN, None)
    if run is not None:
        workers.collect(run, node)


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


# -------------------------------------------------------------------------------- ending


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Nothing is lost where the suite is killed: the verdict so far stands in its file."""
    run = item.config.stash.get(RUN, None)
    if run is not None and time.monotonic() - run.published > REFRESH:
        _publish(item.config, run)


def _publish(config: pytest.Config, run: Run) -> None:
    """Write the verdict as it stands, incomplete."""
    if run.options.report_dir and not workers.is_worker(config) and not run.options.dry:
        write.verdict_json(build.build(run, complete=False), run.options.report_dir)
    run.published = time.monotonic()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Decide, write the reports, and say it with the exit status."""
    config = session.config
    run = config.stash.get(RUN, None)
    if run is None or config.option.collectonly:
        return
    run.court.tell()
    config.stash.get(JOURNAL, lambda: None)()
    if workers.is_worker(config):
        workers.give_back(config, run)
        return
    run.end()
    if run.options.dry:
        config.stash[SAID] += (
            run.court.plan.lines(run.target.file.account) if run.court.plan else []
        )
        session.exitstatus = 0
        return
    if config.option.replay and run.over is None:
        replayed = config.stash[REPLAYED]
        config.stash[SAID] += [one.line() for one in replayed] or ["nothing was recorded to replay"]
        session.exitstatus = exit_of(replayed)
        return
    _decide(session, run, int(exitstatus))


def _decide(session: pytest.Session, run: Run, exitstatus: int) -> None:
    config = session.config
    stopped = {2: "it was interrupted", 3: "the suite itself failed", 4: "usage"}.get(exitstatus)
    stopped = stopped or run.failed
    complete = stopped is None and run.undecided is None
    published = build.build(run, complete=complete, stopped=stopped)
    config.stash[PUBLISHED] = published
    if config.option.propose_deviations:
        text = proposal.render(run.court.record, run.question())
        write.replace(config.option.propose_deviations, text.encode())
    if config.option.compare:
        changes = compare.compare(config.stash[OLD], published)
        config.stash[SAID] += [f"since {config.option.compare}:", *changes.lines()]
        if changes.gone and run.options.require_established and published.exit == 0:
            published = msgspec.structs.replace(published, exit=6)
    if run.options.report_dir:
        write.everything(published, run.options.report_dir, run.ledger, run.document)
        write.merge_journals(run.options.report_dir)
    if exitstatus in (0, 1, 5) and session.testscollected:
        session.exitstatus = 3 if run.failed else published.exit


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The verdict, for people."""
    said = config.stash.get(SAID, [])
    published = config.stash.get(PUBLISHED, None)
    if not said and published is None:
        return
    from .report import terminal

    def colour(text: str, name: str) -> str:
        return str(terminalreporter._tw.markup(text, **{name: True}))  # noqa: SLF001

    terminalreporter.section("contract")
    for line in said:
        terminalreporter.write_line(line)
    if published is not None:
        for line in terminal.lines(published, colour):
            terminalreporter.write_line(line)
