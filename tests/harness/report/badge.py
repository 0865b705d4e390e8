"""A badge with the verdict's word, as SVG."""

from __future__ import annotations

from html import escape

from . import words
from .model import Verdict

LABEL = "contract"

COLOURS = {
    "conforms": "#1b6440",
    "partial": "#7b4a00",
    "broken": "#a5161d",
    "undecided": "#4b4a94",
}
"""Backgrounds on which white text has a contrast of 4.5 or more."""

CHARACTER = 7
"""Width in pixels that a character of the 11 px text needs at most, on average."""

_TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" \
aria-labelledby="title">
<title id="title">{title}</title>
<clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)" aria-hidden="true">
<rect width="{left}" height="20" fill="#3b3f45"/>
<rect x="{left}" width="{right}" height="20" fill="{colour}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{left_middle}" y="14">{label}</text>
<text x="{right_middle}" y="14">{word}</text>
</g>
</g>
</svg>
"""


def render(verdict: Verdict) -> str:
    """The badge. Its title says the whole sentence."""
    word = words.word(verdict)
    left, right = (len(text) * CHARACTER + 12 for text in (LABEL, word))
    return _TEMPLATE.format(
        title=escape(words.visible(f"{LABEL}: {word}. {verdict.sentence}")),
        label=LABEL,
        word=escape(word),
        colour=COLOURS[verdict.verdict],
        width=left + right,
        left=left,
        right=right,
        left_middle=left / 2,
        right_middle=left + right / 2,
    )
