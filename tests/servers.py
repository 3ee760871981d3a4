"""A gunicorn in production mode, with a database and a process of its own. Listens on 127.0.0.1 only."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
APP = "amps_tracker.wsgi"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_database(folder: Path, like: str = "") -> Iterator[str]:
    """The URL of a database of the kind that this run is on: empty, or a copy of the one at ``like``."""
    if connection.vendor == "sqlite":
        file = folder / "amps.sqlite3"
        if like:
            shutil.copyfile(like.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    server, name = os.environ["DATABASE_URL"], f"faults_{uuid.uuid4().hex[:12]}"
    template = f" TEMPLATE {urlsplit(like).path[1:]}" if like else ""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}{template}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Site:
    """One installation: its settings, its database, its server."""

    def __init__(self, folder: Path, database_url: str, wsgi: str = APP, **settings: str) -> None:
        self.wsgi, self.port, self.log = wsgi, free_port(), folder / "server.log"
        self.server: subprocess.Popen[bytes] | None = None
        self.env = {
            name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"
        } | {
            "DJANGO_SETTINGS_MODULE": "tests.production",
            "TEST_STATIC_ROOT": str(folder / "static"),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a key for this test only, long enough for every check of the deployment",
            "FIELD_KEY": "another key for this test only",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SSL_REDIRECT": "0",
            "DEMO": "0",
            "DEBUG": "0",
            **settings,
        }

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.python("manage.py", *arguments, **environment)

    def migrate(self) -> None:
        migrated = self.manage("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr

    def records(self, *arguments: str) -> dict[str, Any]:
        """What `tests.faults.records` answers, run inside this installation."""
        done = self.python("-m", "tests.faults.records", *arguments)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command, env = [sys.executable, *arguments], self.env | environment
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", self.wsgi, "-w", "2", "--threads", "4"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "--log-level", "warning"]
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def wait_until_up(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        raise AssertionError(f"no answer within {seconds} s:\n{self.log.read_text()}")

    def kill(self) -> None:
        """SIGKILL to master and workers: the group that `start` made."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.server is not None:
            os.killpg(self.server.pid, how)
            self.server.wait(timeout=30)
            self.server = None


@contextmanager
def running(folder: Path, database_url: str, wsgi: str = APP, **settings: str) -> Iterator[Site]:
    """An installation whose server answers, until the block ends. Its database is migrated already."""
    site = Site(folder, database_url, wsgi, **settings)
    site.start()
    try:
        site.wait_until_up()
        yield site
    finally:
        site.stop()
