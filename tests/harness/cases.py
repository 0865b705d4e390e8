"""Builds requests: a valid one by default, wrong in exactly what a test says."""

from __future__ import annotations

import datetime as dt
import json
import random
import string
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .wire import HeaderList, Request

ALPHANUMERIC = string.ascii_letters + string.digits


class Default(Enum):
    """What a test leaves as it is."""

    OWN = "our own"


OWN = Default.OWN

EMPTY = {"start_date": "1990-06-11", "end_date": "1990-06-12"}
"""A window long before any account existed: it selects nothing."""


def days(start: str | dt.date, end: str | dt.date, **more: Any) -> dict[str, Any]:
    """A date_range."""
    return {"start_date": str(start), "end_date": str(end), **more}


def encode(body: Any) -> bytes:
    """A body as JSON bytes; what is no Unicode text stays an escape."""
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(body).encode()


@dataclass(frozen=True)
class Builder:
    """Builds requests for one target."""

    path: str
    """The raw path, with `{aid}` where the account goes."""
    account: str
    headers: HeaderList = ()
    media_type: str = "application/json"

    def request(
        self,
        body: Any = OWN,
        *,
        token: str | None,
        purpose: tuple[str, str],
        raw: bytes | Default | None = OWN,
        account: str | Default = OWN,
        authorization: str | Default | None = OWN,
        media_type: str | Default | None = OWN,
        accept: str | None = "application/json",
        method: str = "POST",
        chunked: bool = False,
        sized: bool = True,
    ) -> Request:
        """A request with a JSON body, or with raw bytes; `raw=None` is no body at all.

        `purpose` is the header that names the clause. `account` goes into the path as it is.
        `authorization` is the whole value of the header, None for no header; by default it is
        `Bearer` and our token. `accept` is the header of that name, None for no header. A body
        that is `chunked` ends its connection: a server that leaves it unread loses its place there.
        What is not `sized` has no Content-Length.
        """
        content = (encode(body) if body is not OWN else None) if isinstance(raw, Default) else raw
        headers = [*self.headers, purpose]
        if accept is not None:
            headers.append(("Accept", accept))
        if isinstance(media_type, Default):
            media_type = self.media_type if content is not None else None
        if media_type is not None:
            headers.append(("Content-Type", media_type))
        if isinstance(authorization, Default):
            authorization = f"Bearer {token}" if token is not None else None
        if authorization is not None:
            headers.append(("Authorization", authorization))
        if chunked:
            headers += [("Transfer-Encoding", "chunked"), ("Connection", "close")]
        elif sized and (content is not None or method in ("POST", "PUT", "PATCH")):
            headers.append(("Content-Length", str(len(content or b""))))
        aid = self.account if isinstance(account, Default) else account
        return Request(method, self.path.replace("{aid}", aid), tuple(headers), content)


def unknown_ids(number: int, account: str, seed: int = 0) -> list[str]:
    """Ids shaped like the example, of the account, and of no transaction."""
    chance = random.Random(f"{account}{number}{seed}")
    # Six bits a letter: 22 letters of the 24 that 18 bytes make.
    tails = b64encode(chance.randbytes(18 * number), altchars=b"xY").decode()
    return [f"{account}.{tails[at : at + 22]}" for at in range(0, 24 * number, 24)]


TWINS: Mapping[str, dict[str, Any]] = {
    "range.accepted": {"date_range": EMPTY},
    "count.accepted": {"number_of_transactions": 5, "date_range": EMPTY},
}
"""For clauses that refusals are held against: a body that is accepted and selects nothing."""


def twin(clause: str, account: str) -> dict[str, Any]:
    """A body that the clause says is accepted, and that selects nothing."""
    return TWINS.get(clause) or {"transaction_ids": unknown_ids(1, account, seed=1)}
