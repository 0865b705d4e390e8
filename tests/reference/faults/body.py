"""Faults in reading the body as a whole."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.reference.messages import Refusal, Request
from tests.reference.reading import COUNT, DECODER, IDS, RANGE, Body
from tests.reference.service import Service
from tests.reference.variants import fault

KNOWN = frozenset({IDS, COUNT, RANGE})


@fault("body.optional")
class BodyRequired(Service):
    """Refuses a request without a body."""

    def read_body(self, request: Request) -> Body:
        if not request.body:
            raise Refusal(400, "The body is required.", reason="required")
        return super().read_body(request)


@fault("body.optional")
class ContentTypeRequired(Service):
    """Refuses a request without a Content-Type, even where it has no body."""

    def read_body(self, request: Request) -> Body:
        if request.header("content-type") is None:
            raise Refusal(400, "The Content-Type is required.", reason="media-type")
        return super().read_body(request)


@fault("body.empty")
class EmptyObjectRefused(Service):
    """Refuses an object without any property."""

    def check_body(self, body: Any) -> Body:
        if body == {}:
            raise self.invalid("", "required", "The body must not be empty.")
        return super().check_body(body)


@fault("body.empty", also=("body.open",))
class OptionRequired(Service):
    """Refuses an object without any known option."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, dict) and not KNOWN & body.keys():
            raise self.invalid("", "required", "At least one option is required.")
        return super().check_body(body)


@fault("body.open")
class UnknownPropertiesRefused(Service):
    """Refuses unknown properties."""

    def read_options(self, body: Body) -> Any:
        if body.keys() - KNOWN:
            raise self.invalid("", "unknown", "Unknown properties are not allowed.")
        return super().read_options(body)


@fault("body.open")
class UnknownObjectsRefused(Service):
    """Refuses unknown properties whose value is an object or an array."""

    def read_options(self, body: Body) -> Any:
        if any(isinstance(body[name], dict | list) for name in body.keys() - KNOWN):
            raise self.invalid("", "unknown", "Only plain values are allowed.")
        return super().read_options(body)


@fault("body.open")
class UnknownInRangeRefused(Service):
    """Refuses unknown properties inside of a range."""

    def check_required(self, span: Body) -> None:
        super().check_required(span)
        if len(span) > 2:
            raise self.invalid(RANGE, "unknown", "must have two properties.")


@fault("body.open")
class UnknownBesideIdsRefused(Service):
    """Refuses unknown properties beside transaction ids only."""

    def read_options(self, body: Body) -> Any:
        if body.get(IDS) and body.keys() - KNOWN:
            raise self.invalid("", "unknown", "Unknown properties are not allowed.")
        return super().read_options(body)


@fault("body.open", also=("outcome.unknown-ignored",))
class PropertyNamesFolded(Service):
    """Takes properties for known ones whatever their case, as some decoders do."""

    def read_options(self, body: Body) -> Any:
        return super().read_options({name.lower(): value for name, value in body.items()})


@fault("outcome.unknown-ignored", also=("body.open",))
class CamelCaseHeard(Service):
    """Listens to properties in camel case as well."""

    def read_options(self, body: Body) -> Any:
        spoken = {re.sub("[A-Z]", lambda m: "_" + m[0].lower(), name): name for name in body}
        return super().read_options({name: body[said] for name, said in spoken.items()})


class LenientBody(Service):
    """Takes bodies of some types that are no objects for an empty object."""

    types: tuple[type, ...] = ()

    def check_body(self, body: Any) -> Body:
        return {} if type(body) in self.types else super().check_body(body)


@fault("body.object")
class ArrayBodyAccepted(LenientBody):
    """Takes an array for an empty object."""

    types = (list,)


@fault("body.object", also=("body.json",))
class ArrayOfStringsAreIds(Service):
    """Takes an array of strings for ids."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, list) and body and all(isinstance(each, str) for each in body):
            body = {IDS: body}
        return super().check_body(body)


@fault("body.object")
class StringBodyAccepted(LenientBody):
    """Takes a string for an empty object."""

    types = (str,)


@fault("body.object")
class NumberBodyAccepted(LenientBody):
    """Takes a number for an empty object."""

    types = (int, float)


@fault("body.object")
class BooleanBodyAccepted(LenientBody):
    """Takes a boolean for an empty object."""

    types = (bool,)


@fault("body.object")
class BodyTypeUnchecked(LenientBody):
    """Takes anything but null for an object."""

    types = (list, str, int, float, bool)


@fault("body.object", also=("body.null",))
class FalsyBodyAccepted(Service):
    """Takes [], "", 0, false and null for an empty object: `body or {}`."""

    def check_body(self, body: Any) -> Body:
        return super().check_body(body or {})


@fault("body.object")
class ArrayBodyUnwrapped(Service):
    """Takes an array of one object for that object."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, list) and len(body) == 1:
            return super().check_body(body[0])
        return super().check_body(body)


