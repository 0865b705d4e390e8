"""How fast the suite is, beside what it is measured against, in one run.

    python -m tests.bench [--write]

Each figure is the best of three where it does not say once. The gate run and `st run` judge the
same server on the same document, five times in turn; the directed cases are sent once through the
court and once by a bare loop that keeps its connection alive.
"""

from __future__ import annotations

import http.client
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from tests.harness import document, target
from tests.harness.cases import EMPTY
from tests.harness.client import Client
from tests.harness.endpoint import Endpoint
from tests.harness.options import Options
from tests.harness.run import Run
from tests.harness.wire import Request

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("RESULTS.md")
TIMES = 3
TURNS = 5
REQUESTS = 1500
VALID = ("-n", "300", "--mode", "positive")
"""The mode of `st run` that is fastest: it sends nothing that is to be refused."""
DELAY = 0.005
"""Seconds by which a target is further away than one on this machine."""
GATE = [sys.executable, "-m", "pytest", "tests/contract", "-q"]


def best(measure: Callable[[], float]) -> float:
    """The smallest of a few measurements."""
    return min(measure() for _ in range(TIMES))


def seconds(
    command: list[str],
    environ: dict[str, str] | None = None,
    statuses: Collection[int] = (0,),
) -> tuple[float, str]:
    """How long a command takes, and what it prints.

    Raises:
        RuntimeError: it ended with another status than those.
    """
    started = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        # Byte code is kept, as it is wherever nobody forbids it.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environ or {})},
    )
    if done.returncode not in statuses:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stdout[-2000:]}")
    return time.perf_counter() - started, done.stdout


def gate() -> tuple[float, float]:
    """A whole gate run: seconds, and requests a second."""
    with tempfile.TemporaryDirectory() as folder:
        took, _ = seconds([*GATE, "--report-dir", folder])
        verdict = json.loads((Path(folder) / "verdict.json").read_text("utf-8"))
    return took, verdict["requests"] / took


def start_up(*options: str) -> float:
    """Seconds until a run that sends nothing ends."""
    return best(lambda: seconds([*GATE, *options], statuses=(0, 4))[0])


def stock(run: Run, token: str, *options: str) -> float:
    """Requests a second of `st run` on the corrected document, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        corrected = Path(folder) / "corrected.json"
        corrected.write_text(json.dumps(run.document.corrected), "utf-8")
        settings = Path(folder) / "schemathesis.toml"
        settings.write_text('[parameters]\n"path.aid" = "T12345678"\n', "utf-8")
        command = [str(Path(sys.executable).with_name("st")), "--config-file", str(settings), "run"]
        command += [str(corrected), "--url", run.target.file.base_url, *options]
        command += ["-H", f"Authorization: Bearer {token}", "--continue-on-failure"]
        took, printed = seconds(command, statuses=(0, 1))
    found = re.search(r"(\d+) generated", printed)
    return int(found.group(1)) / took if found else 0.0


def judged(run: Run) -> float:
    """Microseconds of our own CPU for a judged request."""

    def measure() -> float:
        request = run.court.request({"number_of_transactions": 5, "date_range": EMPTY})
        started = time.process_time()
        for _ in range(REQUESTS):
            run.court.put(request)
        return (time.process_time() - started) / REQUESTS * 1e6

    return best(measure)


def bare(run: Run) -> float:
    """Microseconds of CPU for the same bytes in a bare loop."""
    request = run.court.request({"number_of_transactions": 5, "date_range": EMPTY})
    _, host, port = run.target.endpoint.origin
    connection = http.client.HTTPConnection(host, port)

    def measure() -> float:
        started = time.process_time()
        for _ in range(REQUESTS):
            connection.request("POST", request.path, request.body, dict(request.headers))
            connection.getresponse().read()
        return (time.process_time() - started) / REQUESTS * 1e6

    return best(measure)


def first_request() -> float:
    """Seconds from the start of the process to the first judged request."""

    def measure() -> float:
        with tempfile.TemporaryDirectory() as folder:
            began = time.time()
            seconds([*GATE, "--clause", "count.minimum", "--report-dir", folder])
            log = json.loads((Path(folder) / "exchanges.har").read_text("utf-8"))["log"]
        return datetime.fromisoformat(log["entries"][0]["startedDateTime"]).timestamp() - began

    return best(measure)


class Whole(http.server.BaseHTTPRequestHandler):
    """Sends head and body of an answer in one piece."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        """Answer."""
        self.send_response(201)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


class Apart(Whole):
    """Sends them apart, as the library does where nobody asks for a buffer."""

    wbufsize = 0


def answered(handler: type[Whole]) -> float:
    """Microseconds until an answer of such a server is there."""
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client(Endpoint(f"http://127.0.0.1:{server.server_port}"))

        def measure() -> float:
            started = time.perf_counter()
            for _ in range(100):
                client.send(Request("POST", "/", ()))
            return (time.perf_counter() - started) / 100 * 1e6

        took = best(measure)
        client.close()
        server.shutdown()
    return took


def long_run(run: Run) -> tuple[float, float]:
    """What 100,000 judged requests do: time of the last tenth by the first, and growth in MB."""
    bodies = [{"number_of_transactions": n % 20000, "date_range": EMPTY} for n in range(10000)]
    took, memory = [], []
    for _ in range(10):
        started = time.process_time()
        for body in bodies:
            run.court.put(run.court.request(body))
        took.append(time.process_time() - started)
        memory.append(resident())
    return took[-1] / took[0], memory[-1] - memory[0]


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def nightly(*options: str, times: int = TIMES) -> tuple[float, float]:
    """A nightly run: seconds, and seconds of CPU of all its processes, the target's included."""
    night = ["--hypothesis-profile", "nightly", "--hypothesis-seed", "1", *options]

    def measure() -> tuple[float, float]:
        before = os.times()
        with tempfile.TemporaryDirectory() as folder:
            took, _ = seconds([*GATE, *night], {"HYPOTHESIS_STORAGE_DIRECTORY": folder})
        user, system = (
            after - then for after, then in zip(os.times()[2:4], before[2:4], strict=True)
        )
        return took, user + system

    return min(measure() for _ in range(times))


