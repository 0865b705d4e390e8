"""What two documents say differently, keyword by keyword and sentence by sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .document import Json
from .publication import leaves

MOST_SHOWN = 160
PROSE = ("description", "summary")


class Kind(StrEnum):
    """What became of a keyword or a sentence."""

    CHANGED = "changed"
    ADDED = "added"
    GONE = "gone"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One keyword or sentence that is not what or where it was."""

    kind: Kind
    at: str
    was: Json = None
    now: Json = None
    source: str = ""
    """Where it stood, if it moved."""
    sentence: bool = False

    @property
    def value(self) -> Json:
        """What is there now, or was."""
        return self.was if self.kind is Kind.GONE else self.now

    def line(self) -> str:
        """The change in one line."""
        what = "sentence" if self.sentence else "keyword"
        told = {
            Kind.CHANGED: f"{self.at}: {shown(self.was)} is now {shown(self.now)}",
            Kind.ADDED: f"{self.at}: {shown(self.now)}",
            Kind.GONE: f"{self.at}: {shown(self.was)}",
            Kind.MOVED: f"{self.at}: {shown(self.now)}, from {self.source}",
        }
        return f"{what} {self.kind}  {told[self.kind]}"


def shown(value: Json) -> str:
    """A value in one line; a long one is cut."""
    text = f'"{value}"' if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def sentences(text: str) -> list[str]:
    """The sentences of a description, their white space made even."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    found = [
        sentence
        for paragraph in paragraphs
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z`*\"'(\[])", paragraph)
    ]
    return [sentence for sentence in found if sentence]


def changes(was: Json, now: Json) -> list[Change]:
    """What two documents say differently, keyword by keyword and sentence by sentence."""
    old, new = leaves(was), leaves(now)
    found: list[Change] = []
    for at in [*old, *(at for at in new if at not in old)]:
        before, after = old.get(at), new.get(at)
        if is_prose(at, before) or is_prose(at, after):
            found += _prose(at, before, after)
        elif at not in new:
            found.append(Change(Kind.GONE, at, was=before))
        elif at not in old:
            found.append(Change(Kind.ADDED, at, now=after))
        elif (type(before), before) != (type(after), after):
            found.append(Change(Kind.CHANGED, at, was=before, now=after))
    return _moved(found)


def is_prose(at: str, value: Json) -> bool:
    """Whether it is a text of sentences."""
    return isinstance(value, str) and at.rpartition("/")[2] in PROSE


def _prose(at: str, before: Json, after: Json) -> Iterator[Change]:
    old, new = (sentences(text) if isinstance(text, str) else [] for text in (before, after))
    for words in old:
        if words not in new:
            yield Change(Kind.GONE, at, was=words, sentence=True)
    for words in new:
        if words not in old:
            yield Change(Kind.ADDED, at, now=words, sentence=True)


def _moved(found: list[Change]) -> list[Change]:
    """The same changes, with what is gone in one place and new in another as one."""
    gone = [change for change in found if change.kind is Kind.GONE]
    result = []
    for change in found:
        source = next((old for old in gone if _is_move(old, change)), None)
        if source is None:
            result.append(change)
            continue
        gone.remove(source)
        result.append(
            Change(Kind.MOVED, change.at, source.was, change.now, source.at, change.sentence)
        )
    sources = {(change.source, shown(change.was)) for change in result if change.source}
    return [
        change
        for change in result
        if change.kind is not Kind.GONE or (change.at, shown(change.was)) not in sources
    ]


def _is_move(old: Change, new: Change) -> bool:
    """Whether it is the same: a small value is, only under the same keyword."""
    if new.kind is not Kind.ADDED or old.sentence is not new.sentence or old.was != new.now:
        return False
    same_keyword = old.at.rpartition("/")[2] == new.at.rpartition("/")[2]
    return same_keyword or (isinstance(new.now, str) and len(new.now) > 8)
