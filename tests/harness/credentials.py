"""Gets the token of a run, keeps it for as long as it lives, and gets another."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from . import interlock
from .client import Client, retry_after
from .endpoint import Endpoint
from .errors import TargetError
from .launch import output_of
from .redact import Redactor
from .target import Target
from .tokens import Tokens, encode, parts
from .wire import Answer, Request

MARGIN = 30.0
"""Seconds before its end at which a token is fetched anew (or a tenth of its life)."""

SHORTEST = 0.2
"""Seconds that a token is kept, whatever is said of its life: 401 has it fetched anew anyway."""

PATIENCE = 30.0
"""Seconds that the token endpoint may have us wait with Retry-After."""


@dataclass
class Credentials:
    """The token of the target, fetched when it is first wanted."""

    target: Target
    redactor: Redactor
    agent: str
    tokens: Tokens = field(init=False)
    fetched: int = 0
    take: Callable[[], None] = lambda: None
    """Counts a request against the budget of the run."""
    _until: float = float("inf")

    def __post_init__(self) -> None:
        """Know the tokens that the file gives."""
        others = self.target.file.auth.others
        password = urlsplit(self.target.file.auth.token_url or "").password
        self.redactor.learn({*self.target.secrets(), *filter(None, [password])})
        self.tokens = Tokens(
            expired=others.expired,
            without_scopes=others.without_scopes,
            other=others.other_account,
            other_account=self.target.file.ledger.other_account,
            sent=self.target.authenticates,
        )

    @property
    def renewable(self) -> bool:
        """Whether another token can be had."""
        return bool(self.target.file.auth.client_id or self.target.file.auth.command)

    def pretend(self) -> None:
        """Use a token that is none: nothing is going to be sent."""
        if self.target.authenticates:
            claims = encode({"sub": "nobody"})
            self.tokens = replace(
                self.tokens, own=(f"{encode({'alg': 'HS256'})}.{claims}.dry-run",)
            )

    def current(self) -> str | None:
        """The token to send; fetched anew before it ends.

        Raises:
            TargetError: it cannot be had.
        """
        if not self.target.authenticates:
            return None
        if self.tokens.current is None or time.monotonic() > self._until:
            self.renew()
        return self.tokens.current

    def know(self, tokens: tuple[str, ...]) -> None:
        """Take in tokens that a worker fetched: they are secrets too."""
        self.redactor.learn(tokens)
        fresh = tuple(token for token in tokens if token not in self.tokens.own)
        self.tokens = replace(self.tokens, own=(*fresh, *self.tokens.own))

    def renew(self) -> None:
        """Get a token."""
        auth = self.target.file.auth
        lifetime = float("inf")
        if auth.token:
            token = auth.token
        elif auth.command:
            lines = output_of(auth.command, self.target, "auth.command").split()
            if len(lines) != 1:
                raise TargetError(f"{self.target.path.name}: auth.command prints no single token")
            token = lines[0]
            lifetime = self._lifetime(token)
        else:
            token, lifetime = self._fetch()
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise TargetError(f"{self.target.path.name}: auth: the token cannot stand in a header")
        self.redactor.learn([token])
        own = (*(mine for mine in self.tokens.own if mine != token), token)
        self.tokens = replace(self.tokens, own=own[-20:])
        kept = max(lifetime * 0.5, lifetime - MARGIN, SHORTEST)
        self._until = time.monotonic() + kept

    def _lifetime(self, token: str) -> float:
        found = parts(token)
        end = found[1].get("exp") if found else None
        return end - time.time() if isinstance(end, (int, float)) else float("inf")

    def _fetch(self) -> tuple[str, float]:
        """Fetch a token with client credentials: Basic, JSON body."""
        auth, name = self.target.file.auth, self.target.path.name
        base = f"{self.target.file.base_url.rstrip('/')}/accounts/{self.target.file.account}"
        address = auth.token_url or f"{base}/auth/token"
        endpoint = Endpoint(address, self.target.file.limits.timeout, self.target.tls)
        pair = base64.b64encode(f"{auth.client_id}:{auth.client_secret}".encode()).decode()
        self.redactor.learn([pair])
        grant = {"grant_type": "client_credentials", "audience": auth.audience or base}
        request = Request(
            "POST",
            endpoint.resource,
            (
                ("Authorization", f"Basic {pair}"),
                ("Content-Type", "application/json"),
                ("Accept", "application/json"),
                ("User-Agent", self.agent),
            ),
            json.dumps(grant).encode(),
        )
        answer = self._ask(endpoint, request)
        where = self.redactor.text(f"{name}: auth: the token endpoint {address}")
        if answer.status is None:
            raise TargetError(f"{where}: {answer.trouble}")
        if answer.status != 200:
            hint = {401: "; are client_id and client_secret right?"}.get(answer.status, "")
            raise TargetError(f"{where} answered {answer.status}{hint}")
        try:
            value = json.loads(answer.body)
            token = value["access_token"]
            lifetime = float(value.get("expires_in", "inf"))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise TargetError(f"{where} answered 200 without a readable access_token") from None
        if not isinstance(token, str) or not token:
            raise TargetError(f"{where} answered 200 without a readable access_token")
        return token, lifetime

    def _ask(self, endpoint: Endpoint, request: Request) -> Answer:
        accounts = (self.target.file.account, self.target.file.ledger.other_account)
        interlock.check(request, frozenset(filter(None, accounts)))
        client = Client(endpoint)
        try:
            waited = 0.0
            while True:
                self.take()
                answer = client.send(request)
                self.fetched += 1
                again = answer.status in (429, 503) or answer.status is None
                pause = retry_after(answer, time.time())
                pause = 0.5 if pause is None else max(pause, 0.1)
                if not again or self.fetched > 1000 or waited + pause > PATIENCE:
                    return answer
                if answer.status is None and waited > 1.0:
                    return answer
                waited += pause
                time.sleep(pause)
        finally:
            client.close()
