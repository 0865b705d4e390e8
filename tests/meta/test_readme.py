"""What the documents say is true: numbers, links, options, the published schema."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.harness.report import model
from tests.meta import matrix, suite

README = (suite.ROOT / "README.md").read_text("utf-8")
PAGES = [
    suite.ROOT / name
    for name in (
        "README.md",
        ".github/CONTRIBUTING.md",
        ".github/SECURITY.md",
        "tests/targets/README.md",
    )
]


def test_the_published_schema_is_that_of_the_verdict() -> None:
    path = suite.ROOT / "tests" / "harness" / "report" / "verdict.schema.json"
    assert json.loads(path.read_text("utf-8")) == model.schema()


def test_the_numbers_of_faults_and_dialects_are_right() -> None:
    variants = matrix.variants()
    faults = sum(variant.kind == "fault" for variant in variants)
    assert f"wrong in one of {faults} ways" in README
    assert f"in one of {len(variants) - faults} other ways" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(suite.ROOT)))
def test_links_within_the_project_lead_somewhere(page: object) -> None:
    text = page.read_text("utf-8")  # type: ignore[attr-defined]
    folder = page.parent  # type: ignore[attr-defined]
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert all((folder / link).exists() for link in links), links


def test_every_option_in_the_readme_exists() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"],
        cwd=suite.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    commands = re.findall(r"^\.venv/bin/pytest .*$", README, re.MULTILINE)
    options = {word for command in commands for word in re.findall(r"(--[a-z-]+)", command)}
    assert options
    assert all(option in shown for option in options)


@pytest.mark.parametrize("kind", ["fault", "dialect"])
def test_the_kill_matrix_lists_every_switch(kind: str) -> None:
    table = matrix.TABLE.read_text("utf-8")
    names = [variant.name for variant in matrix.variants() if variant.kind == kind]
    missing = [name for name in names if f"| {name} |" not in table]
    assert not missing, "run `python -m tests.meta.matrix --write`"
