"""Codes that a person types from a card: invitations and sign-in cards.

Twelve characters of 32 that cannot be taken for each other (no I, O, 0, 1): 60 bits.
"""

import hashlib
import hmac
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12
GROUP = 4


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: ``ABCD-EFGH-JKLM``."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """What somebody typed, without spaces, dashes and case; empty when it cannot be a code."""
    code = "".join(typed.split()).replace("-", "").upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def digest(code: str, *, key: str, purpose: str) -> str:
    """What is stored in place of a code: it cannot be turned back without ``key``. 64 hexadecimal digits."""
    return hmac.new(f"{purpose}:{key}".encode(), code.encode(), hashlib.sha256).hexdigest()
