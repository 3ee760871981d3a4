"""What a password may not be, besides short: too long to check, or the first that somebody would guess.

Django's list of common passwords knows whole passwords, nearly all of them shorter than ours may be. What
people make of them to reach a length (twice, with a year behind, the name of the app) is refused here.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Words that this app puts into everybody's head.
CONTEXT = (
    "ampstracker",
    "amps",
    "tracker",
    "amplified",
    "pain",
    "therapist",
    "therapy",
    "exercises",
    "exercise",
)
EVERYWHERE = ("password", "passwort", "passphrase", "login", "welcome", "letmein", "changeme", "secret")
# What must be left when the words above and the person's own are taken away.
LEFT_OVER = 6
# Rows of a keyboard and of the alphabet: runs along them are no words.
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1234567890",
    "qwertzuiopasdfghjklyxcvbnm",
)
FEWEST_SIGNS = 5


class AtMost:
    """Far above what anybody types; checking a password costs time that grows with it."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return ngettext(
            "At most %d character, please.", "At most %d characters, please.", self.max_length
        ) % self.max_length  # fmt: skip


class NotTheFirstGuess:
    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        signs = _signs(password)
        if (
            len(set(signs)) < FEWEST_SIGNS
            or _is_repeated(signs)
            or _is_run(signs)
            or _core(signs) in self.common
            or len(_without(signs, [*CONTEXT, *EVERYWHERE, *_own_words(user)])) < LEFT_OVER
        ):
            raise ValidationError(
                _("Many people would guess this first. Try three or four words that do not belong together."),
                code="password_first_guess",
            )

    def get_help_text(self) -> str:
        return _("Not the name of the app, not one word twice, not 123456789.")


def _signs(password: str) -> str:
    """Without case, spaces and punctuation, which change no guess."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] not in "ZPC")


def _is_repeated(signs: str) -> bool:
    """One piece again and again, the last of them perhaps cut off: it is its own start, moved along."""
    half = len(signs) // 2
    return any(signs[piece:] == signs[: len(signs) - piece] for piece in range(1, half + 1))


def _is_run(signs: str) -> bool:
    """Nearly every step goes to the neighbour in a row, either way."""
    steps = list(pairwise(signs))
    neighbours = {pair for row in ROWS for pair in zip(row, row[1:] + row[0], strict=True)}
    along = sum((one, other) in neighbours or (other, one) in neighbours for one, other in steps)
    return along * 10 >= len(steps) * 8


def _core(signs: str) -> str:
    """What stands between the numbers at both ends: ``password`` of ``2password123456``."""
    return re.sub(r"^\d+|\d+$", "", signs)


def _own_words(user: Any) -> list[str]:
    """The names of a person, as somebody near them would try them."""
    names = [getattr(user, field, "") or "" for field in ("username", "first_name", "last_name")]
    names.append((getattr(user, "email", "") or "").partition("@")[0])
    return [name for name in map(_signs, names) if len(name) > 2]


def _without(signs: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        signs = signs.replace(word, "")
    return signs
