"""The kill matrix: every fault of the embedded server is caught, and no dialect is blamed.

    python -m tests.meta.matrix [--only GLOB] [--kind fault|dialect] [--jobs N] [--write]
                                [--rows FILE] [--seeds N] [--no-reset] [-- PYTEST OPTIONS]

prints each verdict as it comes; --write puts them into tests/KILL-MATRIX.md. That nothing lawful is
blamed whatever the seed is shown, in hours, by

    python -m tests.meta.matrix --kind dialect --seeds 20 -- --hypothesis-profile nightly
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.meta import power

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "tests" / "reference"
TARGET = ROOT / "tests" / "targets" / "reference.toml"
TABLE = ROOT / "tests" / "KILL-MATRIX.md"
TABLES = ROOT / ".hypothesis"


@dataclass(frozen=True)
class Variant:
    """The embedded server with one switch."""

    kind: str
    name: str
    description: str
    breaks: tuple[str, ...] = ()
    gate: str = "all"
    target: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What the suite said of a variant."""

    variant: Variant
    verdict: str
    broken: tuple[str, ...]
    requests: int
    seconds: float
    rows: tuple[dict[str, Any], ...] = ()
    """For each test how many requests it sent, and which of them showed a breach."""
    output: str = ""

    @property
    def good(self) -> bool:
        """A fault is caught and its own clause named first; a dialect breaks nothing."""
        if self.variant.kind == "fault":
            return bool(self.broken) and self.broken[0] in self.variant.breaks
        return self.verdict in ("conforms", "partial") and not self.broken


def variants() -> list[Variant]:
    """Every fault and every dialect."""
    found = []
    for entry in listing("--list-faults"):
        breaks = (entry["breaks"], *entry.get("also", ()))
        target = entry.get("target") or {}
        found.append(Variant("fault", entry["name"], entry["description"], breaks, target=target))
    for entry in listing("--list-dialects"):
        found.append(
            Variant(
                "dialect",
                entry["name"],
                entry["description"],
                gate=entry.get("gate") or "all",
                target=entry.get("target") or {},
            )
        )
    return found


