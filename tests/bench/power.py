"""What a request is worth: how soon a fault is caught, and by which source of cases.

    python -m tests.meta.matrix --kind fault --rows rows.json
    python -m tests.bench.power rows.json [--write]

reads what each test sent and showed on each fault of the kill matrix.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

TABLE = Path(__file__).with_name("POWER.md")
Rows = Sequence[Mapping[str, Any]]

SOURCES = {
    "hand-picked cases": "",
    "schemathesis": "test_generated.py::test_schemathesis_coverage",
    "our own strategies": "test_generated.py::",
    "walks over the ledger": "test_outcome.py::test_walks",
}
"""By the beginning of a test's name; the longest that fits is meant."""


def source(test: str) -> str:
    """Which source of cases a test draws on."""
    fits = {name: begin for name, begin in SOURCES.items() if test.startswith(begin)}
    return max(fits, key=lambda name: len(fits[name]))


def first(rows: Rows) -> int | None:
    """How many requests were sent when the first breach was seen; None where none was."""
    sent = 0
    for row in rows:
        if row["breaches"]:
            return int(sent + row["breaches"][0])
        sent += int(row["requests"])
    return None


def lines(faults: Mapping[str, Rows]) -> Iterator[str]:
    """The page."""
    soon = sorted(number for rows in faults.values() if (number := first(rows)) is not None)
    yield "# What a request is worth"
    yield ""
    yield f"By `python -m tests.bench.power`, from {len(faults)} faults of the kill matrix."
    yield ""
    yield "| requests until the first breach is seen | |"
    yield "|---|--:|"
    yield f"| median | {median(soon):.0f} |"
    yield f"| nine in ten | {quantiles(soon, n=10)[-1]:.0f} |"
    yield f"| worst | {max(soon)} |"
    for most in (60, 300):
        share = 100 * sum(number <= most for number in soon) / len(faults)
        yield f"| seen within {most} requests | {share:.0f} % of the faults |"
    yield f"| faults of which no single answer is a breach | {len(faults) - len(soon)} |"
    yield ""
    yield "| source of cases | requests | share | faults seen | seen by nothing else |"
    yield "|---|--:|--:|--:|--:|"
    sent = dict.fromkeys(SOURCES, 0)
    seen: dict[str, set[str]] = {name: set() for name in SOURCES}
    for fault, rows in faults.items():
        for row in rows:
            sent[source(row["test"])] += row["requests"]
            if row["breaches"]:
                seen[source(row["test"])].add(fault)
    for name in SOURCES:
        alone = seen[name].difference(*(seen[other] for other in SOURCES if other != name))
        each = sent[name] / len(faults)
        share = 100 * sent[name] / sum(sent.values())
        yield f"| {name} | {each:.0f} | {share:.0f} % | {len(seen[name])} | {len(alone)} |"


def main() -> int:
    """Print the page, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    faults = json.loads(asked.rows.read_text("utf-8"))
    text = "\n".join(lines({name: rows for name, rows in faults.items() if rows})) + "\n"
    print(text)
    if asked.write:
        TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
