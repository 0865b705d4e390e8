"""Faults in reading transaction ids."""

from __future__ import annotations

import re
from typing import Any

from tests.reference.reading import COUNT, IDS, RANGE, Body
from tests.reference.service import Service
from tests.reference.variants import fault


@fault("ids.accepted")
class DuplicateIdsRefused(Service):
    """Refuses an id that is given twice."""

    def read_ids(self, body: Body) -> list[str] | None:
        ids = super().read_ids(body)
        if ids and len(set(ids)) < len(ids):
            raise self.invalid(IDS, "unique", "must have no duplicates.")
        return ids


@fault("ids.accepted")
class SingleIdRefused(Service):
    """Refuses an array of one id."""

    def check_number_of_ids(self, items: list[Any]) -> None:
        super().check_number_of_ids(items)
        if len(items) == 1:
            raise self.invalid(IDS, "bounds", "must have at least 2 items.")


class PickyIds(Service):
    """Refuses ids that do not match a pattern."""

    pattern = re.compile(".*", re.DOTALL)

    def read_id(self, index: int, item: Any) -> str:
        name = super().read_id(index, item)
        if not self.pattern.fullmatch(name):
            raise self.invalid(f"{IDS}/{index}", "pattern", "must be a transaction id.")
        return name


@fault("ids.accepted", also=("ids.any-string",))
class LongerIdsRefused(PickyIds):
    """Refuses ids with more than 22 characters after the dot."""

    pattern = re.compile(r"[PT][0-9]{8}\..{22}|(?![PT][0-9]{8}\.).*", re.DOTALL)


@fault("ids.any-string")
class IdPatternEnforced(PickyIds):
    """Refuses ids that are not shaped like the example."""

    pattern = re.compile(r"[PT][0-9]{8}\.[0-9A-Za-z]{22,}")


@fault("ids.any-string")
class EmptyIdRefused(PickyIds):
    """Refuses an empty id."""

    pattern = re.compile(r".+", re.DOTALL)


@fault("ids.any-string")
class LongIdRefused(PickyIds):
    """Refuses ids of more than 64 characters."""

    pattern = re.compile(r".{,64}", re.DOTALL)


@fault("ids.any-string")
class NonAsciiIdRefused(PickyIds):
    """Refuses ids with characters that are not ASCII."""

    pattern = re.compile(r"[\x00-\x7f]*")


@fault("ids.any-string")
class NulIdRefused(PickyIds):
    """Refuses ids with a NUL."""

    pattern = re.compile(r"[^\x00]*")


@fault("ids.any-string")
class QuoteInIdRefused(PickyIds):
    """Refuses ids with quotes, taking them for an attack."""

    pattern = re.compile(r"[^'\"]*")


@fault("ids.any-string")
class DotInIdRequired(PickyIds):
    """Refuses ids without a dot: it splits the account off."""

    pattern = re.compile(r".*\..*", re.DOTALL)


@fault("ids.any-string")
class IdOfDigitsRefused(PickyIds):
    """Refuses ids of digits only, taking them for numbers."""

    pattern = re.compile(r"(?![0-9]+\Z).*", re.DOTALL)


@fault("ids.any-string")
class DateLikeIdRefused(PickyIds):
    """Refuses ids that begin like a date: a reviver makes dates of them."""

    pattern = re.compile(r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}).*", re.DOTALL)


class LenientIds(Service):
    """Takes some values that are no arrays."""

    def lenient(self, value: Any) -> Any:
        """Return what a value is taken for."""
        return value

    def read_ids(self, body: Body) -> list[str] | None:
        if self.is_absent(body, IDS):
            return None
        return super().read_ids(body | {IDS: self.lenient(body[IDS])})


