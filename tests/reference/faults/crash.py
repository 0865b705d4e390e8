"""Faults that end in an unexpected error, and methods that do what only POST may do."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.reference.messages import Refusal, Reply, Request
from tests.reference.reading import IDS, RANGE, Body, Options
from tests.reference.service import Service
from tests.reference.tokens import Caller
from tests.reference.variants import fault


def crash() -> Refusal:
    """Return the answer of a handler that broke down."""
    return Refusal(500, "An unexpected error happened.")


class CrashingIds(Service):
    """Breaks down at some ids."""

    def breaks_down(self, name: str) -> bool:
        """Tell if an id is one of them."""
        return False

    def read_id(self, index: int, item: Any) -> str:
        name = super().read_id(index, item)
        if self.breaks_down(name):
            raise crash()
        return name


@fault("answer.no-500", also=("ids.any-string",))
class NulCrashes(CrashingIds):
    """Breaks down at a NUL in an id: the database cannot store it."""

    def breaks_down(self, name: str) -> bool:
        return "\x00" in name


@fault("answer.no-500", also=("ids.any-string",))
class EmojiCrashes(CrashingIds):
    """Breaks down at characters beyond the basic plane."""

    def breaks_down(self, name: str) -> bool:
        return any(each > "\uffff" for each in name)


@fault("answer.no-500")
class LoneSurrogateCrashes(CrashingIds):
    """Breaks down at half of a surrogate pair in an id: it cannot be written as UTF-8."""

    def breaks_down(self, name: str) -> bool:
        return any("\ud800" <= each <= "\udfff" for each in name)


@fault("answer.no-500", also=("ids.any-string",))
class LongIdCrashes(CrashingIds):
    """Breaks down at an id of more than 255 characters."""

    def breaks_down(self, name: str) -> bool:
        return len(name) > 255


@fault("answer.no-500", also=("ids.any-string",))
class IdWithoutDotCrashes(CrashingIds):
    """Breaks down at an id without a dot."""

    def breaks_down(self, name: str) -> bool:
        return "." not in name


@fault("answer.no-500", also=("ids.any-string",))
class QuoteCrashes(CrashingIds):
    """Breaks down at a single quote in an id: it ends a string of the query."""

    def breaks_down(self, name: str) -> bool:
        return "'" in name


@fault("answer.no-500", also=("answer.error", "ids.any-string"))
class NulCrashesToHtml(CrashingIds):
    """Answers a NUL in an id with the error page of the web server."""

    def breaks_down(self, name: str) -> bool:
        return "\x00" in name

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        if refusal.status == 500:
            return Reply(500, b"<html><h1>Internal Server Error</h1></html>", "text/html")
        return super().refuse(request, refusal)


class CrashingBody(Service):
    """Breaks down at bodies of some types."""

    types: tuple[type, ...] = ()

    def check_body(self, body: Any) -> Body:
        if type(body) in self.types:
            raise crash()
        return super().check_body(body)


@fault("answer.no-500", also=("body.open",))
class ShadowedMethodCrashes(Service):
    """Breaks down at a property that hides a method of every object."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, dict) and "hasOwnProperty" in body:
            raise crash()
        return super().check_body(body)


@fault("answer.no-500", also=("body.null",))
class NullBodyCrashes(CrashingBody):
    """Breaks down at a body that is null."""

    types = (type(None),)


@fault("answer.no-500", also=("body.object",))
class ArrayBodyCrashes(CrashingBody):
    """Breaks down at a body that is an array."""

    types = (list,)


@fault("answer.no-500", also=("body.optional",))
class NoBodyCrashes(Service):
    """Breaks down where there is no body."""

    def read_body(self, request: Request) -> Body:
        if not request.body:
            raise crash()
        return super().read_body(request)


@fault("answer.no-500", also=("body.json-strict",))
class InvalidUtf8Crashes(Service):
    """Breaks down at bytes that are not UTF-8."""

    def parse(self, raw: bytes) -> Any:
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            raise crash() from error
        return super().parse(raw)


@fault("answer.no-500", also=("body.json",))
class MalformedBodyCrashes(Service):
    """Breaks down at a body that is no JSON."""

    def parse(self, raw: bytes) -> Any:
        try:
            return super().parse(raw)
        except ValueError as error:
            raise crash() from error


