"""A control: this server says "kept" before anything is written. The kill test must find its losses."""

import json
import threading
from collections.abc import Iterable
from io import BytesIO
from queue import Queue
from typing import Any
from urllib.parse import parse_qs

from amps_tracker.wsgi import application as careful

waiting: Queue[dict[str, Any]] = Queue()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        return careful(environ, start_response)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    waiting.put(environ | {"wsgi.input": BytesIO(body)})
    start_response("201 Created", [("Content-Type", "application/json")])
    return [json.dumps({"code": "recorded", "id": parse_qs(body.decode())["id"][0]}).encode()]


def write() -> None:
    while True:
        careful(waiting.get(), unheard).close()


def unheard(*_: Any) -> Any:
    """Nobody waits for this answer any more."""


threading.Thread(target=write, daemon=True).start()
