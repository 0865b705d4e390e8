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
from functools import lru_cache
from urllib.parse import quote, quote_plus

from .tokens import parts, with_other_claims

MASK = "[secret]"
SHORTEST = 6
"""Characters from which on a value is masked in a text; shorter ones would mask words."""

LONG = 16
"""Characters from which on a beginning of a secret is one."""

REMEMBERED = 256
"""Characters up to which a text is remembered with what became of it."""


class Redactor:
    """Masks the secrets that it has been told of."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the secrets known so far."""
        self._forms: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._short = lru_cache(maxsize=1024)(self._masked)
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Take further secrets: a token that was fetched."""
        for secret in secrets:
            self._forms |= forms(secret)
        self._pattern = None
        self._short.cache_clear()

    def text(self, text: str) -> str:
        """A text without the secrets in it."""
        # The same headers come and go with every request.
        return self._short(text) if len(text) <= REMEMBERED else self._masked(text)

    def _masked(self, text: str) -> str:
        if not self.hides(text):
            return text
        if self._pattern is None:
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return self._pattern.sub(MASK, text)

    def hides(self, text: str) -> bool:
        """Whether a text holds a secret."""
        # In a megabyte, each form is found a hundred times faster than any of them.
        return any(form in text for form in self._forms)


def _changed(secret: str) -> set[str]:
    """What wrong tokens that we make out of ours still hold of it."""
    found = {secret.upper(), secret.rpartition(".")[2].swapcase()}
    if len(secret) >= LONG:
        found.add(secret[:-8])
    if parts(secret) is not None:
        found.add(with_other_claims(secret).split(".")[1])
    return found


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
    found |= _changed(secret)
    return {form for form in found if len(form) >= SHORTEST}
