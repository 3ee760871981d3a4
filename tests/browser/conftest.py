"""Chromium on the live server, watched: an error on the console, a refusal by the content policy, a failed
request or a request to another host fails the test that caused it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

from exercises.models import User
from tests import factories
from tests.browser.chromium import DESKTOP, NOT_FOUND, PHONE, launch_options
from tests.conftest import signed_in
from tests.pages import SIGNED_IN, readable, url_of
from tests.second_factor import PERIOD, code
from tests.worlds import furnish

ACCOUNT = ("account", "mfa", "usersessions", "second-factor")
SIZES = {"phone": PHONE, "desktop": DESKTOP}
LONG_NAME = "Maximiliane von Donaudampfschifffahrtskapitänswitwenrente"
# A Thursday, 10:05 in Chicago: the morning, when Today also asks about yesterday.
MORNING = datetime(2026, 11, 19, 16, 5, tzinfo=UTC)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    options = launch_options()
    if options is None:
        pytest.skip(NOT_FOUND)
    return {**browser_type_launch_args, **options}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as in use: in memory the server shares the test's connection, and whoever comes
    second gets "table is locked" at once instead of waiting for their turn."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """The server's clock: no test depends on the hour or the day it runs on."""
    with time_machine.travel(MORNING, tick=True):
        yield


class Watch:
    """What went wrong behind the pages. Answers that a test provokes are named in ``expected``."""

    def __init__(self, host: str) -> None:
        self.host, self.expected, self.faults, self.requests = host, {200, 302, 304}, list[str](), 0

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def _request(self, request: Request) -> None:
        self.requests += 1
        url = urlsplit(request.url)
        if url.scheme != "data" and url.netloc != self.host:
            self.faults.append(f"another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status not in self.expected:
            self.faults.append(f"{response.status} from {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that was left before its icon came
            self.faults.append(f"failed: {request.method} {request.url} ({request.failure})")

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium repeats a refused answer on the console; its status is judged above.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")


@pytest.fixture
def watch(live_server: Any) -> Iterator[Watch]:
    watch = Watch(urlsplit(live_server.url).netloc)
    yield watch
    assert watch.faults == []


Open = Callable[..., Page]


@pytest.fixture
def open_page(new_context: Any, live_server: Any, watch: Watch) -> Iterator[Open]:
    """``open_page("phone", user=…, script=False, scheme="dark")``: a page in a browser of its own; with a
    ``user`` it is signed in already."""
    pages: list[Page] = []

    def opened(
        size: str = "phone", user: User | None = None, script: bool = True, scheme: Any = "light"
    ) -> Page:
        context = new_context(
            base_url=live_server.url,
            viewport=SIZES[size],
            java_script_enabled=script,
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(5000)
        watch.follow(context)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        page: Page = context.new_page()
        pages.append(page)
        return page

    yield opened
    leave(pages)


def leave(pages: list[Page]) -> None:
    """Closes them, and lets the server finish what it is at: it writes who looked once an answer is out, and
    the next test empties the tables."""
    for page in pages:
        # A page with its own clock that is on its way elsewhere may never close: it comes to a stop first.
        with suppress(Error):
            page.goto("about:blank")
        page.context.close()
    for _twentieth in range(200):
        if not any("process_request_thread" in thread.name for thread in threading.enumerate()):
            break
        time.sleep(0.05)


def session_cookie(user: User, url: str) -> Any:
    client = signed_in(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


def sign_in(page: Page, username: str, password: str = factories.PASSWORD) -> None:
    """As a person does it: from the front door, through the sign-in page."""
    page.goto("/")
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def give_code(page: Page, secret: str, label: str = "Code", button: str = "Sign in") -> None:
    """Types a code as soon as a new one comes, so that it is still good when it arrives."""
    with time_machine.travel((time.time() // PERIOD + 1) * PERIOD, tick=True):
        page.get_by_label(label).fill(code(secret))
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_load_state()


@pytest.fixture
def people(cast: SimpleNamespace) -> dict[str, User]:
    return {"teen": cast.maya, "parent": cast.dana, "therapist": cast.lee}


@pytest.fixture
def world(cast: SimpleNamespace) -> SimpleNamespace:
    """A furnished record with some weeks behind it; beside it one with a long name and no program."""
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    for days_ago in (1, 2, 4, 8, 20, 40):
        at = timezone.now() - timedelta(days=days_ago)
        factories.session(cast.patient, cast.maya, "cardio", 20, at=at)
        factories.session(cast.patient, cast.maya, "desensitization", 3, at=at, body_areas=("left_foot",))
    fresh = factories.patient(LONG_NAME, zone="Asia/Kathmandu")
    factories.link(fresh, cast.dana, "parent")
    factories.link(fresh, cast.lee, "therapist", discipline="pt")
    return world


def stops(cast: SimpleNamespace, world: SimpleNamespace, who: str) -> Iterator[tuple[str, str]]:
    """Every page that one of the team meets, the refusals of the others' homes among them, as (name, URL).

    The pages around one's account are the same for everybody: the therapist meets them for all."""
    own = [name for name in SIGNED_IN if who == "therapist" or not name.startswith(ACCOUNT)]
    yield from ((name, reverse(name)) for name in own)
    yield from ((name, url_of(cast, world, name)) for name in readable(who))
    history = url_of(cast, world, "history")
    yield "year", f"{history}?year=2026"
    yield "month before", f"{history}?month=2026-10"
    if who == "parent":
        yield "session", reverse("session", args=[cast.patient.code, world.by_parent.client_id])
    saved = world.by_parent.client_id
    yield "saved", url_of(cast, world, "patient-today") + f"?saved={saved}"
    yield "unknown", "/no-such-page/"
    yield "wrong method", url_of(cast, world, "sessions")
