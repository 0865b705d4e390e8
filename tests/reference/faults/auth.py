"""Faults in who may call."""

from __future__ import annotations

import re
import time

from tests.reference import tokens
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service
from tests.reference.tokens import Caller, InvalidToken
from tests.reference.variants import fault


def insider(account: str) -> Caller:
    """Return a caller that may do everything with an account."""
    return Caller(account, frozenset(tokens.SCOPES), time.time() + 60)


class Restated(Service):
    """Answers some refusals of callers with another status."""

    status = 403
    reasons: tuple[str, ...] = ()

    def is_restated(self, refusal: Refusal) -> bool:
        """Tell if a refusal gets the other status."""
        return refusal.status == 401 and refusal.reason in self.reasons

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        if self.is_restated(refusal):
            refusal = Refusal(self.status, refusal.message)
        return super().refuse(request, refusal)


class LetIn(Service):
    """Lets some callers in that show no token."""

    def is_let_in(self, authorization: str | None) -> bool:
        """Tell if a caller with this Authorization header is let in."""
        return False

    def authenticate(self, request: Request) -> Caller:
        if self.is_let_in(request.header("authorization")):
            return insider(request.account)
        return super().authenticate(request)


@fault("auth.missing")
class MissingTokenAccepted(LetIn):
    """Lets a caller in that sends no Authorization header."""

    def is_let_in(self, authorization: str | None) -> bool:
        return authorization is None


@fault("auth.missing")
class MissingTokenForbidden(Restated):
    """Answers 403 where the Authorization header is missing."""

    reasons = ("missing",)


@fault("auth.missing")
class MissingTokenInvalid(Restated):
    """Answers 400 where the Authorization header is missing."""

    status, reasons = 400, ("missing",)


@fault("auth.missing", also=("answer.status",))
class MissingTokenRedirected(Restated):
    """Sends a caller without an Authorization header to a login page."""

    status, reasons = 302, ("missing",)

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        reply = super().refuse(request, refusal)
        if reply.status == 302:
            reply.headers["location"] = "/login"
        return reply


@fault("auth.scheme")
class BasicAccepted(LetIn):
    """Lets a caller in with any Basic credentials."""

    def is_let_in(self, authorization: str | None) -> bool:
        return (authorization or "").lower().startswith("basic ")


@fault("auth.scheme")
class OtherSchemesAccepted(LetIn):
    """Lets a caller in with whatever is no Bearer."""

    def is_let_in(self, authorization: str | None) -> bool:
        return authorization is not None and not authorization.lower().startswith("bearer")


@fault("auth.scheme")
class SchemeUnchecked(Service):
    """Takes a token after any scheme."""

    def is_scheme(self, scheme: str) -> bool:
        return True


@fault("auth.scheme")
class BareTokenAccepted(Service):
    """Takes a token without any scheme."""

    def read_bearer(self, authorization: str | None) -> str:
        if authorization is not None and authorization.count(".") == 2 and " " not in authorization:
            return authorization
        return super().read_bearer(authorization)


@fault("auth.scheme")
class SchemesThatBeginAlike(Service):
    """Takes a token after any scheme that begins as ours does: a pattern without its end."""

    def is_scheme(self, scheme: str) -> bool:
        return super().is_scheme(scheme[:6])


@fault("auth.scheme")
class TokenAfterBasicTaken(Service):
    """Takes a token after the scheme Basic too."""

    def is_scheme(self, scheme: str) -> bool:
        return super().is_scheme(scheme) or scheme == "Basic"


@fault("auth.scheme", also=("auth.malformed",))
class SpaceAfterBearerOptional(Service):
    """Takes a token that follows the word Bearer at once."""

    def read_bearer(self, authorization: str | None) -> str:
        return super().read_bearer(authorization and re.sub("^Bearer *", "Bearer ", authorization))


@fault("auth.scheme")
class SchemeFoundAnywhere(Service):
    """Takes a token after the word Bearer, wherever it stands: a pattern without its start."""

    def read_bearer(self, authorization: str | None) -> str:
        before, word, after = (authorization or "").rpartition("Bearer ")
        return super().read_bearer(word + after if before else authorization)


@fault("auth.malformed")
class WordsAfterTheTokenIgnored(Service):
    """Reads a token as far as the first space or comma."""

    def read_bearer(self, authorization: str | None) -> str:
        return re.split("[ ,]", super().read_bearer(authorization))[0]


@fault("auth.scheme")
class OtherSchemeForbidden(Restated):
    """Answers 403 to another scheme."""

    reasons = ("scheme",)


@fault("auth.scheme")
class OtherSchemeInvalid(Restated):
    """Answers 400 to another scheme."""

    status, reasons = 400, ("scheme",)


@fault("auth.scheme")
class BlankBearerAccepted(LetIn):
    """Lets a caller in whose bearer is blank."""

    def is_let_in(self, authorization: str | None) -> bool:
        return authorization is not None and authorization.strip().lower() == "bearer"


@fault("auth.scheme")
class BlankBearerForbidden(Restated):
    """Answers 403 to a blank bearer."""

    reasons = ("blank",)


def is_token(bearer: str) -> bool:
    """Tell if a bearer can be taken apart as a token, whatever it is worth."""
    try:
        return bool(tokens.header(bearer))
    except InvalidToken:
        return False


