"""How many requests a run may send, and how fast."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .errors import Exhausted


class BudgetSpent(Exhausted):
    """The number of requests that this run may send is used up."""


@dataclass
class Budget:
    """Grants requests one by one; None stands for no limit."""

    requests: int | None = None
    per_second: float | None = None
    taken: int = 0
    reserve: int = 0
    """Requests that are kept for what comes later."""
    _next: float = 0.0

    def take(self) -> None:
        """Wait for the rate, and count one request.

        Raises:
            BudgetSpent: there is none left.
        """
        if self.requests is not None and self.taken + self.reserve >= self.requests:
            raise BudgetSpent(f"the budget of {self.requests} requests is used up")
        self.taken += 1
        if self.per_second:
            now = time.monotonic()
            self._next = max(self._next + 1 / self.per_second, now)
            if self._next > now:
                time.sleep(self._next - now)
