"""Reads reports back, as a browser, a CI server and a forge would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from ..harness.report import junit, markdown
from ..harness.report.model import Verdict


@dataclass
class Page(HTMLParser):
    """A page as a browser takes it in: its tags, its attributes, its text."""

    source: str
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        found = dict(attrs)
        if "data-clause" in found:
            self.statuses[found["data-clause"] or ""] = found["data-status"] or ""

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_comment(self, _data: str) -> None:
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


def junit_statuses(verdict: Verdict) -> dict[str, str]:
    found = {}
    for case in ET.fromstring(junit.render(verdict).encode()).iter("testcase"):
        if case.get("classname") in ("deviations", "run"):
            continue
        skipped = case.find("skipped")
        if case.find("failure") is not None:
            status = "broken"
        elif skipped is not None:
            status = re.split("[:,]", skipped.get("message", ""))[0].replace(" ", "-")
        else:
            status = "observed" if case.find("system-out") is not None else "held"
        found[case.get("name", "")] = status
    return found


def markdown_broken(verdict: Verdict) -> list[str]:
    return re.findall(
        r"^- `([^`]+)` \(\w+(?:, not gated)?\): ", markdown.render(verdict), re.MULTILINE
    )


def tags_in(summary: str) -> list[str]:
    """What a reader of markdown takes for HTML, links, images, emphasis, code or headings."""
    found, fence = [], None
    for line in summary.splitlines():
        stripped = line.strip()
        run = re.match("`{3,}", stripped)
        if fence is not None:
            fence = None if stripped == fence else fence
            continue
        if run:
            fence = run.group()
            continue
        live = re.sub(r"\\[!-/:-@\[-`{-~]|&#\d+;", "x", line)
        live = re.sub(r"`[^`]*`", "code", live)
        found += re.findall(r"<[^>]*>?|[\[\]`*_~!]|^\s*(?:[#>|=-]|\d+[.)])|(?i:www\.)|://|@", live)
    assert fence is None
    return found
