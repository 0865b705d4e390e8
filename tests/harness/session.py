"""A session that puts the contract, from its start to its reports: a run in pytest's words."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from . import compare, document, proposal, workers
from .errors import TargetError, UsageError
from .fixtures import RUN
from .options import Options
from .progress import Progress
from .replay import Replayed, exit_of, replay
from .report import build, write
from .report.model import Verdict
from .run import Run
from .target import Target

PUBLISHED = pytest.StashKey[Verdict]()
SAID = pytest.StashKey[list[str]]()
OLD = pytest.StashKey[Verdict]()
REPLAYED = pytest.StashKey[list[Replayed]]()
JOURNAL = pytest.StashKey[Callable[[], None]]()
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


def pytest_report_header(config: pytest.Config) -> list[str]:
    """What is about to happen, before it does."""
    run = config.stash.get(RUN, None)
    return run.announcement() if run is not None and not workers.is_worker(config) else []


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
    """Write every exchange down, each while the next is under way, where reports are wanted."""
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
        # Nothing was sent: there is nothing to report but that.
        config.stash.get(JOURNAL, lambda: None)()
        del config.stash[RUN]
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
