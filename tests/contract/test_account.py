"""Chapter account: the account in the path, P or T and eight digits."""

import pytest

from tests.harness.cases import EMPTY
from tests.harness.fixtures import Put
from tests.harness.run import Run

clause = pytest.mark.clause
BODY = {"date_range": EMPTY}

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def encoded(text: str) -> str:
    """Percent-encoded, as it goes into a path."""
    from urllib.parse import quote

    return quote(text, safe="")


@clause("account.length")
@pytest.mark.smoke
def test_ten_characters_are_refused(put: Put, run: Run) -> None:
    account = run.target.file.account
    put(BODY, account=account + account[-1])


@clause("account.length")
def test_eight_characters_are_refused(put: Put, run: Run) -> None:
    put(BODY, account=run.target.file.account[:-1])


@clause("account.pattern")
@pytest.mark.smoke
def test_another_letter_before_the_digits_is_refused(put: Put, run: Run) -> None:
    put(BODY, account="X" + run.target.file.account[1:])


@clause("account.pattern")
def test_what_the_pattern_does_not_match_is_refused(put: Put, run: Run) -> None:
    account = run.target.file.account
    put(BODY, account=account.lower())
    put(BODY, account=account[:-1] + "a")
    put(BODY, account=encoded(account.translate(ARABIC)))
    put(BODY, account=account + "%0A")
    put(BODY, account="%7C" + account[1:])
    put(BODY, account=account + "%20")
    put(BODY, account=account[0] + "%2B" + account[1:])
    put(BODY, account=account[:-1] + f"%25{ord(account[-1]):x}")
    put(BODY, account=account[0] + "-" + account[1:])
    put(BODY, account=account + ".json")


@clause("account.length", "account.pattern")
@pytest.mark.depth
def test_its_near_misses_are_refused(put: Put, run: Run) -> None:
    account = run.target.file.account
    put(BODY, account=encoded(account.translate(FULLWIDTH)))
    put(BODY, account=encoded(account[:-1] + account[-1].translate(ARABIC)))
    put(BODY, account=account + "%0D%0A")
    put(BODY, account="%0A" + account)
    put(BODY, account=account + "%00")
    put(BODY, account="A" + account[1:])
    put(BODY, account="0" + account[1:])
    put(BODY, account="PT" + account[2:])
    put(BODY, account="%20" + account)
    put(BODY, account=account[0] + "-" + account[2:])
    put(BODY, account=account[0] + "." + account[2:])
    put(BODY, account=account[:4] + "%20" + account[5:])
    put(BODY, account=account[1:])
