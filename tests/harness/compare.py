"""`--compare`: what changed between an older verdict and this one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from .errors import UsageError
from .report.model import FORMAT, Verdict

MOST = 8
"""Clauses that a line names."""

PUT = ("held", "broken", "deviates")


@dataclass(frozen=True)
class Changes:
    """Clauses that became something else."""

    broken: list[str]
    held: list[str]
    gone: list[str]
    """Clauses that were put then, and are not established now."""

    def lines(self) -> list[str]:
        """As sentences."""
        shown = {
            "newly broken": self.broken,
            "newly held": self.held,
            "no longer put": self.gone,
        }
        found = [f"{name}: {_some(ids)}" for name, ids in shown.items() if ids]
        return found or ["nothing changed"]


def _some(ids: list[str]) -> str:
    shown = ", ".join(ids[:MOST])
    return shown + (f" and {len(ids) - MOST} more" if len(ids) > MOST else "")


def load(path: Path) -> Verdict:
    """Read a verdict that an earlier run wrote: a file, or the folder of its reports.

    Raises:
        UsageError: it cannot be read, or is no verdict.
    """
    file = path / "verdict.json" if path.is_dir() else path
    try:
        verdict = msgspec.json.decode(file.read_bytes(), type=Verdict)
    except OSError as error:
        raise UsageError(f"{file.absolute()}: cannot be read ({error.strerror})") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: is no verdict ({error})") from None
    if verdict.format != FORMAT:
        raise UsageError(f"{file}: is a verdict of format {verdict.format}; {FORMAT} is wanted")
    return verdict


def compare(old: Verdict, new: Verdict) -> Changes:
    """What changed from one verdict to the next."""
    before = {clause.id: clause.status for clause in old.clauses}
    after = {clause.id: clause.status for clause in new.clauses}
    return Changes(
        broken=[id_ for id_ in after if after[id_] == "broken" != before.get(id_)],
        held=[id_ for id_ in after if after[id_] == "held" != before.get(id_)],
        gone=[id_ for id_, was in before.items() if was in PUT and after.get(id_) not in PUT],
    )
