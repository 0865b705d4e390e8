"""The nightly gate: what each end of a run comes to, night after night, and who is told."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.meta.nights import ROOT, TARGET, verdict

from ..harness.night import (
    Colour,
    Decision,
    Issue,
    Night,
    Outcome,
    State,
    decide,
    exit_status,
    find_issue,
    latest,
    read_night,
    read_state,
    write_state,
)
from ..harness.nightly import Place, body, commands, main, summary

FIRST = dt.date(2026, 11, 1)


PLACE = Place(TARGET, "team/api", "maker/suite", "77", "https://ci.example", "contract-api")


HELD = Night(Outcome.HELD, 0, "holds")


BROKEN = Night(Outcome.BROKEN, 1, "breaks", ("count.maximum", "ids.type"), ("- `count.maximum`",))


UNDECIDED = Night(Outcome.UNDECIDED, 6, "all 401")


FAILED = Night(Outcome.FAILED, 4, "bad file")


KNOWN = State(0, "2026-10-31", "held")


def nights(
    *after: Night, before: State | None = KNOWN, limit: int = 3, day: dt.date = FIRST
) -> list[Decision]:
    """The decisions of nights in a row."""
    decisions = []
    for number, night in enumerate(after):
        decisions.append(decide(night, before, limit, day + dt.timedelta(days=number)))
        before = decisions[-1].state
    return decisions


def colours(decisions: Sequence[Decision]) -> str:
    return " ".join(decision.colour for decision in decisions)


def broken_verdict(folder: Path) -> Path:
    evidence = {"case": "count over the maximum", "status": 201, "answer": "@everyone <script>"}
    clause = {"id": "count.maximum", "says": "10001 is refused", "evidence": [evidence]}
    return verdict(folder, exit=1, sentence="1 broken.", broken=["count.maximum"], clauses=[clause])


# ------------------------------------------------------------------------------- a night


@pytest.mark.parametrize(
    ("code", "written", "outcome"),
    [
        (0, {}, Outcome.HELD),
        (0, {"verdict": "partial"}, Outcome.HELD),
        (0, {"complete": False}, Outcome.FAILED),
        (0, {"exit": 1}, Outcome.FAILED),
        (0, None, Outcome.FAILED),
        (1, {"exit": 1}, Outcome.BROKEN),
        (1, {"exit": 0}, Outcome.FAILED),
        (1, None, Outcome.FAILED),
        (2, {"exit": 6}, Outcome.FAILED),
        (3, None, Outcome.FAILED),
        (4, None, Outcome.FAILED),
        (5, None, Outcome.FAILED),
        (6, {"exit": 6}, Outcome.UNDECIDED),
        (6, None, Outcome.UNDECIDED),
        (137, {"complete": False, "exit": 6}, Outcome.FAILED),
        (None, {}, Outcome.FAILED),
        (None, None, Outcome.FAILED),
    ],
)
def test_green_needs_an_exit_status_and_a_verdict_that_agree(
    tmp_path: Path, code: int | None, written: dict[str, Any] | None, outcome: Outcome
) -> None:
    if written is not None:
        verdict(tmp_path, **written)
    assert read_night(code, tmp_path).outcome is outcome


@pytest.mark.parametrize("text", ["", "[]", "{", "7", '{"exit": {}, "broken": 3, "clauses": 1}'])
def test_a_verdict_that_is_none_is_never_green(tmp_path: Path, text: str) -> None:
    (tmp_path / "verdict.json").write_text(text)
    for code in (0, 1):
        assert read_night(code, tmp_path).outcome is Outcome.FAILED


def test_a_broken_night_names_its_clauses_and_nothing_that_the_target_wrote(tmp_path: Path) -> None:
    night = read_night(1, broken_verdict(tmp_path))
    text = body(night, nights(night)[0], PLACE)
    assert night.broken == ("count.maximum",)
    assert "- `count.maximum`: 10001 is refused (count over the maximum: 201)" in text
    assert "everyone" not in text


# ---------------------------------------------------------------------- nights in a row


def test_a_dead_token_is_a_warning_then_an_issue_then_red_and_stays_red() -> None:
    decisions = nights(*[UNDECIDED] * 5)
    assert colours(decisions) == "warning warning red red red"
    assert [decision.wants_issue for decision in decisions] == [False, True, True, True, True]
    assert [exit_status(UNDECIDED, decision) for decision in decisions] == [6, 6, 1, 1, 1]


@pytest.mark.parametrize(("limit", "expected"), [(1, "red red"), (2, "warning red")])
def test_the_limit_can_be_set_and_red_always_has_an_issue(limit: int, expected: str) -> None:
    decisions = nights(UNDECIDED, UNDECIDED, limit=limit)
    assert colours(decisions) == expected
    assert all(one.wants_issue for one in decisions if one.colour is Colour.RED)


@pytest.mark.parametrize("decided", [HELD, BROKEN])
def test_a_decided_night_ends_the_row(decided: Night) -> None:
    decisions = nights(UNDECIDED, UNDECIDED, decided, UNDECIDED)
    assert [decision.state.undecided for decision in decisions] == [1, 2, 0, 1]


def test_a_run_that_went_wrong_neither_ends_nor_lengthens_the_row() -> None:
    decisions = nights(UNDECIDED, FAILED, UNDECIDED, FAILED, UNDECIDED)
    assert colours(decisions) == "warning red warning red red"


def test_a_second_run_on_one_day_is_no_second_night() -> None:
    first = decide(UNDECIDED, KNOWN, 3, FIRST)
    assert decide(UNDECIDED, first.state, 3, FIRST).state.undecided == 1


def test_where_no_count_is_known_an_undecided_night_has_its_issue_at_once() -> None:
    (decision,) = nights(UNDECIDED, before=None)
    assert decision.colour is Colour.WARNING
    assert decision.wants_issue


def test_where_the_kept_file_is_always_lost_the_issue_alone_leads_to_red() -> None:
    issue: Issue | None = None
    seen = []
    for number in range(3):
        before = latest(None, issue.state if issue else None)
        decision = decide(UNDECIDED, before, 3, FIRST + dt.timedelta(days=number))
        seen.append(decision.colour)
        assert decision.wants_issue
        issue = find_issue([{"number": 4, "body": body(UNDECIDED, decision, PLACE)}], TARGET)
    assert seen == [Colour.WARNING, Colour.WARNING, Colour.RED]


@pytest.mark.parametrize(
    ("night", "status"),
    [
        (HELD, 0),
        (BROKEN, 1),
        (FAILED, 4),
        (replace(FAILED, code=None), 1),
        (replace(FAILED, code=0), 1),
    ],
)
def test_red_ends_as_the_run_did_and_never_with_zero(night: Night, status: int) -> None:
    assert exit_status(night, nights(night)[0]) == status


@given(
    st.lists(st.sampled_from([HELD, BROKEN, UNDECIDED, FAILED]), min_size=1, max_size=12),
    st.integers(1, 5),
)
def test_no_row_of_nights_without_a_held_one_stays_green(after: list[Night], limit: int) -> None:
    for night, decision in zip(after, nights(*after, limit=limit), strict=True):
        assert (decision.colour is Colour.GREEN) is (night is HELD)
        assert decision.colour is not Colour.WARNING or decision.state.undecided < limit
        assert decision.wants_issue or decision.colour is not Colour.RED


# ------------------------------------------------------------------------------ the state


@given(st.builds(State, st.integers(0), st.sampled_from(["", "2026-11-01"]), st.text()), st.text())
def test_a_state_survives_the_comment_it_is_kept_in(state: State, target: str) -> None:
    hidden = f"words\n<!-- contract-nightly {write_state(state, target)} -->\n"
    found = find_issue([{"number": 1, "body": hidden}], target)
    assert found == Issue(1, state)
    assert read_state(write_state(state)) == state
    assert "--" not in write_state(state, target)


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"undecided": -1, "day": ""}', '{"undecided": true, "day": ""}',
     '{"undecided": "2", "day": ""}', '{"undecided": 1}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_state_is_none(text: str) -> None:
    assert read_state(text) is None


def test_of_two_states_the_later_counts_and_of_one_day_the_longer_row() -> None:
    early, late, later = State(2, "2026-11-01"), State(0, "2026-11-02"), State(1, "2026-11-02")
    assert latest(early, late) == late
    assert latest(late, later) == later
    assert latest(None, early) == early
    assert latest(None, None) is None


@pytest.mark.parametrize(
    "listed",
    [None, {}, [3], [{"number": "1", "body": None}], [{"number": 2, "body": "no marker"}],
     [{"number": 3, "body": "<!-- contract-nightly {not json} -->"}],
     [{"number": 4, "body": '<!-- contract-nightly {"target": "another.toml"} -->'}]],
)  # fmt: skip
def test_issues_about_other_things_are_left_alone(listed: Any) -> None:
    assert find_issue(listed, TARGET) is None


# ------------------------------------------------------------------------------ the issue


def calls(night: Night, decision: Decision, issue: Issue | None) -> list[str]:
    made = commands(night, decision, issue, PLACE, Path("text.md"))
    return [" ".join(call[:2]) for call in made]


def test_one_issue_is_opened_refreshed_and_closed() -> None:
    red, green = nights(BROKEN, HELD)
    issue = Issue(9, red.state)
    assert calls(BROKEN, red, None) == ["issue create"]
    assert calls(BROKEN, red, issue) == ["issue edit"]
    assert calls(HELD, green, issue) == ["issue close"]
    assert calls(HELD, green, None) == []


def test_people_hear_of_an_open_issue_again_only_when_something_else_is_wrong() -> None:
    issue = Issue(9, nights(BROKEN)[0].state)
    other = replace(BROKEN, broken=("range.date",))
    assert calls(other, nights(other)[0], issue) == ["issue edit", "issue comment"]
    assert calls(UNDECIDED, nights(UNDECIDED)[0], issue) == ["issue edit", "issue comment"]


def test_a_first_undecided_night_opens_nothing_and_closes_nothing() -> None:
    (warning,) = nights(UNDECIDED)
    assert calls(UNDECIDED, warning, None) == []
    assert "issue close" not in calls(UNDECIDED, warning, Issue(9, None))


def test_the_issue_of_a_broken_night_has_the_line_that_shows_it_again() -> None:
    text = body(BROKEN, nights(BROKEN)[0], PLACE)
    assert (
        "gh run download 77 -R team/api -n contract-api -D report-77 && .venv/bin/pytest"
        " tests/contract --target ../api/targets/api.toml --replay report-77/report" in text
    )
    assert "cp -R report-77/.hypothesis . && .venv/bin/pytest tests/contract" in text


def test_what_a_target_answered_is_shown_as_code_and_acts_on_nothing() -> None:
    night = replace(UNDECIDED, sentence="# @team\n<!-- contract-nightly {} -->\x1b[2J```")
    decision = nights(night)[0]
    for text in (body(night, decision, PLACE), summary(decision)):
        lines = [line for line in text.splitlines() if "@team" in line or "{}" in line]
        assert all(line.startswith("    ") for line in lines)
        assert "\x1b" not in text


# ---------------------------------------------------------------------------- the command


@pytest.fixture(name="gh")
def fake_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `gh` that keeps what it was called with, and lists the issues of a file."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "gh"
    script.write_text(
        '#!/bin/sh\necho "$*" >> "$GH_FOLDER/calls"\n'
        'if [ -f "$GH_FOLDER/fails" ]; then echo no such repository >&2; exit 1; fi\n'
        'if [ "$2" = list ]; then cat "$GH_FOLDER/issues" 2>/dev/null || echo "[]"; fi\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("GH_FOLDER", str(folder))
    return folder


def night_of(tmp_path: Path, code: int | str, *options: str) -> int:
    report, state = tmp_path / "report", tmp_path / "kept" / "state.json"
    call = ["--exit-code", str(code), "--report", str(report), "--target", TARGET]
    return main([*call, "--state", str(state), *options])


def test_the_command_counts_from_night_to_night(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "kept" / "state.json"
    assert night_of(tmp_path, 6) == 6
    for expected in (6, 1):
        yesterday = replace(read_state(state.read_text()) or State(), day="2026-01-01")
        state.write_text(write_state(yesterday))
        assert night_of(tmp_path, 6) == expected
    assert "red: Undecided for 3 nights in a row (red at 3)." in capsys.readouterr().out
    verdict(tmp_path / "report")
    assert night_of(tmp_path, 0) == 0


def test_the_command_opens_the_issue_on_red_and_closes_it_on_green(
    tmp_path: Path, gh: Path
) -> None:
    broken_verdict(tmp_path / "report")
    assert night_of(tmp_path, 1, "--gh") == 1
    text = (tmp_path / "kept" / "issue.md").read_text()
    (gh / "issues").write_text(json.dumps([{"number": 12, "body": text}]))
    verdict(tmp_path / "report")
    assert night_of(tmp_path, 0, "--gh") == 0
    listing, created, _, closed = (gh / "calls").read_text().splitlines()
    assert "--app github-actions" in listing
    assert created.startswith(f"issue create --title Nightly contract: {TARGET} breaks")
    assert closed.startswith("issue close 12 ")


@pytest.mark.parametrize(("code", "expected"), [(0, 1), (1, 1), (4, 4), (6, 1)])
def test_a_night_that_nobody_would_hear_of_is_red(
    tmp_path: Path, gh: Path, code: int, expected: int, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict(tmp_path / "report", exit=code)
    (gh / "fails").touch()
    assert night_of(tmp_path, code, "--gh") == expected
    assert "no such repository" in capsys.readouterr().err


def test_a_run_that_did_not_take_place_is_red(tmp_path: Path) -> None:
    verdict(tmp_path / "report")
    assert night_of(tmp_path, "") == 1


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_below_one_is_refused(tmp_path: Path, limit: str) -> None:
    with pytest.raises(SystemExit):
        night_of(tmp_path, 6, "--limit", limit)


def test_the_command_runs_without_the_requirements_of_the_suite(tmp_path: Path) -> None:
    verdict(tmp_path)
    call = [sys.executable, "-I", "-S", "-c", "import runpy, sys; sys.path.insert(0, sys.argv[1]);"]
    call[-1] += "sys.argv[1:2] = []; runpy.run_module('tests.harness.nightly', run_name='__main__')"
    call += [str(ROOT), "--exit-code", "0", "--report", str(tmp_path), "--target", TARGET]
    call += ["--state", str(tmp_path / "state.json")]
    assert subprocess.run(call, check=False).returncode == 0
