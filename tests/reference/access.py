"""Who may call, and for which account."""

from __future__ import annotations

import re
import time

from tests.reference import tokens
from tests.reference.messages import Refusal, Request
from tests.reference.tokens import Caller, InvalidToken

ACCOUNT = re.compile(r"[PT][0-9]{8}")


class Access:
    """The part of the service that knows tokens and accounts."""

    account_pattern = ACCOUNT

    def __init__(self) -> None:
        super().__init__()
        self.callers: dict[str, Caller] = {}

    def authenticate(self, request: Request) -> Caller:
        """Return who calls; refuses with 401, and with 403 where the scopes do not suffice."""
        caller = self.verify(self.read_bearer(request.header("authorization")))
        self.check_scopes(caller)
        return caller

    def read_bearer(self, authorization: str | None) -> str:
        """Return the token of an Authorization header."""
        if authorization is None:
            raise Refusal(401, "The Authorization header is missing.", reason="missing")
        scheme, _, token = authorization.partition(" ")
        if not self.is_scheme(scheme):
            raise Refusal(401, "The authorization scheme must be Bearer.", reason="scheme")
        if not token.strip():
            raise Refusal(401, "The access token is missing.", reason="blank")
        return token.strip()

    def is_scheme(self, scheme: str) -> bool:
        """Tell if an authorization scheme is the one we take."""
        return scheme.lower() == "bearer"

    def verify(self, token: str) -> Caller:
        """Return the caller that a token names, out of memory where it was read before."""
        caller = self.callers.get(token)
        if caller is not None and caller.expires > time.time():
            return caller
        try:
            caller = self.read_token(token)
        except InvalidToken as error:
            raise Refusal(401, str(error), reason="token") from error
        if len(self.callers) > 1000:
            self.callers.clear()
        self.callers[token] = caller
        return caller

    def read_token(self, token: str) -> Caller:
        """Return the caller that a token names; raises InvalidToken."""
        return tokens.read(token)

    def check_scopes(self, caller: Caller) -> None:
        """Refuse a caller with neither of the two scopes."""
        if caller.scopes.isdisjoint(tokens.SCOPES):
            message = "The access token lacks admin:billing or admin:reports."
            raise Refusal(403, message, reason="scopes")

    def read_account(self, text: str, caller: Caller) -> str:
        """Return the account of the path (decoded) that the caller may work on."""
        account = self.normalise_account(text, caller)
        if not self.account_pattern.fullmatch(account):
            raise Refusal(400, "The account id is not valid.", field="aid", reason="account")
        self.check_environment(account)
        self.check_owner(account, caller)
        return account

    def normalise_account(self, text: str, caller: Caller) -> str:
        """Return the account id that a text of the path stands for: itself."""
        return text

    def check_environment(self, account: str) -> None:
        """Refuse accounts of the production environment."""
        if account.startswith("P"):
            raise Refusal(403, "Test reports are only available in test.", reason="test-only")

    def check_owner(self, account: str, caller: Caller) -> None:
        """Refuse a caller whose token belongs to another account."""
        if account != caller.account:
            raise Refusal(403, "The access token belongs to another account.", reason="owner")
