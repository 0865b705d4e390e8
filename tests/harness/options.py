"""The command line of the suite, beside pytest's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from .errors import UsageError


@dataclass(frozen=True)
class Effort:
    """How much is generated: examples of a strategy, walks on a fresh ledger, steps of one walk.

    A strategy's examples are made in so many parts, which several workers may share.
    """

    requests: int
    """About how many requests a run sends."""
    examples: int
    walks: int
    steps: int
    parts: int = 1


EFFORTS = {
    "smoke": Effort(60, 1, 1, 5),
    "gate": Effort(1600, 40, 6, 40),
    "nightly": Effort(8500, 1500, 60, 200, parts=4),
}


@dataclass(frozen=True)
class Options:
    """What the command line asks."""

    target: str = "reference"
    profile: str | None = None
    gate: str = "all"
    clauses: tuple[str, ...] = ()
    requests: int | None = None
    require_established: bool = False
    report_dir: Path | None = None
    effort: str = "gate"
    seed: str = "0"
    dry: bool = False
    replay: bool = False
    worker: str = ""
    """The name of the xdist worker; empty in the controller, or without any."""


def add(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("contract", "the contract put to a target")
    option = group.addoption
    option("--target", default="reference", metavar="NAME|FILE", help="what is judged")
    option("--profile", choices=("schema", "rules", "full"), help="over the target file's")
    option("--gate", choices=("must", "all"), default="all", help="which levels gate")
    option("--clause", action="append", default=[], metavar="GLOB", help="put only these clauses")
    option("--list-clauses", action="store_true", help="show all clauses and end")
    option("--dry-run", action="store_true", help="show what would be sent, and send nothing")
    option("--requests", type=int, metavar="N", help="the most that this run may send")
    option("--report-dir", type=Path, metavar="DIR", help="where the reports are written")
    option("--require-established", action="store_true", help="exit 6 where a clause stays open")
    option("--propose-deviations", type=Path, metavar="FILE", help="write entries for what broke")
    option("--replay", type=Path, metavar="REPORT_DIR", help="send recorded witnesses again")
    option("--compare", type=Path, metavar="VERDICT", help="say what changed since a verdict")


def read(config: pytest.Config) -> Options:
    """The options of a run.

    Raises:
        UsageError: one of them has no meaning.
    """
    option = config.option
    effort = config.getoption("--hypothesis-profile", None) or "gate"
    if effort not in EFFORTS:
        raise UsageError(f"--hypothesis-profile {effort}: one of {', '.join(EFFORTS)} is wanted")
    if option.requests is not None and option.requests < 1:
        raise UsageError(f"--requests {option.requests}: a number above zero is wanted")
    # Hypothesis is told of a seed by `explore`: given one here, it would keep no examples.
    seed = config.getoption("--hypothesis-seed", None)
    if seed is None:
        seed = secrets.randbelow(2**32) if effort == "nightly" else 0
    return Options(
        target=option.target,
        profile=option.profile,
        gate=option.gate,
        clauses=tuple(option.clause),
        requests=option.requests,
        require_established=option.require_established,
        report_dir=option.report_dir,
        effort=effort,
        seed=str(seed),
        dry=option.dry_run,
        replay=option.replay is not None,
    )
