"""Access tokens: made and read with a published development key."""

from __future__ import annotations

import base64
import binascii
import re
import time
from dataclasses import dataclass
from typing import Any

import jwt

DEVELOPMENT_KEY = "a-published-development-key-that-protects-nothing"
CLIENT_ID = "development-client"
CLIENT_SECRET = "development-secret"
SCOPES = ("admin:billing", "admin:reports")

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.ASCII)


class InvalidToken(ValueError):
    """The bearer is no token of ours, or no longer."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the account that a token belongs to, its scopes, and when it ends."""

    account: str
    scopes: frozenset[str]
    expires: float


def issue(account: str, lifetime: float = 3600, scopes: tuple[str, ...] = SCOPES) -> str:
    """Make a signed token of an account that is valid for `lifetime` seconds from now."""
    now = time.time()
    claims = {
        "sub": CLIENT_ID,
        "account": account,
        "scope": " ".join(scopes),
        "iat": int(now),
        "exp": int(now + lifetime),
    }
    return jwt.encode(claims, DEVELOPMENT_KEY, algorithm="HS256")


def read(token: str, *, check_signature: bool = True, check_expiry: bool = True) -> Caller:
    """Return the caller that a token names; raises InvalidToken. The checks can be left out."""
    if not _COMPACT.fullmatch(token) or not (_is_canonical(token) or not check_signature):
        raise InvalidToken("The access token is no JSON Web Token.")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            DEVELOPMENT_KEY,
            algorithms=["HS256"],
            options={
                "verify_signature": check_signature,
                "verify_exp": check_expiry,
                "verify_iat": check_expiry,
                "verify_aud": False,
                "require": ["exp"],
            },
        )
        return Caller(
            account=str(claims.get("account")),
            scopes=frozenset(str(claims.get("scope", "")).split()),
            expires=float(claims["exp"]),
        )
    except jwt.ExpiredSignatureError as error:
        raise InvalidToken("The access token has expired.") from error
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise InvalidToken("The access token is not valid.") from error


def header(token: str) -> dict[str, Any]:
    """Return the unverified header of a token; raises InvalidToken."""
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError) as error:
        raise InvalidToken("The access token is no JSON Web Token.") from error


def basic_credentials(authorization: str | None) -> tuple[str, str] | None:
    """Return client id and secret of a Basic Authorization header, None where it has none."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return name, secret


def _is_canonical(token: str) -> bool:
    # Base64 readers ignore the spare bits at the end: without this a token whose last character
    # was changed could still pass.
    signature = token.rpartition(".")[2]
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (binascii.Error, ValueError):
        return False
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == signature
