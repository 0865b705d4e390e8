"""The pytest plugin: reads the command line, and leaves the rest to `session`.

Kept light, so that a usage error, `--list-clauses` and other tests do not wait for what they do not
need.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from . import options
from .errors import UsageError

CONTRACT = Path(__file__).resolve().parents[1] / "contract"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the suite."""
    options.add(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """`--list-clauses` needs neither a target nor a test; profiles are made known here.

    Hypothesis looks for the profile that is asked for when pytest is configured.
    """
    if not config.option.list_clauses:
        if config.getoption("--hypothesis-profile", None) and puts_contract(config):
            from . import explore  # noqa: F401  (it registers them)
        return None
    from .listing import clauses_text

    try:
        sys.stdout.write(clauses_text())
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Read and check everything before a test is collected, the target file first of all."""
    config.addinivalue_line("markers", "clause(id): the clause of the contract that a test puts")
    config.addinivalue_line("markers", "consumes: the test settles whatever there is, and is last")
    config.addinivalue_line("markers", "blind: the test is put where no transactions are known")
    config.addinivalue_line("markers", "smoke: the test tells most for its few requests")
    config.addinivalue_line("markers", "depth: the test goes beyond the core of its clauses")
    config.addinivalue_line("markers", "nightly: the test is worth its time in nightly runs alone")
    if not puts_contract(config):
        return
    try:
        if hasattr(config, "workerinput"):
            from . import session

            session.begin_worker(config)
        else:
            _begin(config)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    from . import fixtures, items, session

    config.pluginmanager.register(fixtures, "contract-fixtures")
    config.pluginmanager.register(items, "contract-items")
    config.pluginmanager.register(session, "contract-session")


def _begin(config: pytest.Config) -> None:
    from . import document
    from . import target as targets

    asked = options.read(config)
    target = targets.load(asked.target, document.load())
    from . import session

    session.begin(config, asked, target)


def puts_contract(config: pytest.Config) -> bool:
    """Whether this session runs the contract, or only other tests."""
    for argument in config.args:
        path = (config.invocation_params.dir / str(argument).partition("::")[0]).resolve()
        if path == CONTRACT or CONTRACT in path.parents or path in CONTRACT.parents:
            return True
    return False
