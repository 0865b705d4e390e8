"""Secrets that are easy to find again, and a look for them in all that a run leaves."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import jwt

from tests.reference import tokens

from .suite import ACCOUNT

HEADER_VALUE = "canary/header+value=7f3a91"
CLIENT_SECRET = "canary&client secret?5be2"
PASSWORD = "canary-password-c04d"


def issued(name: str, account: str = ACCOUNT, lifetime: float = 3600) -> str:
    """A token that the embedded server reads, with a canary in each of its parts."""
    claims = jwt.decode(tokens.issue(account, lifetime), options={"verify_signature": False})
    claims = {"sub": f"canary-{name}-claims", **claims, "jti": f"canary-{name}-jti"}
    headers = {"kid": f"canary-{name}-header"}
    return jwt.encode(claims, tokens.DEVELOPMENT_KEY, algorithm="HS256", headers=headers)


@dataclass(frozen=True)
class Secrets:
    """All secrets of a target file."""

    token: str
    expired: str

    @property
    def values(self) -> dict[str, str]:
        """Each by its name."""
        pair = base64.b64encode(f"canary-client:{CLIENT_SECRET}".encode()).decode()
        return {
            "token": self.token,
            "expired": self.expired,
            "header": HEADER_VALUE,
            "secret": CLIENT_SECRET,
            "password": PASSWORD,
            "basic": pair,
        }

    def tables(self, token_url: str = "") -> str:
        """What a target file says of them."""
        auth = f"token = {json.dumps(self.token)}\n"
        if token_url:
            auth = f'client_id = "canary-client"\nclient_secret = {json.dumps(CLIENT_SECRET)}\n'
            auth += f'token_url = "{token_url}"\n'
        others = f"[auth.others]\nexpired = {json.dumps(self.expired)}\n"
        return f"[auth]\n{auth}{others}[headers]\nX-Api-Key = {json.dumps(HEADER_VALUE)}\n"


def made() -> Secrets:
    """Fresh ones."""
    return Secrets(issued("own"), issued("expired", lifetime=-3600))


def leaks(files: Mapping[str, bytes], secrets: Secrets) -> list[str]:
    """Where a secret stands, in which form."""
    return [
        f"{path}: {name}, {form} at {content.index(found)}"
        for name, value in secrets.values.items()
        for form, found in forms(value)
        for path, content in files.items()
        if found in content
    ]


def forms(secret: str) -> Iterator[tuple[str, bytes]]:
    """The forms in which a secret must not stand anywhere."""
    yield "as it is", secret.encode()
    yield "percent-encoded", quote(secret, safe="").encode()
    yield "as JSON", json.dumps(secret)[1:-1].encode()
    for shift in range(3):
        yield f"base64 at {shift}", aligned(secret, shift, base64.b64encode)
        yield f"base64url at {shift}", aligned(secret, shift, base64.urlsafe_b64encode)
    if secret.count(".") == 2:
        for name, piece in zip(("header", "claims", "signature"), secret.split("."), strict=True):
            yield f"{name} of the JWT", piece.encode()


def aligned(secret: str, shift: int, encode: object) -> bytes:
    """The characters of base64 that a secret decides alone, after so many other bytes."""
    assert callable(encode)
    encoded: bytes = encode(b"\0" * shift + secret.encode())
    return encoded.rstrip(b"=")[(0, 2, 3)[shift] : -1]
