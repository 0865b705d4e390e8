"""The interlock: no request for a production account or a stranger's gets past it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ..harness import interlock, strategies
from ..harness.cases import encode
from ..harness.interlock import Forbidden
from ..harness.oracle import PRODUCTION
from ..harness.stock import Stock
from ..harness.wire import Request
from .helpers import ACCOUNT, DOCUMENT, ORACLE, OTHER, examples, request, table

OURS = frozenset({ACCOUNT, OTHER})
PROBED = "P12345678"
FULLWIDTH = {ord(c): chr(ord(c) + 0xFEE0) for c in "PTpt0123456789"}
BLANKS = ["", " ", "\t", "\n", "\r\n", "\0", "\u00a0", "\u3000"]


def spellings(account: str) -> Iterator[tuple[str, ...]]:
    """An account in the ways in which a lenient server might still know it, by kind."""
    for text in (account, account.lower(), account.translate(FULLWIDTH)):
        for blank in BLANKS:
            found = []
            for spelt in (text + blank, blank + text, blank + text + blank):
                whole = "".join(f"%{byte:02X}" for byte in spelt.encode())
                once = quote(spelt, safe="")
                found += [once, whole, whole.lower(), quote(whole), quote(quote(whole))]
                found += [quote(once), quote(quote(once))]
            yield tuple(dict.fromkeys([text, *found]))


def passes(path: str, accounts: frozenset[str] = OURS, probe: str | None = None) -> bool:
    try:
        interlock.check(Request("POST", path), accounts, probe)
    except Forbidden:
        return False
    return True


def addressed(path: str) -> set[str]:
    """The accounts that a path may address, by a fold of our own."""
    found = {path.partition("?")[0]}
    for _ in range(3):
        found |= {unquote(text, errors="replace") for text in found}
    pieces = {piece for text in found for piece in text.split("/")}
    return {unicodedata.normalize("NFKC", piece).strip(" \t\r\n\0").upper() for piece in pieces}


def dangerous(path: str, ours: frozenset[str] = OURS) -> set[str]:
    """Production accounts and strangers among those that a path may address."""
    digits = "0123456789"
    return {
        account
        for account in addressed(path)
        if len(account) == 9
        and account[0] in "PT"
        and all(letter in digits for letter in account[1:])
        and account not in ours
    }


# ------------------------------------------------------------------------------------ tables


@pytest.mark.parametrize("spelt", table((found,) for found in spellings("P12345678")))
def test_a_production_account_is_stopped_however_it_is_spelt(spelt: tuple[str, ...]) -> None:
    assert [text for text in spelt if passes(ORACLE.path(text))] == []
    assert all(interlock.is_production(text) for text in spelt)


@pytest.mark.parametrize("spelt", table((found,) for found in spellings("T00000001")))
def test_a_strangers_account_is_stopped_however_it_is_spelt(spelt: tuple[str, ...]) -> None:
    assert [text for text in spelt if passes(ORACLE.path(text))] == []


@pytest.mark.parametrize("spelt", table((found,) for found in spellings(ACCOUNT)))
def test_our_own_account_passes_however_it_is_spelt(spelt: tuple[str, ...]) -> None:
    assert [text for text in spelt if not passes(ORACLE.path(text))] == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/P12345678/accounts",
        "/P12345678",
        "P12345678",
        "/v1/accounts/x%2FP12345678/settlements",
        "/v1/accounts/x%2fP12345678%2fsettlements",
        "/v1/accounts/T12345678/../P12345678/settlements",
        "/v1/accounts/T12345678/P12345678?x=1",
        "/v1/accounts/p12345678?account=T12345678",
    ],
)
def test_a_production_account_is_stopped_wherever_it_stands_in_the_path(path: str) -> None:
    assert not passes(path)


@pytest.mark.parametrize(
    "account",
    ["T1234567", "T123456789", "X12345678", "12345678", "PT2345678", "T1234567a", "P1234567", ""],
)
def test_what_is_no_account_by_any_fold_passes(account: str) -> None:
    assert passes(ORACLE.path(account))


@pytest.mark.parametrize(
    ("spelt", "passed"),
    [
        ("P12345678", True),
        ("p12345678", False),
        ("%5012345678", False),
        ("P12345678%20", False),
        ("P00000001", False),
        ("T00000001", False),
    ],
)
def test_the_probe_is_one_production_account_in_one_spelling(spelt: str, passed: bool) -> None:
    assert passes(ORACLE.path(spelt), probe=PROBED) is passed


def test_without_the_opt_in_there_is_no_probe() -> None:
    assert not passes(ORACLE.path(PROBED))


def test_the_accounts_are_those_that_the_target_file_names() -> None:
    assert not passes(ORACLE.path(OTHER), frozenset({ACCOUNT}))
    assert not passes(ORACLE.path(ACCOUNT), frozenset())


def test_what_was_stopped_is_named() -> None:
    with pytest.raises(Forbidden, match="p12345678"):
        interlock.check(Request("POST", "/%50%312345678"), OURS)


@pytest.mark.parametrize(
    ("account", "well_formed"),
    [
        ("T12345678", True),
        ("P12345678", False),
        ("t12345678", False),
        ("T12345678\n", False),
        ("T1234567٣", False),
        ("T1234567", False),
        ("T123456789", False),
        ("", False),
    ],
)
def test_an_account_of_the_target_file_is_t_and_eight_digits(
    account: str, well_formed: bool
) -> None:
    assert interlock.is_well_formed(account) is well_formed


# -------------------------------------------------------------------------------- properties

letters = st.sampled_from([*"PpTtＰｐＴ0123456789１２X", " ", "\t", "\n", "\0", "/", "%", "٣", "?"])
digits = st.text("0123456789", min_size=7, max_size=10)
accounts = st.one_of(
    st.builds(
        str.__add__, st.sampled_from(["P", "p", "T", "t", "Ｐ", "Ｔ", "X", " P", "%50"]), digits
    ),
    st.sampled_from([ACCOUNT, OTHER, PROBED]),
    st.text(letters, max_size=12),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)


@st.composite
def spelt(draw: st.DrawFn) -> str:
    """An account with its letters escaped, again and again."""
    text = draw(accounts)
    for _ in range(draw(st.integers(0, 3))):
        safe = draw(st.sampled_from(["", "/", "0123456789PTpt"]))
        text = quote(text, safe=safe)
        if draw(st.booleans()):
            text = "".join(
                f"%{byte:02x}" if draw(st.booleans()) else chr(byte) for byte in text.encode()
            )
            break
    return text


paths = st.one_of(
    spelt().map(ORACLE.path),
    st.lists(spelt(), min_size=1, max_size=4).map("/".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)


@examples(300)
@given(paths)
@example("/v1/accounts/P12345678")
@example("/v1/accounts/%2550%31%32345678/x")
def test_no_path_that_folds_to_a_production_account_or_a_stranger_passes(path: str) -> None:
    if passes(path):
        assert dangerous(path) == set()


@examples(150)
@given(paths)
def test_with_a_probe_nothing_else_passes(path: str) -> None:
    if passes(path, probe=PROBED):
        assert dangerous(path) <= {PROBED}


@examples(150)
@given(paths)
def test_what_passes_is_no_production_account_to_the_oracle(path: str) -> None:
    reading = ORACLE.read(Request("POST", path))
    if passes(path) and reading.account is not None:
        assert not PRODUCTION.match(reading.account)


def sent(**changes: Any) -> str:
    """The path of a request that passed; nothing where it was stopped."""
    made = request(**changes)
    return made.path if passes(made.path) else ""


@examples(50)
@given(strategies.bodies(ACCOUNT))
def test_every_body_of_ours_passes_since_the_path_is_our_own(body: Any) -> None:
    assert sent(raw=encode(body)) == ORACLE.path(ACCOUNT)


@examples(50)
@given(strategies.broken_json(ACCOUNT))
def test_every_text_of_ours_passes_since_the_path_is_our_own(raw: bytes) -> None:
    assert sent(raw=raw) == ORACLE.path(ACCOUNT)


@examples(200)
@given(spelt())
def test_no_request_that_is_built_for_a_hostile_account_passes_to_it(account: str) -> None:
    assert dangerous(sent(body={}, account=account)) == set()


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock(DOCUMENT, ACCOUNT)


def test_every_stock_case_passes_since_the_path_is_our_own(stock: Stock) -> None:
    cases = list(stock.coverage())
    assert len(cases) > 20
    assert {sent(**case) for case in cases} == {ORACLE.path(ACCOUNT)}


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_every_random_stock_case_passes_since_the_path_is_our_own(stock: Stock, mode: str) -> None:
    @examples(25)
    @given(stock.bodies(mode))
    def each(case: dict[str, Any]) -> None:
        assert sent(**case) == ORACLE.path(ACCOUNT)

    each()
