"""What a night comes to: green, a warning or red, and whether there is an issue about it.

A run that could not be decided is not a run that held: the nights in a row that ended so are
counted, and the count turns red at a limit, so that a dead token cannot stay green. The count is
kept in a file and, as long as one is open, in the issue. Where neither is there to be read, an
undecided night has its issue at once, and the issue carries the count on.

Only the standard library is used: this runs where the suite's requirements are not installed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

UNDECIDED = 6
MARKER = re.compile(r"<!-- contract-nightly (\{.*?\}) -->")
MOST_CLAUSES = 20
"""Broken clauses that an issue names; all of them stand in the report."""


class Outcome(StrEnum):
    """What a run says about the target."""

    HELD = "held"
    BROKEN = "broken"
    UNDECIDED = "undecided"
    FAILED = "failed"
    """Nothing: the run itself went wrong, or did not take place."""


class Colour(StrEnum):
    """What a night says to a team."""

    GREEN = "green"
    WARNING = "warning"
    RED = "red"


@dataclass(frozen=True)
class Night:
    """One run, as its exit status and its verdict tell it."""

    outcome: Outcome
    code: int | None
    sentence: str
    broken: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    """A line of Markdown for each broken clause."""

    @property
    def said(self) -> str:
        """The night in a few words that are the same as long as nothing new has happened."""
        if self.outcome is Outcome.FAILED:
            return "failed: no run" if self.code is None else f"failed: {self.code}"
        return f"{self.outcome}: {', '.join(self.broken)}".removesuffix(": ")


@dataclass(frozen=True)
class State:
    """What one night leaves to the next."""

    undecided: int = 0
    """How many nights in a row, up to and with the last one, were undecided."""
    day: str = ""
    """The day of the last night that was decided or counted as undecided."""
    said: str = ""


@dataclass(frozen=True)
class Issue:
    """An open issue about the same target."""

    number: int
    state: State | None


@dataclass(frozen=True)
class Decision:
    """What a night comes to."""

    colour: Colour
    state: State
    wants_issue: bool
    sentence: str


# ------------------------------------------------------------------------------- reading


def read_night(code: int | None, report: Path) -> Night:
    """The night of a run that ended with `code` (None: it did not take place) and its reports."""
    verdict = _mapping(_json(report / "verdict.json"))
    sentence = str(verdict.get("sentence") or "No verdict was written.")
    agrees = verdict.get("exit") == code
    if code == UNDECIDED:
        return Night(Outcome.UNDECIDED, code, sentence)
    if code == 0 and agrees and verdict.get("complete") is True:
        return Night(Outcome.HELD, code, sentence)
    if code == 1 and agrees:
        broken = tuple(str(clause) for clause in _items(verdict.get("broken")))
        return Night(Outcome.BROKEN, code, sentence, broken, tuple(_details(verdict, broken)))
    return Night(Outcome.FAILED, code, _failure(code, bool(verdict)))


def _failure(code: int | None, judged: bool) -> str:
    if code is None:
        return "The run did not take place, or did not end."
    if code in (0, 1):
        wrong = "a verdict that says otherwise" if judged else "no verdict"
        return f"The run ended with exit status {code} and {wrong}."
    words = {
        2: "it was interrupted",
        3: "the suite itself failed",
        4: "an option, the target file or the document is wrong",
        5: "no test was collected",
    }
    return f"The run ended with exit status {code}: {words.get(code, 'it was ended from outside')}."


def _details(verdict: dict[str, Any], broken: Sequence[str]) -> Iterable[str]:
    """What is known of each broken clause. Nothing here comes from the target but statuses."""
    clauses = {
        str(_mapping(clause).get("id")): _mapping(clause)
        for clause in _items(verdict.get("clauses"))
    }
    for id_ in broken[:MOST_CLAUSES]:
        clause = clauses.get(id_, {})
        seen = [_mapping(evidence) for evidence in _items(clause.get("evidence"))]
        cases = [f"{one.get('case')}: {one.get('status') or 'no answer'}" for one in seen[:3]]
        shown = f" ({plain('; '.join(cases))})" if cases else ""
        yield f"- `{code_text(id_)}`: {plain(str(clause.get('says', '')))}{shown}"
    if len(broken) > MOST_CLAUSES:
        yield f"- and {len(broken) - MOST_CLAUSES} more"


def read_state(text: str) -> State | None:
    """A state as `write_state` wrote it; None for anything else."""
    found = _mapping(parsed(text))
    number, day, said = found.get("undecided"), found.get("day"), found.get("said")
    if type(number) is not int or number < 0 or not isinstance(day, str):
        return None
    return State(number, day, said if isinstance(said, str) else "")


def write_state(state: State, target: str | None = None) -> str:
    """A state as text that may stand in a comment of HTML."""
    members = asdict(state) | ({} if target is None else {"target": target})
    text = json.dumps(members, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")


def find_issue(listed: Any, target: str) -> Issue | None:
    """The oldest open issue about a target, out of what `gh issue list` answers."""
    found = []
    for entry in map(_mapping, _items(listed)):
        marker = MARKER.search(str(entry.get("body")))
        number = entry.get("number")
        if marker is None or not isinstance(number, int):
            continue
        if _mapping(parsed(marker[1])).get("target") == target:
            found.append(Issue(number, read_state(marker[1])))
    return min(found, key=lambda issue: issue.number, default=None)


def latest(*states: State | None) -> State | None:
    """The state that says most about last night; None where none is known."""
    known = [state for state in states if state is not None]
    return max(known, key=lambda state: (state.day, state.undecided), default=None)


# ------------------------------------------------------------------------------ deciding


def decide(night: Night, before: State | None, limit: int, today: dt.date) -> Decision:
    """What a night comes to.

    Args:
        night: the run of this night.
        before: what the last night left; None where that is not known.
        limit: the number of undecided nights in a row that is red.
        today: the day. A second run on one day does not count as a second night.
    """
    last = before or State()
    if night.outcome is Outcome.HELD:
        return Decision(Colour.GREEN, _decided(night, today), False, night.sentence)
    if night.outcome is Outcome.BROKEN:
        return Decision(Colour.RED, _decided(night, today), True, night.sentence)
    if night.outcome is Outcome.FAILED:
        state = State(last.undecided, last.day, night.said)
        return Decision(Colour.RED, state, True, night.sentence)
    again = last.undecided > 0 and last.day == today.isoformat()
    count = last.undecided if again else last.undecided + 1
    state = State(count, today.isoformat(), night.said)
    colour = Colour.RED if count >= limit else Colour.WARNING
    nights = "1 night" if count == 1 else f"{count} nights in a row"
    sentence = f"Undecided for {nights} (red at {limit}). {night.sentence}"
    return Decision(colour, state, before is None or count >= min(2, limit), sentence)


def _decided(night: Night, today: dt.date) -> State:
    return State(0, today.isoformat(), night.said)


def exit_status(night: Night, decision: Decision) -> int:
    """0 on green, 6 on a warning; on red what the run ended with, or 1 where that is no red."""
    if decision.colour is Colour.GREEN:
        return 0
    if decision.colour is Colour.WARNING:
        return UNDECIDED
    return night.code if night.code not in (None, 0, UNDECIDED) else 1


# --------------------------------------------------------------------------------- texts


def plain(text: str) -> str:
    """A text that Markdown shows as it is."""
    return re.sub(r"[\\`*_{}\[\]()#+!|<>~@&]", r"\\\g<0>", " ".join(text.split()))


def code_text(text: str) -> str:
    """A text that can stand between backticks."""
    return text.replace("`", "'")


def parsed(text: str) -> Any:
    """What a text of JSON holds; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _json(path: Path) -> Any:
    return parsed(text_of(path))


def text_of(path: Path) -> str:
    """What a file holds; an empty text where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
