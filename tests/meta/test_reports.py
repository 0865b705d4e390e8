"""The reports of a verdict: they agree with it and each other, whatever its strings hold."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..harness import clauses, document
from ..harness.report import badge, html, junit, markdown, marked, terminal, words
from ..harness.report.model import StatusWord, Step, Verdict, VerdictWord
from .report_readers import Page, junit_statuses, markdown_broken, tags_in
from .verdicts import (
    HOSTILE,
    clause,
    evidence,
    hostile_verdict,
    request,
    rich_verdict,
    simple_verdict,
    verdict_of,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
LEDGER = clauses.load()
DOCUMENT = document.load()

VERDICTS = [
    simple_verdict(word, complete)
    for word, complete in product(get_args(VerdictWord), (True, False))
]
EVERY = pytest.mark.parametrize(
    "verdict",
    [*VERDICTS, rich_verdict(LEDGER, DOCUMENT)],
    ids=lambda verdict: f"{words.word(verdict)}, {len(verdict.clauses)} clauses",
)


def page(verdict: Verdict) -> str:
    return html.render(verdict, LEDGER, DOCUMENT)


def plain(verdict: Verdict) -> list[str]:
    return terminal.lines(verdict, lambda text, _: text)


def counts_in(rows: Iterator[list[str]]) -> dict[str, list[int]]:
    return {row[0]: [int(cell) for cell in row[1:]] for row in rows}


def expected_counts(verdict: Verdict) -> dict[str, list[int]]:
    counted: dict[str, Counter[str]] = {}
    for entry in verdict.clauses:
        if entry.status != "not-selected":
            counted.setdefault(entry.id.split(".")[0], Counter())[entry.status] += 1
    return {name: [count[each] for each in words.COLUMNS] for name, count in counted.items()}


class TestAgreement:
    @EVERY
    def test_each_report_says_the_word_of_the_verdict(self, verdict: Verdict) -> None:
        said = words.word(verdict)
        found = ET.fromstring(junit.render(verdict).encode())
        properties = {each.get("name"): each.get("value") for each in found.iter("property")}

        assert Page(page(verdict)).values("data-verdict") == [verdict.verdict]
        assert said in Page(page(verdict)).text
        assert markdown.render(verdict).startswith(f"## Contract: {said}\n")
        assert f'<title id="title">contract: {said}. ' in badge.render(verdict)
        assert properties["verdict"] == said

    @EVERY
    def test_each_report_says_the_sentence(self, verdict: Verdict) -> None:
        last = " ".join(plain(verdict)).removesuffix(" ")

        assert last.endswith(verdict.sentence)
        assert ("Incomplete: " in last) is not verdict.complete
        assert verdict.sentence in Page(page(verdict)).text
        assert verdict.sentence in markdown.render(verdict).replace("\\", "")
        assert verdict.sentence in "".join(ET.fromstring(badge.render(verdict)).itertext())

    @EVERY
    def test_each_report_names_the_broken_clauses_in_the_order_of_the_verdict(
        self, verdict: Verdict
    ) -> None:
        loose = [c.id for c in verdict.clauses if c.status == "broken" and not c.gated]
        named = [*verdict.broken, *loose]
        on_terminal = [line.split()[1] for line in plain(verdict) if line.startswith("BROKEN")]
        on_page = Page(page(verdict)).statuses.items()

        assert on_terminal == named
        assert markdown_broken(verdict) == named
        assert [id_ for id_, status in on_page if status == "broken"] == named

    @EVERY
    def test_each_clause_has_its_status_in_the_page_and_in_junit(self, verdict: Verdict) -> None:
        statuses = {entry.id: entry.status for entry in verdict.clauses}
        put = {id_: status for id_, status in statuses.items() if status != "not-selected"}

        assert Page(page(verdict)).statuses == statuses
        assert junit_statuses(verdict) == put

    @EVERY
    def test_terminal_and_summary_count_each_chapter_as_the_verdict_does(
        self, verdict: Verdict
    ) -> None:
        lines = plain(verdict)
        table = (line.split() for line in lines[1 : lines.index("")])
        cells = (row.strip("| ").split(" | ") for row in markdown.render(verdict).splitlines())
        rows = (row for row in cells if len(row) == 6 and row[1].isdecimal())

        assert counts_in(table) == expected_counts(verdict)
        assert counts_in(rows) == expected_counts(verdict)

    @EVERY
    def test_each_report_names_what_is_not_established_and_what_it_lacked(
        self, verdict: Verdict
    ) -> None:
        texts = [" ".join(" ".join(plain(verdict)).split()), Page(page(verdict)).text]
        texts += [markdown.render(verdict).replace("\\", ""), junit.render(verdict)]

        for entry in words.with_status(verdict, "not-established"):
            assert all(entry.id in text and entry.why in text for text in texts)

    @EVERY
    def test_each_report_names_stale_deviations(self, verdict: Verdict) -> None:
        texts = [" ".join(" ".join(plain(verdict)).split()), Page(page(verdict)).text]
        texts += [markdown.render(verdict).replace("\\", "")]
        cases = ET.fromstring(junit.render(verdict).encode()).iter("testcase")
        stale = [case.get("name") for case in cases if case.get("classname") == "deviations"]

        assert stale == verdict.stale
        assert all(sentence in text for sentence in verdict.stale for text in texts)


class TestJunit:
    @EVERY
    def test_it_fails_exactly_where_the_verdict_is_broken(self, verdict: Verdict) -> None:
        suites = ET.fromstring(junit.render(verdict).encode())
        failed = len(list(suites.iter("failure")))

        assert failed == len(verdict.broken) + len(verdict.stale)
        assert suites.get("failures") == str(failed)

    @EVERY
    def test_it_has_an_error_where_nothing_can_be_said_or_the_run_did_not_end(
        self, verdict: Verdict
    ) -> None:
        suites = ET.fromstring(junit.render(verdict).encode())
        unsaid = verdict.verdict == "undecided" or not verdict.complete

        assert suites.get("errors") == str(len(list(suites.iter("error")))) == str(int(unsaid))

    def test_each_case_has_level_quote_gate_and_requests(self) -> None:
        verdict = rich_verdict(LEDGER, DOCUMENT)
        suites = ET.fromstring(junit.render(verdict).encode())
        case = next(case for case in suites.iter("testcase") if case.get("name") == "range.order")
        properties = {each.get("name"): each.get("value") for each in case.iter("property")}

        assert case.get("classname") == "range"
        assert properties == {
            "level": "MUST",
            "quote": "`start_date` must be before `end_date`.",
            "gated": "true",
            "requests": "14",
            "status": "not-established",
        }


class TestHostileStrings:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_text_becomes_a_tag_of_the_page(self, text: str) -> None:
        harmless = Page(page(hostile_verdict("x")))
        found = Page(page(hostile_verdict(text)))

        assert found.tags == harmless.tags
        assert {name for name, _ in found.attributes} == {name for name, _ in harmless.attributes}
        assert words.visible(text, keep="\n") in found.text

    @given(text=st.text(st.characters(codec=None), min_size=1, max_size=40))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_text_leaves_every_report_well_formed(self, text: str) -> None:
        verdict = hostile_verdict(text)
        harmless = Page(page(hostile_verdict("x")))
        found = page(verdict)

        assert Page(found).tags == harmless.tags
        assert ET.fromstring(junit.render(verdict).encode()).get("failures") == "2"
        assert ET.fromstring(badge.render(verdict).encode()).tag.endswith("svg")
        assert tags_in(markdown.render(verdict)) == tags_in(markdown.render(hostile_verdict("x")))
        for report in (found, markdown.render(verdict), "\n".join(plain(verdict))):
            assert report == words.visible(report, keep="\n")

    @given(text=st.text(min_size=1, max_size=700))
    @settings(max_examples=60, deadline=None)
    def test_terminal_lines_stay_within_their_columns(self, text: str) -> None:
        verdict = hostile_verdict(text)
        curls = {f"    {words.visible(each.curl)}" for c in verdict.clauses for each in c.evidence}

        for line in plain(verdict):
            assert line in curls or terminal.width(line) <= terminal.WIDTH

    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_text_becomes_markup_of_the_summary(self, text: str) -> None:
        summary = markdown.render(hostile_verdict(text))

        assert tags_in(summary) == tags_in(markdown.render(hostile_verdict("x")))

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("\x1b[31m", r"\x1b[31m"),
            ("a\r\nb\tc", r"a\r\nb\tc"),
            ("\x9b\x7f\0", r"\x9b\x7f\x00"),
            ("\u202eabc\u2066", r"\u202eabc\u2066"),
            ("\U000e0041", r"\U000e0041"),
            ("\ud800", r"\ud800"),
            ("\ufffe\U0001ffff", r"\ufffe\U0001ffff"),
            ("æøå 漢字 🙂", "æøå 漢字 🙂"),
        ],
    )
    def test_what_cannot_be_seen_is_an_escape(self, text: str, shown: str) -> None:
        assert words.visible(text) == shown

    def test_a_long_answer_is_cut(self) -> None:
        assert len(words.short("\0" * 5000)) == 300
        assert words.short("short") == "short"


class TestPage:
    def test_every_clause_stands_beside_the_words_it_rests_on(self) -> None:
        shown = marked.parts(DOCUMENT, LEDGER, {})
        nodes = [node for part in shown for node in marked.walk(part.nodes)]
        beside = {clause for node in nodes for clause in node.clauses}

        assert beside == {clause.id for clause in LEDGER.clauses if clause.rests}

    def test_every_reason_for_resting_no_clause_on_words_stands_beside_them(self) -> None:
        text = Page(page(rich_verdict(LEDGER, DOCUMENT))).text

        assert all(f"no clause: {waiver.reason}" in text for waiver in LEDGER.waived)

    def test_exactly_the_quoted_sentence_is_marked(self) -> None:
        shown = marked.parts(DOCUMENT, LEDGER, {"ids.empty-accepted": "broken"})
        pieces = [
            piece.text
            for part in shown
            for node in marked.walk(part.nodes)
            for piece in node.value
            if piece.status == "broken"
        ]

        assert pieces == ["An empty array will be ignored."]

    def test_a_sentence_has_the_worst_status_of_its_clauses(self) -> None:
        statuses: dict[str, StatusWord] = {
            "ids.empty-accepted": "held",
            "outcome.empty-ids": "deviates",
        }
        shown = marked.parts(DOCUMENT, LEDGER, statuses)
        found = [
            piece.status
            for part in shown
            for node in marked.walk(part.nodes)
            for piece in node.value
            if "ids.empty-accepted" in piece.clauses
        ]

        assert found == ["deviates"]

    def test_a_sentence_is_not_held_while_one_of_its_clauses_was_not_put(self) -> None:
        shown = marked.parts(DOCUMENT, LEDGER, {"ids.empty-accepted": "held"})
        found = {
            piece.status
            for part in shown
            for node in marked.walk(part.nodes)
            for piece in node.value
            if "ids.empty-accepted" in piece.clauses
        }

        assert found == {"not-selected"}

    @EVERY
    def test_each_link_leads_somewhere_on_the_page(self, verdict: Verdict) -> None:
        found = Page(html.render(verdict, LEDGER, DOCUMENT))
        targets = found.values("id")

        assert len(targets) == len(set(targets))
        assert all(link[1:] in targets for link in found.values("href"))

    @EVERY
    def test_it_loads_nothing_and_runs_nothing(self, verdict: Verdict) -> None:
        found = Page(page(verdict))
        names = {name for name, _ in found.attributes}

        assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
        assert not [name for name in names if name.startswith("on") or name == "src"]

    @EVERY
    def test_no_level_of_heading_is_skipped(self, verdict: Verdict) -> None:
        levels = [int(tag[1]) for tag in Page(page(verdict)).tags if re.fullmatch(r"h\d", tag)]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_what_was_sent_before_a_witness_and_has_no_part_in_it_is_set_aside(self) -> None:
        found = Page(page(rich_verdict(LEDGER, DOCUMENT)))

        assert found.values("class").count("aside") == 1
        assert "in grey what selected nothing of this" in found.text

    def test_a_broken_clause_has_its_replay_command(self) -> None:
        verdict = rich_verdict(LEDGER, DOCUMENT)

        assert (
            "pytest tests/contract --target mock --replay REPORT_DIR --clause count.maximum"
            in Page(page(verdict)).text
        )


class TestTerminal:
    def test_the_whole_of_it_is_as_in_the_snapshot(self) -> None:
        verdict = rich_verdict(LEDGER, DOCUMENT)
        text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", "\n".join(plain(verdict))) + "\n"
        file = SNAPSHOTS / "terminal.txt"
        if "UPDATE_SNAPSHOTS" in os.environ:
            file.write_text(text, "utf-8")

        assert text == file.read_text("utf-8"), "set UPDATE_SNAPSHOTS=1 to accept it"

    def test_what_was_sent_at_the_same_instant_stands_beside_the_witness(self) -> None:
        step = Step(curl="curl", status=201, request=request("[]"), beside=True)
        more: dict[str, Any] = {"came": "2 of 2 created", "steps": [step]}
        found = evidence("the same ids at once", "[]", 201, "{}", **more)
        broken = clause("outcome.concurrent-once", "broken", evidence=[found])
        verdict = verdict_of("broken", [broken])

        assert "once: 2 of 2 created\n    beside    [] -> 201\n" in "\n".join(plain(verdict))
        assert "201, at the same instant" in Page(page(verdict)).text

    def test_one_class_of_case_is_shown_once_with_its_smallest_witness(self) -> None:
        shown = [
            evidence("huge count", body, 201, "{}", times=times)
            for body, times in (("[1000001]", 2), ("[10002]", 3), ("[99999999]", 1))
        ]
        verdict = verdict_of("broken", [clause("count.maximum", "broken", evidence=shown)])
        text = "\n".join(plain(verdict))

        assert text.count("huge count") == 1
        assert "huge count, 6 times" in text
        assert "[10002]" in text

    def test_colours_change_nothing_but_colour(self) -> None:
        verdict = rich_verdict(LEDGER, DOCUMENT)
        used: set[str] = set()

        def paint(text: str, name: str) -> str:
            used.add(name)
            return f"\x1b[1m{text}\x1b[0m"

        coloured = terminal.lines(verdict, paint)

        assert [re.sub(r"\x1b\[\dm", "", line) for line in coloured] == plain(verdict)
        assert used == {"red", "yellow", "bold"}

    def test_a_word_that_fits_no_line_is_broken(self) -> None:
        found = list(terminal.wrapped("a " + "漢" * 120, "> ", "  "))

        assert [terminal.width(line) for line in found] == [3, 100, 100, 46]


def test_the_model_goes_through_json_and_back() -> None:
    verdict: Any = rich_verdict(LEDGER, DOCUMENT)

    assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict
