"""Faults in the status of an answer."""

from __future__ import annotations

from tests.reference.ledger import Transaction
from tests.reference.messages import Refusal, Reply, Request
from tests.reference.reading import Options
from tests.reference.service import Service
from tests.reference.variants import fault


class Restated(Service):
    """Answers some refusals with another status."""

    status = 422

    def is_restated(self, refusal: Refusal) -> bool:
        """Tell if a refusal gets the other status."""
        return refusal.status == 400

    def refuse(self, request: Request, refusal: Refusal) -> Reply:
        reply = super().refuse(request, refusal)
        if self.is_restated(refusal):
            reply.status = self.status
        return reply


@fault("answer.status")
class InvalidIs422(Restated):
    """Answers 422 to what is invalid, as some frameworks do."""


@fault("answer.status")
class BoundsAre422(Restated):
    """Answers 422 to a number out of its bounds only."""

    def is_restated(self, refusal: Refusal) -> bool:
        return refusal.reason == "bounds"


@fault("answer.status")
class CombinationIs409(Restated):
    """Answers 409 to options that exclude each other."""

    status = 409

    def is_restated(self, refusal: Refusal) -> bool:
        return refusal.reason == "combination"


@fault("answer.status")
class MalformedIs415(Restated):
    """Answers 415 to a body that is no JSON."""

    status = 415

    def is_restated(self, refusal: Refusal) -> bool:
        return refusal.reason == "malformed"


@fault("answer.status")
class OrderIs416(Restated):
    """Answers 416 to a range that ends before it starts."""

    status = 416

    def is_restated(self, refusal: Refusal) -> bool:
        return refusal.reason == "order"


@fault("answer.success")
class ErrorsAre200(Restated):
    """Answers 200 to what it refuses, and says in the body that it is an error."""

    status = 200

    def is_restated(self, refusal: Refusal) -> bool:
        return refusal.status == 400


@fault("answer.status")
class NothingIs204(Service):
    """Answers 204 without a body where there is nothing to report."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        return super().succeed(chosen) if chosen else Reply(204, b"")


@fault("answer.status", also=("outcome.nothing",))
class NothingIs404(Service):
    """Answers 404 where there is nothing to report."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        if not chosen:
            raise Refusal(404, "There are no transactions.", reason="nothing")
        return super().succeed(chosen)


@fault("answer.status", also=("outcome.created",))
class CreatedIs202(Service):
    """Answers 202 to a report that is created."""

    def succeed(self, chosen: list[Transaction]) -> Reply:
        reply = super().succeed(chosen)
        reply.status = 202 if chosen else 200
        return reply


@fault("answer.status", also=("outcome.settled-once",))
class SettledIs409(Service):
    """Answers 409 to ids that are all settled already."""

    async def report(self, account: str, options: Options) -> Reply:
        named = [self.ledger.find(name) for name in options.ids or ()]
        if named and all(each and each.account == account and each.settled for each in named):
            raise Refusal(409, "The transactions are settled already.", reason="settled")
        return await super().report(account, options)


@fault("ids.max-items", also=("answer.status",))
class BodiesOverSixteenKibRefused(Service):
    """Refuses bodies of more than 16 KiB with 413: a thousand ids do not fit."""

    max_body = 16 * 1024


@fault("ids.max-items", also=("answer.status",))
class BodiesOverThirtyTwoKibRefused(Service):
    """Refuses bodies of more than 32 KiB with 413: a thousand ids do not fit."""

    max_body = 32 * 1024
