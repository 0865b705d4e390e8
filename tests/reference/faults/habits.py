"""Faults that come of the habits of languages, frameworks, databases and gateways."""

from __future__ import annotations

import base64
import hmac
import json
import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from tests.reference import tokens
from tests.reference.access import ACCOUNT
from tests.reference.faults.body import Repaired
from tests.reference.ledger import Transaction
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.reading import COUNT, END, RANGE, START, Body, Options, Span
from tests.reference.service import Service
from tests.reference.tokens import Caller
from tests.reference.variants import fault


@fault("answer.status", also=("range.accepted",))
class AnyAcceptRefused(Service):
    """Answers 406 where Accept does not say application/json, be it */* or nothing."""

    async def operate(self, request: Request) -> Reply:
        if "application/json" not in (request.header("accept") or ""):
            raise Refusal(406, "Only application/json is produced.")
        return await super().operate(request)


@fault("body.open", also=("answer.no-500",))
class NumbersAsNamesCrash(Service):
    """Breaks down at a property whose name is a number."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, dict) and any(name.isdecimal() for name in body):
            raise RuntimeError("an array where an object was meant")
        return super().check_body(body)


@fault("body.open")
class MethodInBodyHeard(Service):
    """Takes a property _method for the method."""

    def check_body(self, body: Any) -> Body:
        if isinstance(body, dict) and body.get("_method") not in (None, "POST"):
            raise Refusal(405, "This method is not supported here.", reason="method")
        return super().check_body(body)


@fault("body.open", also=("outcome.unknown-ignored",))
class NamesTrimmed(Service):
    """Drops blanks around the names of properties."""

    def read_options(self, body: Body) -> Options:
        return super().read_options({name.strip(): value for name, value in body.items()})


@fault("outcome.unknown-ignored")
class AccountInBodyHeard(Service):
    """Lets a property account replace the account of the path."""

    async def operate(self, request: Request) -> Reply:
        self.check_method(request)
        account = self.read_account(request.account, self.authenticate(request))
        body = self.read_body(request)
        return await self.report(body.get("account") or account, self.read_options(body))


@fault("body.json-strict", also=("body.json",))
class LeadingZerosRead(Repaired):
    """Reads numbers with zeros or a plus before them."""

    def repair(self, text: str) -> str:
        return re.sub(r"(:\s*)(?:0+|\+)(?=[0-9])", r"\1", text)


@fault("count.type")
class HexCountsRead(Service):
    """Reads a string of hexadecimal digits for a count."""

    def to_count(self, value: Any) -> int:
        if isinstance(value, str) and re.fullmatch("0x[0-9a-f]+", value):
            return int(value, 16)
        return super().to_count(value)


@fault("range.type")
class BlankRangeIgnored(Service):
    """Takes an empty string for no range."""

    def read_range(self, body: Body) -> Span | None:
        return None if body.get(RANGE) == "" else super().read_range(body)


@fault("range.type")
class DottedRangeRead(Service):
    """Reads two dates with dots between them for a range."""

    def read_range(self, body: Body) -> Span | None:
        value = body.get(RANGE)
        if isinstance(value, str) and ".." in value:
            start, _, end = value.partition("..")
            body = {RANGE: {START: start, END: end}}
        return super().read_range(body)


@fault("range.required")
class BoundsUnderOtherNames(Service):
    """Takes gte and lte for the dates of a range."""

    def check_required(self, span: Body) -> None:
        for name, other in ((START, "gte"), (END, "lte")):
            if other in span:
                span.setdefault(name, span[other])
        super().check_required(span)


@fault("range.order")
class EqualFirstOfMonthAccepted(Service):
    """Takes the first of a month for a range."""

    def check_order(self, start: date, end: date) -> None:
        if start != end or start.day != 1:
            super().check_order(start, end)


@fault("auth.malformed")
class FurtherSegmentsIgnored(Service):
    """Ignores what follows the signature of a token."""

    def read_token(self, token: str) -> Caller:
        return super().read_token(".".join(token.split(".")[:3]))


@fault("auth.tampered")
class SignatureCaseIgnored(Service):
    """Compares signatures whatever the case of their letters."""

    def read_token(self, token: str) -> Caller:
        head, _, signature = token.rpartition(".")
        digest = hmac.digest(tokens.DEVELOPMENT_KEY.encode(), head.encode(), "sha256")
        good = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return super().read_token(f"{head}.{good}" if good.lower() == signature.lower() else token)


class IdsReadLeniently(Service):
    """Looks ids up after something was made of them."""

    def make(self, name: str) -> str:
        """Return the id that is looked up."""
        return name

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        known = {self.make(each.id): each.id for each in self.ledger.of(account)}
        return super().by_ids(account, [known.get(self.make(name), name) for name in ids])


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsOfAnyCase(IdsReadLeniently):
    """Compares ids whatever the case of their letters, as some collations do."""

    def make(self, name: str) -> str:
        return name.lower()


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsNormalised(IdsReadLeniently):
    """Normalises ids (NFKC): characters of full width are those of ASCII."""

    def make(self, name: str) -> str:
        return unicodedata.normalize("NFKC", name)


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsCutAtNul(IdsReadLeniently):
    """Reads ids up to a NUL."""

    def make(self, name: str) -> str:
        return name.partition("\0")[0]


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsStripped(IdsReadLeniently):
    """Drops from ids what is no part of one."""

    def make(self, name: str) -> str:
        return re.sub(r"[^\w.]", "", name, flags=re.ASCII)


@fault("outcome.ids-only", also=("outcome.nothing",))
class IdsTrimmed(IdsReadLeniently):
    """Trims ids."""

    def make(self, name: str) -> str:
        return name.strip()


@fault("outcome.nothing", also=("outcome.ids-only",))
class IdsPastedIntoTheQuery(Service):
    """Puts ids into its query as they are: `' OR '1'='1` finds whatever there is."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        if any("' OR '" in name for name in ids):
            return self.within(account, (date.min, date.max))
        return super().by_ids(account, ids)


