"""Phones that send until they are told by our own JSON that the entry is kept, as an offline queue does."""

import http.client
import json
import random
import socket
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from queue import Empty, Queue

from tests.servers import Site

MOST_SECONDS = 300


@dataclass(frozen=True)
class Entry:
    """One session to be logged. ``aborts``: the first try hangs up before the answer."""

    teen: dict
    id: str
    day: str
    minutes: int
    aborts: bool = False

    @property
    def body(self) -> str:
        # The minutes come last: half of them is a number too.
        fields = {"id": self.id, "day": self.day, "strand": "cardio", "minutes": self.minutes}
        return urllib.parse.urlencode(fields)

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.teen["cookie"],
            "X-CSRFToken": self.teen["token"],
        }


def entries(people: dict, count: int, *, aborts: float = 0.0, seed: int = 1) -> list[Entry]:
    dice, today = random.Random(seed), date.fromisoformat(people["today"])
    return [
        Entry(
            teen=people["teens"][n % len(people["teens"])],
            id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            day=str(today - timedelta(days=n % 7)),
            minutes=dice.randint(1, 240),
            aborts=dice.random() < aborts,
        )
        for n in range(count)
    ]


def with_doubles(one_by_one: Iterable[Entry], share: float, *, seed: int = 2) -> list[Entry]:
    """Some entries twice in a row, so that two clients send them at the same time."""
    dice = random.Random(seed)
    return [entry for one in one_by_one for entry in [one] * (2 if dice.random() < share else 1)]


@dataclass
class Outcome:
    sent: int = 0
    aborted: int = 0
    kept: set[str] = field(default_factory=set)
    created: Counter[str] = field(default_factory=Counter)
    kept_at: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    hung_up: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Phones:
    """``clients`` threads that empty one queue of entries."""

    def __init__(self, site: Site, todo: Iterable[Entry], clients: int) -> None:
        self.site, self.outcome, self.lock = site, Outcome(), threading.Lock()
        self.todo: Queue[Entry] = Queue()
        for entry in todo:
            self.todo.put(entry)
        self.began = time.monotonic()
        self.threads = [threading.Thread(target=self._work) for _ in range(clients)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def wait_until_kept(self, count: int) -> None:
        while len(self.outcome.kept) < count and any(thread.is_alive() for thread in self.threads):
            time.sleep(0.01)

    def join(self) -> Outcome:
        for thread in self.threads:
            thread.join()
        self.outcome.seconds = time.monotonic() - self.began
        return self.outcome

    def _work(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=30)
        try:
            while True:
                self._send(line, self.todo.get_nowait())
        except Empty:
            pass
        finally:
            line.close()

    def _send(self, line: http.client.HTTPConnection, entry: Entry) -> None:
        if entry.aborts:
            self._abort(entry)
        while not self._is_kept(line, entry):
            if self.outcome.wrong or time.monotonic() - self.began > MOST_SECONDS:
                raise AssertionError(f"gave up on {entry.id}: {self.outcome.wrong}")
            time.sleep(0.05)

    def _abort(self, entry: Entry) -> None:
        """Sends the whole request, or all but its last byte, and hangs up at once."""
        lines = [
            f"POST {entry.teen['path']} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Content-Length: {len(entry.body)}",
        ]
        lines += [f"{name}: {value}" for name, value in entry.headers.items()]
        with self.lock:
            self.outcome.aborted += 1
        try:
            with socket.create_connection(("127.0.0.1", self.site.port), timeout=5) as line:
                request = ("\r\n".join(lines) + "\r\n\r\n" + entry.body).encode()
                line.sendall(request[:-1] if entry.minutes % 2 else request)
        except OSError:
            pass

    def _is_kept(self, line: http.client.HTTPConnection, entry: Entry) -> bool:
        try:
            line.request("POST", entry.teen["path"], entry.body, entry.headers)
            response = line.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            line.close()
            with self.lock:
                self.outcome.sent += 1
                self.outcome.hung_up += 1
            return False
        with self.lock:
            return self._note(entry, response, text)

    def _note(self, entry: Entry, response: http.client.HTTPResponse, text: bytes) -> bool:
        outcome = self.outcome
        outcome.sent += 1
        outcome.statuses[response.status] += 1
        if response.status in (200, 201) and json.loads(text)["id"] == entry.id:
            outcome.kept.add(entry.id)
            outcome.kept_at.append(time.monotonic())
            outcome.created[entry.id] += response.status == 201
            return True
        if response.status != 503 or not response.headers.get("Retry-After"):
            outcome.wrong.append(f"{response.status} {text[:300]!r}")
        return False


def send(
    site: Site,
    todo: Iterable[Entry],
    *,
    clients: int = 16,
    disturb: Callable[[], None] | None = None,
    times: int = 0,
) -> Outcome:
    """Sends everything; ``disturb`` is called ``times`` times, evenly spread over what gets kept."""
    todo = list(todo)
    phones = Phones(site, todo, clients)
    phones.start()
    try:
        for number in range(times):
            phones.wait_until_kept(len({entry.id for entry in todo}) * (number + 1) // (times + 1))
            assert disturb is not None
            disturb()
    finally:
        outcome = phones.join()
    return outcome


def at_once(site: Site, rounds: Iterable[list[Entry]]) -> Outcome:
    """Each round's entries in the same instant, one client each; then the next round."""
    total = Outcome()
    for entries_now in rounds:
        phones = Phones(site, [], len(entries_now))
        gate = threading.Barrier(len(entries_now))
        phones.threads = [
            threading.Thread(target=_through, args=(gate, phones, entry)) for entry in entries_now
        ]
        phones.start()
        done = phones.join()
        total.sent += done.sent
        total.kept |= done.kept
        total.created += done.created
        total.statuses += done.statuses
        total.wrong += done.wrong
        total.seconds += done.seconds
    return total


def _through(gate: threading.Barrier, phones: Phones, entry: Entry) -> None:
    line = http.client.HTTPConnection("127.0.0.1", phones.site.port, timeout=30)
    try:
        line.connect()
        gate.wait(timeout=30)
        phones._send(line, entry)
    finally:
        line.close()
