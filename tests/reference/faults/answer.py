"""Faults in what an answer looks like: its media type and document."""

from __future__ import annotations

from typing import Any

from tests.reference.ledger import Transaction
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.service import Service
from tests.reference.variants import fault


@fault("answer.success", also=("answer.error",))
class EverythingIsText(Service):
    """Answers with JSON under the media type text/plain."""

    media_type = "text/plain; charset=utf-8"

    def reply(self, status: int, document: Any) -> Reply:
        reply = super().reply(status, document)
        reply.media_type = self.media_type
        return reply


@fault("answer.success", also=("answer.error",))
class EverythingIsHtml(EverythingIsText):
    """Answers with JSON under the media type text/html, the default of some languages."""

    media_type = "text/html; charset=UTF-8"


@fault("answer.success")
class CreatedIsHtml(Service):
    """Answers a created report with the media type text/html."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        if chosen:
            reply.media_type = "text/html"
        return reply


@fault("answer.success")
class SuccessIsTextJson(Service):
    """Answers success with the media type text/json."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        reply.media_type = "text/json"
        return reply


@fault("answer.success")
class NothingHasNoBody(Service):
    """Answers without a body where there is nothing to report."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        if not chosen:
            reply.content = b""
        return reply


@fault("answer.success")
class SuccessCutShort(Service):
    """Leaves out the last bracket of a success."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        reply.content = reply.content[:-1]
        return reply


@fault("answer.success")
class SuccessInSingleQuotes(Service):
    """Prints a success as the language does, not as JSON."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        reply.content = repr(self.success(reply.status)).encode()
        return reply


@fault("answer.success")
class SuccessWithoutMessage(Service):
    """Answers success with an empty object."""

    def success(self, status: int) -> Any:
        return {}


@fault("answer.success")
class NothingWithoutMessage(Service):
    """Leaves the message out where there is nothing to report."""

    def success(self, status: int) -> Any:
        return {"status": "nothing"} if status == 200 else super().success(status)


@fault("answer.success")
class MessageNull(Service):
    """Answers success with a message that is null."""

    def success(self, status: int) -> Any:
        return {"message": None}


@fault("answer.success")
class MessageNumber(Service):
    """Answers a created report with a number for a message."""

    def success(self, status: int) -> Any:
        return {"message": 1} if status == 201 else super().success(status)


@fault("answer.success")
class MessageObject(Service):
    """Answers a created report with a message in several languages."""

    def success(self, status: int) -> Any:
        return {"message": {"en": "Created"}} if status == 201 else super().success(status)


@fault("answer.success")
class SuccessIsString(Service):
    """Answers success with a string alone."""

    def success(self, status: int) -> Any:
        return "ok"


@fault("answer.success")
class SuccessInArray(Service):
    """Answers success with an array of one object."""

    def success(self, status: int) -> Any:
        return [super().success(status)]


class Misshapen(Service):
    """Answers some refusals with a document that is no Error."""

    status: int | None = None
    reason: str | None = None

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        """Return what is answered instead of a document."""
        return document

    def failure(self, refusal: Refusal) -> Any:
        document = super().failure(refusal)
        fits = self.status in (None, refusal.status) and self.reason in (None, refusal.reason)
        return self.misshape(refusal, document) if fits else document


@fault("answer.error")
class ErrorIsString(Misshapen):
    """Answers every refusal with a string for an error."""

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"error": refusal.message}


@fault("answer.error")
class ErrorIsFlat(Misshapen):
    """Answers what is invalid with a message at the top."""

    status = 400

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"message": refusal.message}


@fault("answer.error")
class ErrorIsDetail(Misshapen):
    """Answers what is invalid with the document of a framework."""

    status = 400

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"detail": [{"loc": ["body"], "msg": refusal.message, "type": refusal.reason}]}


@fault("answer.error")
class UnauthorizedIsOauth(Misshapen):
    """Answers 401 with the error of OAuth: a string."""

    status = 401

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"error": "invalid_token", "error_description": refusal.message}


@fault("answer.error")
class ForbiddenWithoutMessage(Misshapen):
    """Leaves the message out of a 403."""

    status = 403

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"error": {"code": "FORBIDDEN"}}


@fault("answer.error")
class MalformedIsFlat(Misshapen):
    """Answers a body that is no JSON, and only that, with a message at the top."""

    reason = "malformed"

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"message": refusal.message}


@fault("answer.error")
class CombinationIsFlat(Misshapen):
    """Answers options that exclude each other, and only these, with a string."""

    reason = "combination"

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"error": refusal.message}


class MisshapenMember(Misshapen):
    """Spoils one member of the error."""

    member = "message"
    value: Any = None

    def misshape(self, refusal: Refusal, document: Any) -> Any:
        return {"error": document["error"] | {self.member: self.value}}


@fault("answer.error")
class ErrorMessageNull(MisshapenMember):
    """Answers an invalid number with a message that is null."""

    reason = "bounds"


@fault("answer.error")
class ErrorMessageList(MisshapenMember):
    """Answers a wrong type with a list of messages."""

    reason, value = "type", ["must be something else"]


@fault("answer.error")
class ErrorCodeNumber(MisshapenMember):
    """Answers refusals with a number for a code."""

    member, value = "code", 1001


@fault("answer.error")
class ErrorCodeNull(MisshapenMember):
    """Answers 401 with a code that is null."""

    status, member = 401, "code"


@fault("answer.error")
class ErrorsOfStrings(MisshapenMember):
    """Answers an invalid date with strings for the nested errors."""

    reason, member, value = "date", "errors", ["not a date"]


@fault("answer.error")
class ErrorsObject(MisshapenMember):
    """Answers refusals with one object for the nested errors."""

    member, value = "errors", {"body": "invalid"}


@fault("answer.error")
class ErrorsNull(MisshapenMember):
    """Answers 403 with null for the nested errors."""

    status, member = 403, "errors"


class Rendered(Service):
    """Answers some refusals as something else than JSON."""

    status = 400
    media_type = "text/html"
    template: str | None = "<html><body><h1>{}</h1></body></html>"

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        reply = super().refuse(request, refusal)
        if refusal.status == self.status:
            reply.media_type = self.media_type
            if self.template is not None:
                reply.content = self.template.format(refusal.message).encode()
        return reply


@fault("answer.error")
class InvalidIsHtml(Rendered):
    """Answers what is invalid with a page."""


@fault("answer.error")
class UnauthorizedIsText(Rendered):
    """Answers 401 with plain text."""

    status, media_type, template = 401, "text/plain", "Unauthorized"


@fault("answer.error")
class UnauthorizedHasNoBody(Rendered):
    """Answers 401 without a body."""

    status, media_type, template = 401, "application/json", ""


@fault("answer.error")
class ForbiddenIsText(Rendered):
    """Answers 403 with plain text."""

    status, media_type, template = 403, "text/plain", "Forbidden"


@fault("answer.error")
class InvalidIsProblem(Rendered):
    """Answers what is invalid with the media type application/problem+json."""

    media_type, template = "application/problem+json", None


@fault("answer.success")
class AverageOfNothing(Service):
    """Writes NaN into an answer: an average of nothing."""

    def success(self, status: int) -> Any:
        return {**super().success(status), "average": float("nan")}
