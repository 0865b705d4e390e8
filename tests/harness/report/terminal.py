"""What stands on the terminal at the end of a run."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from . import words
from .model import ClauseVerdict, Evidence, SentRequest, Verdict, VerdictWord

WIDTH = 100
"""Columns that are used at most; a curl line is never broken."""

LONGEST_CURL = 2000
"""Characters of a curl line that a terminal is given."""

Colour = Callable[[str, str], str]

_COLOURS: dict[VerdictWord, str] = {
    "conforms": "green",
    "partial": "yellow",
    "broken": "red",
    "undecided": "yellow",
}


def lines(verdict: Verdict, colour: Colour) -> list[str]:
    """The lines; `colour(text, name)` paints in green, red, yellow or bold."""
    found = [*_table(verdict, colour), ""]
    broken = words.gated_first(verdict)
    for clause in broken:
        found += [*_clause(clause, colour), ""]
    if verdict.stale:
        found.append(colour("Deviations that are stale", "red"))
        for sentence in verdict.stale:
            found += wrapped(f"- {words.short(sentence)}", "  ", "    ")
        found.append("")
    missing = words.by_reason(words.with_status(verdict, "not-established"))
    if missing:
        found.append(colour("Not established", "yellow"))
        for reason, ids in missing.items():
            text = f"- {words.short(reason)}: {', '.join(map(words.visible, ids))}"
            found += wrapped(text, "  ", "    ")
        found.append("")
    for note in verdict.notes:
        found += [*wrapped(f"Note: {words.short(note)}", "", "  "), ""]
    count = len(verdict.findings)
    if count:
        text = "finding" if count == 1 else "findings"
        found += [f"{count} {text} about the document: see report.html", ""]
    found += [*wrapped(words.effort(verdict), "", ""), ""]
    sentence = words.visible(verdict.sentence)
    if not verdict.complete:
        sentence = f"Incomplete: {sentence}"
    found += [colour(line, _COLOURS[verdict.verdict]) for line in wrapped(sentence, "", "")]
    return found


def _table(verdict: Verdict, colour: Colour) -> Iterator[str]:
    counts = words.put(words.tally(verdict))
    names = [words.NAMES[status] for status in words.COLUMNS]
    first = max((width(words.short(name, 30)) for name in counts), default=0)
    first = max(first, len("chapter"))
    head = "".join(f"  {name:>{_cell(name)}}" for name in names)
    yield colour(f"{'chapter':<{first}}{head}", "bold")
    for chapter, counted in counts.items():
        name = words.short(chapter, 30)
        row = name + " " * (first - width(name))
        for status in words.COLUMNS:
            number = f"  {counted[status]:>{_cell(words.NAMES[status])}}"
            paint = _PAINT.get(status) if counted[status] else None
            row += colour(number, paint) if paint else number
        yield row


_PAINT = {"broken": "red", "deviates": "yellow", "not-established": "yellow"}


def _cell(name: str) -> int:
    return max(len(name), 6)


def _clause(clause: ClauseVerdict, colour: Colour) -> Iterator[str]:
    gate = "" if clause.gated else ", not gated"
    head = f"BROKEN {words.short(clause.id, 60)} ({clause.level}{gate})"
    yield colour(head, "red" if clause.gated else "yellow")
    yield from wrapped(words.visible(clause.says), "  ", "  ")
    if clause.quote and clause.quote != clause.says:
        yield from wrapped(f'"{words.visible(clause.quote)}"', "  ", "   ")
    if clause.why:
        yield from wrapped(words.short(clause.why), "  ", "  ")
    for evidence in words.witnesses(clause):
        yield from _evidence(evidence, colour)


def _evidence(evidence: Evidence, colour: Colour) -> Iterator[str]:
    head = f"{words.short(evidence.case)}, {words.often(evidence)}"
    if any(step.beside for step in evidence.steps):
        head += f": {words.came(evidence)}"
    for line in wrapped(head, "  ", "  "):
        yield colour(line, "bold")
    if aside := sum(not step.related for step in evidence.steps):
        yield from _labelled("before", f"{aside} more, which selected nothing of this")
    for step in evidence.steps:
        if not step.related:
            continue
        line = words.short(_before(step.request, evidence.request), 200)
        when = "beside" if step.beside else "before"
        yield from _labelled(when, f"{line} -> {words.status_word(step.status)}")
    if evidence.request:
        yield from _labelled("sent", words.short(words.request_line(evidence.request)))
    answer = words.short(evidence.answer)
    yield from _labelled("came", f"{words.status_word(evidence.status)} {answer}".rstrip())
    reason = f" ({words.short(evidence.reason)})" if evidence.reason else ""
    yield from _labelled("conforms", f"{words.expected(evidence)}{reason}")
    if len(evidence.curl) <= LONGEST_CURL:
        yield f"    {words.visible(evidence.curl)}"
    else:
        yield f"    (a curl line of {len(evidence.curl):,} characters: see report.html)"


def _before(earlier: SentRequest, request: SentRequest | None) -> str:
    """An earlier request; of one that differs from the witness in its body alone, only that."""
    same = request and (earlier.method, earlier.path) == (request.method, request.path)
    return words.request_body(earlier) or "(no body)" if same else words.request_line(earlier)


def _labelled(label: str, text: str) -> Iterator[str]:
    yield from wrapped(text, f"    {label:<10}", " " * 14)


def wrapped(text: str, first: str, then: str) -> Iterator[str]:
    """A text in lines of at most `WIDTH` columns; words longer than a line are broken."""
    line, empty = first, True
    for word in text.split(" "):
        joined = f"{line}{word}" if empty else f"{line} {word}"
        if width(joined) <= WIDTH:
            line, empty = joined, False
            continue
        if not empty:
            yield line
            line = then
        left = word
        while width(line + left) > WIDTH:
            piece = _fitting(left, WIDTH - width(line))
            yield line + piece
            line, left = then, left[len(piece) :]
        line, empty = line + left, False
    yield line


def _fitting(word: str, columns: int) -> str:
    """The longest beginning of a word that fits."""
    end = 0
    while columns >= 0 and end < len(word):
        columns -= width(word[end])
        end += columns >= 0
    return word[:end]


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )
