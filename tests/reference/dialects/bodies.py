"""Lawful variations in what is read from a body."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.reference.ledger import Transaction
from tests.reference.messages import Refusal, Request
from tests.reference.reading import Body, Options, read_int
from tests.reference.service import Service
from tests.reference.variants import dialect


@dialect()
class IntegralFloatsAccepted(Service):
    """Takes 1.0 and 1e2 for integers, as JSON Schema does."""

    def to_count(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return super().to_count(value)


@dialect()
class AnyMediaType(Service):
    """Reads JSON whatever the media type."""

    def is_json_type(self, media_type: str) -> bool:
        return True


@dialect()
class OtherMediaTypesAre400(Service):
    """Answers 400 to other media types."""

    def read_body(self, request: Request) -> Body:
        if request.body and not self.is_json_type(request.header("content-type") or ""):
            raise Refusal(400, "The body must be application/json.", reason="media-type")
        return super().read_body(request)


@dialect()
class LengthRequired(Service):
    """Answers 411 where no length is told, be it of a body or of none."""

    def read_body(self, request: Request) -> Body:
        if request.header("content-length") is None:
            raise Refusal(411, "The length of the body is required.", reason="length")
        return super().read_body(request)


@dialect()
class ChunksNotImplemented(Service):
    """Answers 501 to a body that comes in chunks."""

    def read_body(self, request: Request) -> Body:
        if request.header("transfer-encoding"):
            raise Refusal(501, "Bodies in chunks are not read.", reason="chunks")
        return super().read_body(request)


@dialect()
class EmptyJsonRefused(Service):
    """Refuses zero bytes that call themselves JSON."""

    def read_body(self, request: Request) -> Body:
        if not request.body and request.header("content-type"):
            raise Refusal(400, "The body is no JSON: it is empty.", reason="malformed")
        return super().read_body(request)


@dialect()
class BlankBodyIsNone(Service):
    """Takes a body of nothing but what Unicode calls space for none."""

    def read_body(self, request: Request) -> Body:
        if not request.body.decode("utf-8", "replace").strip():
            return {}
        return super().read_body(request)


@dialect()
class AnyUnicodeEncoding(Service):
    """Reads UTF-16, UTF-32 and byte order marks."""

    def parse(self, raw: bytes) -> Any:
        encoding = json.detect_encoding(raw)
        return super().parse(raw if encoding == "utf-8" else raw.decode(encoding).encode())


@dialect()
class PrototypeGuarded(Service):
    """Refuses a property named __proto__, as readers do that guard their objects."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, dict) and "__proto__" in body:
            raise self.invalid("__proto__", "name", "has a forbidden name.")
        return super().check_body(body)


@dialect()
class DuplicateNamesRefused(Service):
    """Refuses an object that names a property twice."""

    def parse(self, raw: bytes) -> Any:
        value = super().parse(raw)
        json.loads(raw, object_pairs_hook=self.unique, parse_int=read_int)
        return value

    def unique(self, pairs: list[tuple[str, Any]]) -> Body:
        """Return an object of these members; raises ValueError at a name that is there twice."""
        made = dict(pairs)
        if len(made) < len(pairs):
            raise ValueError("a name is there twice")
        return made


@dialect()
class FirstOfDuplicateNames(Service):
    """Takes the first of several members of the same name."""

    def parse(self, raw: bytes) -> Any:
        super().parse(raw)
        return json.loads(raw, object_pairs_hook=self.first, parse_int=read_int)

    def first(self, pairs: list[tuple[str, Any]]) -> Body:
        """Return an object of the first members of each name."""
        return dict(reversed(pairs))


@dialect()
class LoneSurrogatesRefused(Service):
    """Refuses text that is no Unicode."""

    def parse(self, raw: bytes) -> Any:
        value = super().parse(raw)
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("a surrogate is alone") from error
        return value


@dialect()
class LargeBodiesRefused(Service):
    """Refuses bodies of more than 64 KiB."""

    max_body = 64 * 1024


@dialect()
class YearZeroAccepted(Service):
    """Takes the year 0000, which the grammar has and the calendar has not, for its very start."""

    def to_date(self, value: Any) -> date | None:
        if isinstance(value, str) and value.startswith("0000-"):
            # 0004 is a leap year too.
            return super().to_date("0004" + value[4:]) and date.min
        return super().to_date(value)


@dialect(gate="must")
class CombinationsIntersected(Service):
    """Takes ids beside a count or a range, and settles what all of them select."""

    def check_combination(self, options: Options) -> None:
        pass

    def select(self, account: str, options: Options) -> list[Transaction]:
        found = super().select(account, options)
        if options.ids is None:
            return found
        if options.span is not None:
            within = self.within(account, options.span)
            found = [each for each in found if each in within]
        return found if options.count is None else self.pick(found, options.count)


@dialect(gate="must")
class LenientJson(Service):
    """Takes NaN and Infinity, and bytes that are not UTF-8."""

    def parse(self, raw: bytes) -> Any:
        text = raw.decode(errors="replace")
        try:
            return super().parse(text.encode())
        except ValueError:
            return json.loads(text, parse_int=read_int)


@dialect(gate="must")
class IdsOfOneShape(Service):
    """Refuses ids that are not shaped like the example: an account, a dot, 22 or more more."""

    def read_id(self, index: int, item: Any) -> str:
        name = super().read_id(index, item)
        account, dot, rest = name.partition(".")
        if not (self.account_pattern.fullmatch(account) and dot and len(rest) >= 22):
            raise self.invalid(f"transaction_ids/{index}", "pattern", "must be an id.")
        return name
