"""Writes the reports of a run into a folder, each at once and whole."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from ..clauses import ClauseLedger
from ..document import Document
from ..errors import UsageError
from . import model

UNSHOWN = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys, or that turn a line round; JSON can have them as escapes."""


def prepare(folder: Path) -> None:
    """Make the folder.

    Raises:
        UsageError: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise UsageError(f"--report-dir {folder}: {error.strerror}") from None


def verdict_json(verdict: model.Verdict, folder: Path) -> None:
    """Write `verdict.json`; what stood there before is replaced in one step."""
    text = msgspec.json.format(msgspec.json.encode(verdict), indent=2).decode()
    replace(folder / "verdict.json", UNSHOWN.sub(_escaped, text).encode())


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def everything(
    verdict: model.Verdict, folder: Path, ledger: ClauseLedger, document: Document
) -> None:
    """Write every report but the exchanges, which are written as they happen."""
    from . import badge, html, junit, markdown

    verdict_json(verdict, folder)
    texts: dict[str, Callable[[], str]] = {
        "junit.xml": lambda: junit.render(verdict),
        "summary.md": lambda: markdown.render(verdict),
        "badge.svg": lambda: badge.render(verdict),
        "report.html": lambda: html.render(verdict, ledger, document),
    }
    for name, render in texts.items():
        replace(folder / name, render().encode("utf-8", "backslashreplace"))


def merge_journals(folder: Path) -> None:
    """Put the exchanges that each worker wrote into one file, by the time they were sent."""
    parts = sorted(folder.glob("exchanges.gw*.har"))
    main = folder / "exchanges.har"
    if not parts:
        return
    whole = None
    for path in [*parts, main] if main.is_file() else parts:
        try:
            one = json.loads(path.read_bytes())
        except ValueError:  # a worker was killed while it wrote
            continue
        if whole is None:
            whole = one
        else:
            whole["log"]["entries"] += one["log"]["entries"]
    if whole is not None:
        whole["log"]["entries"].sort(key=lambda entry: str(entry["startedDateTime"]))
        replace(main, json.dumps(whole).encode())
    for path in parts:
        path.unlink()


def replace(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
