"""`summary.md`: the verdict for a CI job summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import words
from .model import ClauseVerdict, Evidence, Step, Verdict

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#+!|~&$@/]|:(?=\S)|(?<=[wW])\.")
"""Characters that markdown, or a forge's reading of it, could take for more than themselves."""

_START = re.compile(r"^(\d*)([-=.)])")
"""What would begin a list, or underline a heading, at the start of a line."""

MOST = 2000
"""Characters of a curl line that are shown; a job summary has a limit of its own."""


def render(verdict: Verdict) -> str:
    """The summary. Nothing in it that came from elsewhere is read as markup."""
    lines = [f"## Contract: {words.word(verdict)}", "", _plain(verdict.sentence), ""]
    about = {
        "target": verdict.target,
        "profile": verdict.profile,
        "gate": verdict.gate,
        "requests": f"{verdict.requests:,}",
        "document": verdict.document.sha256[:12],
    }
    lines += [", ".join(f"{name} {_plain(value)}" for name, value in about.items()), ""]
    lines += _table(verdict)
    broken = words.gated_first(verdict)
    lines += _section("Broken", (line for clause in broken for line in _clause(clause)))
    lines += _section("Deviations that are stale", (f"- {_plain(text)}" for text in verdict.stale))
    deviating = words.with_status(verdict, "deviates")
    reasons = (f"- {_code(clause.id)} {_plain(clause.why)}" for clause in deviating)
    lines += _section("Deviations", reasons)
    missing = words.by_reason(words.with_status(verdict, "not-established"))
    reasons = (f"- {_plain(why)}: {', '.join(map(_code, ids))}" for why, ids in missing.items())
    lines += _section("Not established", reasons)
    lines += _section("Notes", (f"- {_plain(note)}" for note in verdict.notes))
    count = len(verdict.findings)
    if count:
        findings = "finding" if count == 1 else "findings"
        lines += [f"{count} {findings} about the document: see `report.html`.", ""]
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return [f"### {title}", "", *found, ""] if found else []


def _table(verdict: Verdict) -> list[str]:
    counts = words.put(words.tally(verdict))
    if not counts:
        return []
    names = [words.NAMES[status] for status in words.COLUMNS]
    rows = [["chapter", *names], ["---", *("--:" for _ in names)]]
    for chapter, counted in counts.items():
        rows.append([_plain(chapter), *(str(counted[status]) for status in words.COLUMNS)])
    return [f"| {' | '.join(row)} |" for row in rows] + [""]


def _clause(clause: ClauseVerdict) -> Iterator[str]:
    gate = "" if clause.gated else ", not gated"
    yield f"- {_code(clause.id)} ({clause.level}{gate}): {_plain(clause.says)}"
    if clause.quote and clause.quote != clause.says:
        yield f"  > {_plain(clause.quote)}"
    yield ""
    for evidence in words.witnesses(clause):
        yield from _evidence(evidence)


def _evidence(evidence: Evidence) -> Iterator[str]:
    case = f"{_html(evidence.case)}: {_html(words.came(evidence))}"
    yield f"  <details><summary>{case}, {words.often(evidence)}</summary>"
    yield ""
    steps = [step for step in evidence.steps if step.related]
    if steps:
        yield from _fence("before it", *map(_step, steps))
    if evidence.request:
        yield from _fence("sent", words.short(words.request_line(evidence.request)))
    answer = f"{words.status_word(evidence.status)} {words.short(evidence.answer)}".rstrip()
    yield from _fence("came", answer)
    reason = f": {_plain(evidence.reason)}" if evidence.reason else ""
    yield f"  would have conformed: **{_plain(words.expected(evidence))}**{reason}"
    yield ""
    lines = words.curls(evidence)
    if len(lines) <= MOST:
        yield from _fence(words.once_more(evidence), *map(words.visible, lines.split("\n")))
    else:
        yield f"  To send it once more takes {len(lines):,} characters: see `report.html`."
        yield ""
    yield "  </details>"
    yield ""


def _step(step: Step) -> str:
    """What was sent before a witness, or beside it, and what came."""
    when = ", at the same instant" if step.beside else ""
    sent = words.short(words.request_line(step.request))
    return f"{sent} -> {words.status_word(step.status)}{when}"


def _fence(label: str, *lines: str) -> list[str]:
    """A code block whose fence is longer than any in the text."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"  {label}:", "", f"  {fence}text", *(f"  {line}" for line in lines), f"  {fence}", ""]


def _plain(text: str) -> str:
    """A text that markdown shows as it is."""
    escaped = _MARKUP.sub(r"\\\g<0>", words.visible(text).strip())
    return _START.sub(r"\1\\\2", escaped)


def _code(text: str) -> str:
    """A name as code; one that code cannot hold stays plain."""
    shown = words.visible(text)
    return _plain(text) if "`" in shown or not shown.strip() else f"`{shown}`"


def _html(text: str) -> str:
    """A text inside an HTML element, where backslashes do not escape."""
    return "".join(
        character if character.isalnum() or character in " ,-" else f"&#{ord(character)};"
        for character in words.visible(text)
    )
