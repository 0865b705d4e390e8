"""Faults in reading the number of transactions."""

from __future__ import annotations

from typing import Any

from tests.reference.ledger import Transaction
from tests.reference.reading import COUNT, Body
from tests.reference.service import Service
from tests.reference.variants import fault


@fault("count.accepted", also=("count.minimum",))
class CountOfOneRefused(Service):
    """Refuses a count of 1: the minimum is taken for exclusive."""

    min_count = 2


@fault("count.accepted", also=("count.maximum",))
class TenThousandRefused(Service):
    """Refuses a count of 10000: the maximum is taken for exclusive."""

    max_count = 9999


@fault("count.accepted", also=("count.maximum",))
class CountOverHundredRefused(Service):
    """Refuses counts above 100."""

    max_count = 100


@fault("count.accepted", also=("count.maximum",))
class CountOverThousandRefused(Service):
    """Refuses counts above 1000: the limit of another property."""

    max_count = 1000


@fault("count.accepted", also=("count.maximum",))
class CountOfOneByte(Service):
    """Refuses counts that do not fit into a byte."""

    max_count = 255


@fault("count.minimum")
class CountMinimumUnchecked(Service):
    """Takes zero and negative counts."""

    def check_count(self, count: int, body: Body) -> int:
        return super().check_count(count, body) if count > 0 else 0


@fault("count.minimum")
class ZeroCountAccepted(Service):
    """Takes a count of zero."""

    min_count = 0


@fault("count.minimum")
class ZeroCountIgnored(Service):
    """Takes a count of zero for none: `if count`."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (
            name == COUNT and type(body[name]) is int and not body[name]
        )


@fault("count.minimum")
class NegativeCountAccepted(Service):
    """Takes a negative count for its absolute value."""

    def to_count(self, value: Any) -> int:
        return abs(super().to_count(value))


@fault("count.minimum")
class MinusOneMeansAll(Service):
    """Takes a count of -1 for no limit."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (name == COUNT and body[name] == -1)


@fault("count.minimum")
class CountRaisedToMinimum(Service):
    """Raises counts below the minimum to it."""

    def check_count(self, count: int, body: Body) -> int:
        return super().check_count(max(count, 1), body)


@fault("count.maximum")
class CountMaximumUnchecked(Service):
    """Takes any count above the maximum."""

    def check_count(self, count: int, body: Body) -> int:
        super().check_count(min(count, 1), body)
        return count


@fault("count.maximum")
class CountMaximumOffByOne(Service):
    """Takes a count of 10001."""

    max_count = 10001


@fault("count.maximum")
class CountClamped(Service):
    """Lowers counts above the maximum to it."""

    def check_count(self, count: int, body: Body) -> int:
        return super().check_count(min(count, self.max_count), body)


@fault("count.maximum")
class CountMaximumTenfold(Service):
    """Takes counts up to 100000."""

    max_count = 100000


@fault("count.maximum")
class HugeCountAccepted(Service):
    """Takes counts of 2^31 and more: they overflow to no limit."""

    def check_count(self, count: int, body: Body) -> int:
        return self.max_count if count >= 2**31 else super().check_count(count, body)


class LenientCount(Service):
    """Takes some values that are no integers."""

    def lenient(self, value: Any) -> Any:
        """Return what a value is taken for."""
        return value

    def to_count(self, value: Any) -> int:
        return super().to_count(self.lenient(value))


@fault("count.type")
class StringCountRead(LenientCount):
    """Reads a count out of a string."""

    def lenient(self, value: Any) -> Any:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
            return int(value)
        return value


@fault("count.type")
class FractionTruncated(LenientCount):
    """Cuts the fraction off a count."""

    def lenient(self, value: Any) -> Any:
        return int(value) if isinstance(value, float) and abs(value) < 1e15 else value


@fault("count.type")
class FractionRounded(LenientCount):
    """Rounds a count that is nearly a whole number or half way."""

    def lenient(self, value: Any) -> Any:
        return round(value + 0.1) if isinstance(value, float) and abs(value) < 1e15 else value


@fault("count.maximum", also=("count.type",))
class CountReadFromItsText(LenientCount):
    """Reads the digits that the text of a number begins with: 1 for 1e21, 5 for 5e-7."""

    def lenient(self, value: Any) -> Any:
        text = repr(value)
        return int(text[0]) if isinstance(value, float) and text[1] == "e" else value


@fault("count.type")
class BooleanCountAccepted(LenientCount):
    """Takes true for a count of 1."""

    def lenient(self, value: Any) -> Any:
        return int(value) if isinstance(value, bool) else value


@fault("count.type")
class ArrayCountUnwrapped(LenientCount):
    """Takes an array for its first number, or else for 1."""

    def lenient(self, value: Any) -> Any:
        return next(iter(value), 1) if isinstance(value, list) else value


@fault("count.type")
class ObjectCountAccepted(LenientCount):
    """Takes an object for a count of 1."""

    def lenient(self, value: Any) -> Any:
        return 1 if isinstance(value, dict) else value


@fault("count.type")
class NullCountIgnored(Service):
    """Takes null for no count."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (name == COUNT and body[name] is None)


@fault("count.type")
class EmptyStringCountIgnored(Service):
    """Takes an empty string for no count, as forms do."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (name == COUNT and body[name] == "")


@fault("count.type")
class CountTypeUnchecked(Service):
    """Ignores a count that is no number."""

    def is_absent(self, body: Body, name: str) -> bool:
        return super().is_absent(body, name) or (
            name == COUNT
            and (isinstance(body[name], bool) or not isinstance(body[name], int | float))
        )


@fault("count.accepted", also=("outcome.count-limit", "outcome.nothing"))
class CountBeyondWhatThereIsRefused(Service):
    """Refuses a count where there are fewer."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        if len(found) < count:
            raise self.invalid(COUNT, "bounds", "is more than there are.")
        return super().pick(found, count)


@fault("answer.no-500", also=("outcome.count-limit",))
class FullCountsOver127Crash(Service):
    """Compares the count with what it found by identity: from 128 on they are never the same."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        chosen = super().pick(found, count)
        if len(chosen) == count > 127:
            raise AssertionError("more were found than asked for")
        return chosen
