"""The suite as a user meets it: verdicts, exit codes, sentences, options."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from tests.harness.report import model
from tests.meta import matrix, suite
from tests.meta.hostile.certificates import certificate
from tests.meta.hostile.proxies import reference
from tests.meta.suite import CREATED, JSON, QUICK, REFUSED, Answering, Seen

HTML = (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>")


def always(status: int) -> Answering:
    """A server that gives one answer to everything."""
    bodies = {201: CREATED, 400: REFUSED}
    error = b'{"error": {"message": "no"}}'
    return lambda _: bodies.get(status, (status, JSON, error))


@pytest.mark.parametrize("status", [401, 403, 404, 301])
def test_a_target_that_refuses_everybody_leaves_it_undecided(tmp_path: Path, status: int) -> None:
    with suite.serving(always(status)) as served:
        done = suite.run(tmp_path, suite.target(tmp_path, served.base_url), *QUICK)
    assert done.code == 6
    assert done.verdict["verdict"] == "undecided"
    assert str(status) in done.verdict["sentence"]
    assert len(served.seen) <= 5


def test_a_web_page_leaves_it_undecided(tmp_path: Path) -> None:
    with suite.serving(lambda _: HTML) as served:
        done = suite.run(tmp_path, suite.target(tmp_path, served.base_url), *QUICK)
    assert (done.code, done.verdict["verdict"]) == (6, "undecided")
    assert "base_url" in done.verdict["sentence"]


def test_a_target_that_is_not_there_leaves_it_undecided(tmp_path: Path) -> None:
    done = suite.run(tmp_path, suite.target(tmp_path, "http://127.0.0.1:9/v1"), *QUICK)
    assert (done.code, done.verdict["verdict"]) == (6, "undecided")
    assert "refused" in done.verdict["sentence"]


@pytest.mark.parametrize(
    ("status", "clauses"),
    [
        (500, {"answer.no-500"}),
        (400, {"range.accepted", "ids.accepted", "count.accepted"}),
        (201, {"count.minimum", "ids.type", "range.date", "body.null", "auth.missing"}),
    ],
)
def test_one_answer_to_everything_breaks_the_contract(
    tmp_path: Path, status: int, clauses: set[str]
) -> None:
    with suite.serving(always(status)) as served:
        done = suite.run(tmp_path, suite.target(tmp_path, served.base_url), *QUICK)
    assert done.code == 1
    assert clauses <= set(done.verdict["broken"])


def test_422_for_every_refusal_breaks_one_clause(tmp_path: Path) -> None:
    def answer(seen: Seen) -> tuple[int, dict[str, str], bytes]:
        good = (
            seen.body in (b"", b"{}")
            or b'"date_range": {"start_date": "1990-06-11", "end_date": "1990-06-12"}}' in seen.body
        )
        return CREATED if good else (422, JSON, REFUSED[2])

    with suite.serving(answer) as served:
        path = suite.target(tmp_path, served.base_url, 'profile = "schema"')
        done = suite.run(tmp_path, path, "-q", "--clause", "range.type", "--clause", "answer.s*")
    assert done.verdict["broken"] == ["answer.status"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> suite.Done:
    """One run against the reference."""
    return suite.run(tmp_path_factory.mktemp("reports"), "reference", *QUICK)


class TestReports:
    def test_the_reference_conforms(self, done: suite.Done) -> None:
        assert done.code == 0, done.output
        assert done.verdict["verdict"] == "conforms"
        assert done.verdict["complete"] is True

    def test_the_verdict_agrees_with_its_schema(self, done: suite.Done) -> None:
        raw = (done.folder / "verdict.json").read_bytes()
        assert msgspec.json.decode(raw, type=model.Verdict).format == model.FORMAT

    def test_every_report_is_there(self, done: suite.Done) -> None:
        names = {path.name for path in done.folder.iterdir()}
        assert names == {
            *("verdict.json", "junit.xml", "report.html", "summary.md", "badge.svg"),
            "exchanges.har",
        }

    def test_junit_has_a_case_for_each_clause_that_was_put(self, done: suite.Done) -> None:
        cases = ET.fromstring((done.folder / "junit.xml").read_text("utf-8")).iter("testcase")
        put = [c for c in done.verdict["clauses"] if c["status"] != "not-selected"]
        assert len(list(cases)) == len(put)

    def test_the_exchanges_are_all_there(self, done: suite.Done) -> None:
        log = json.loads((done.folder / "exchanges.har").read_text("utf-8"))["log"]
        assert log["version"] == "1.2"
        assert len(log["entries"]) == done.verdict["requests"]

    def test_each_request_names_its_clause(self, done: suite.Done) -> None:
        log = json.loads((done.folder / "exchanges.har").read_text("utf-8"))["log"]
        sent = log["entries"][-1]["request"]["headers"]
        named = {header["name"]: header["value"] for header in sent}
        assert "." in named["X-Contract-Clause"]
        assert "settlement-report-contract/" in named["User-Agent"]


def test_every_clause_of_the_reference_fits_into_300_requests(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "reference", "-q", "--requests", "300")
    assert done.verdict["verdict"] == "conforms", done.verdict["sentence"]
    assert done.verdict["requests"] <= 300


def test_as_at_the_real_api_300_requests_are_enough(tmp_path: Path) -> None:
    """TLS with a CA of its own, a limit of requests a second, tokens that live for seconds."""
    certificate(tmp_path / "made")
    tls = ["--tls-cert", "made/cert.pem", "--tls-key", "made/key.pem"]
    start = " ".join(["{here}/../reference --port {port}", *tls, "--rate 60 --token-lifetime 4"])
    text = (suite.ROOT / "tests/targets/reference.toml").read_text("utf-8")
    text = text.replace("{here}/../reference --port {port}", start).replace("http://", "https://")
    text = text.replace("{here}/..", str(suite.ROOT / "tests"))
    limits = "[limits]\nrequests_per_second = 50\nrequests = 300\n"
    path = tmp_path / "target.toml"
    path.write_text(f'{text}\n[tls]\nca = "made/cert.pem"\n{limits}', "utf-8")
    done = suite.run(tmp_path, path, "-q")
    assert (done.code, done.verdict["verdict"]) == (0, "conforms"), done.output
    assert done.verdict["requests"] <= 300


def test_a_dead_token_of_the_other_account_is_nobodys_fault(tmp_path: Path) -> None:
    path = matrix.target_file(tmp_path, [], {})
    text = path.read_text("utf-8")
    path.write_text(text.replace("any_OWiVoMF4", "anyXOWiVoMF4"), "utf-8")
    done = suite.run(tmp_path, path, *QUICK)
    assert (done.verdict["verdict"], done.verdict["broken"]) == ("partial", [])
    open_ = {c["id"]: c["why"] for c in done.verdict["clauses"] if c["why"]}
    assert open_["auth.account"] == "open: token on its own account: 401"
    assert "outcome.accounts-apart" in open_


def test_runs_at_the_same_time_blame_nobody_for_each_other(tmp_path: Path) -> None:
    with reference() as port:
        text = (suite.ROOT / "tests/targets/reference.toml").read_text("utf-8")
        text = text.partition("\n[server]\n")[0].replace("{port}", str(port))
        text = text.replace("quiet = true", "quiet = false")
        path = tmp_path / "target.toml"
        path.write_text(text.replace("{here}/..", str(suite.ROOT / "tests")), "utf-8")
        with ThreadPoolExecutor(4) as pool:
            folders = [tmp_path / str(number) for number in range(4)]
            runs = list(pool.map(lambda folder: suite.run(folder, path, *QUICK), folders))
    assert [done.verdict["broken"] for done in runs] == [[]] * 4
    assert {done.code for done in runs} == {0}


def test_random_cases_of_schemathesis_are_for_nightly_runs(tmp_path: Path) -> None:
    for profile, wanted in (("gate", False), ("nightly", True)):
        options = ("--collect-only", "-q", "--hypothesis-profile", profile)
        collected = suite.run(tmp_path, "reference", *options).output
        assert ("test_schemathesis_fuzzing" in collected) is wanted
        assert "test_schemathesis_coverage" in collected


def test_cases_of_every_keyword_are_not_made_again_for_the_same_document(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        done = suite.run(
            tmp_path / folder,
            "reference",
            *("-q", "-k", "test_schemathesis_coverage"),
            environ={"PYTHONPROFILEIMPORTTIME": "1"},
        )
        assert done.verdict["requests"] > 50
    assert not re.search(r"\| *schemathesis$", done.output, re.MULTILINE)


def test_a_smoke_run_sends_sixty_requests_at_most(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "reference", "-q", "--hypothesis-profile", "smoke")
    assert (done.code, done.verdict["verdict"], done.verdict["broken"]) == (0, "partial", [])
    assert done.verdict["requests"] <= 60
    open_ = [c["why"] for c in done.verdict["clauses"] if c["status"] == "not-established"]
    assert "beyond a smoke run" in open_


@pytest.mark.parametrize("effort", ["gate", "nightly"])
def test_two_workers_come_to_the_same_verdict(tmp_path: Path, effort: str) -> None:
    options = ["-n", "2", "--hypothesis-profile", effort]
    done = suite.run(tmp_path, "reference", *QUICK, *options)
    assert (done.code, done.verdict["verdict"]) == (0, "conforms"), done.output
    log = json.loads((done.folder / "exchanges.har").read_text("utf-8"))["log"]
    assert len(log["entries"]) == done.verdict["requests"]


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    with suite.serving(always(201)) as served:
        path = suite.target(tmp_path, served.base_url)
        done = suite.run(tmp_path, path, *QUICK, "--dry-run")
    assert done.code == 0
    assert served.seen == []
    assert "requests would go to account T12345678" in done.output


def test_a_dry_run_says_what_settles_whatever_there_is(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "reference", *QUICK, "--dry-run")
    assert "settles whatever there is: outcome.default-window: no body" in done.output
    assert "settles whatever there is: outcome.default-window: {}" in done.output
    assert " passed" not in done.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--clause", "nothing.*"], "no clause matches 'nothing.*'"),
        (["--requests", "0"], "a number above zero"),
        (["--hypothesis-profile", "huge"], "one of smoke, gate, nightly"),
        (["--compare", "nowhere.json"], "cannot be read"),
        (["--target", "nobody"], "no target 'nobody'"),
    ],
)
def test_a_bad_option_is_one_line_and_exit_4(
    tmp_path: Path, options: list[str], sentence: str
) -> None:
    done = suite.run(tmp_path, "reference", *QUICK, *options)
    assert done.code == 4
    assert sentence in done.output
    assert "Traceback" not in done.output


def test_a_chosen_clause_is_put_with_its_twin_alone(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "reference", "-q", "--clause", "count.minimum")
    status = {clause["id"]: clause["status"] for clause in done.verdict["clauses"]}
    assert status["count.minimum"] == "held"
    assert status["count.maximum"] == "not-selected"
    assert done.code == 0


def test_a_list_of_the_embedded_server_may_be_read_in_part() -> None:
    command = [sys.executable, str(suite.ROOT / "tests/reference"), "--list-faults"]
    piped = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert piped.stdout is not None
    assert piped.stderr is not None
    with piped:
        piped.stdout.read(100)
        piped.stdout.close()
        assert piped.stderr.read() == b""


class TestDeviations:
    """Against a server that takes null for an empty object, and is right in all else."""

    def judge(self, folder: Path, deviation: str = "", *options: str) -> suite.Done:
        text = (suite.ROOT / "tests/targets/reference.toml").read_text("utf-8")
        reference = str(suite.ROOT / "tests/reference")
        text = text.replace("{here}/../reference", reference)
        text = text.replace("--port {port}", "--port {port} --fault null-body-accepted")
        path = folder / "target.toml"
        path.write_text(text + deviation, "utf-8")
        return suite.run(folder, path, "-q", "--clause", "body.null", *options)

    DECLARED = (
        '\n[[deviations]]\nclause = "body.null"\nbreaks = ["null as body: 200"]\n'
        'reason = "known"\nticket = "T-1"\nuntil = 2999-01-01\n'
    )

    def test_an_undeclared_breach_is_proposed(self, tmp_path: Path) -> None:
        proposal = tmp_path / "proposal.toml"
        done = self.judge(tmp_path, "", "--propose-deviations", str(proposal))
        assert done.verdict["broken"] == ["body.null"]
        text = proposal.read_text("utf-8")
        assert 'clause = "body.null"' in text
        assert 'reason = ""' in text

    def test_a_declared_breach_deviates(self, tmp_path: Path) -> None:
        done = self.judge(tmp_path, self.DECLARED)
        assert done.code == 0
        assert "1 deviate as declared" in done.verdict["sentence"]

    def test_one_whose_time_is_over_is_stale(self, tmp_path: Path) -> None:
        done = self.judge(tmp_path, self.DECLARED.replace("2999", "2020"))
        assert done.code == 1
        assert "that is over" in done.verdict["stale"][0]

    def test_one_that_holds_again_is_stale(self, tmp_path: Path) -> None:
        declared = self.DECLARED.replace("body.null", "count.minimum").replace(
            "null as body: 200", "count of zero: 200"
        )
        done = self.judge(tmp_path, declared, "--clause", "count.minimum")
        assert any("holds now" in sentence for sentence in done.verdict["stale"])

    def test_a_witness_is_replayed(self, tmp_path: Path) -> None:
        first = self.judge(tmp_path)
        again = suite.run(
            tmp_path / "again",
            tmp_path / "target.toml",
            *("-q", "--clause", "body.null", "--replay", str(first.folder)),
        )
        assert again.code == 1
        assert "body.null: null as body: still broken" in again.output
        mended = suite.run(
            tmp_path / "mended",
            "reference",
            *("-q", "--clause", "body.null", "--replay", str(first.folder)),
        )
        assert mended.code == 0
        assert "now held" in mended.output

    def test_what_changed_since_is_said(self, tmp_path: Path) -> None:
        first = self.judge(tmp_path)
        second = suite.run(
            tmp_path / "second",
            "reference",
            *("-q", "--clause", "body.null", "--compare", str(first.folder)),
        )
        assert "newly held: body.null" in second.output
