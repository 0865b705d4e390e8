"""What got no answer, and is therefore not sent again: each costs the time limit. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

LARGEST_SMALL = 4096
"""Bytes of a body from which on its size may be why there is no answer."""

TWICE = 2
"""Silences after which what they share is left alone."""

IN_A_ROW = 3
"""Silences in a row, with the accepted twin among them, after which a target is given up."""


@dataclass
class Silence:
    """The requests that got no answer, by their clause and by the size of their body."""

    in_a_row: int = 0
    began: str = ""
    """What the first of those in a row put: often the reason."""
    _clauses: Counter[str] = field(default_factory=Counter)
    _sizes: list[int] = field(default_factory=list)

    def one_more(self, puts: str) -> None:
        """Take in one more in a row; in words what it puts."""
        self.began = self.began if self.in_a_row else puts
        self.in_a_row += 1

    def add(self, clause: str, size: int) -> None:
        """Take in one more that is the request's fault, not the target's end."""
        self._clauses[clause] += 1
        self._sizes.append(size)

    def of_clause(self, clause: str) -> bool:
        """Whether requests of this clause are left alone."""
        return self._clauses[clause] >= TWICE

    def of_size(self, size: int) -> bool:
        """Whether bodies of that size are: smaller ones that are large got no answer, too."""
        return sum(LARGEST_SMALL < other <= 1.1 * size for other in self._sizes) >= TWICE

    @property
    def given_up(self) -> bool:
        """Whether nobody is there any more."""
        return self.in_a_row >= IN_A_ROW

    def told(self, requests: int, when: float, why: str) -> str:
        """That nobody is there any more: after how many requests, since when, at what, and why."""
        clock = dt.datetime.fromtimestamp(when, dt.UTC).strftime("%H:%M:%S")
        began = f"; the first without an answer put {self.began!r}" if self.began else ""
        return (
            f"the target stopped answering after {requests} requests, at {clock} UTC: {why}{began}"
        )
