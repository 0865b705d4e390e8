"""What a long run says while it goes on: a line now and then, for people and for CI logs alike."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from .options import EFFORTS
from .wire import Exchange

TERMINAL, LOG = 10.0, 30.0
"""Seconds between two lines."""

DIRECTED, STEPS = 6, 15
"""Requests of a test that puts hand-picked cases, and of one walk: what they come to on average."""


def weight(test: str, effort: str) -> int:
    """How many requests a test is likely to send."""
    if "test_generated.py" in test:
        return EFFORTS[effort].examples
    return EFFORTS[effort].walks * STEPS if "test_walks" in test else DIRECTED


class Progress:
    """A plugin that says how far a run is: tests, clause, requests, rate, time left."""

    def __init__(self, config: pytest.Config, effort: str, most: int | None) -> None:
        """Take where to write, and the most requests that may be sent."""
        self._config, self._effort, self._most = config, effort, most
        self._began = self._said = 0.0
        self._weights: dict[str, int] = {}
        self._done: set[str] = set()
        self._clause = "preflight"
        self._sent: dict[str, int] = {}
        """Requests by worker; one entry where there are no workers."""
        self._before = 0
        """Requests that the tests sent that are done."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The tests are known."""
        self._know([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """The tests are known, where workers run them."""
        self._know(ids)

    def _know(self, tests: Sequence[str]) -> None:
        self._weights = {test: weight(test, self._effort) for test in tests}

    def saw(self, exchange: Exchange) -> None:
        """Take in an exchange of this process."""
        self._clause = exchange.purpose or self._clause
        self._sent[""] = self._sent.get("", 0) + 1
        self._tick()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in the end of a test, and what its worker has sent so far."""
        if report.when != "teardown":
            return
        self._done.add(report.nodeid)
        clause, sent = getattr(report, "contract", ("", 0))
        self._clause = clause or self._clause
        worker = getattr(report, "worker_id", "")
        if worker:
            self._sent[worker] = max(sent, self._sent.get(worker, 0))
        self._before = sum(self._sent.values())
        self._tick()

    def line(self) -> str:
        """How far it is, now."""
        requests = sum(self._sent.values())
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = requests / seconds
        ahead = sum(number for test, number in self._weights.items() if test not in self._done)
        ahead = max(0, ahead - (requests - self._before))
        if self._most is not None:
            ahead = min(ahead, max(0, self._most - requests))
        left = f", about {span(ahead / rate)} left" if rate and self._done else ""
        return (
            f"contract: {span(seconds)}: {len(self._done)} of {len(self._weights)} tests, "
            f"now {self._clause}; {requests:,} requests, {rate:.3g} a second{left}"
        )

    def _tick(self) -> None:
        now = time.monotonic()
        if not self._began:
            self._began = self._said = now
        terminal: Any = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or now - self._said < (TERMINAL if terminal.isatty else LOG):
            return
        self._said = now
        terminal.ensure_newline()
        if terminal._tw.width_of_current_line:  # noqa: SLF001 (dots of workers)
            terminal.line("")
        terminal.write_line(self.line())


def span(seconds: float) -> str:
    """A span of time in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
