"""What the contract permits for a request, judged from its bytes alone.

Pure: no network, no Hypothesis, no state. Every generator is only a source of requests; this
module says of each what is wrong with it (`faults`), what it may rely on to be accepted
(`grants`), and where the document leaves it open (`opens`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from . import body as bodies
from .body import Options
from .document import Rules
from .tokens import Tokens
from .wire import Request

LARGE = 64 * 1024
"""Bytes of body from which on answers are only observed (clause answer.status)."""

PRODUCTION = re.compile(r"\A[Pp][0-9]{8}\Z", re.ASCII)


class Claim(NamedTuple):
    """A class of case, and the clause that it belongs to."""

    clause: str
    case: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: enough to have it refused.

    `claims` run from the plain clause to the most specific one that says so. `statuses` are the
    only ones that conform, where the clause names them (auth.*); None stands for any 4xx that
    answers the fault itself.
    """

    claims: tuple[Claim, ...]
    statuses: frozenset[int] | None = None
    lenient: bool = False
    """Any 4xx refuses, 401, 403 and 404 too (an account that is not the operation's)."""


PROBE = Fault((Claim("auth.test-only", "production account"),), lenient=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the contract says about one request."""

    faults: tuple[Fault, ...] = ()
    grants: tuple[Claim, ...] = ()
    opens: tuple[Claim, ...] = ()
    account: str | None = None
    options: Options | None = None
    method: str = "POST"
    in_scope: bool = True
    """Whether the statuses that the document declares are the only ones (answer.status)."""
    production: bool = False
    """It is for a production account: what refuses it is the operation's (answer.error)."""

    chunked: bool = False
    """Its body comes in chunks: 501 says that such a body is not read (RFC 9112, section 6.1)."""
    unsized: bool = False
    """It has no body and does not say so: 411 wants to be told (RFC 9110, section 15.5.12)."""

    @property
    def valid(self) -> bool:
        """The contract says that it is accepted."""
        return not self.faults and not self.opens and self.method == "POST"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every class of case that the request puts."""
        faults = tuple(claim for fault in self.faults for claim in fault.claims)
        return faults + self.opens or self.grants


class Oracle:
    """Judges requests by the rules of the document, for one target."""

    def __init__(self, rules: Rules, base_path: str, account: str, tokens: Tokens) -> None:
        """Take the rules, the path of the target's base address, its account and its tokens."""
        self.rules = rules
        self.account = account
        self.tokens = tokens
        before, _, after = rules.path.partition("{aid}")
        self._prefix, self._suffix = base_path + before, after

    def path(self, account: str) -> str:
        """The raw path of the operation for an account, which is put in as it is."""
        return self._prefix + account + self._suffix

    def raw_account(self, path: str) -> str | None:
        """The account as it stands in a raw path; None where the path is not the operation's."""
        whole = len(path) >= len(self._prefix) + len(self._suffix)
        if not (whole and path.startswith(self._prefix) and path.endswith(self._suffix)):
            return None
        return path[len(self._prefix) : len(path) - len(self._suffix)]

    def read(self, request: Request) -> Reading:
        """Say what the contract permits for exactly these bytes."""
        raw = self.raw_account(request.path)
        if raw is None:
            return Reading(opens=(Claim("observe.account-status", "another path"),), in_scope=False)
        account = unquote_to_bytes(raw.encode("utf-8", "replace")).decode(
            "utf-8", "surrogateescape"
        )
        if request.method != "POST":
            return Reading(
                opens=(Claim("observe.other-methods", request.method),),
                account=account,
                method=request.method,
                in_scope=False,
            )
        faults, opens = self._account(account), []
        well_formed = not faults
        fault, bearer = self._authorization(request, account)
        if fault:
            faults.append(fault)
        if bearer:
            opens.append(bearer)
        media = self._media_type(request)
        chunked, unsized = request.chunked, request.unsized
        content = bodies.Content()
        if media is None or media.clause != "observe.media-type":
            content = bodies.read(request.body, media is not None, self.rules)
        found = [tuple(Claim(*claim) for claim in claims) for claims in content.faults]
        if chunked:
            # It is refused for what it holds, or for how it comes: with 411, 413 or 501.
            found = [tuple(c._replace(case=f"{c.case}, in chunks") for c in f) for f in found]
            opens += [] if found else [Claim("observe.odd-json", "body in chunks")]
        faults += [Fault(claims) for claims in found]
        opens += [Claim(*claim) for claim in content.opens]
        grants = tuple(Claim(*claim) for claim in content.grants)
        if unsized:
            grants = tuple(c._replace(case=f"{c.case} and no length") for c in grants)
        if media is not None and media.clause == "observe.media-type":
            opens.append(media)
        elif media is not None and media.case:
            grants += (media,)
        if len(request.body or b"") > LARGE:
            opens.append(Claim("observe.large-body", "body over 64 KiB"))
        declared = len(request.body or b"") <= LARGE
        own = account in (self.account, self.tokens.other_account)
        declared = declared and (media is None or media.clause != "observe.media-type")
        declared = declared and not chunked and not unsized
        return Reading(
            tuple(faults),
            grants,
            tuple(opens),
            account,
            content.options,
            in_scope=declared and own and well_formed,
            production=declared and faults[:1] == [PROBE],
            chunked=chunked,
            unsized=unsized,
        )

    def _account(self, account: str) -> list[Fault]:
        """The account in the path (clauses account.*, auth.test-only)."""
        rules = self.rules
        if rules.account_pattern.fullmatch(account):
            if PRODUCTION.match(account):
                return [PROBE]
            return []
        shortest, longest = rules.account_lengths
        if re.fullmatch(r"[PT][0-9]*", account) and not shortest <= len(account) <= longest:
            length = len(account)
            near = length in (shortest - 1, longest + 1)
            case = f"account of {length} characters" if near else "account of another length"
            return [Fault((Claim("account.length", case),), lenient=True)]
        return [Fault((Claim("account.pattern", malformed_account(account)),), lenient=True)]

    def _authorization(self, request: Request, account: str) -> tuple[Fault | None, Claim | None]:
        """The Authorization header (clauses auth.*): what is wrong with it, or left open."""
        value = request.header("authorization")
        if not self.tokens.sent:
            return None, None
        if value is None:
            claim = Claim("auth.missing", "no Authorization header")
            return Fault((claim,), frozenset({401})), None
        scheme, _, credentials = value.partition(" ")
        if scheme.lower() != "bearer":
            if not value.strip():
                claim = Claim("auth.scheme", "empty Authorization header")
                return Fault((claim,), frozenset({400, 401})), None
            case = "another scheme"
            if self.tokens.is_ours(credentials):
                case = "our token under another scheme"
            elif self.tokens.is_ours(value):
                case = "our token without a scheme"
            return Fault((Claim("auth.scheme", case),), frozenset({401})), None
        token = credentials.strip()
        if not token:
            claim = Claim("auth.scheme", "bearer without a token")
            return Fault((claim,), frozenset({400, 401})), None
        verdict = self.tokens.read(token, account)
        if verdict is None:
            case = "" if scheme == "Bearer" else scheme
            return None, Claim("observe.bearer-case", case) if case else None
        clause, case, statuses = verdict
        return Fault((Claim(clause, case),), statuses), None

    def _media_type(self, request: Request) -> Claim | None:
        """The Content-Type: None where there is neither one nor a body.

        A claim with an empty case is plain `application/json`.
        """
        value = request.header("content-type")
        if value is None:
            if request.body is None:
                return None
            return Claim("observe.media-type", "no media type")
        essence, named = media_type(value)
        if essence != self.rules.media_type:
            return Claim("observe.media-type", essence)
        if named and named != {"charset": "utf-8"}:
            return Claim("observe.media-type", "another parameter")
        if named:
            return Claim("body.media-type", "media type with a charset")
        case = "" if value == self.rules.media_type else "media type in another case"
        return Claim("body.media-type", case)


@lru_cache(maxsize=64)
def media_type(value: str) -> tuple[str, dict[str, str]]:
    """The media type of a Content-Type and its parameters, in lower case."""
    message = Message()
    message["content-type"] = value
    try:
        essence, *parameters = message.get_params(failobj=[(value, "")])
        named = {name.lower(): content.lower() for name, content in parameters}
    except (AttributeError, ValueError):  # parameters with a language or in pieces (RFC 2231)
        return value.partition(";")[0].strip().lower(), {"": "unreadable"}
    return essence[0].strip().lower(), named


def malformed_account(account: str) -> str:
    """The class of an account that the pattern refuses."""
    if account.endswith("\n"):
        return "account with a newline after it"
    if account.strip() != account:
        return "account with a blank around it"
    if re.fullmatch(r"[PTpt]\w{8}", account) and not account.isascii():
        return "account with digits that are not ASCII"
    if re.fullmatch(r"[pt][0-9]{8}", account):
        return "account in lower case"
    if re.fullmatch(r"[A-Za-z0-9][0-9]{8}", account):
        return "account with another prefix"
    if re.fullmatch(r"[PT][0-9A-Za-z]{8}", account):
        return "account with a letter among the digits"
    return "malformed account"
