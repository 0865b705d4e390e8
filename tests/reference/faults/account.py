"""Faults in reading the account of the path."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from tests.reference.access import ACCOUNT
from tests.reference.service import Service
from tests.reference.tokens import Caller
from tests.reference.variants import fault


class LenientAccount(Service):
    """Takes texts of one pattern that are no account ids for the caller's own account."""

    lenient = re.compile("(?!)")

    def normalise_account(self, text: str, caller: Caller) -> str:
        if self.lenient.fullmatch(text) and not ACCOUNT.fullmatch(text):
            return caller.account
        return super().normalise_account(text, caller)


@fault("account.length")
class AccountOfEightAccepted(LenientAccount):
    """Takes an account id of eight characters."""

    lenient = re.compile(r"[PT][0-9]{7}")


@fault("account.length")
class AccountOfTenAccepted(LenientAccount):
    """Takes an account id of ten characters: the pattern has no end."""

    lenient = re.compile(r"[PT][0-9]{9}")


@fault("account.pattern")
class AccountReadAsNumber(LenientAccount):
    """Reads the digits of an account as a number, which may have a sign."""

    lenient = re.compile(r"[PT][+]?[0-9]{8}")


@fault("account.length")
class AccountLengthUnchecked(LenientAccount):
    """Takes account ids of any length: the pattern says + instead of {8}."""

    lenient = re.compile(r"[PT][0-9]+")


@fault("account.length", also=("account.pattern",))
class AccountCutToNine(Service):
    """Uses the first nine characters of an account id and ignores what follows."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        return super().normalise_account(text[:9], caller)


@fault("account.length", also=("account.pattern",))
class AccountSuffixIgnored(LenientAccount):
    """Takes what follows a dot after an account id for a format."""

    lenient = re.compile(r"[PT][0-9]{8}\.[a-z]+")


@fault("account.pattern")
class AccountPatternUnchecked(LenientAccount):
    """Takes any nine characters for an account id, as the schema's keywords alone would."""

    lenient = re.compile(r".{9}", re.DOTALL)


@fault("account.pattern")
class AccountPrefixUnchecked(LenientAccount):
    """Takes any letter before the eight digits of an account id."""

    lenient = re.compile(r"[A-Z][0-9]{8}")


@fault("account.pattern")
class AccountDigitsUnchecked(LenientAccount):
    """Takes letters where an account id has digits."""

    lenient = re.compile(r"[PT]\w{8}")


@fault("account.pattern")
class AccountCaseIgnored(Service):
    """Folds the case of an account id."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        return super().normalise_account(text.upper() if text.isascii() else text, caller)


@fault("account.pattern", also=("account.length",))
class AccountStripped(Service):
    """Strips blanks and newlines around an account id."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        return super().normalise_account(text.strip(), caller)


@fault("account.pattern", also=("account.length",))
class AccountNewlineAccepted(Service):
    """Takes a newline after an account id: `$` matches before it."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        return super().normalise_account(text.removesuffix("\n"), caller)


@fault("account.pattern")
class AccountUnicodeDigitsAccepted(Service):
    r"""Takes the digits of all scripts in an account id: `\d` matches them."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        digits = (str(unicodedata.digit(each, each)) for each in text)
        return super().normalise_account("".join(digits), caller)


@fault("account.pattern")
class BarInTheClass(LenientAccount):
    """Takes a bar for the first letter of an account: [P|T]."""

    lenient = re.compile(r"\|[0-9]{8}")


@fault("account.pattern")
class DashesDropped(LenientAccount):
    """Drops dashes from an account."""

    lenient = re.compile(r"[PT]-[0-9]{8}")


@fault("account.pattern", also=("account.length",))
class PathDecodedTwice(Service):
    """Decodes the path twice, as behind a gateway that decodes it too."""

    def normalise_account(self, text: str, caller: Caller) -> str:
        return unquote(text)