@fault("ids.type")
class StringIdsWrapped(LenientIds):
    """Takes a string for an array of that one string."""

    def lenient(self, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


@fault("ids.type")
class ScalarIdsWrapped(LenientIds):
    """Takes any scalar but null for an array of it, as text."""

    def lenient(self, value: Any) -> Any:
        return [str(value)] if isinstance(value, str | int | float) else value


@fault("ids.type")
class IdsInStringSplit(LenientIds):
    """Splits a string at its commas."""

    def lenient(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value


@fault("ids.type")
class NullIdsAccepted(LenientIds):
    """Takes null for no ids."""

    def lenient(self, value: Any) -> Any:
        return [] if value is None else value


@fault("ids.type")
class FalsyIdsAccepted(LenientIds):
    """Takes "", 0, false and null for no ids."""

    def lenient(self, value: Any) -> Any:
        return value or []


@fault("ids.type")
class ObjectOfIdsAccepted(LenientIds):
    """Takes an object for the array of its names."""

    def lenient(self, value: Any) -> Any:
        return list(value) if isinstance(value, dict) else value


@fault("ids.type")
class IdsTypeUnchecked(LenientIds):
    """Ignores ids that are no array."""

    def lenient(self, value: Any) -> Any:
        return value if isinstance(value, list) else []


class LenientItems(Service):
    """Takes some items that are no strings."""

    def accepts(self, index: int, item: Any) -> bool:
        """Tell if an item is taken as it is."""
        return False

    def read_id(self, index: int, item: Any) -> str:
        return str(item) if self.accepts(index, item) else super().read_id(index, item)


@fault("ids.items")
class ItemsUnchecked(LenientItems):
    """Does not look at the types of the items."""

    def accepts(self, index: int, item: Any) -> bool:
        return True


@fault("ids.items")
class NumbersAsIds(LenientItems):
    """Takes numbers for ids."""

    def accepts(self, index: int, item: Any) -> bool:
        return type(item) in (int, float)


@fault("ids.items")
class NullsAsIds(LenientItems):
    """Takes null for an id."""

    def accepts(self, index: int, item: Any) -> bool:
        return item is None


@fault("ids.items")
class BooleansAsIds(LenientItems):
    """Takes booleans for ids."""

    def accepts(self, index: int, item: Any) -> bool:
        return isinstance(item, bool)


@fault("ids.items")
class ObjectsAsIds(LenientItems):
    """Takes objects for ids."""

    def accepts(self, index: int, item: Any) -> bool:
        return isinstance(item, dict)


@fault("ids.items")
class NestedIdsFlattened(LenientItems):
    """Takes arrays within the array for ids."""

    def accepts(self, index: int, item: Any) -> bool:
        return isinstance(item, list)


@fault("ids.items")
class OnlyFirstItemChecked(LenientItems):
    """Looks at the type of the first item only."""

    def accepts(self, index: int, item: Any) -> bool:
        return index > 0


@fault("ids.items")
class ThousandthItemUnchecked(LenientItems):
    """Does not look at the type of the thousandth item."""

    def accepts(self, index: int, item: Any) -> bool:
        return index == 999


@fault("ids.items")
class LastItemUnchecked(Service):
    """Does not look at the type of the last of several items."""

    def read_ids(self, body: Body) -> list[str] | None:
        value = body.get(IDS)
        if isinstance(value, list) and len(value) > 1:
            body = body | {IDS: [*value[:-1], str(value[-1])]}
        return super().read_ids(body)


@fault("ids.max-items")
class MaxItemsUnchecked(Service):
    """Takes any number of ids."""

    def check_number_of_ids(self, items: list[Any]) -> None:
        pass


@fault("ids.max-items")
class MaxItemsOffByOne(Service):
    """Takes 1001 ids."""

    max_ids = 1001


@fault("ids.max-items")
class ThousandIdsRefused(Service):
    """Refuses exactly 1000 ids."""

    max_ids = 999


@fault("ids.max-items", also=("ids.accepted",))
class HundredIdsAtMost(Service):
    """Refuses more than 100 ids."""

    max_ids = 100


@fault("ids.max-items")
class MaxItemsOfTheCount(Service):
    """Takes up to 10000 ids: the limit of another property."""

    max_ids = 10000


@fault("ids.max-items")
class ExcessIdsDropped(LenientIds):
    """Drops what is over 1000 ids instead of refusing it."""

    def lenient(self, value: Any) -> Any:
        return value[: self.max_ids] if isinstance(value, list) else value


@fault("ids.empty-accepted")
class EmptyIdsRefused(Service):
    """Refuses an empty array."""

    def check_number_of_ids(self, items: list[Any]) -> None:
        if not items:
            raise self.invalid(IDS, "bounds", "must not be empty.")
        super().check_number_of_ids(items)


class EmptyIdsRefusedBeside(Service):
    """Refuses an empty array beside all of some other options."""

    others: frozenset[str] = frozenset()

    def read_options(self, body: Body) -> Any:
        options = super().read_options(body)
        if body.get(IDS) == [] and self.others <= body.keys():
            raise self.invalid(IDS, "combination", "cannot be combined with other options.")
        return options


@fault("ids.empty-accepted")
class EmptyIdsBesideCountRefused(EmptyIdsRefusedBeside):
    """Refuses an empty array beside a count."""

    others = frozenset({COUNT})


@fault("ids.empty-accepted")
class EmptyIdsBesideRangeRefused(EmptyIdsRefusedBeside):
    """Refuses an empty array beside a range."""

    others = frozenset({RANGE})


@fault("ids.empty-accepted")
class EmptyIdsBesideBothRefused(EmptyIdsRefusedBeside):
    """Refuses an empty array beside a count with a range."""

    others = frozenset({COUNT, RANGE})
