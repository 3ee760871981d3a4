"""A code is stored as a digest. For ten minutes the session of whoever made it can show and print it."""

import time

from django.http import HttpRequest

from exercises import session_keys

SECONDS = 10 * 60


def keep(request: HttpRequest, name: str, code: str) -> None:
    """``name`` tells the row that the code belongs to: "invitation 7"."""
    request.session[session_keys.FRESH_CODES] = _fresh(request) | {name: [code, int(time.time())]}


def shown(request: HttpRequest, name: str) -> str:
    """The code while it can be shown, else ``""``; forgets those whose time is over."""
    fresh = _fresh(request)
    if fresh != request.session.get(session_keys.FRESH_CODES, {}):
        request.session[session_keys.FRESH_CODES] = fresh
    return str(fresh[name][0]) if name in fresh else ""


def forget(request: HttpRequest, name: str) -> None:
    fresh = _fresh(request)
    if fresh.pop(name, None):
        request.session[session_keys.FRESH_CODES] = fresh


def _fresh(request: HttpRequest) -> dict[str, list[str | int]]:
    kept = request.session.get(session_keys.FRESH_CODES, {})
    oldest = time.time() - SECONDS
    return {name: pair for name, pair in kept.items() if pair[1] > oldest}
