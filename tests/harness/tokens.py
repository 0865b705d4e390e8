"""The tokens of a run: our own, those of other kinds, and wrong ones made from our own."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

Verdict = tuple[str, str, frozenset[int]]
"""The clause that refuses a token, the class of case, the statuses that conform."""

UNAUTHORIZED = frozenset({401})
MALFORMED = frozenset({400, 401})


@dataclass(frozen=True)
class Tokens:
    """What is known of the tokens of a run.

    `own` holds every token that was ours in this run, the newest last (a token that is fetched
    anew leaves the old one valid or expired, who knows). `sent` is False for a target that wants
    no Authorization at all.
    """

    own: tuple[str, ...] = ()
    expired: str | None = None
    without_scopes: str | None = None
    other: str | None = None
    other_account: str | None = None
    sent: bool = field(default=True)

    @property
    def current(self) -> str | None:
        """The token to send."""
        return self.own[-1] if self.own else None

    @property
    def is_jwt(self) -> bool:
        """Whether our token is a JSON Web Token (RFC 7519) with a signature."""
        return self.current is not None and parts(self.current) is not None

    def is_ours(self, token: str) -> bool:
        """Whether the token is a good one of ours."""
        return token in self.own

    def read(self, token: str, account: str) -> Verdict | None:
        """What is wrong with a bearer token on an account; None where nothing is."""
        if token == self.other and self.other is not None:
            if account == self.other_account:
                return None
            return "auth.account", "token of another account", frozenset({401, 403})
        if token in self.own:
            return None
        if token == self.expired:
            return "auth.expired", "expired token", UNAUTHORIZED
        if token == self.without_scopes:
            return "auth.scopes", "token without the scopes", frozenset({403})
        return self._made(token)

    def _made(self, token: str) -> Verdict:
        """A token that nobody gave us: made by one of the functions below, or by chance."""
        pieces = token.split(".")
        if near := next(filter(None, (_near(token, own) for own in self.own)), None):
            return "auth.malformed", near, MALFORMED
        if len(pieces) != 3:
            return "auth.malformed", "bearer that is no JWT", MALFORMED
        header = decode(pieces[0])
        base64url = re.fullmatch(r"[A-Za-z0-9_-]*", pieces[2])
        if not base64url or not isinstance(header, dict) or not isinstance(decode(pieces[1]), dict):
            return "auth.malformed", "bearer of three parts that are no JWT", MALFORMED
        algorithm = header.get("alg")
        if isinstance(algorithm, str) and algorithm.lower() == "none":
            case = "unsigned token" if algorithm == "none" else "unsigned token spelt otherwise"
            return "auth.unsigned", case, UNAUTHORIZED
        for own in (mine.split(".") for mine in self.own):
            if pieces[:2] == own[:2]:
                if not pieces[2]:
                    return "auth.tampered", "token without its signature", UNAUTHORIZED
                cut = own[2].startswith(pieces[2])
                case = "token with its signature cut" if cut else "token with a changed signature"
                return "auth.tampered", case, UNAUTHORIZED
        return "auth.tampered", "token with changed claims", UNAUTHORIZED


def _near(token: str, own: str) -> str | None:
    """What was done to a token of ours that left no JWT; None where it is something else."""
    shapes = {
        own.upper(): "our token in capitals",
        f'"{own}"': "our token in quotes",
    }
    further = token.startswith(f"{own}.")
    return "our token with a further part" if further else shapes.get(token)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str] | None:
    """Header, claims and signature of a signed JWT; None where it is none."""
    pieces = token.split(".")
    if len(pieces) != 3 or not pieces[2]:
        return None
    header, claims = decode(pieces[0]), decode(pieces[1])
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return None
    return header, claims, pieces[2]


def decode(piece: str) -> Any:
    """The JSON value of a base64url piece; None where it is none."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", piece):
        return None
    try:
        return json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None


def encode(value: Any) -> str:
    """A JSON value as a base64url piece (RFC 7515, appendix C)."""
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_claims(token: str, **changed: Any) -> str:
    """Our token with claims changed and its signature kept."""
    header, _, signature = token.split(".")
    found = parts(token)
    claims = {**(found[1] if found else {}), **changed}
    return f"{header}.{encode(claims)}.{signature}"


def with_other_claims(token: str) -> str:
    """Our token as if it were older, and an administrator's."""
    return with_claims(token, iat=1, admin=True)


def with_changed_signature(token: str) -> str:
    """Our token with the first character of its signature replaced.

    The last one would not do: some of its bits stand for nothing.
    """
    head, _, signature = token.rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def with_folded_signature(token: str) -> str:
    """Our token with small letters for capitals in its signature, and the other way round."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature.swapcase()}"


def with_cut_signature(token: str) -> str:
    """Our token with half of its signature."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature[: len(signature) // 2]}"


def without_signature(token: str) -> str:
    """Our token with nothing after its last dot."""
    return token.rpartition(".")[0] + "."


def unsigned(token: str, algorithm: str = "none") -> str:
    """Our token as an unsecured JWT (RFC 7519, section 6)."""
    found = parts(token)
    header = {**(found[0] if found else {}), "alg": algorithm}
    return f"{encode(header)}.{token.split('.')[1]}."
