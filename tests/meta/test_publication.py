"""The published page: what holds no document is said to."""

from __future__ import annotations

import time

import pytest

from ..harness.publication import NoPageError, extract, leaves, parse

# ---------------------------------------------------------------------- what is no document


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        b"```yaml\nopenapi: 3.0.0\n",
        b"```yaml\nname: another block\n```\n",
        b"```json\nopenapi: 3.0.0\n```\n",
        b"````yaml\nopenapi: 3.0.0\n```\n",
        b"```yaml\n" * 200_000,
        b"\xff\xfe\x00" * 1000,
    ],
)
def test_a_page_without_a_fenced_document_holds_none(page: bytes) -> None:
    with pytest.raises(NoPageError, match="holds no OpenAPI document"):
        extract(page)


def test_the_document_is_found_behind_other_blocks_and_keeps_its_line_ends() -> None:
    page = b"```yaml\na: 1\n```\n~~~sh\n```\n~~~\n\n````yml x\r\nopenapi: 3\r\n```\r\n````\r\nend"
    assert extract(page)[0] == b"openapi: 3\r\n```\r\n"


BOMB = b"openapi: 3\na: &a [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
    b"%c: &%c [%s]\n" % (name, name, b",".join([b"*%c" % (name - 1)] * 10))
    for name in b"bcdefgh"
) + b"paths: {x: *h}\n"  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"openapi: 3\n",
        b"openapi: 3\npaths: 7\n",
        b"- openapi\n",
        b"openapi: [\n",
        b"openapi: !!python/object/apply:os.getcwd []\npaths: {}\n",
        b"openapi: \xff\n",
        b"openapi: 3\npaths: &p {x: *p}\n",
        BOMB,
    ],
    ids=["no paths", "paths", "list", "cut", "object", "bytes", "endless", "bomb"],
)
def test_a_document_that_is_none_is_told_from_one_at_once(content: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(NoPageError):
        parse(content)
    assert time.monotonic() - started < 5


def test_pointers_are_escaped_and_empty_values_are_values() -> None:
    assert leaves({"a/b": {"~": []}, "c": {}}) == {"/a~1b/~0": [], "/c": {}}
