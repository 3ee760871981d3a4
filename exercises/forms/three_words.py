"""Three random words, offered as a password that somebody can remember and type on a phone."""

from dicewarepy import diceware
from dicewarepy.diceware import SUPPORTED_LANGUAGES
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

WORDS = 3


def three_words() -> str:
    """In the page's language, where there is a list for it; a password that this installation takes."""
    language = (get_language() or "en").split("-")[0]
    while True:
        words = " ".join(diceware(WORDS, language if language in SUPPORTED_LANGUAGES else "en"))
        try:
            validate_password(words)
        except ValidationError:
            continue  # too short, or one of the words that everybody here would guess
        return words