@fault("auth.malformed", also=("auth.tampered",))
class MalformedTokenAccepted(LetIn):
    """Lets a caller in whose bearer is no token at all."""

    def is_let_in(self, authorization: str | None) -> bool:
        scheme, _, bearer = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and bool(bearer.strip()) and not is_token(bearer.strip())


@fault("auth.malformed")
class OpaqueTokenAccepted(LetIn):
    """Lets a caller in whose bearer has no dots: an API key, maybe."""

    def is_let_in(self, authorization: str | None) -> bool:
        scheme, _, bearer = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and bool(bearer.strip()) and "." not in bearer


@fault("auth.malformed", also=("auth.tampered",))
class MalformedTokenForbidden(Service):
    """Answers 403 to a bearer that is no token at all."""

    def read_token(self, token: str) -> Caller:
        if not is_token(token):
            raise Refusal(403, "The access token is no JSON Web Token.", reason="token")
        return super().read_token(token)


@fault("auth.tampered", also=("auth.unsigned",))
class SignatureUnchecked(Service):
    """Does not check the signature of a token."""

    def read_token(self, token: str) -> Caller:
        return tokens.read(token, check_signature=False)


@fault("auth.tampered")
class WrongSignatureAccepted(Service):
    """Ignores that a signature does not fit, yet wants one, and one of our algorithm."""

    def read_token(self, token: str) -> Caller:
        if token.endswith(".") or tokens.header(token).get("alg") != "HS256":
            return super().read_token(token)
        return tokens.read(token, check_signature=False)


@fault("auth.tampered")
class MissingSignatureAccepted(Service):
    """Takes a token whose signature was removed."""

    def read_token(self, token: str) -> Caller:
        bare = token if token.count(".") == 2 else f"{token}."
        if (
            bare.endswith(".")
            and bare.count(".") == 2
            and tokens.header(bare).get("alg") == "HS256"
        ):
            return tokens.read(bare, check_signature=False)
        return super().read_token(token)


@fault("auth.tampered")
class TamperedTokenForbidden(Service):
    """Answers 403 to a token whose signature does not fit."""

    def read_token(self, token: str) -> Caller:
        try:
            return super().read_token(token)
        except InvalidToken as error:
            if not is_token(token) or tokens.header(token).get("alg") != "HS256":
                raise
            tokens.read(token, check_signature=False)
            raise Refusal(403, "The signature does not fit.", reason="signature") from error


class UnsignedAccepted(Service):
    """Takes tokens that say in some spelling that they are not signed."""

    spellings: tuple[str, ...] = ()

    def read_token(self, token: str) -> Caller:
        if tokens.header(token).get("alg") in self.spellings:
            return tokens.read(token, check_signature=False)
        return super().read_token(token)


@fault("auth.unsigned")
class AlgNoneAccepted(UnsignedAccepted):
    """Takes a token with the algorithm none."""

    spellings = ("none",)


@fault("auth.unsigned")
class AlgNoneInCapitalsAccepted(UnsignedAccepted):
    """Refuses the algorithm none, and takes None, NONE and nOnE."""

    spellings = ("None", "NONE", "nOnE", "NoNe", "nonE", "nONE")


@fault("auth.unsigned")
class AlgNoneForbidden(Service):
    """Answers 403 to a token with the algorithm none."""

    def read_token(self, token: str) -> Caller:
        if str(tokens.header(token).get("alg")).lower() == "none":
            raise Refusal(403, "Unsigned tokens are not taken.", reason="unsigned")
        return super().read_token(token)


@fault("auth.expired")
class ExpiryUnchecked(Service):
    """Takes an expired token."""

    def read_token(self, token: str) -> Caller:
        return tokens.read(token, check_expiry=False)


class ExpiredRestated(Service):
    """Answers an expired token with another status."""

    status = 403

    def read_token(self, token: str) -> Caller:
        try:
            return super().read_token(token)
        except InvalidToken:
            tokens.read(token, check_expiry=False)
            raise Refusal(self.status, "The access token has expired.") from None


@fault("auth.expired")
class ExpiredForbidden(ExpiredRestated):
    """Answers 403 to an expired token."""


@fault("auth.expired")
class ExpiredInvalid(ExpiredRestated):
    """Answers 400 to an expired token."""

    status = 400


@fault("auth.expired")
class ExpiryInMilliseconds(Service):
    """Compares the end of a token with a clock of another unit, so that nothing expires."""

    def read_token(self, token: str) -> Caller:
        caller = tokens.read(token, check_expiry=False)
        if caller.expires * 1000 < time.time():
            raise InvalidToken("The access token has expired.")
        return caller


@fault("auth.expired")
class ExpiredAcceptedWithIds(Service):
    """Takes an expired token of ours where ids are named."""

    def read_token(self, token: str) -> Caller:
        try:
            return super().read_token(token)
        except InvalidToken as error:
            self.stale = "expired" in str(error)
            raise

    def authenticate(self, request: Request) -> Caller:
        self.stale = False
        try:
            return super().authenticate(request)
        except Refusal:
            if self.stale and b"transaction_ids" in request.body:
                return insider(request.account)
            raise


@fault("auth.expired")
class ExpiredGoodTheNextTime(Service):
    """Remembers an expired token when it refuses it, and takes it the next time."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str | None] = set()

    def authenticate(self, request: Request) -> Caller:
        authorization = request.header("authorization")
        if authorization in self.refused:
            return insider(request.account)
        try:
            return super().authenticate(request)
        except Refusal as refusal:
            if "expired" in refusal.message:
                self.refused.add(authorization)
            raise
