"""The two servers side by side: the app in production mode, and a bare Django project as the measure."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# What the proxy in front would say; Origin is what a browser sends with a form over https.
PROXY_HEADERS = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


@dataclass(slots=True)
class Server:
    """A running gunicorn and one persistent connection to it."""

    process: subprocess.Popen[bytes]
    connection: HTTPConnection

    def get(self, path: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, headers | form)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        self.connection.request(method, path, body, PROXY_HEADERS | headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    def cpu_seconds(self) -> float:
        """User and system time of the server's processes so far: see clock_getcpuclockid(3)."""
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in (self.process.pid, *self._workers()))

    def _workers(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def serve(wsgi: str, environment: dict[str, str]) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", wsgi, "-w", "1", "--threads", "4", "--keep-alive", "75"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_until_it_listens(process, port)
        yield Server(process, HTTPConnection("127.0.0.1", port, timeout=60))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("The server stopped before it listened.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server does not listen.")


def environments(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """For the app (production mode behind one proxy) and for the bare project."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    clean |= {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEY": secrets.token_urlsafe(50),
        "PYTHONPATH": str(ROOT),
    }
    app = clean | {
        "DJANGO_SETTINGS_MODULE": "amps_tracker.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'app.sqlite3'}",
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXIES": "1",
        # A .env beside manage.py may say otherwise; the environment wins.
        "DEMO": "0",
        "DEBUG": "0",
    }
    bare = clean | {
        "DJANGO_SETTINGS_MODULE": "tests.bench.bare.settings",
        "BARE_DATABASE": str(folder / "bare.sqlite3"),
    }
    return app, bare


def prepare(app: dict[str, str], bare: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Fills both databases; returns who is signed in to the app, and the bare project's session."""
    _python(app, "manage.py", "migrate", "--verbosity", "0")
    _python(app, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    people = json.loads(_python(app, "-m", "tests.bench.fill"))
    return people, _python(bare, "-m", "tests.bench.bare.fill").strip()


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
