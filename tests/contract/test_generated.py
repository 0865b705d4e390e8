"""What nobody thought of: cases that schemathesis and Hypothesis make of the document.

The oracle judges the bytes that were sent, so a case is never blamed for what its generator
meant it to be. A case that a lawful server might settle something for is not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.fixtures import Put
from tests.harness.run import Run

if TYPE_CHECKING:
    from tests.harness.stock import Stock

pytestmark = pytest.mark.depth
clause = pytest.mark.clause
GENERATED = clause("body.*", "ids.*", "count.*", "range.*", "exclusion.*", "answer.*")


def send(run: Run, put: Put, **parts: Any) -> None:
    """Send a generated case, unless it might settle something."""
    if run.court.harmless(run.court.request(**parts)):
        put(**parts)


@GENERATED
def test_schemathesis_coverage_of_every_keyword(run: Run, put: Put, stock: Stock) -> None:
    for parts in stock.coverage():
        send(run, put, **parts)


@GENERATED
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_schemathesis_fuzzing(run: Run, put: Put, stock: Stock, mode: str) -> None:
    from tests.harness.explore import explore

    strategy = stock.bodies(mode)
    explore(run.court, strategy, lambda parts: send(run, put, **parts), run.options.effort, 0.25)


@GENERATED
def test_bodies_of_every_combination(run: Run, put: Put) -> None:
    from tests.harness.explore import explore
    from tests.harness.strategies import bodies

    strategy = bodies(run.target.file.account)
    explore(run.court, strategy, lambda body: send(run, put, body=body), run.options.effort, 2)


@GENERATED
def test_json_with_something_broken(run: Run, put: Put) -> None:
    from tests.harness.explore import explore
    from tests.harness.strategies import broken_json

    strategy = broken_json(run.target.file.account)
    explore(run.court, strategy, lambda raw: send(run, put, raw=raw), run.options.effort)
