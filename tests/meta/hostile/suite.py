"""Runs the suite as a process of its own, within limits, and reads all that it leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT = "T12345678"
ADDRESS_SPACE = 1536 * 2**20
"""Bytes of address space that the suite may take."""

DEVELOPMENT = '[auth]\nclient_id = "development-client"\nclient_secret = "development-secret"\n'
LEDGER = f"""[ledger]
command = "{{python}} {ROOT}/tests/reference --list-transactions"
complete = true
quiet = true
"""


@dataclass
class Suite:
    """One run of the suite."""

    folder: Path
    """Where it runs, and where the reports go, into `report`."""
    process: subprocess.Popen[bytes]
    started: float
    exit: int | None = None
    seconds: float = 0.0
    megabytes: float = 0.0

    def __enter__(self) -> Suite:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.returncode is None:
            self.kill()

    @property
    def output(self) -> bytes:
        """What stood on the terminal."""
        return (self.folder / "output").read_bytes()

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict that was written."""
        found: dict[str, Any] = json.loads((self.folder / "report" / "verdict.json").read_bytes())
        return found

    def status(self, clause: str) -> str:
        """What became of a clause."""
        return next(str(each["status"]) for each in self.verdict["clauses"] if each["id"] == clause)

    def files(self) -> dict[str, bytes]:
        """Every file that the run left, the terminal's output among them, by its path."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name != "target.toml"
        }

    def signal(self, number: int) -> None:
        """Send a signal to the suite alone, as Ctrl-C does to what stands before its children."""
        os.kill(self.process.pid, number)

    def wait(self, seconds: float) -> Suite:
        """Wait for its end, with what it took; one that takes longer is killed."""
        end = self.started + seconds
        while True:
            pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > end:
                self.kill()
                raise AssertionError(f"no end within {seconds} s: {self.output[-2000:]!r}")
            time.sleep(0.02)
        self.seconds = time.monotonic() - self.started
        self.exit = self.process.returncode = os.waitstatus_to_exitcode(status)
        self.megabytes = used.ru_maxrss / 1024
        return self

    def kill(self) -> None:
        """End it and its children, without a word."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(
    folder: Path, target: str, *options: str, environ: Mapping[str, str] | None = None
) -> Suite:
    """Start the suite against a target, given as the text of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "target.toml").write_text(target, "utf-8")
    command = [sys.executable, "-m", "pytest", str(ROOT / "tests" / "contract"), "-q"]
    command += ["-k", "not generated", "--target", str(folder / "target.toml")]
    command += ["--report-dir", str(folder / "report"), *options]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
        )
    resource.prlimit(process.pid, resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    return Suite(folder, process, time.monotonic())


def run(
    folder: Path,
    target: str,
    *options: str,
    seconds: float = 60,
    environ: Mapping[str, str] | None = None,
) -> Suite:
    """Run the suite to its end."""
    with start(folder, target, *options, environ=environ) as suite:
        return suite.wait(seconds)


def target(address: str, *tables: str, timeout: float = 1.0, profile: str = "rules") -> str:
    """The text of a target file."""
    head = f'base_url = "{address}"\naccount = "{ACCOUNT}"\nprofile = "{profile}"\n'
    return "\n".join([head, f"[limits]\ntimeout = {timeout}\n", *tables])


def at(port: int, scheme: str = "http", host: str = "127.0.0.1") -> str:
    """The address of a target on loopback."""
    return f"{scheme}://{host}:{port}/v1"