def listing(option: str) -> list[dict[str, Any]]:
    """What the embedded server says of itself."""
    done = subprocess.run(
        [sys.executable, str(REFERENCE), option], check=True, capture_output=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def target_file(folder: Path, switches: Sequence[str], changes: dict[str, Any]) -> Path:
    """The reference target's file with switches for its server and other settings.

    A setting of None is left out.
    """
    start = "{here}/../reference --port {port}"
    text = TARGET.read_text("utf-8").replace(start, " ".join([start, *switches]))
    for key, value in changes.items():
        name = key.rpartition(".")[2]
        if value is None:
            text = re.sub(rf"(?m)^{name} = .*\n", "", text)
            continue
        shown = json.dumps(value)
        text, number = re.subn(rf"(?m)^{name} = .*$", f"{name} = {shown}", text)
        if not number:
            table = key.rpartition(".")[0]
            line = f"{name} = {shown}\n"
            text = (
                text.replace(f"[{table}]\n", f"[{table}]\n{line}")
                if f"[{table}]" in text
                else (f"{line}{text}" if not table else f"{text}\n[{table}]\n{line}")
            )
    path = folder / "target.toml"
    path.write_text(text.replace("{here}/../reference", str(REFERENCE)), "utf-8")
    return path


def without_reset(variant: Variant) -> Variant:
    """The same on a server that cannot be made to forget what was settled."""
    return replace(variant, target={**variant.target, "server.reset": None})


def judge(variant: Variant, *options: str) -> Result:
    """Run the suite against a variant."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        switch = "--fault" if variant.kind == "fault" else "--dialect"
        switches = [switch, variant.name] if variant.name else []
        path = target_file(folder, switches, variant.target)
        command = [sys.executable, "-m", "pytest", "tests/contract", "-q", "-p", power.__name__]
        command += ["--target", str(path), "--report-dir", name, "--gate", variant.gate, *options]
        # Its own examples, but not its own tables of Unicode: to make them takes seconds.
        if (TABLES / "unicode_data").is_dir():
            shutil.copytree(TABLES / "unicode_data", folder / ".hypothesis" / "unicode_data")
        environ = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / ".hypothesis")}
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False, env=environ
        )
        try:
            verdict = json.loads((folder / "verdict.json").read_text("utf-8"))
            rows = json.loads((folder / power.NAME).read_text("utf-8"))
        except FileNotFoundError:
            verdict = {"verdict": "none", "broken": [], "requests": 0, "seconds": 0}
            rows = []
        return Result(
            variant,
            verdict["verdict"],
            tuple(verdict["broken"]),
            verdict["requests"],
            verdict["seconds"],
            tuple(rows),
            done.stdout[-6000:] + done.stderr[-3000:],
        )


def judge_all(
    chosen: Sequence[Variant], jobs: int, *options: str, seeds: Sequence[int] = ()
) -> Iterator[Result]:
    """Run the suite against many, as many at once as there are jobs; against all with each seed."""
    each: list[tuple[str, ...]] = [("--hypothesis-seed", str(seed)) for seed in seeds] or [()]
    asked = [(variant, more) for more in each for variant in chosen]
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda one: judge(one[0], *options, *one[1]), asked)


def table(named: dict[str, str]) -> str:
    """The page: what each switch does, the clause it breaks, and the clauses that were named."""
    lines = [
        "# The kill matrix",
        "",
        "Written by `python -m tests.meta.matrix --write`: every fault of the embedded server with",
        "the clauses that the suite named, the first one first, and every lawful dialect.",
        "",
    ]
    for kind, title in (("fault", "Faults"), ("dialect", "Lawful dialects")):
        chosen = [variant for variant in variants() if variant.kind == kind]
        good = sum(_right(variant, named.get(variant.name, "")) for variant in chosen)
        lines += [f"## {title}: {good} of {len(chosen)} judged rightly", ""]
        lines += ["| switch | what it does | clause | named |", "|---|---|---|---|"]
        for variant in sorted(chosen, key=lambda v: (v.breaks, v.name)):
            gate = f"--gate {variant.gate}" if variant.gate != "all" else "-"
            clause = " or ".join(variant.breaks) or gate
            said = named.get(variant.name, "not judged")
            lines.append(f"| {variant.name} | {variant.description} | {clause} | {said} |")
        lines.append("")
    return "\n".join(lines)


def _right(variant: Variant, said: str) -> bool:
    first = said.partition(",")[0]
    return first in variant.breaks if variant.kind == "fault" else first == "none"


def recorded() -> dict[str, str]:
    """What the page says so far of each switch."""
    if not TABLE.is_file():
        return {}
    rows = re.findall(r"^\| (\S+) \|.*\| ([^|]*) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return {name: said for name, said in rows if name != "switch"}


def said_of(result: Result) -> str:
    """The clauses that were named, as the page has them."""
    shown = ", ".join(result.broken[:3]) + (", ..." if len(result.broken) > 3 else "")
    return shown or ("none" if result.verdict in ("conforms", "partial") else result.verdict)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and what stands behind `--`: options for pytest."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def main() -> int:
    """Run the matrix; 1 where something is judged wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default="*", help="a glob over the names of switches, or the clauses"
    )
    parser.add_argument("--kind", choices=("fault", "dialect"), help="only these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", action="store_true", help="write what was run into the table")
    parser.add_argument(
        "--rows", type=Path, help="write what each test showed of each fault, as JSON"
    )
    parser.add_argument(
        "--no-reset", action="store_true", help="of a server that forgets nothing, as most are"
    )
    parser.add_argument("--seeds", type=int, default=0, help="judge each with the seeds 1 to N")
    own, options = _split(sys.argv[1:])
    asked = parser.parse_args(own)
    chosen = [
        variant
        for variant in variants()
        if any(fnmatchcase(name, asked.only) for name in (variant.name, *variant.breaks))
        and asked.kind in (None, variant.kind)
    ]
    if asked.no_reset:
        chosen = [without_reset(variant) for variant in chosen]
    results = []
    started = time.monotonic()
    seeds = range(1, asked.seeds + 1)
    for result in judge_all(chosen, asked.jobs, *options, seeds=seeds):
        results.append(result)
        total = len(chosen) * max(1, len(seeds))
        mark = "ok   " if result.good else "WRONG"
        names = ", ".join(result.broken[:4]) or result.verdict
        wanted = (
            "" if result.good else f"   wanted {' or '.join(result.variant.breaks) or 'nothing'}"
        )
        if not result.good and result.verdict in ("none", "undecided"):
            print(result.output[-800:])
        print(
            f"[{len(results)}/{total} {time.monotonic() - started:5.0f} s] {mark} "
            f"{result.variant.name}: {names}{wanted}",
            flush=True,
        )
    wrong = [result for result in results if not result.good]
    print(f"{len(results) - len(wrong)} of {len(results)} judged rightly")
    if asked.rows:
        faults = {r.variant.name: r.rows for r in results if r.variant.kind == "fault"}
        asked.rows.write_text(json.dumps(faults), "utf-8")
    if asked.write:
        now = {result.variant.name: said_of(result) for result in results}
        TABLE.write_text(table(recorded() | now), "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
