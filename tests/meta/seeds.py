"""No random case has a lawful server blamed: the nightly profile's, put to every dialect at once.

    python -m tests.meta.seeds [--seeds N] [--first N] [--only GLOB] [--fault NAME] [--jobs N]

To make a random case takes longer than to answer and judge it. So each is made once, and put to all
dialects, which are served within this process: no bytes go over a wire, and what a dialect does
there (`tests/reference/dialects/transport.py`) is left out. Random walks go over the ledgers that
are kept otherwise (`selection.py`) and the plain one, which stands for the rest. `--fault` puts a
server with that fault among them, to show that it would be blamed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from tests.harness import client, document, naming, target, verdict
from tests.harness.allocator import Lacking
from tests.harness.options import EFFORTS, Options
from tests.harness.record import Record
from tests.harness.run import Run
from tests.harness.wire import Answer, Request
from tests.meta import matrix
from tests.reference import variants
from tests.reference.app import App
from tests.reference.dialects import selection, transport
from tests.reference.service import Service

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


PLAIN = matrix.Variant("dialect", "reference", "Keeps the contract.")


@dataclass
class Within:
    """Servers within this process, by the port that they would listen on."""

    apps: dict[int, App] = field(default_factory=dict)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """While this lasts, no client goes over the network."""

        def send(
            asking: client.Client, request: Request, meanwhile: Callable[[], None] | None = None
        ) -> Answer:
            app = self.apps[asking.endpoint.origin[2]]
            if meanwhile:
                meanwhile()
            return self.loop.run_until_complete(answered(app, request))

        with patch.object(client.Client, "send", send), closing(self.loop):
            yield


async def answered(app: App, request: Request) -> Answer:
    """One request and its answer, by ASGI."""
    said: list[dict[str, Any]] = []
    headers = [(key.lower().encode(), value.encode()) for key, value in request.headers]
    scope = {"type": "http", "method": request.method, "raw_path": request.path.encode()}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body or b""}

    async def send(message: Any) -> None:
        said.append(message)

    await app({**scope, "headers": headers}, receive, send)
    start, *pieces = said
    received = client._text(start["headers"])
    body, received = client._decoded(b"".join(piece["body"] for piece in pieces), received)
    return Answer(start["status"], received, body)


def served(within: Within, folder: Path, variant: matrix.Variant, effort: str) -> Run:
    """A run against one variant that is served within this process."""
    made = known().get(variant.name, Service)
    switches = [f"--{variant.kind}", variant.name] if variant is not PLAIN else []
    path = matrix.target_file(folder, switches, variant.target)
    options = Options(target=str(path), gate=variant.gate, effort=effort)
    while True:
        run = Run.prepare(options, target.load(str(path), document.load()))
        port = run.target.endpoint.origin[2]
        if port not in within.apps:
            break
    within.apps[port] = App(made())
    run.open()
    if run.undecided:
        raise RuntimeError(f"{variant.name}: {run.undecided}")
    return run


def known() -> dict[str, type[Service]]:
    """Every fault and every dialect by name."""
    return variants.faults() | variants.dialects()


def chosen(only: str, faults: Sequence[str]) -> list[matrix.Variant]:
    """The plain server, the dialects but those of the wire, and the faults that are asked for."""
    wire = {name for name, made in known().items() if made.__module__ == transport.__name__}
    found = [
        variant
        for variant in matrix.variants()
        if (variant.name in faults if variant.kind == "fault" else fnmatchcase(variant.name, only))
        and variant.name not in wire
    ]
    return [PLAIN, *found]


def put(runs: Sequence[Run], walked: Sequence[Run], seed: int) -> None:
    """Put the random cases of a night, as the tests of the contract make them, to each run.

    The walks go over the ledgers of those that are `walked`.
    """
    from tests.contract import test_generated as generated
    from tests.contract import test_outcome as outcome
    from tests.harness.explore import explore
    from tests.harness.stock import Stock

    first = runs[0]
    parts = EFFORTS[first.options.effort].parts
    for run in runs:
        run.options = replace(run.options, seed=str(seed))
    stock = Stock(first.document, first.target.file.account)

    def explored(name: str) -> Callable[..., None]:
        def every(example: Any, keyword: str | None) -> None:
            changes = example if keyword is None else {keyword: example}
            for run in runs:
                request = run.court.request(**changes)
                if run.court.harmless(request):
                    run.court.put(request)

        def one(strategy: SearchStrategy[Any], share: float, keyword: str | None = None) -> None:
            share /= parts
            explore(first.court, strategy, lambda e: every(e, keyword), first.options, name, share)

        return one

    for part in range(parts):
        for mode in ("positive", "negative"):
            generated.test_schemathesis_fuzzing(stock, explored(f"{mode} {part}"), mode)
        generated.test_bodies_of_every_combination(first, explored(f"bodies {part}"))
        generated.test_json_with_something_broken(first, explored(f"json {part}"))
    for run in walked:
        with suppress(Lacking):
            outcome.test_walks_over_the_ledger(run)


def judged(
    seed: int, only: str, faults: Sequence[str], effort: str = "nightly"
) -> dict[str, tuple[list[str], int]]:
    """The clauses that a night with this seed names of each variant, and the requests it took."""
    ledgers = {name for name, made in known().items() if made.__module__ == selection.__name__}
    with tempfile.TemporaryDirectory() as name:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = name
        within = Within()
        with within.connected():
            runs = {v.name: served(within, Path(name), v, effort) for v in chosen(only, faults)}
            for run in runs.values():
                run.court.record = Record(accepted=True)
            walked = [run for name, run in runs.items() if name in (PLAIN.name, *faults, *ledgers)]
            put(list(runs.values()), walked, seed)
    return {
        name: (
            naming.named(verdict.evaluate(run.court.record, run.question()), run.question()),
            run.court.record.sent,
        )
        for name, run in runs.items()
    }


def main() -> int:
    """Put the nights; 1 where a dialect is blamed, or a fault is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many (default %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--only", default="*", help="a glob over the names of dialects")
    parser.add_argument("--fault", action="append", default=[], help="a fault to be among them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    started, wrong = time.monotonic(), 0
    with ProcessPoolExecutor(asked.jobs, max_tasks_per_child=1) as pool:
        nights = [pool.submit(judged, seed, asked.only, asked.fault) for seed in seeds]
        for seed, night in zip(seeds, nights, strict=True):
            found = night.result()
            for name, (named, _) in found.items():
                if bool(named) is not (name in asked.fault):
                    wrong += 1
                    print(f"WRONG {name}, seed {seed}: {', '.join(named) or 'not blamed'}")
            sent = sum(requests for _, requests in found.values())
            words = f"{len(found)} servers, {sent:,} requests"
            print(f"[{time.monotonic() - started:5.0f} s] seed {seed}: {words}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