def afar(*options: str) -> float:
    """A nightly run, once, whose target is as far away as a network makes it: seconds."""
    reference = ROOT / "tests/targets/reference.toml"
    text = reference.read_text("utf-8").replace("{here}", str(reference.parent))
    text = text.replace("--port {port}", f"--port {{port}} --delay {DELAY}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "afar.toml"
        path.write_text(text, "utf-8")
        return nightly("--target", str(path), *options, times=1)[0]


def rows() -> Iterator[tuple[str, str, str]]:
    """What is measured, the figure, and what it is to be."""
    run = Run.prepare(Options(), target.load("reference", document.load()))
    run.launch()
    try:
        run.open()
        ours, loop = judged(run), bare(run)
        token = run.court.credentials.current() or ""
        # In turn, so that a minute in which the machine is slow is one for each of them.
        turns = [
            (stock(run, token, "-n", "100"), stock(run, token, *VALID), *gate())
            for _ in range(TURNS)
        ]
        usual, rate, _, per_second = map(max, zip(*turns, strict=True))
        whole = min(turn[2] for turn in turns)
        slower, growth = long_run(run)
    finally:
        run.close()
    (one, _), (two, busy) = nightly(), nightly("-n", "2")
    far, far_two = afar(), afar("-n", "2")
    cores = len(os.sched_getaffinity(0))
    yield "a whole gate run, start-up and reports included", f"{whole:.1f} s", "5 s"
    yield "judged requests a second over it", f"{per_second:.0f}", ""
    yield "requests a second of `st run -n 100`, start-up included", f"{usual:.1f}", ""
    yield "ratio of the two", f"{per_second / usual:.0f}", "10"
    yield f"requests a second of `st run {' '.join(VALID)}`", f"{rate:.0f}", ""
    yield "ratio of the two", f"{per_second / rate:.1f}", "10"
    yield "CPU of a judged request", f"{ours:.0f} us", ""
    yield "CPU of the same bytes in a bare http.client loop", f"{loop:.0f} us", ""
    yield "ratio of the two", f"{ours / loop:.1f}", "3"
    apart, piece = answered(Apart), answered(Whole)
    yield "an answer whose head and body are sent apart", f"{apart:.0f} us", ""
    yield "an answer that is sent in one piece", f"{piece:.0f} us", ""
    yield "ratio of the two", f"{apart / piece:.1f}", "near 1"
    yield "start of the process to the first request", f"{first_request():.2f} s", "1 s"
    yield "`--list-clauses`", f"{start_up('--list-clauses'):.2f} s", "0.5 s"
    yield "a usage error", f"{start_up('--target', 'nobody'):.2f} s", "0.5 s"
    yield "100,000 requests (once): CPU of the last tenth by the first", f"{slower:.2f}", "1"
    yield (
        "100,000 requests (once): growth of memory after the first tenth",
        f"{growth:.1f} MB",
        "flat",
    )
    yield "a nightly run, one process", f"{one:.1f} s", ""
    yield "a nightly run, `-n 2`", f"{two:.1f} s", ""
    yield "ratio of the two", f"{one / two:.2f}", "near 2"
    yield "CPU of the latter, its target's included", f"{busy:.1f} s", ""
    yield f"the same over {cores} cores: less is not possible here", f"{busy / cores:.1f} s", ""
    yield (
        f"a nightly run, one process, answers {DELAY * 1000:.0f} ms away (once)",
        f"{far:.1f} s",
        "",
    )
    yield "the same, `-n 2` (once)", f"{far_two:.1f} s", ""
    yield "ratio of the two", f"{far / far_two:.2f}", "near 2"


def main() -> int:
    """Measure, print the table, and write it where asked."""
    lines = [
        "# Measured",
        "",
        "By `python -m tests.bench --write`; the best of three where it does not say once, and of",
        "five turns where the gate run and `st run` stand beside each other. What is",
        "made once for a document (`document.once`) is there in the second and the third.",
        "",
    ]
    lines += ["| what | measured | goal |", "|---|---|---|"]
    lines += [f"| {what} | {value} | {goal} |" for what, value, goal in rows()]
    text = "\n".join(lines) + "\n"
    print(text)
    if "--write" in sys.argv:
        TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
