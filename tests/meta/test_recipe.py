"""The recipe for any other CI: a shell script, its variables and its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.nights import ROOT, TARGET, verdict

# ----------------------------------------------------------------------------- any other CI


@pytest.fixture(name="recipe")
def recipe_in_a_copy(tmp_path: Path) -> Path:
    """The recipe beside the decision, with a pytest that does as it is told."""
    suite = tmp_path / "suite"
    for name in ("tests/__init__.py", "tests/harness/__init__.py", "tests/harness/night.py",
                 "tests/harness/nightly.py", ".github/nightly.sh"):  # fmt: skip
        (suite / name).parent.mkdir(parents=True, exist_ok=True)
        (suite / name).write_bytes((ROOT / name).read_bytes())
    programs = tmp_path / "venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    (programs / "pytest").write_text(
        "#!/bin/sh\n"
        'echo "$*" >> "$SEEN"\n'
        'ls .hypothesis/examples >> "$SEEN" 2>/dev/null\n'
        "mkdir -p .hypothesis/examples && touch .hypothesis/examples/found\n"
        'if [ "$CODE" = 0 ]; then mkdir -p "$REPORT"\n'
        '  echo \'{"exit": 0, "complete": true}\' > "$REPORT/verdict.json"; fi\n'
        'exit "$CODE"\n'
    )
    (programs / "pytest").chmod(0o755)
    return suite / ".github" / "nightly.sh"


def run_recipe(recipe: Path, code: int, *options: str, **environment: str) -> int:
    home = recipe.parents[2]
    given_ = {
        "PATH": os.environ["PATH"],
        "CODE": str(code),
        "SEEN": str(home / "seen"),
        "REPORT": str(home / "contract-report"),
        "CONTRACT_TARGET": TARGET,
        "CONTRACT_VENV": "venv",
    } | environment
    call = ["sh", str(recipe), *options]
    return subprocess.run(call, cwd=home, env=given_, check=False).returncode


@pytest.mark.parametrize("code", [0, 2, 3, 4, 5, 6])
def test_the_recipe_ends_as_the_run_did(recipe: Path, code: int) -> None:
    assert run_recipe(recipe, code) == code


def test_the_recipe_hands_over_its_variables_and_its_arguments(recipe: Path) -> None:
    run_recipe(recipe, 0, "-n", "2", CONTRACT_PROFILE="rules", CONTRACT_GATE="must")
    home = recipe.parents[2]
    assert (home / "seen").read_text().strip() == (
        f"tests/contract --target {home}/{TARGET} --gate must --profile rules"
        f" --hypothesis-profile nightly --report-dir {home}/contract-report -n 2"
    )


def test_the_recipe_keeps_the_examples_and_the_count(recipe: Path) -> None:
    home = recipe.parents[2]
    run_recipe(recipe, 6)
    assert (home / "contract-kept" / "examples" / "found").is_file()
    assert run_recipe(recipe, 6, CONTRACT_UNDECIDED_LIMIT="1") == 1
    (recipe.parents[1] / ".hypothesis" / "examples" / "found").unlink()
    run_recipe(recipe, 0)
    assert (home / "seen").read_text().splitlines()[-1] == "found"


def test_the_recipe_takes_no_old_verdict_for_tonights(recipe: Path) -> None:
    verdict(recipe.parents[2] / "contract-report")
    assert run_recipe(recipe, 0, REPORT="/dev/null/nowhere") == 1


def test_the_recipe_wants_a_target(recipe: Path) -> None:
    assert run_recipe(recipe, 0, CONTRACT_TARGET="") not in (0, 6)