@fault("outcome.ids-only")
class RepeatedIdsDropped(Service):
    """Leaves out the ids that are given twice, instead of taking them once."""

    def by_ids(self, account: str, ids: list[str]) -> list[Transaction]:
        return super().by_ids(account, [name for name in ids if ids.count(name) == 1])


@fault("outcome.count-limit")
class CountsTakeWholeDays(Service):
    """Settles the whole day of each transaction that a count takes."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        taken = {each.day for each in super().pick(found, count)}
        return [each for each in found if each.day in taken]


@fault("outcome.count-limit")
class TenMeansAll(Service):
    """Takes a count of ten, the example, for none."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return found if count == 10 else super().pick(found, count)


@fault("outcome.count-limit", also=("outcome.created",))
class HundredMeansNone(Service):
    """Takes nothing where a hundred are asked for."""

    def pick(self, found: list[Transaction], count: int) -> list[Transaction]:
        return super().pick(found, count % 100 if count == 100 else count)


@fault("outcome.range-limit")
class RangesBeginTwoDaysEarly(Service):
    """Begins a range two days before its start."""

    def within(self, account: str, span: Span) -> list[Transaction]:
        start, end = span
        early = start - timedelta(days=2) if start > date.min + timedelta(days=2) else start
        return super().within(account, (early, end) if end < date.max else span)


class SettlesThoughRefused(Service):
    """Settles the last days where a token is refused."""

    def settles(self, refusal: Refusal) -> bool:
        """Tell if this refusal settles something."""
        raise NotImplementedError

    def authenticate(self, request: Request) -> Caller:
        try:
            caller = super().authenticate(request)
            if ACCOUNT.fullmatch(request.account):
                self.check_owner(request.account, caller)
            return caller
        except Refusal as refusal:
            if self.settles(refusal) and not request.body:
                self.settle(self.select(request.account, Options()))
            raise


