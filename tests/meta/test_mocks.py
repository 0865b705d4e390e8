"""Servers that are not of this project, each from its registry package, judged as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.meta import suite

needs_node = pytest.mark.skipif(shutil.which("npx") is None, reason="npx is not there")
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="java is not there")
DIRECTED = ("-q", "-k", "not generated")


@needs_node
def test_prism_conforms_but_for_what_it_is_declared_to_break(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "prism", *DIRECTED)
    assert (done.code, done.verdict["verdict"]) == (0, "conforms"), done.output
    status = {clause["id"]: clause["status"] for clause in done.verdict["clauses"]}
    assert status["body.null"] == "deviates"
    assert status["auth.missing"] == "held"


@needs_node
def test_mockoon_validates_nothing_and_is_red(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "mockoon", *DIRECTED)
    assert done.code == 1
    chapters = {clause.partition(".")[0] for clause in done.verdict["broken"]}
    assert {"count", "ids", "range", "body", "exclusion"} <= chapters
    assert "auth.missing" in done.verdict["broken"]


@needs_node
@needs_java
def test_wiremock_with_our_mappings_conforms(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "wiremock", *DIRECTED)
    assert (done.code, done.verdict["verdict"]) == (0, "conforms"), done.output


def test_the_null_message_of_connexion_is_found(tmp_path: Path) -> None:
    done = suite.run(tmp_path, "connexion", *DIRECTED)
    assert done.code == 1
    assert "answer.success" in done.verdict["broken"]
