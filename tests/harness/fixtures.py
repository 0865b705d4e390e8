"""What the tests of the contract work with: `put`, `explore`, `scenario`, `run`, ..."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

from .document import Document, once
from .options import EFFORTS
from .run import Run
from .scenario import Scenario
from .wire import Exchange

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from .stock import Stock

RUN = pytest.StashKey[Run]()
CLAUSES = pytest.StashKey[list[str]]()


def clauses_of(item: pytest.Item) -> list[str]:
    """The clauses that a test puts; a glob in its marker stands for those of the ledger."""
    known = item.stash.get(CLAUSES, None)
    if known is None:
        if RUN not in item.config.stash:
            return []
        ledger = item.config.stash[RUN].ledger
        globs = [glob for marker in item.iter_markers("clause") for glob in marker.args]
        known = [clause for glob in globs for clause in ledger.matching(glob)]
        item.stash[CLAUSES] = known
    return known


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
def put_harmless(run: Run, put: Put) -> Callable[..., None]:
    """As `put`, but what a lawful server might settle something for is not sent."""

    def put_harmless(**parts: Any) -> None:
        if run.court.harmless(run.court.request(**parts)):
            put(**parts)

    return put_harmless


Explore = Callable[..., None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Split what explores into the parts of the effort."""
    run = metafunc.config.stash.get(RUN, None)
    if run is not None and "part" in metafunc.fixturenames:
        metafunc.parametrize("part", range(EFFORTS[run.options.effort].parts))


@pytest.fixture
def explore(
    run: Run, put_harmless: Callable[..., None], request: pytest.FixtureRequest, part: int
) -> Explore:
    """Sends what a strategy makes, and looks for breaches.

    It makes a value of one keyword of `Builder.request`, or several as a mapping. `share` is how
    much of the effort's number of examples it is worth.
    """
    from .explore import explore  # Hypothesis, for those alone who want it

    def explored(strategy: SearchStrategy[Any], share: float, keyword: str | None = None) -> None:
        def send(example: Any) -> None:
            put_harmless(**(example if keyword is None else {keyword: example}))

        parts = EFFORTS[run.options.effort].parts
        explore(run.court, strategy, send, run.options, request.node.name, share / parts)

    return explored


@pytest.fixture(scope="session")
def coverage(run: Run, request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """What schemathesis makes of every keyword: made once for a document, as it is never other.

    To import it and to make them takes longer than all that is sent.
    """

    def made(_: Document) -> list[tuple[str | None, str | None]]:
        cases = request.getfixturevalue("stock").coverage()
        return [
            (case["raw"] and case["raw"].decode("latin-1"), case["media_type"]) for case in cases
        ]

    name = f"coverage-{metadata.version('schemathesis')}"
    cases = once(run.document, getattr(request.config, "cache", None), name, made)
    return [
        {"raw": raw and raw.encode("latin-1"), "media_type": media_type}
        for raw, media_type in cases
    ]


@pytest.fixture(scope="session")
def stock(run: Run) -> Stock:
    """What schemathesis makes of the document, for our account."""
    from .stock import Stock  # a second, for those alone who want it

    return Stock(run.document, run.target.file.account)


@pytest.fixture
def token(run: Run) -> str:
    """Our own token; empty where the target wants none."""
    return run.court.credentials.current() or ""


@pytest.fixture
def scenario(run: Run, request: pytest.FixtureRequest) -> Scenario:
    """Known transactions, and requests that the ledger model judges."""
    (clause, *_) = clauses_of(request.node)
    run.court.clause = clause
    run.court.consuming = request.node.get_closest_marker("consumes") is not None
    blind = request.node.get_closest_marker("blind") is not None
    wants = "ledger" in run.ledger[clause].needs and not blind
    return run.scenario(clause, wants)
