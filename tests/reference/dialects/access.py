"""Lawful variations in who may call, and in which order things are looked at."""

from __future__ import annotations

import re

from tests.reference import tokens
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service
from tests.reference.tokens import Caller
from tests.reference.variants import dialect


@dialect()
class BodyBeforeToken(Service):
    """Looks at the body before it looks at the token."""

    async def operate(self, request: Request) -> Reply:
        self.check_method(request)
        self.read_options(self.read_body(request))
        return await super().operate(request)


@dialect()
class AccountBeforeToken(Service):
    """Looks at the shape of the account before it looks at the token."""

    async def operate(self, request: Request) -> Reply:
        self.check_method(request)
        if not self.account_pattern.fullmatch(request.account):
            raise Refusal(400, "The account id is not valid.", field="aid", reason="account")
        return await super().operate(request)


@dialect()
class TokenBeforeMethod(Service):
    """Looks at the token before it looks at the method."""

    def check_method(self, request: Request) -> None:
        self.authenticate(request)
        super().check_method(request)


class Restated(Service):
    """Answers some refusals with another status that is permitted too."""

    status = 400
    reasons: tuple[str, ...] = ()

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        if refusal.reason in self.reasons:
            refusal = Refusal(self.status, refusal.message, reason=refusal.reason)
        return super().refuse(request, refusal)


@dialect()
class MalformedAccountIs401(Restated):
    """Answers 401 to a malformed account."""

    status, reasons = 401, ("account",)


@dialect()
class MalformedAccountIs403(Restated):
    """Answers 403 to a malformed account."""

    status, reasons = 403, ("account",)


@dialect()
class MalformedAccountIs404(Restated):
    """Answers 404 to a malformed account: its route does not match."""

    status, reasons = 404, ("account",)


@dialect()
class OtherAccountIs401(Restated):
    """Answers 401 to a token of another account: the audience is part of its validity."""

    status, reasons = 401, ("owner",)


@dialect()
class ProductionIs400(Restated):
    """Answers 400 to a production account."""

    status, reasons = 400, ("test-only",)


@dialect()
class BlankBearerIs400(Restated):
    """Answers 400 to a blank bearer."""

    status, reasons = 400, ("blank",)


@dialect()
class MalformedBearerIs400(Service):
    """Answers 400 to a bearer that is no token."""

    def read_token(self, token: str) -> Caller:
        if token.count(".") not in (1, 2):
            raise Refusal(400, "The access token is no JSON Web Token.", reason="token")
        return super().read_token(token)


@dialect()
class AllScopesWanted(Service):
    """Wants both scopes, not one of them."""

    def check_scopes(self, caller: Caller) -> None:
        if not caller.scopes.issuperset(tokens.SCOPES):
            raise Refusal(403, "The access token lacks a scope.", reason="scopes")


@dialect()
class CaseSensitiveBearer(Service):
    """Takes the scheme as Bearer only, not as bearer."""

    def is_scheme(self, scheme: str) -> bool:
        return scheme == "Bearer"


@dialect()
class ShortLivedTokens(Service):
    """Gives tokens that are valid for twenty seconds."""

    token_lifetime = 20


@dialect()
class NoChallenge(Service):
    """Answers 401 without the header that names the scheme."""

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        reply = super().refuse(request, refusal)
        reply.headers.pop("www-authenticate", None)
        return reply


class OtherMethods(Service):
    """Answers other methods with another status."""

    status = 404

    def check_method(self, request: Request) -> None:
        if request.method != "POST":
            raise Refusal(self.status, f"{request.method} is not served here.", reason="method")


@dialect()
class OtherMethodsAre404(OtherMethods):
    """Answers 404 to other methods."""


@dialect()
class OtherMethodsAre501(OtherMethods):
    """Answers 501 to other methods."""

    status = 501


@dialect()
class OtherMethodsAre403(OtherMethods):
    """Answers 403 to other methods, as gateways do."""

    status = 403


@dialect()
class CrossOriginAnswered(Service):
    """Answers OPTIONS with 204 and what browsers want to know."""

    async def answer(self, request: Request) -> Reply:
        reply = await super().answer(request)
        if request.method == "OPTIONS":
            reply = Reply(204, b"")
            reply.headers["access-control-allow-methods"] = "POST, OPTIONS"
            reply.headers["access-control-allow-headers"] = "authorization, content-type"
        reply.headers["access-control-allow-origin"] = "*"
        return reply


@dialect()
class GetShowsPage(Service):
    """Answers GET and HEAD with a page for people."""

    async def answer(self, request: Request) -> Reply:
        if request.method in ("GET", "HEAD"):
            return Reply(200, b"<html><body>POST a request here.</body></html>", "text/html")
        return await super().answer(request)


@dialect()
class OddCharactersOfSignaturesDropped(Service):
    """Drops from a signature what is no base64url before it reads it, as some libraries do."""

    def read_token(self, token: str) -> Caller:
        head, dot, signature = token.rpartition(".")
        signature = re.sub(r"[^\w-]", "", signature, flags=re.ASCII)
        return super().read_token(f"{head}{dot}{signature}")
