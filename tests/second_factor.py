"""A code app for tests: what a phone does with the secret it was shown (RFC 6238)."""

import base64
import hashlib
import hmac
import struct
import time
from datetime import UTC, datetime

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from exercises.models import User

PERIOD = 30
# Well inside a half minute: a code that is made at its very end would be refused when it arrives.
INSIDE = datetime(2026, 11, 20, 18, 0, 10, tzinfo=UTC)


def code(secret: str, later: int = 0) -> str:
    """The six digits of now, or of ``later`` periods."""
    counter = struct.pack(">Q", int(time.time()) // PERIOD + later)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 10**6:06}"


def enrol(user: User) -> str:
    """Gives somebody a code app and recovery codes, as the page would; its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret
