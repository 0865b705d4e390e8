"""Drift: what changed on the published page is told in terms of clauses, and taken over."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ..harness import clauses, drift, publication
from ..harness.changes import Kind
from ..harness.document import SPEC, read_yaml
from ..harness.drift import Drift, compare
from ..harness.errors import UsageError
from ..harness.publication import NoPageError, extract, fetch, parse

LEDGER = clauses.load()


PINNED = (SPEC / "generate-test-report.md").read_bytes()


OVERLAY = read_yaml(SPEC / "corrections.overlay.yaml")


OPTIONS = "/components/schemas/TestReportOptions"


def changed(*edits: tuple[str, str]) -> bytes:
    """The pinned page with some of its words replaced."""
    text = PINNED.decode()
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    return text.encode()


def drifted(*edits: tuple[str, str]) -> Drift:
    return compare(PINNED, changed(*edits), LEDGER, OVERLAY)


def told(found: Drift) -> str:
    return "\n".join(drift.report(found, LEDGER, "the page"))


# ------------------------------------------------------------------------- what changed


def test_the_pinned_page_holds_the_pinned_document_and_has_not_drifted() -> None:
    content, around = extract(PINNED)
    assert content == (SPEC / "billing.yaml").read_bytes()
    assert len(content) + len(around) == len(PINNED)
    assert compare(PINNED, PINNED, LEDGER, OVERLAY) == Drift()
    assert told(Drift()).startswith("the page is what was taken on")


def test_every_clause_rests_on_what_stands_in_the_pinned_document() -> None:
    document = parse(extract(PINNED)[0])
    for clause in LEDGER.clauses:
        for rest in clause.rests:
            at = drift._pointer(rest.at, LEDGER.document.operation)
            assert drift.stands(rest, at, document), (clause.id, at)


def test_a_changed_keyword_names_the_clauses_that_quote_it() -> None:
    found = drifted(("maximum: 10000", "maximum: 5000"))
    (change,) = found.changes
    assert (change.kind, change.was, change.now) == (Kind.CHANGED, 10000, 5000)
    assert change.at == f"{OPTIONS}/properties/number_of_transactions/maximum"
    assert list(found.fallen) == ["count.accepted", "count.maximum"]
    assert not found.beside
    assert "10000 is now 5000" in told(found)


def test_a_sentence_that_is_gone_names_its_clause_first_and_its_neighbours_after() -> None:
    found = drifted(("An empty array will be ignored.", ""))
    (change,) = found.changes
    assert (change.kind, change.sentence) == (Kind.GONE, True)
    assert list(found.fallen) == ["ids.empty-accepted", "outcome.empty-ids"]
    assert "outcome.settled-ignored" in found.beside
    assert "count.maximum" not in found.beside


def test_a_sentence_that_is_added_names_the_clauses_of_its_description() -> None:
    words = "Must be a positive\n            integer."
    found = drifted((words, f"{words} Rounded down."))
    (change,) = found.changes
    assert (change.kind, change.now) == (Kind.ADDED, "Rounded down.")
    assert not found.fallen
    assert {"count.minimum", "count.type"} <= found.beside.keys()


def test_a_sentence_wrapped_at_another_column_says_what_it_said() -> None:
    gap = "\n            "
    found = drifted(
        (f"combined with{gap}`date_range`, but", f"combined{gap}with `date_range`, but")
    )
    assert found.rewritten
    assert not found.changes
    assert "No clause rests on what changed." in told(found)


def test_a_keyword_that_moves_is_one_change_and_fells_what_rested_on_it() -> None:
    found = drifted(("        format: ^[PT]", "        pattern: ^[PT]"))
    (change,) = found.changes
    assert change.kind is Kind.MOVED
    assert change.source.endswith("/schema/format")
    assert change.at.endswith("/schema/pattern")
    assert "account.pattern" in found.fallen


def test_a_sentence_that_moves_is_one_change() -> None:
    words = "An empty array will be ignored."
    found = drifted((words, ""), ("An id that uniquely", f"{words} An id that uniquely"))
    assert [(change.kind, change.sentence) for change in found.changes] == [(Kind.MOVED, True)]
    assert "from " in found.changes[0].line()


def test_a_new_keyword_names_the_clauses_that_rest_on_its_siblings() -> None:
    found = drifted(("maxItems: 1000", "maxItems: 1000\n          uniqueItems: true"))
    assert [change.kind for change in found.changes] == [Kind.ADDED]
    assert {"ids.accepted", "ids.max-items"} <= found.beside.keys()
    assert not any(id_.startswith(("count.", "range.", "auth.")) for id_ in found.beside)


def test_what_stands_where_nothing_stood_fells_the_clause_that_rests_on_its_absence() -> None:
    head = "    TestReportOptions:\n"
    found = drifted((head, f"{head}      additionalProperties: false\n"))
    assert list(found.fallen) == ["body.open", "outcome.unknown-ignored"]


def test_a_new_status_fells_the_clause_that_lists_them() -> None:
    found = drifted(
        ("        '500':\n", "        '429':\n          description: Slow down\n        '500':\n")
    )
    assert "answer.status" in found.fallen
    assert "Slow down" in told(found)


def test_a_type_that_changes_with_the_same_look_is_a_change() -> None:
    found = drifted(("          example: 10\n", "          example: '10'\n"))
    assert [change.kind for change in found.changes] == [Kind.CHANGED]


def test_what_no_clause_rests_on_is_told_and_touches_none() -> None:
    found = drifted(("title: Billing API", "title: Another API"), ("llms.txt", "index.txt"))
    assert len(found.changes) == 1
    assert [found.fallen, found.beside, found.corrections] == [{}, {}, []]
    assert [line[:5] for line in found.outside] == ["gone ", "added"]
    assert "No clause rests on what changed." in told(found)


def test_what_is_waived_touches_no_clause() -> None:
    found = drifted(("summary: aid_settlement_generate_test_report", "summary: something_else"))
    assert found.changes
    assert [found.fallen, found.beside] == [{}, {}]


def test_an_operation_that_is_gone_fells_all_that_rested_on_it() -> None:
    found = drifted(("  /accounts/{aid}/settlements/reports/generate-test-report:", "  /reports:"))
    assert {"answer.status", "auth.scopes", "outcome.created"} <= found.fallen.keys()


def test_each_correction_that_no_longer_applies_is_named() -> None:
    found = drifted(
        ("          example: 10\n", ""), ("        format: ^[PT]", "        pattern: ^[PT]")
    )
    assert [line.partition(" ")[0] for line in found.corrections] == [
        "$.components.parameters.accountId.schema.format",
        "$.components.parameters.accountId.schema",
        "$.components.schemas.TestReportOptions.properties.number_of_transactions.example",
    ]
    assert "no longer apply" in told(found)


def test_nothing_on_a_page_acts_on_a_terminal() -> None:
    escape = "\x1b]0;owned\x07"
    page = PINNED.replace(b"llms.txt", escape.encode()) + b"\n" + escape.encode()
    text = told(compare(PINNED, page, LEDGER, OVERLAY))
    assert "owned" in text
    assert text.replace("\n", "").isprintable()


# --------------------------------------------------------------------------------- fetching


class Site(BaseHTTPRequestHandler):
    """A site with a page, and with all that can be wrong with one."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(30):
                self.wfile.write(b".")
                time.sleep(0.1)
        elif self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/huge":
            self.answer(200, b"x" * (publication.MOST_BYTES + 1))
        elif self.path == "/gzip":
            self.answer(200, gzip.compress(PINNED))
        elif self.path == "/page.md":
            self.answer(200, PINNED)
        elif self.path == "/changed.md":
            self.answer(200, changed(("maximum: 10000", "maximum: 5000")))
        else:
            self.answer(404, b"no such page")

    def answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def handle(self) -> None:
        """Serve, and take no offence at a client that leaves."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True


@pytest.fixture(name="site", scope="module")
def running_site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_page_is_fetched_byte_for_byte_through_redirects_too(site: str) -> None:
    assert fetch(f"{site}/page.md") == PINNED
    assert fetch(f"{site}/to//page.md") == PINNED


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/missing", "status 404"),
        ("/to/file:///etc/hostname", "status 302"),
        ("/to/ftp://127.0.0.1/page", "unknown url type"),
        ("/to//to//to//to//to//to//to//to//to//to//to//to//missing", "status"),
        ("/huge", "longer than 5,000,000 bytes"),
        ("/slow", "no answer in time"),
    ],
)
def test_a_page_that_cannot_be_had_is_told_within_the_limits(
    site: str, path: str, words: str
) -> None:
    started = time.monotonic()
    with pytest.raises(NoPageError, match=words):
        fetch(site + path, seconds=1)
    assert time.monotonic() - started < 2


def test_a_compressed_page_is_no_document(site: str) -> None:
    with pytest.raises(NoPageError):
        extract(fetch(f"{site}/gzip"))


def test_nobody_listening_is_told_at_once() -> None:
    with pytest.raises(NoPageError, match="cannot be fetched"):
        fetch("http://127.0.0.1:9/page.md")


@pytest.mark.parametrize("page", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data://x"])
def test_other_schemes_are_refused(page: str) -> None:
    with pytest.raises(UsageError):
        fetch(page)


# ------------------------------------------------------------------------------ the command


@pytest.fixture(name="spec")
def copied_spec(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SPEC, tmp_path / "spec"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_command_says_0_for_nothing_1_for_changed_and_6_for_no_page(
    site: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(spec)
    assert drift.main(["--page", f"{site}/page.md"], spec) == 0
    assert drift.main(["--page", f"{site}/changed.md"], spec) == 1
    assert "count.maximum (MUST)" in capsys.readouterr().out
    assert drift.main(["--page", f"{site}/missing"], spec) == 6
    assert drift.main(["--page", str(spec / "billing.yaml")], spec) == 6
    assert drift.main(["--page", str(spec / "nowhere.md")], spec) == 6
    assert drift.main(["--page", "file:///etc/hostname"], spec) == 4
    assert contents(spec) == before


def test_the_address_is_the_one_in_the_clause_ledger(
    site: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = spec / "clauses.yaml"
    path.write_text(path.read_text().replace(LEDGER.document.source, f"{site}/page"))
    assert drift.main([], spec) == 0
    assert f"{site}/page.md" in capsys.readouterr().out


def test_taking_over_writes_page_and_document_and_changes_two_lines_of_the_ledger(
    site: str, spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (spec / "clauses.yaml").read_text().splitlines()
    page = changed(("maximum: 10000", "maximum: 5000"))
    assert drift.main(["--page", f"{site}/changed.md", "--take-over"], spec) == 0
    assert "count.maximum (MUST)" in capsys.readouterr().out
    assert (spec / "generate-test-report.md").read_bytes() == page
    document = (spec / "billing.yaml").read_bytes()
    assert document == extract(page)[0]
    ledger = clauses.load(spec)
    assert ledger.document.sha256 == hashlib.sha256(document).hexdigest()
    after = (spec / "clauses.yaml").read_text().splitlines()
    differing = [new.split(":")[0] for old, new in zip(before, after, strict=True) if old != new]
    assert set(differing) - {"  taken"} == {"  sha256"}
    assert drift.main(["--page", f"{site}/changed.md"], spec) == 0


@pytest.mark.parametrize("page", ["/page.md", "/missing", "/gzip"])
def test_nothing_is_written_where_there_is_nothing_to_take_over(
    site: str, spec: Path, page: str
) -> None:
    before = contents(spec)
    drift.main(["--page", site + page, "--take-over"], spec)
    assert contents(spec) == before


def test_a_ledger_without_a_place_for_the_names_is_left_as_it_is(spec: Path) -> None:
    path = spec / "clauses.yaml"
    path.write_text(path.read_text().replace("  sha256: ", "  'sha256': "))
    before = contents(spec)
    page = spec.parent / "page.md"
    page.write_bytes(changed(("maximum: 10000", "maximum: 5000")))
    assert drift.main(["--page", str(page), "--take-over"], spec) == 4
    assert contents(spec) == before
