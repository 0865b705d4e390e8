"""The pytest plugin: options, the life of a run, and what a clause is in pytest's own words."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from .errors import Exhausted, TargetError, UsageError
from .run import Options, Run
from .scenario import Lacking, Scenario
from .wire import Exchange

CONTRACT = Path(__file__).resolve().parents[1] / "contract"
RUN = pytest.StashKey[Run]()
EFFORTS = ("smoke", "gate", "nightly")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The command line of the suite, beside pytest's own."""
    group = parser.getgroup("contract", "the contract put to a target")
    add = group.addoption
    add("--target", default="reference", metavar="NAME|FILE", help="what is judged")
    add("--profile", choices=("schema", "rules", "full"), help="over the target file's")
    add("--gate", choices=("must", "all"), default="all", help="which levels gate")
    add("--clause", action="append", default=[], metavar="GLOB", help="put only these clauses")
    add("--list-clauses", action="store_true", help="show all clauses and end")
    add("--dry-run", action="store_true", help="show what would be sent, and send nothing")
    add("--requests", type=int, metavar="N", help="the most that this run may send")
    add("--report-dir", type=Path, metavar="DIR", help="where the reports are written")
    add("--require-established", action="store_true", help="exit 6 where a clause stays open")


def pytest_configure(config: pytest.Config) -> None:
    """Read and check everything, and start the server, before a test is collected."""
    config.addinivalue_line("markers", "clause(id): the clause of the contract that a test puts")
    config.addinivalue_line("markers", "consumes: the test settles whatever there is, and is last")
    config.addinivalue_line("markers", "depth: the test goes beyond the core of its clauses")
    if not puts_contract(config):
        return
    if config.option.list_clauses:
        from .listing import clauses_text

        print(clauses_text())
        pytest.exit("", returncode=0)
    try:
        run = Run.prepare(_options(config))
        if run.options.report_dir:
            from .report import write

            write.prepare(run.options.report_dir)
        _validate(run, config)
        run.launch()
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[RUN] = run
    if config.getoption("--hypothesis-profile", None):
        from .explore import register_profiles

        register_profiles()
    config.add_cleanup(run.close)


def puts_contract(config: pytest.Config) -> bool:
    """Whether this session runs the contract, or only other tests."""
    for argument in config.args:
        path = (config.invocation_params.dir / str(argument).partition("::")[0]).resolve()
        if path == CONTRACT or CONTRACT in path.parents or path in CONTRACT.parents:
            return True
    return bool(config.option.list_clauses)


def _options(config: pytest.Config) -> Options:
    option = config.option
    effort = config.getoption("--hypothesis-profile", None) or "gate"
    if effort not in EFFORTS:
        raise UsageError(f"--hypothesis-profile {effort}: one of {', '.join(EFFORTS)} is wanted")
    if option.requests is not None and option.requests < 1:
        raise UsageError(f"--requests {option.requests}: a number above zero is wanted")
    return Options(
        target=option.target,
        profile=option.profile,
        gate=option.gate,
        clauses=tuple(option.clause),
        requests=option.requests,
        require_established=option.require_established,
        report_dir=option.report_dir,
        effort=effort,
        seed=str(config.getoption("--hypothesis-seed", None) or 0),
    )


def _validate(run: Run, config: pytest.Config) -> None:
    """Validate the document, once for each content: it takes longer than all the rest."""
    from . import document

    cache = getattr(config, "cache", None)
    key = f"contract/valid-{run.document.sha256[:16]}"
    if cache is not None and cache.get(key, None) == run.document.corrected:
        return
    document.validate(run.document)
    if cache is not None:
        cache.set(key, run.document.corrected)


