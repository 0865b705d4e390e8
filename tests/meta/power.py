"""What each test is worth: a plugin that notes requests and breaches, test by test.

    pytest tests/contract -p tests.meta.power --target ...

writes `power.json` into the report folder: for each test in its order how many requests it sent,
and which of them, counted from 1, got answers that breach the contract.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from itertools import pairwise
from typing import Any

import pytest

from tests.harness.fixtures import RUN

NAME = "power.json"
ROWS = pytest.StashKey[list[dict[str, Any]]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count around a test."""
    court = item.config.stash[RUN].court
    court.tell()
    seen = [court.breaches]
    # An answer is mostly heard of once it is judged: while the next request is under way.
    court.listeners.append(listener := lambda _: seen.append(court.breaches))
    result = yield
    court.tell()
    court.listeners.remove(listener)
    pairs = pairwise(seen)
    row = {
        "test": item.nodeid.partition("contract/")[2],
        "requests": len(seen) - 1,
        "breaches": [number for number, (before, after) in enumerate(pairs, 1) if after > before],
    }
    item.config.stash.setdefault(ROWS, []).append(row)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the rows."""
    run = session.config.stash.get(RUN, None)
    if run is not None and run.options.report_dir is not None:
        rows = session.config.stash.get(ROWS, [])
        (run.options.report_dir / NAME).write_text(json.dumps(rows), "utf-8")
