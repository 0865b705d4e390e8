"""The interlock: the last look at every request, on its raw path, before it is sent.

No production account is ever addressed outside the one opt-in probe, and no well-formed account
that the target file does not name (contract: "What may be sent").
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from .wire import Request

PRODUCTION = re.compile(r"\Ap[0-9]{8}\Z", re.ASCII)
WELL_FORMED = re.compile(r"\At[0-9]{8}\Z", re.ASCII)
ANYWHERE = re.compile(r"(?<![0-9a-z])[pt][0-9]{8}(?![0-9])", re.ASCII)


class Forbidden(RuntimeError):
    """A request that must not be sent was about to be: a bug of the suite, which stops it."""


def folded(text: str) -> str:
    """What a lenient server may make of a piece of a path: decoded, folded, trimmed."""
    for _ in range(3):
        decoded = unquote_to_bytes(text).decode("utf-8", "replace")
        if decoded == text:
            break
        text = decoded
    return unicodedata.normalize("NFKC", text).casefold().strip(" \t\r\n\0")


def is_production(account: str) -> bool:
    """Whether an account is a production one, however it is written."""
    return PRODUCTION.match(folded(account)) is not None


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
    path = request.path.partition("?")[0]
    ours = {account.casefold() for account in accounts}
    for segment in re.split(r"/|%2f", path, flags=re.IGNORECASE):
        account = folded(segment)
        if PRODUCTION.match(account):
            if probe is None or segment != probe:
                raise Forbidden(f"a production account was about to be addressed: {segment}")
        elif WELL_FORMED.match(account) and account not in ours:
            raise Forbidden(f"an account that the target file does not name: {segment}")