@fault("outcome.refused-nothing")
class ForeignTokenSettlesTheLastDays(SettlesThoughRefused):
    """Settles the last days where another account's token asks for no more than them."""

    def settles(self, refusal: Refusal) -> bool:
        return refusal.reason == "owner"


@fault("outcome.refused-nothing")
class ScopelessTokenSettlesTheLastDays(SettlesThoughRefused):
    """Settles the last days where a token without scopes asks for no more than them."""

    def settles(self, refusal: Refusal) -> bool:
        return refusal.reason == "scopes"


@fault("outcome.refused-nothing")
class TamperedTokenSettles(Service):
    """Settles before it looks at the signature of a token."""

    async def operate(self, request: Request) -> Reply:
        try:
            self.authenticate(request)
        except Refusal as refusal:
            if (
                refusal.reason == "token"
                and request.body
                and refusal.message.endswith("not valid.")
            ):
                body = self.read_body(request)
                if COUNT not in body:
                    self.settle(self.select(request.account, self.read_options(body)))
        return await super().operate(request)


class SettledTakenAgain(Service):
    """Does not look if transactions of a window are settled."""

    def again(self, options: Options) -> bool:
        """Tell if settled ones are taken for these options."""
        raise NotImplementedError

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options.ids or not options.span or not self.again(options):
            return super().select(account, options)
        start, end = options.span
        found = [each for each in self.ledger.of(account) if start <= each.day <= end]
        return found if options.count is None else self.pick(found, options.count)


@fault("outcome.settled-once")
class RangesTakeTheSettled(SettledTakenAgain):
    """Does not look if transactions of a range are settled."""

    def again(self, options: Options) -> bool:
        return options.count is None


@fault("outcome.settled-once", also=("outcome.count-limit",))
class CountsTakeTheSettled(SettledTakenAgain):
    """Does not look if transactions of a range are settled where a count is given."""

    def again(self, options: Options) -> bool:
        return options.count is not None


@fault("outcome.settled-once")
class WindowsTakeTheSettled(SettledTakenAgain):
    """Does not look if transactions of a range are settled, be there a count or not."""

    def again(self, options: Options) -> bool:
        return True


@fault("outcome.settled-once", also=("outcome.default-window",))
class DefaultTakesTheSettled(Service):
    """Does not look if transactions of the last days are settled where no option is given."""

    def select(self, account: str, options: Options) -> list[Transaction]:
        if options != Options():
            return super().select(account, options)
        start, end = self.default_span()
        return [each for each in self.ledger.of(account) if start <= each.day <= end]


@fault("outcome.settled-once", also=("outcome.range-limit",))
class FiftySettledRemembered(Service):
    """Remembers the last fifty transactions that were settled, and no others."""

    def reset(self) -> None:
        super().reset()
        self.order: list[Transaction] = []

    def settle(self, chosen: list[Transaction]) -> None:
        super().settle(chosen)
        self.order += chosen
        for forgotten in self.order[:-50]:
            forgotten.settled = False
        self.order = self.order[-50:]


@fault("body.json-strict")
class ControlCharactersOnSlowPathRead(Service):
    """Takes a raw control character in a string that also has an escape or is not all ASCII."""

    def parse(self, raw: bytes) -> Any:
        slow = any(byte > 127 for byte in raw) or b"\\" in raw
        return json.loads(raw, strict=False) if slow else super().parse(raw)


@fault("body.optional")
class NoLengthIsBroken(Service):
    """Takes a request without a length for one that is cut short, though it has no body."""

    def read_body(self, request: Request) -> Body:
        if {"content-length", "transfer-encoding"}.isdisjoint(request.headers):
            raise Refusal(400, "The body is cut short.", reason="malformed")
        return super().read_body(request)


@fault("body.json")
class ChunkedBodyIgnored(Service):
    """Takes a body whose length is not told for none."""

    def read_body(self, request: Request) -> Body:
        return {} if request.header("content-length") is None else super().read_body(request)
