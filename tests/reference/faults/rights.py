"""Faults in what a caller with a good token may do."""

from __future__ import annotations

from tests.reference.faults.auth import insider
from tests.reference.ledger import MAIN_ACCOUNT
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service
from tests.reference.tokens import Caller
from tests.reference.variants import fault


@fault("auth.scopes")
class ScopesUnchecked(Service):
    """Takes a token with any scopes."""

    def check_scopes(self, caller: Caller) -> None:
        pass


@fault("auth.scopes")
class AnyScopeSuffices(Service):
    """Takes a token that has a scope, whichever."""

    def check_scopes(self, caller: Caller) -> None:
        if not caller.scopes:
            super().check_scopes(caller)


@fault("auth.scopes")
class ScopesUnauthorized(Service):
    """Answers 401 to a token without the scopes."""

    def check_scopes(self, caller: Caller) -> None:
        try:
            super().check_scopes(caller)
        except Refusal as refusal:
            raise Refusal(401, refusal.message) from refusal


@fault("auth.scopes", also=("answer.status",))
class ScopesNotFound(Service):
    """Answers 404 to a token without the scopes."""

    def check_scopes(self, caller: Caller) -> None:
        try:
            super().check_scopes(caller)
        except Refusal as refusal:
            raise Refusal(404, refusal.message) from refusal


@fault("auth.account")
class OwnerUnchecked(Service):
    """Takes a token of any account, for any test account."""

    def check_owner(self, account: str, caller: Caller) -> None:
        pass


@fault("auth.account")
class OwnerOfTheTokenServed(Service):
    """Serves the account of the token, whichever the path names."""

    def check_owner(self, account: str, caller: Caller) -> None:
        pass

    def read_account(self, text: str, caller: Caller) -> str:
        super().read_account(text, caller)
        return caller.account


@fault("auth.account")
class OwnerInvalid(Service):
    """Answers 400 to a token of another account."""

    def check_owner(self, account: str, caller: Caller) -> None:
        if account != caller.account:
            raise Refusal(400, "The account does not fit.", reason="owner")


@fault("auth.test-only")
class ProductionAccepted(Service):
    """Serves the test account of the same digits where a production account is named."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        account = super().normalise_account(text, caller)
        return MAIN_ACCOUNT if account == "P" + MAIN_ACCOUNT[1:] else account


@fault("auth.test-only")
class ProductionOwnerByDigits(Service):
    """Compares the digits of accounts only, and finds nothing to report in production."""

    def check_environment(self, account: str) -> None:
        pass

    def check_owner(self, account: str, caller: Caller) -> None:
        if account[1:] != caller.account[1:]:
            super().check_owner(account, caller)


@fault("auth.scopes")
class ScopesUncheckedWithoutBody(Service):
    """Checks the scopes where it reads a body, and so not where there is none."""

    def authenticate(self, request: Request) -> Caller:
        if request.body:
            return super().authenticate(request)
        return self.verify(self.read_bearer(request.header("authorization")))


@fault("auth.account", also=("outcome.accounts-apart",))
class OwnerUncheckedWithOwnIds(Service):
    """Takes a token of another account where the ids named are that account's own."""

    def authenticate(self, request: Request) -> Caller:
        caller = super().authenticate(request)
        own = f'"{caller.account}.'.encode()
        return insider(request.account) if own in request.body else caller


@fault("auth.scopes")
class ScopesByPrefix(Service):
    """Takes any scope of an administrator."""

    def check_scopes(self, caller: Caller) -> None:
        if not any(scope.startswith("admin:") for scope in caller.scopes):
            super().check_scopes(caller)


@fault("auth.scopes")
class ScopesByPart(Service):
    """Looks for the word reports anywhere in the scopes."""

    def check_scopes(self, caller: Caller) -> None:
        if "reports" not in " ".join(caller.scopes):
            super().check_scopes(caller)


@fault("answer.error")
class ProductionRefusedByTheGateway(Service):
    """Refuses a production account with an error of another shape."""

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        reply = super().refuse(request, refusal)
        if refusal.reason == "test-only":
            reply.content = b'{"statusCode": 403, "error": "Forbidden", "message": "no"}'
        return reply
