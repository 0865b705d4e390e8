"""Targets that answer some requests only, and those that somebody else started."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.harness import court
from tests.meta import matrix, suite
from tests.meta.hostile.proxies import reference
from tests.meta.suite import JSON, QUICK, Seen

NOTHING = (200, JSON, b'{"message": "nothing"}')


def test_a_server_that_runs_already_is_reset(tmp_path: Path) -> None:
    with reference() as port:
        text = (suite.ROOT / "tests/targets/reference.toml").read_text("utf-8")
        text = text.replace("{port}", str(port)).replace("{here}/..", str(suite.ROOT / "tests"))
        lines = [x for x in text.splitlines() if not x.startswith(("start", "ready", "timeout"))]
        path = tmp_path / "target.toml"
        path.write_text("probe_production = true\n" + "\n".join(lines), "utf-8")
        for folder in ("first", "second"):
            done = suite.run(tmp_path / folder, path, *QUICK)
            assert done.verdict["verdict"] == "conforms", done.output


def test_bodies_of_a_size_that_gets_no_answer_are_given_up_soon(tmp_path: Path) -> None:
    def answer(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        time.sleep(3 if len(seen.body) > 20000 else 0)
        return NOTHING

    with suite.serving(answer) as served:
        path = suite.target(tmp_path, served.base_url, "limits.timeout = 0.3")
        done = suite.run(tmp_path, path, *QUICK, "--clause", "ids.*", "--clause", "exclusion.*")
        large = sum(len(seen.body) > 20000 for seen in served.seen)
    assert large <= 8
    assert court.SWALLOWED in done.verdict["notes"]


def test_what_a_server_breaks_down_at_each_time_is_said(tmp_path: Path) -> None:
    def answer(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        time.sleep(1 if str(2**64 + 5).encode() in seen.body else 0)
        count = int(*re.findall(rb'"number_of_transactions": (-?\d+)', seen.body) or [1])
        return NOTHING if 1 <= count <= 10000 else suite.REFUSED

    with suite.serving(answer) as served:
        path = suite.target(tmp_path, served.base_url, "limits.timeout = 0.3")
        done = suite.run(tmp_path, path, *QUICK, "--clause", "count.m*")
    assert (done.code, done.verdict["verdict"]) == (0, "partial")
    (note,) = [note for note in done.verdict["notes"] if "breaks down" in note]
    assert "huge count" in note


def test_a_target_that_accepts_nothing_is_undecided_where_how_it_says_so_is_declared(
    tmp_path: Path,
) -> None:
    declared = (
        '[[deviations]]\nclause = "answer.success"\nbreaks = ["no message: 200"]\n'
        'reason = "errors are sent as 200"\nticket = "A-1"\nuntil = 2999-12-31\n'
    )
    with suite.serving(lambda _: (200, JSON, b'{"error": {"message": "no"}}')) as served:
        path = suite.target(tmp_path, served.base_url, declared)
        done = suite.run(tmp_path, path, *QUICK)
    assert (done.code, done.verdict["verdict"], done.verdict["complete"]) == (6, "undecided", True)
    assert "no request was accepted" in done.verdict["sentence"]


@pytest.mark.parametrize("refuses_null", [False, True])
def test_that_nothing_is_refused_is_said_as_one_cause(refuses_null: bool, tmp_path: Path) -> None:
    def answer(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        if "Authorization" not in dict(seen.headers):
            return 401, JSON, b'{"error": {"message": "no"}}'
        return suite.REFUSED if refuses_null and seen.body == b"null" else NOTHING

    with suite.serving(answer) as served:
        path = suite.target(tmp_path, served.base_url)
        clauses = ("auth.missing", "body.null", "body.object", "ids.t*", "count.t*", "range.t*")
        options = [word for clause in clauses for word in ("--clause", clause)]
        done = suite.run(tmp_path, path, *QUICK, *options)
    notes = [note for note in done.verdict["notes"] if "no wrong body was refused" in note]
    assert len(notes) == (0 if refuses_null else 1)


def test_a_401_that_comes_again_is_still_broken(tmp_path: Path) -> None:
    def answer(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        if seen.body == b"{}":
            return 401, JSON, b'{"error": {"message": "no"}}'
        return NOTHING

    with suite.serving(answer) as served:
        path = suite.target(tmp_path, served.base_url)
        clauses = ("--clause", "body.empty", "--clause", "range.accepted")
        first = suite.run(tmp_path, path, *QUICK, *clauses)
        assert "body.empty" in first.verdict["broken"]
        again = suite.run(
            tmp_path / "again",
            path,
            *("-q", "--clause", "body.empty", "--replay", str(first.folder)),
        )
    assert "body.empty: empty object: still broken (401)" in again.output
    assert again.code == 1


def test_wrong_tokens_are_made_again(tmp_path: Path) -> None:
    path = matrix.target_file(tmp_path, ["--fault", "signature-unchecked"], {})
    clauses = ("-q", "--clause", "auth.tampered", "--clause", "auth.unsigned")
    first = suite.run(tmp_path, path, *clauses)
    assert first.verdict["broken"] == ["auth.tampered", "auth.unsigned"]
    again = suite.run(tmp_path / "again", path, *clauses, "--replay", str(first.folder))
    assert again.output.count("still broken") > 4
    assert "cannot be shown" not in again.output
