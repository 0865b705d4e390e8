"""The nightly gate's last step: decides about a night, keeps its state, and tells it.

    python -m tests.harness.nightly --exit-code CODE --report DIR --target FILE --state FILE

ends with 0 on green, 6 on a warning, and on red with what the run ended with, or else with 1.
With `--gh` it opens, refreshes or closes the issue about the target. Only the standard library is
used: this runs where the suite's requirements are not installed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .night import (
    Colour,
    Decision,
    Issue,
    Night,
    Outcome,
    code_text,
    decide,
    exit_status,
    find_issue,
    latest,
    parsed,
    plain,
    read_night,
    read_state,
    text_of,
    write_state,
)

LIST_ISSUES = ["issue", "list", "--state", "open", "--limit", "200", "--json", "number,body"]
OURS = ["--app", "github-actions"]
"""Issues that a workflow wrote: a stranger's with our marker in it is none of ours."""


@dataclass(frozen=True)
class Place:
    """Where a night took place, for the words about it; what is not known is empty."""

    target: str
    repository: str = ""
    suite: str = ""
    run: str = ""
    server: str = ""
    artifact: str = ""

    @property
    def url(self) -> str:
        """The run's page."""
        known = self.server and self.repository and self.run
        return f"{self.server}/{self.repository}/actions/runs/{self.run}" if known else ""


# ------------------------------------------------------------------------------- telling


def title(night: Night, target: str) -> str:
    """The title of the issue."""
    words = {
        Outcome.BROKEN: "breaks its contract",
        Outcome.UNDECIDED: "could not be judged",
        Outcome.FAILED: "was not judged",
    }
    return f"Nightly contract: {target[:150]} {words.get(night.outcome, 'holds')}"


def body(night: Night, decision: Decision, place: Place) -> str:
    """The text of the issue, with the state of the night in a comment that nobody sees."""
    lines = [f"`{code_text(place.target)}`:", ""]
    lines += [*_quoted(decision.sentence), ""]
    if night.details:
        lines += ["Broken clauses, the one that the cause belongs to first:", ""]
        lines += [*night.details, ""]
    if place.url:
        lines += [f"[The run, its summary and its reports]({place.url})", ""]
    lines += _at_home(night, place)
    lines += ["This issue is kept up to date, and closed by the next green night.", ""]
    lines += [f"<!-- contract-nightly {write_state(decision.state, place.target)} -->"]
    return "\n".join(lines) + "\n"


def _at_home(night: Night, place: Place) -> list[str]:
    """How the night is had on another machine, in a checkout of the suite."""
    if night.outcome is not Outcome.BROKEN or not (place.artifact and place.url):
        return []
    own = place.repository == place.suite
    target = place.target if own else f"../{place.repository.rpartition('/')[2]}/{place.target}"
    folder = f"report-{place.run}"
    fetch = ["gh", "run", "download", place.run, "-R", place.repository]
    fetch += ["-n", place.artifact, "-D", folder]
    pytest = [".venv/bin/pytest", "tests/contract", "--target", target]
    replay = [*pytest, "--replay", f"{folder}/report"]
    again = [*pytest, "--hypothesis-profile", "nightly"]
    return [
        "In a checkout of the suite (the repository of the target file beside it), what failed is",
        "shown once more by",
        "",
        f"    {shlex.join(fetch)} && {shlex.join(replay)}",
        "",
        "and the examples of the night are tried first, new ones after them, by",
        "",
        f"    cp -R {folder}/.hypothesis . && {shlex.join(again)}",
        "",
    ]


def summary(decision: Decision) -> str:
    """What the night comes to, for the summary of a job."""
    heads = {
        Colour.GREEN: "Green",
        Colour.WARNING: "Warning: undecided",
        Colour.RED: "Red",
    }
    return "\n".join([f"### {heads[decision.colour]}", "", *_quoted(decision.sentence), ""])


