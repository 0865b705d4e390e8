"""Keeps secrets out of everything that is shown or written.

A secret is masked where a text is made, in every form that a server may echo it: as it is,
percent-encoded, in base64 at each of the three alignments, in JSON escapes, and in the pieces of
a JWT, of which the claims alone are enough to be worth stealing.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "[secret]"
SHORTEST = 6
"""Characters from which on a value is masked in a text; shorter ones would mask words."""


class Redactor:
    """Masks the secrets that it has been told of."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the secrets known so far."""
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Take further secrets: a token that was fetched."""
        for secret in secrets:
            for form in forms(secret):
                self._names[form] = MASK
        if self._names:
            longest_first = sorted(self._names, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def text(self, text: str) -> str:
        """A text without the secrets in it."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)

    def hides(self, text: str) -> bool:
        """Whether a text holds a secret."""
        return self._pattern is not None and self._pattern.search(text) is not None


def forms(secret: str) -> set[str]:
    """The forms in which a secret may come back."""
    pieces = {secret}
    if secret.count(".") == 2:
        pieces |= {piece for piece in secret.split(".") if len(piece) >= 16}
        pieces |= {piece[1:] for piece in secret.split(".") if len(piece) >= 16}
        pieces |= {piece[: len(piece) // 2] for piece in secret.split(".")[2:] if len(piece) >= 32}
    found = set()
    for piece in pieces:
        raw = piece.encode()
        found |= {piece, quote(piece, safe=""), quote_plus(piece), json.dumps(piece)[1:-1]}
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
            core = encoded[(0, 2, 3)[offset] : len(encoded) - 1]
            found |= {core, core.replace("+", "-").replace("/", "_")}
    return {form for form in found if len(form) >= SHORTEST}