@fault("body.object")
class JsonInStringRead(Service):
    """Takes a string for the JSON that stands in it, or else for an empty object."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, str):
            try:
                return super().check_body(self.parse(body.encode()))
            except (ValueError, RecursionError):
                return {}
        return super().check_body(body)


@fault("body.null")
class NullBodyAccepted(LenientBody):
    """Takes null for an empty object."""

    types = (type(None),)


@fault("body.null")
class NullBodyReportsNothing(Service):
    """Answers 200 to a body that is null, and settles nothing."""

    def check_body(self, body: Any) -> Body:
        return {IDS: ["nothing"]} if body is None else super().check_body(body)


class Repaired(Service):
    """Reads text that is no JSON once more after a repair."""

    def repair(self, text: str) -> str:
        """Return what is read instead."""
        return text

    def parse(self, raw: bytes) -> Any:
        try:
            return super().parse(raw)
        except ValueError:
            return super().parse(self.repair(raw.decode()).encode())


@fault("body.json", also=("body.json-strict",))
class MalformedBodyIgnored(Repaired):
    """Takes everything that is no JSON for an empty object."""

    def parse(self, raw: bytes) -> Any:
        try:
            return super().parse(raw)
        except ValueError:
            return {}


@fault("body.json")
class CutBodyRepaired(Repaired):
    """Closes what a body that was cut short left open."""

    def repair(self, text: str) -> str:
        if text.count('"') % 2:
            text += '"'
        if text.rstrip().endswith(":"):
            text += "null"
        closers = {"{": "}", "[": "]"}
        stack: list[str] = []
        for each in re.sub(r'"[^"]*"', "", text):
            if each in closers:
                stack.append(closers[each])
            elif each in "}]" and stack:
                stack.pop()
        return text.rstrip().rstrip(",") + "".join(reversed(stack))


@fault("body.json")
class WordsIgnored(Repaired):
    """Takes plain words for an empty object."""

    def repair(self, text: str) -> str:
        return "{}" if text.strip()[:1].isalpha() else text


@fault("body.json", also=("body.json-strict",))
class UnbalancedBodyAccepted(Repaired):
    """Ignores closing brackets that nothing opened."""

    def repair(self, text: str) -> str:
        text = text.strip()
        while text.endswith(("}", "]")) and len(re.findall(r"[}\]]", text)) > len(
            re.findall(r"[{\[]", text)
        ):
            text = text[:-1]
        return text or "{}"


@fault("body.json-strict", also=("body.json",))
class TrailingDataIgnored(Service):
    """Reads the first JSON value and ignores what follows."""

    def parse(self, raw: bytes) -> Any:
        return DECODER.raw_decode(raw.decode().lstrip(" \t\r\n"))[0]


@fault("body.json-strict")
class TrailingCommaAccepted(Repaired):
    """Takes a comma after the last member."""

    def repair(self, text: str) -> str:
        return re.sub(r",(\s*[}\]])", r"\1", text)


@fault("body.json-strict")
class NanAccepted(Service):
    """Takes NaN and Infinity, as the language's own reader does."""

    def parse(self, raw: bytes) -> Any:
        try:
            return super().parse(raw)
        except ValueError:
            return json.loads(raw.decode())


@fault("body.json-strict")
class SingleQuotesAccepted(Repaired):
    """Takes single quotes for double ones."""

    def repair(self, text: str) -> str:
        return text.replace("'", '"')


@fault("body.json-strict")
class CommentsAccepted(Repaired):
    """Takes comments."""

    def repair(self, text: str) -> str:
        return re.sub(r"/\*.*?\*/|//[^\n]*|#[^\n]*", "", text, flags=re.DOTALL)


@fault("body.json-strict")
class InvalidUtf8Replaced(Service):
    """Replaces bytes that are not UTF-8 instead of refusing them."""

    def parse(self, raw: bytes) -> Any:
        return super().parse(raw.decode(errors="replace").encode())


@fault("body.json-strict")
class Latin1Accepted(Service):
    """Reads what is not UTF-8 as Latin-1."""

    def parse(self, raw: bytes) -> Any:
        try:
            return super().parse(raw)
        except UnicodeDecodeError:
            return super().parse(raw.decode("latin-1").encode())


@fault("body.media-type", also=("answer.status",))
class CharsetRefused(Service):
    """Compares the whole Content-Type, and refuses it with a charset."""

    def is_json_type(self, media_type: str) -> bool:
        return super().is_json_type(media_type) and ";" not in media_type


@fault("body.media-type", also=("answer.status",))
class MediaTypeCaseSensitive(Service):
    """Refuses a media type in upper case."""

    def is_json_type(self, media_type: str) -> bool:
        name = media_type.partition(";")[0]
        return super().is_json_type(media_type) and name == name.lower()


@fault("body.media-type")
class CharsetIsMalformed(Service):
    """Takes a body with a charset in its Content-Type for malformed."""

    def read_body(self, request: Request) -> Body:
        if request.body and "charset" in (request.header("content-type") or "").lower():
            raise Refusal(400, "The body cannot be read.", reason="malformed")
        return super().read_body(request)


@fault("body.open")
class InheritedNamesRefused(Service):
    """Refuses properties that every object or array has of itself."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, dict) and {"length", "toJSON", "prototype"} & body.keys():
            raise self.invalid("", "name", "has a forbidden name.")
        return super().check_body(body)


@fault("body.json-strict")
class HexNumbersRead(Service):
    """Reads numbers of base 16, as some readers do that let the C library read them."""

    def parse(self, raw: bytes) -> Any:
        return super().parse(re.sub(rb"\b0x[0-9a-f]+\b", lambda m: b"%d" % int(m[0], 16), raw))


@fault("body.json-strict")
class TrailingNulStripped(Service):
    """Reads a body as far as its first NUL."""

    def parse(self, raw: bytes) -> Any:
        return super().parse(raw.rstrip(b"\0"))


@fault("body.json")
class AnySpaceTrimmed(Service):
    """Trims whatever Unicode takes for space before it reads a body."""

    def parse(self, raw: bytes) -> Any:
        return super().parse(raw.decode().strip().encode())