def commands(
    night: Night, decision: Decision, issue: Issue | None, place: Place, text: Path
) -> list[list[str]]:
    """The calls of `gh` that open, refresh or close the issue; `text` holds its body."""
    heading = title(night, place.target)
    if decision.colour is Colour.GREEN:
        if issue is None:
            return []
        words = f"Green again. {place.url}".strip()
        return [["issue", "close", str(issue.number), "--comment", words]]
    if issue is None:
        create = ["issue", "create", "--title", heading, "--body-file", str(text)]
        return [create] if decision.wants_issue else []
    number = str(issue.number)
    edit = ["issue", "edit", number, "--title", heading, "--body-file", str(text)]
    if issue.state is not None and issue.state.said == night.said:
        return [edit]
    words = f"Now: {plain(night.said)}. {place.url}".strip()
    return [edit, ["issue", "comment", number, "--body", words]]


def _quoted(text: str) -> list[str]:
    """A text as an indented block of code: no markup, no mention and no link comes of it."""
    visible = "".join(c if c.isprintable() or c == "\n" else "?" for c in text)
    return [f"    {line}" for line in visible[:4000].split("\n")]


# --------------------------------------------------------------------------- the command


def main(arguments: Sequence[str] | None = None) -> int:
    """Decide about a night, keep its state, and tell it."""
    options = _options(arguments)
    place = Place(
        target=options.target,
        repository=options.repository,
        suite=options.suite,
        run=options.run,
        server=options.server,
        artifact=options.artifact,
    )
    issue = None
    problem = ""
    if options.gh:
        listed, problem = _gh([*LIST_ISSUES, *OURS])
        issue = None if problem else find_issue(parsed(listed), place.target)
    kept = read_state(text_of(options.state))
    before = latest(kept, issue.state if issue else None)
    night = read_night(options.exit_code, options.report)
    decision = decide(night, before, options.limit, dt.datetime.now(dt.UTC).date())
    options.state.parent.mkdir(parents=True, exist_ok=True)
    options.state.write_text(write_state(decision.state) + "\n", "utf-8")
    if options.summary:
        with options.summary.open("a", encoding="utf-8") as file:
            file.write(summary(decision))
    print(f"{decision.colour}: {' '.join(decision.sentence.split())}")
    if options.gh and not problem:
        text = options.state.with_name("issue.md")
        text.write_text(body(night, decision, place), "utf-8")
        problem = _tell(commands(night, decision, issue, place, text))
    if problem:
        print(f"the issue could not be kept: {problem}", file=sys.stderr)
        return exit_status(night, decision) if decision.colour is Colour.RED else 1
    return exit_status(night, decision)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.nightly")
    add = parser.add_argument
    add("--exit-code", type=_exit_code, required=True, help="the run's; empty: there was no run")
    add("--report", type=Path, required=True, help="the run's --report-dir")
    add("--target", required=True, help="the target file, as it is to be named")
    add("--state", type=Path, required=True, help="a file that is kept from night to night")
    add("--limit", type=_limit, default=3, help="undecided nights in a row that are red")
    add("--summary", type=Path, help="a file of Markdown to which the decision is appended")
    add("--gh", action="store_true", help="open, refresh or close the issue with `gh`")
    add("--repository", default="", help="whose run it is: OWNER/NAME")
    add("--suite", default="", help="where the suite comes from: OWNER/NAME")
    add("--server", default="", help="the address before OWNER/NAME")
    add("--run", default="", help="the run's number")
    add("--artifact", default="", help="the name under which reports and examples are kept")
    return parser.parse_args(arguments)


def _exit_code(text: str) -> int | None:
    return int(text) if text.strip() else None


def _limit(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number above zero is wanted")
    return number


def _tell(calls: Iterable[Sequence[str]]) -> str:
    """Make the calls; what went wrong, or an empty text."""
    for call in calls:
        _, problem = _gh(call)
        if problem:
            return problem
    return ""


def _gh(call: Sequence[str]) -> tuple[str, str]:
    """What a call of `gh` prints, and what went wrong."""
    try:
        done = subprocess.run(
            ["gh", *call], capture_output=True, text=True, timeout=120, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return "", f"gh {call[0]} {call[1]}: {type(error).__name__}"
    if done.returncode:
        return "", f"gh {call[0]} {call[1]}: {done.stderr.strip() or done.returncode}"
    return done.stdout, ""


if __name__ == "__main__":
    sys.exit(main())
