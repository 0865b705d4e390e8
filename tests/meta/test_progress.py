"""What a long run says while it goes on."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from tests.harness import progress
from tests.harness.progress import Progress, span
from tests.harness.wire import Answer, Exchange, Request

DIRECTED = "tests/contract/test_count.py::test_zero_is_refused"
GENERATED = "tests/contract/test_generated.py::test_bodies"
EXCHANGE = Exchange(Request("POST", "/"), Answer(200), purpose="count.minimum")


class Terminal:
    """Keeps what a terminal is given."""

    isatty = False

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._tw = SimpleNamespace(width_of_current_line=0)

    def ensure_newline(self) -> None:
        """Nothing stands on the line."""

    def write_line(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(time, "monotonic", lambda: now.seconds)
    return now


def begun(terminal: Terminal, effort: str = "gate", most: int | None = None) -> Progress:
    plugins = SimpleNamespace(get_plugin=lambda _: terminal)
    config: Any = SimpleNamespace(pluginmanager=plugins)
    found = Progress(config, effort, most)
    found.pytest_xdist_node_collection_finished([DIRECTED, GENERATED])
    return found


def ended(test: str, worker: str = "", sent: int = 0) -> Any:
    return SimpleNamespace(
        when="teardown", nodeid=test, contract=("count.minimum", sent), worker_id=worker
    )


def test_a_short_run_says_nothing(clock: SimpleNamespace) -> None:
    terminal = Terminal()
    run = begun(terminal)
    for _ in range(20):
        run.saw(EXCHANGE)
        clock.seconds += 1
    assert terminal.lines == []


def test_a_long_run_says_how_far_it_is(clock: SimpleNamespace) -> None:
    terminal = Terminal()
    run = begun(terminal)
    run.saw(EXCHANGE)
    run.pytest_runtest_logreport(ended(DIRECTED))
    for _ in range(9):
        run.saw(EXCHANGE)
    clock.seconds += progress.LOG
    run.saw(EXCHANGE)
    # 11 requests in 30 s, and of the 40 that the generated test may send 10 are sent.
    assert terminal.lines == [
        "contract: 30 s: 1 of 2 tests, now count.minimum; 11 requests, 0.367 a second, "
        "about 82 s left"
    ]


def test_no_more_is_left_than_may_be_sent(clock: SimpleNamespace) -> None:
    terminal = Terminal()
    run = begun(terminal, "nightly", most=31)
    run.saw(EXCHANGE)
    run.pytest_runtest_logreport(ended(DIRECTED))
    clock.seconds += progress.LOG
    for _ in range(1):
        run.saw(EXCHANGE)
    assert terminal.lines[-1].endswith("2 requests, 0.0667 a second, about 7 min left")


def test_what_workers_sent_is_added_up(clock: SimpleNamespace) -> None:
    terminal = Terminal()
    run = begun(terminal)
    run.pytest_runtest_logreport(ended(DIRECTED, "gw0", 6))
    clock.seconds += progress.LOG
    run.pytest_runtest_logreport(ended(GENERATED, "gw1", 40))
    assert "2 of 2 tests, now count.minimum; 46 requests" in terminal.lines[-1]


@pytest.mark.parametrize(
    ("seconds", "words"), [(4.4, "4 s"), (89, "89 s"), (600, "10 min"), (7200, "2.0 h")]
)
def test_a_span_is_said_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