# --------------------------------------------------------------------------- collection


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the clauses that are selected, in the order of the clause ledger, consumers last."""
    run = config.stash.get(RUN, None)
    if run is None:
        return
    order = {clause.id: number for number, clause in enumerate(run.ledger.clauses)}
    kept, dropped = [], []
    for item in items:
        clauses = clauses_of(item)
        if not clauses:
            kept.append(item)
            continue
        (kept if run.selected & set(clauses) else dropped).append(item)

    def place(item: pytest.Item) -> tuple[bool, bool, int]:
        first = min((order[clause] for clause in clauses_of(item)), default=-1)
        return (
            item.get_closest_marker("consumes") is not None,
            item.get_closest_marker("depth") is not None,
            first,
        )

    items[:] = sorted(kept, key=place)
    if dropped:
        config.hook.pytest_deselected(items=dropped)


def clauses_of(item: pytest.Item) -> list[str]:
    """The clauses that a test puts; a glob in its marker stands for those of the ledger."""
    run = item.config.stash[RUN]
    globs = [glob for marker in item.iter_markers("clause") for glob in marker.args]
    return [clause for glob in globs for clause in run.ledger.matching(glob)]


# -------------------------------------------------------------------------------- running


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Open the run: the target is there, the token is had, the preflight makes sense."""
    run = session.config.stash.get(RUN, None)
    if run is None or session.config.option.collectonly or not session.items:
        return None
    try:
        run.open()
    except TargetError as error:
        run.undecided = run.over = str(error)
    except UsageError as error:
        run.close()
        raise pytest.UsageError(str(error)) from None
    return None


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run under way."""
    return request.config.stash[RUN]


Put = Callable[..., Exchange]


@pytest.fixture
def put(run: Run, request: pytest.FixtureRequest) -> Put:
    """Sends a body, or what the keywords of `Builder.request` say, and has it judged."""
    (clause, *_) = clauses_of(request.node)
    twin = run.ledger[clause].twin
    run.court.clause = clause
    if twin:
        run.court.accepted_twin(twin)

    def put(body: Any = None, **changes: Any) -> Exchange:
        return run.court.put(run.court.request(body, **changes))

    return put


@pytest.fixture
def token(run: Run) -> str:
    """Our own token; empty where the target wants none."""
    return run.court.credentials.current() or ""


@pytest.fixture
def scenario(run: Run, request: pytest.FixtureRequest) -> Scenario:
    """Known transactions, and requests that the ledger model judges."""
    (clause, *_) = clauses_of(request.node)
    run.court.clause = clause
    wants = "ledger" in run.ledger[clause].needs
    return run.scenario(clause, wants)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot be put."""
    run = item.config.stash.get(RUN, None)
    if run is None or not clauses_of(item):
        return
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
    report = yield
    run = item.config.stash.get(RUN, None)
    clauses = clauses_of(item)
    if run is None or not clauses:
        return report
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, Exhausted):
        run.over = run.over or str(error)
        if not isinstance(error, _budget_spent()):
            run.undecided = str(error)
        _skip(report, item, str(error))
        for clause in clauses:
            run.court.record.lacking.setdefault(clause, str(error))
    elif isinstance(error, Lacking):
        for clause in clauses:
            run.court.record.lacking.setdefault(clause, f"lacks {error}")
        _skip(report, item, f"lacks {error}")
    elif isinstance(error, TargetError):
        run.over = run.undecided = str(error)
        _skip(report, item, str(error))
    elif report.when == "call" and report.outcome == "passed":
        _translate(report, item, run, clauses)
    return report


def _budget_spent() -> type[Exhausted]:
    from .budget import BudgetSpent

    return BudgetSpent


def _skip(report: pytest.TestReport, item: pytest.Item, why: str) -> None:
    report.outcome = "skipped"
    report.longrepr = (str(item.path), item.location[1] or 0, f"not established: {why}")


def _translate(
    report: pytest.TestReport, item: pytest.Item, run: Run, clauses: Iterable[str]
) -> None:
    """held = passed; broken and gated = failed; broken otherwise or declared = xfailed."""
    from . import verdict
    from .verdict import Status

    question = run.question()
    outcomes = verdict.evaluate(run.court.record, question)
    verdict.excuse(outcomes, question)
    mine = [outcome for outcome in outcomes if outcome.clause.id in clauses]
    broken = [outcome for outcome in mine if outcome.status is Status.BROKEN]
    if any(outcome.gated for outcome in broken):
        report.outcome = "failed"
        report.longrepr = "\n".join(
            f"{outcome.clause.id}: {breach.words}; expected {list(breach.entry.expected)}"
            for outcome in broken
            for breach in outcome.breaches
        )
    elif broken or any(outcome.status is Status.DEVIATES for outcome in mine):
        report.outcome = "skipped"
        report.wasxfail = "; ".join(f"{o.clause.id} {o.status}: {o.why}" for o in mine)
    elif _last_of(item, clauses) and all(o.status is Status.NOT_ESTABLISHED for o in mine):
        _skip(report, item, mine[0].why)


def _last_of(item: pytest.Item, clauses: Iterable[str]) -> bool:
    """Whether no later test puts these clauses: before that, an open one is not yet known."""
    later = item.session.items[item.session.items.index(item) + 1 :]
    return not any(set(clauses) & set(clauses_of(other)) for other in later)


# -------------------------------------------------------------------------------- ending


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Decide, write the reports, and say it with the exit status."""
    run = session.config.stash.get(RUN, None)
    if run is None or session.config.option.collectonly:
        return
    run.close()
    ended = exitstatus in (0, 1, 5)
    if exitstatus in (2, 3, 4):
        stopped = {2: "it was interrupted", 3: "the suite itself failed"}.get(exitstatus, "usage")
    else:
        stopped = None
    from .report import build

    published = build.build(run, complete=ended and run.undecided is None, stopped=stopped)
    session.config.stash[PUBLISHED] = published
    if run.options.report_dir:
        from .report import write

        write.everything(published, run.options.report_dir, run.ledger, run.document)
    if ended and session.testscollected:
        session.exitstatus = published.exit


PUBLISHED: pytest.StashKey[Any] = pytest.StashKey()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """The verdict, for people."""
    published = config.stash.get(PUBLISHED, None)
    if published is None:
        return
    from .report import terminal

    def colour(text: str, name: str) -> str:
        return str(terminalreporter._tw.markup(text, **{name: True}))

    terminalreporter.section("contract")
    for line in terminal.lines(published, colour):
        terminalreporter.write_line(line)
