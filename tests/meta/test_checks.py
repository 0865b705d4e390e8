"""The oracle as a schemathesis check, under `st run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness import document
from tests.harness.launch import Launched
from tests.harness.target import Server, load
from tests.meta import suite

DOCUMENT = document.load()
REPLACED = "{here}/../reference --port {port}"


@contextmanager
def running(folder: Path, *switches: str) -> Iterator[str]:
    """The embedded server; yields its base address."""
    path = folder / "target.toml"
    text = (suite.ROOT / "tests/targets/reference.toml").read_text("utf-8")
    text = text.replace(REPLACED, " ".join([REPLACED, *switches]))
    path.write_text(text.replace("{here}/..", str(suite.ROOT / "tests")), "utf-8")
    target = load(str(path), DOCUMENT)
    assert isinstance(target.file.server, Server)
    assert target.file.server.start is not None
    server = Launched(target, target.file.server, target.file.server.start)
    try:
        server.wait()
        yield target.file.base_url
    finally:
        server.stop()


def st_run(folder: Path, url: str, account: str = "T12345678") -> tuple[int, str, set[str]]:
    """Exit status, output, and the accounts that requests were sent to."""
    from tests.reference import tokens

    corrected = folder / "corrected.json"
    corrected.write_text(json.dumps(DOCUMENT.corrected), "utf-8")
    har = folder / "st.har"
    command = [str(Path(sys.executable).with_name("st")), "run", str(corrected), "--url", url]
    command += ["-H", f"Authorization: Bearer {tokens.issue('T12345678', 3600)}"]
    command += ["--checks", "contract", "-n", "30", "--seed", "1"]
    command += ["--report", "har", "--report-har-path", str(har)]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={
            **os.environ,
            "PYTHONPATH": str(suite.ROOT),
            "SCHEMATHESIS_HOOKS": "tests.harness.checks",
            "CONTRACT_ACCOUNT": account,
        },
    )
    entries = json.loads(har.read_text("utf-8"))["log"]["entries"] if har.is_file() else []
    accounts = {entry["request"]["url"].split("/")[5] for entry in entries}
    return done.returncode, done.stdout + done.stderr, accounts


def test_the_reference_passes_and_no_other_account_is_addressed(tmp_path: Path) -> None:
    with running(tmp_path) as url:
        code, output, accounts = st_run(tmp_path, url)
    assert code == 0, output
    assert accounts == {"T12345678"}


def test_a_fault_is_named_by_its_clause(tmp_path: Path) -> None:
    with running(tmp_path, "--fault", "count-maximum-unchecked") as url:
        code, output, _ = st_run(tmp_path, url)
    assert code == 1
    assert "count.maximum: count over the maximum got 20" in output


def test_without_an_account_nothing_is_sent(tmp_path: Path) -> None:
    code, output, accounts = st_run(tmp_path, "http://127.0.0.1:9/v1", account="P12345678")
    assert code != 0
    assert accounts == set()
    assert "CONTRACT_ACCOUNT is to name the test account" in output
