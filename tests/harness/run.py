"""A run: everything that lives from the first option read to the last report written."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import clauses, document, launch, preflight, verdict
from .allocator import Allocator, Lacking
from .budget import Budget, BudgetSpent
from .clauses import ClauseLedger
from .client import Client
from .court import Court
from .credentials import Credentials
from .document import Document
from .dryrun import Plan
from .endpoint import Endpoint
from .errors import Exhausted, TargetError, UsageError
from .ledger import Ledger
from .listed import Listed, stand_ins, transactions
from .options import EFFORTS, Options
from .record import Record
from .redact import Redactor
from .scenario import Scenario
from .target import Target
from .wire import Request

VERSION = "1.0.0"
AGENT = f"settlement-report-contract/{VERSION}"
PLAIN_QUESTIONS = 4
"""Fresh transactions that are asked for by id after a doubt."""


@dataclass
class Run:
    """One run against one target."""

    options: Options
    document: Document
    ledger: ClauseLedger
    target: Target
    selected: frozenset[str]
    court: Court
    redactor: Redactor
    started: float = field(default_factory=time.time)
    server: launch.Launched | None = None
    over: str | None = None
    """Why nothing more is sent; None while the run goes on."""
    undecided: str | None = None
    """Why nothing can be said; None where something can."""
    opened: bool = False
    failed: str | None = None
    """What the suite itself failed in; None where it did not."""
    _spent: bool | None = None
    reported: set[str] = field(default_factory=set)
    """Broken clauses that some test has failed for."""
    published: float = 0.0
    """When the unfinished verdict was last written (monotonic seconds)."""
    allocators: dict[str, Allocator] = field(default_factory=dict)
    listed: dict[str, list[Listed]] = field(default_factory=dict)
    _untouched: dict[str, Ledger] = field(default_factory=dict)
    """The ledger models as the lists have them."""

    @classmethod
    def prepare(cls, options: Options, target: Target) -> Run:
        """Read and check the other files; nothing is sent.

        Raises:
            UsageError: something in them is wrong.
        """
        ledger = clauses.load()
        doc = document.load()
        profile = options.profile or target.file.profile
        if profile not in ledger.profiles:
            raise UsageError(f"no profile {profile!r}; there are {', '.join(ledger.profiles)}")
        capabilities = frozenset(ledger.profiles[profile])
        selected = _selected(ledger, capabilities, target, options)
        wanted = {need for id_ in selected for need in ledger[id_].needs}
        capabilities |= {need for need in ("token", "checked", "state", "ledger") if need in wanted}
        _check_deviations(ledger, target)
        redactor = Redactor()
        limit = options.requests if options.requests is not None else target.file.limits.requests
        budget = Budget(limit, target.requests_per_second)
        court = Court(
            target=target,
            document=doc,
            credentials=Credentials(target, redactor, AGENT, take=budget.take),
            budget=budget,
            capabilities=capabilities,
            agent=AGENT,
        )
        return cls(options, doc, ledger, target, selected, court, redactor)

    @property
    def profile(self) -> str:
        """The profile in force."""
        return self.options.profile or self.target.file.profile

    def announcement(self) -> list[str]:
        """What the run may do to the target, said before anything is sent."""
        file, budget = self.target.file, self.court.budget
        address = self.redactor.text(file.base_url)
        usual = EFFORTS[self.options.effort].requests
        most = f"at most {budget.requests}" if budget.requests else f"up to some {usual}"
        if self.options.replay:
            most = "the recorded"
        rate = f", {budget.per_second:g} a second" if budget.per_second else ""
        if self.options.dry:
            return [f"contract: {self.target.name}, {address}: a dry run, nothing is sent"]
        lines = [
            f"contract: {self.target.name}, profile {self.profile}: will send {most} requests"
            f"{rate} to account {file.account} at {address}"
        ]
        if self.options.effort == "nightly" and not self.options.replay:
            seed = self.options.seed
            lines.append(f"contract: seed {seed}; --hypothesis-seed {seed} makes the same cases")
        if "state" in self.court.capabilities and not self.options.replay:
            settles = ["some 60 of the listed transactions" if file.ledger.lists else ""]
            settles += ["at the end whatever is unsettled" if file.consume else ""]
            what = " and ".join(filter(None, settles)) or "nothing that is meant to be settled"
            lines.append(f"contract: will settle {what}; reports cannot be deleted")
        return lines

    def launch(self) -> None:
        """Start the server, where the file says how; it boots while tests are collected."""
        server = self.target.file.server
        if server is not None and server.start is not None and not self.options.dry:
            self.server = launch.Launched(self.target, server, server.start)

    def open(self) -> None:
        """Wait for the target, get the token and the known transactions, put the preflight.

        Raises:
            TargetError: the target or the token cannot be had.
            UsageError: the list of transactions is not one.
        """
        self.opened = True
        if self.options.dry:
            self.court.plan, self.court.budget.per_second = Plan(), None
            self.court.credentials.pretend()
        if self.server is not None:
            self.server.wait()
        self.court.credentials.current()
        self.court.oracle.tokens = self.court.credentials.tokens
        if "state" in self.court.capabilities:
            self.read_ledgers()
        try:
            self.undecided = preflight.check(self.court)
        except BudgetSpent:
            return
        except Exhausted as given_up:
            self.undecided = str(given_up)
        if self.undecided:
            self.over = self.undecided

    def read_ledgers(self) -> None:
        """Read the lists of known transactions into the ledger models."""
        table, account = self.target.file.ledger, self.target.file.account
        self._read(account, table.transactions, table.command, "")
        if table.other_account:
            self._read(table.other_account, table.other_transactions, table.other_command, "other_")
        self.fresh_ledgers()

    def _read(self, account: str, path: str | None, command: str | None, prefix: str) -> None:
        if command and self.options.dry:
            self.listed[account] = stand_ins(account, dt.datetime.now(dt.UTC).date())
            return
        keys = (f"ledger.{prefix}transactions", f"ledger.{prefix}command")
        found = launch.json_from(path, command, self.target, keys)
        if found is not None:
            self.listed[account] = transactions(*found)

    def fresh_ledgers(self) -> None:
        """Begin the ledger models anew from the lists."""
        complete = self.target.file.ledger.complete
        today = dt.datetime.now(dt.UTC).date()
        for account in self.court.accounts:
            if account not in self._untouched:
                listed = [(entry.id, entry.date) for entry in self.listed.get(account, ())]
                self._untouched[account] = Ledger.of(listed, complete and bool(listed))
            self.court.ledgers[account] = self._untouched[account].copy()
            other = account != self.target.file.account
            self.allocators[account] = Allocator(self.court.ledgers[account], today, whole=other)

    @property
    def forgets(self) -> bool:
        """Whether the target can be made to forget what was settled."""
        server = self.target.file.server
        return server is not None and server.reset is not None and not self.options.dry

    def reset(self) -> bool:
        """Have the target forget, where it can; whether it did."""
        server = self.target.file.server
        if server is None or server.reset is None or self.options.dry:
            return False
        method, address = server.reset.split()
        endpoint = Endpoint(address, self.target.file.limits.timeout, self.target.tls)
        # Some servers take one connection at a time: where it is the same, ours serves for both.
        same = endpoint.origin == self.target.endpoint.origin
        client = self.court.client if same else Client(endpoint)
        headers = (("User-Agent", AGENT), ("Content-Length", "0"))
        request = Request(method, endpoint.resource, headers)
        answer = client.send(request, meanwhile=self.court.tell)
        if answer.status is None:
            # A connection that was kept may have been closed just then.
            answer = client.send(request)
        if not same:
            client.close()
        if not answer.success:
            shown = answer.status or answer.trouble
            raise TargetError(f"{self.target.path.name}: server.reset: answered {shown}")
        self.fresh_ledgers()
        return True

    def scenario(self, clause: str, wants_ledger: bool = True) -> Scenario:
        """What an outcome test works with.

        Raises:
            Lacking: no transactions are known.
        """
        account = self.target.file.account
        if account not in self.allocators or (wants_ledger and not self.listed.get(account)):
            raise Lacking("known unsettled transactions ([ledger] in the target file)")
        fresh = self.reset()
        if not fresh and self.listed.get(account):
            spent = self.spent()
            for name, allocator in self.allocators.items():
                allocator.spent = spent
                if spent:
                    self.court.ledgers[name].doubt()
        scenario = Scenario(self.court, clause, self.allocators[account], account, fresh=fresh)
        other = self.target.file.ledger.other_account
        token = self.target.file.auth.others.other_account
        if other and token:
            scenario.other = (other, token)
            scenario.others = self.allocators.get(other)
        return scenario

    def renew(self, scenario: Scenario) -> None:
        """Begin a scenario anew, where the target forgets on a ledger that is fresh again."""
        scenario.again()
        if self.reset():
            scenario.allocator = self.allocators[self.target.file.account]
            scenario.others = scenario.other and self.allocators.get(scenario.other[0])

    def spent(self) -> bool:
        """Whether the listed transactions were settled before this run; asked for once.

        Where the first ids and a window all give 200, that is the list's fault and not the
        target's. A range that gives 201 shows that the list is good.
        """
        if self._spent is None:
            allocator = self.allocators[self.target.file.account]
            self._spent = not any(self._creates(body) for body in _first(allocator))
        return self._spent

    def ask_plainly(self) -> None:
        """Ask for fresh transactions by id, after a doubt: the plainest question there is.

        Where one of them is gone, others may have settled it, and whatever else seemed wrong
        (`blame.ledger_moved`).
        """
        allocator = self.allocators[self.target.file.account]
        for id_ in allocator.single(min(PLAIN_QUESTIONS, allocator.left)) if allocator.left else ():
            created = self._creates({"transaction_ids": [id_]})
            self.court.record.after_doubts[created] += 1

    def _creates(self, body: object) -> bool:
        exchange = self.court.put(self.court.request(body), ignorant=True)
        return exchange.answer.status != 200

    def lacks(self, needs: tuple[str, ...]) -> str | None:
        """What a clause wants of the target file and does not get there, in words."""
        others = self.target.file.auth.others
        tokens = self.court.credentials.tokens
        has = {
            "jwt": tokens.is_jwt,
            "expired": others.expired is not None,
            "without_scopes": others.without_scopes is not None,
            "other_account_token": others.other_account is not None
            and self.target.file.ledger.other_account is not None,
            "other_account": others.other_account is not None
            and self.target.file.ledger.other_account is not None,
            "probe_production": self.target.probe_production,
            "token": self.target.authenticates,
            "checked": self.target.authenticates,
        }
        words = {
            "jwt": "our token is no JWT",
            "expired": "[auth.others] expired",
            "without_scopes": "[auth.others] without_scopes",
            "other_account_token": "[auth.others] other_account and [ledger] other_account",
            "other_account": "[auth.others] other_account and [ledger] other_account",
            "probe_production": "probe_production = true",
            "token": "a token ([auth] in the target file)",
            "checked": "a token ([auth] in the target file)",
        }
        return next((words[need] for need in needs if not has.get(need, True)), None)

    def seen_of(self, clauses: set[str]) -> Record:
        """All that was seen; of other clauses nothing, where nothing is to be blamed on them."""
        record = self.court.record
        twins = {self.ledger[clause].twin or clause for clause in clauses}
        return record.about(clauses | twins) if record.clean else record

    def question(self) -> verdict.Question:
        """What the verdict is about."""
        return verdict.Question(
            ledger=self.ledger,
            selected=self.selected,
            gate=self.options.gate,
            deviations=self.target.file.deviations,
            today=dt.datetime.now(dt.UTC).date(),
            blind=not self.target.file.ledger.lists,
            fresh=self.forgets,
            brief=self.options.effort == "smoke" and not self.options.clauses,
            asked=bool(self.options.clauses),
        )

    def end(self) -> None:
        """Ask the server that the suite started to end, while there is other work to do."""
        if self.server is not None:
            self.server.end()

    def close(self) -> None:
        """Stop the server that the suite started."""
        if self.server is not None:
            self.server.stop()
            self.server = None


def _first(allocator: Allocator) -> Iterator[object]:
    """Bodies that select listed transactions: a few by id, then a window."""
    for _ in range(min(3, allocator.left)):
        yield {"transaction_ids": allocator.single(1)}
    yield {"date_range": allocator.window(1).range}


def _selected(
    ledger: ClauseLedger, capabilities: frozenset[str], target: Target, options: Options
) -> frozenset[str]:
    """The clauses that are put: those of the profile and the included, or those asked for."""
    if options.clauses:
        return frozenset(id_ for glob in options.clauses for id_ in ledger.matching(glob))
    profile = {
        clause.id
        for clause in ledger.clauses
        if all(need in capabilities or need not in PROFILE_NEEDS for need in clause.needs)
    }
    for glob in target.file.include:
        try:
            profile.update(ledger.matching(glob))
        except UsageError as error:
            raise UsageError(f"{target.path.name}: include: {error}") from None
    return frozenset(profile)


PROFILE_NEEDS = ("prose", "token", "checked", "state", "ledger")


def _check_deviations(ledger: ClauseLedger, target: Target) -> None:
    for number, deviation in enumerate(target.file.deviations):
        if deviation.clause not in ledger:
            raise UsageError(
                f"{target.path.name}: deviations[{number}].clause: there is no clause "
                f"{deviation.clause!r}"
            )
