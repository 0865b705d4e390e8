"""The interlock: the last look at every request, on its raw path, before it is sent.

No production account is ever addressed outside the one opt-in probe, and no well-formed account
that the target file does not name (contract: "What may be sent").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from .wire import Request

PRODUCTION = re.compile(r"p[0-9]{8}", re.ASCII)
ACCOUNT = re.compile(r"(?<![0-9a-z])([pt][0-9]{8})(?![0-9])", re.ASCII)
"""An account anywhere in a folded path, whatever stands beside it."""


class Forbidden(RuntimeError):
    """A request that must not be sent was about to be: a bug of the suite, which stops it."""


@lru_cache(maxsize=256)
def folded(text: str) -> str:
    """What a lenient server may make of a path: decoded until nothing is left to decode, folded.

    Digits of every script become ASCII; blanks, control and format characters are dropped.
    """
    decoded = ""
    while decoded != text:
        decoded, text = text, unquote_to_bytes(text).decode("utf-8", "replace")
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.digit(character)) if character.isdigit() else character
        for character in plain
        if unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp")
    )


def is_production(account: str) -> bool:
    """Whether an account is a production one, however it is written."""
    return PRODUCTION.fullmatch(folded(account)) is not None


def is_well_formed(account: str) -> bool:
    """Whether a text is a test account as the target file has to write it."""
    return re.fullmatch(r"T[0-9]{8}", account, re.ASCII) is not None


def check(request: Request, accounts: frozenset[str], probe: str | None = None) -> None:
    """Let a request pass, or stop it.

    Args:
        request: as it goes over the wire.
        accounts: the accounts that the target file names.
        probe: the production account that auth.test-only may ask, where it is opted in.

    Raises:
        Forbidden: it addresses a production account, or a stranger's.
    """
    ours = {account.casefold() for account in accounts}
    raw = request.path
    if probe is not None and f"/{probe}/" in raw:
        raw = raw.replace(f"/{probe}/", "/", 1)
    for account in ACCOUNT.findall(folded(raw)):
        if account.startswith("p"):
            raise Forbidden(f"a production account was about to be addressed: {account}")
        if account not in ours:
            raise Forbidden(f"an account that the target file does not name: {account}")
