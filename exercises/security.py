"""The log of security events: who signed in, what was refused, which record was read.

One line an event, in UTC: numbers and names of pages only. Never a name that somebody has, a note, a word
that was typed, a password or a code; never a whole address of a client.
"""

import ipaddress
import logging
import time

LOGGER = logging.getLogger("amps.security")
# What an unsigned client is told apart by: its network, not its device.
PREFIX = {4: 24, 6: 48}


class UTCFormatter(logging.Formatter):
    """``2026-11-20T17:03:11Z`` in front of the line."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = ""


def note(event: str, **facts: object) -> None:
    """``facts`` become ``key=value``; empty ones are left out."""
    pairs = {"event": event} | {name: fact for name, fact in facts.items() if fact not in (None, "")}
    LOGGER.info("%s", " ".join(f"{name}={_one_word(fact)}" for name, fact in pairs.items()))


def network(address: str | None) -> str:
    """The client's network: ``203.0.113.0/24``; empty for what is no address."""
    try:
        version = ipaddress.ip_address(address or "").version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{PREFIX[version]}", strict=False))


def _one_word(fact: object) -> str:
    """Nothing can look like a second fact, or like a line of its own."""
    return "".join(letter if letter.isalnum() or letter in "-_.:/" else "_" for letter in str(fact))