@fault("answer.no-500", also=("count.maximum",))
class HugeCountCrashes(Service):
    """Breaks down at a count that does not fit into 64 bits."""

    def check_count(self, count: int, body: Body) -> int:
        if abs(count) >= 2**63:
            raise crash()
        return super().check_count(count, body)


@fault("answer.no-500", also=("count.type",))
class NullCountCrashes(Service):
    """Breaks down at a count that is null."""

    def to_count(self, value: Any) -> int:
        if value is None:
            raise crash()
        return super().to_count(value)


@fault("answer.no-500", also=("range.required",))
class MissingDateCrashes(Service):
    """Breaks down at a range without one of its dates."""

    def check_required(self, span: Body) -> None:
        if len(span) < 2:
            raise crash()
        super().check_required(span)


@fault("answer.no-500", also=("range.type",))
class RangeStringCrashes(Service):
    """Breaks down at a range that is a string."""

    def read_options(self, body: Body) -> Options:
        if isinstance(body.get(RANGE), str):
            raise crash()
        return super().read_options(body)


@fault("answer.no-500", also=("range.date",))
class ImpossibleDateCrashes(Service):
    """Breaks down at a date that matches the pattern and is in no calendar."""

    def to_date(self, value: Any) -> date | None:
        day = super().to_date(value)
        if day is None and isinstance(value, str) and len(value) == 10 and value[4] == "-":
            raise crash()
        return day


@fault("answer.no-500", also=("range.accepted",))
class FirstDayCrashes(Service):
    """Breaks down at the first day there is: the day before it cannot be computed."""

    def check_order(self, start: date, end: date) -> None:
        super().check_order(start, end)
        if start == date.min:
            raise crash()


@fault("answer.no-500", also=("auth.malformed",))
class OddTokenCrashes(Service):
    """Breaks down at a token that has not three parts."""

    def read_bearer(self, authorization: str | None) -> str:
        token = super().read_bearer(authorization)
        if token.count(".") != 2:
            raise crash()
        return token


@fault("answer.no-500")
class EveryTenthCrashes(Service):
    """Breaks down at every tenth valid request."""

    valid = 0

    def read_options(self, body: Body) -> Options:
        options = super().read_options(body)
        self.valid += 1
        if self.valid % 10 == 0:
            raise crash()
        return options


class MoreMethods(Service):
    """Treats some more methods as POST."""

    methods: tuple[str, ...] = ()

    def check_method(self, request: Request) -> None:
        if request.method not in self.methods:
            super().check_method(request)


@fault("answer.method")
class GetCreates(MoreMethods):
    """Creates a report at GET."""

    methods = ("GET", "HEAD")


@fault("answer.method")
class HeadCreates(MoreMethods):
    """Creates a report at HEAD."""

    methods = ("HEAD",)


@fault("answer.method")
class PutCreates(MoreMethods):
    """Creates a report at PUT."""

    methods = ("PUT",)


@fault("answer.method")
class PatchCreates(MoreMethods):
    """Creates a report at PATCH."""

    methods = ("PATCH",)


@fault("answer.method")
class DeleteCreates(MoreMethods):
    """Creates a report at DELETE."""

    methods = ("DELETE",)


@fault("answer.method")
class AnyMethodCreates(MoreMethods):
    """Creates a report at any method."""

    methods = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")


@fault("answer.method")
class PutSettlesSilently(MoreMethods):
    """Settles at PUT, and answers 405 all the same."""

    methods = ("PUT",)

    async def operate(self, request: Request) -> Reply:
        reply = await super().operate(request)
        if request.method == "PUT":
            raise Refusal(405, "PUT is not supported here.", reason="method")
        return reply


@fault("answer.no-500")
class TokenBeyondAsciiCrashes(Service):
    """Breaks down at a token with a character beyond ASCII: it cannot be encoded."""

    def read_token(self, token: str) -> Caller:
        if not token.isascii():
            raise crash()
        return super().read_token(token)


@fault("body.open", also=("exclusion.ids-range",))
class NameOfIdsInAnyCase(Service):
    """Knows transaction_ids by that name in any case."""

    def read_options(self, body: Body) -> Options:
        known = {IDS if name.lower() == IDS else name: value for name, value in body.items()}
        return super().read_options(known)


@fault("answer.no-500")
class DeepBodiesCrash(Service):
    """Breaks down at a body that is nested thousands deep: the reader recurses."""

    def parse(self, raw: bytes) -> Any:
        if raw.count(b"[") > 1000:
            raise crash()
        return super().parse(raw)
