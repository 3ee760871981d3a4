"""Takes the README's pictures: `python tests/browser/screenshots.py`; every page of everybody: `--all DIR`.

Serves the app in demo mode from a database of its own. The server's clock starts at one afternoon and the
demo has one seed, so the same code makes the same pictures on any day.
"""

import argparse
import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import time_machine
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import DESKTOP, NOT_FOUND, PHONE, launch_options  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
# A Friday, 4:20 in the afternoon where the demo lives.
AFTERNOON = datetime(2026, 11, 20, 22, 20, tzinfo=UTC)
SEED = 7
MOST_BYTES = 150_000
ROLES = {"maya": "teen", "dana": "parent", "lee": "therapist"}


@dataclass(frozen=True)
class Shot:
    """One picture: what ``who`` sees at ``page`` (a URL name of a patient's page, or a path)."""

    name: str
    who: str
    page: str
    size: ViewportSize
    scheme: str = "light"


README = (
    Shot("today-phone-light", "maya", "/today/", PHONE),
    Shot("today-phone-dark", "maya", "/today/", PHONE, "dark"),
    Shot("guided-phone", "maya", "guided", PHONE),
    Shot("weeks-phone", "maya", "history", PHONE),
    Shot("life-phone", "maya", "function", PHONE | {"height": 1130}),
    Shot("week-phone", "maya", "week", PHONE | {"height": 1130}),
    Shot("life-dark", "maya", "function", DESKTOP | {"height": 1000}, "dark"),
    Shot("family-phone", "dana", "/family/", PHONE),
    Shot("caseload", "lee", "/caseload/", DESKTOP),
    Shot("patient", "lee", "patient", DESKTOP | {"height": 560}),
    Shot("program", "lee", "program", DESKTOP),
    Shot("editor", "lee", "program-edit", DESKTOP),
)


@contextmanager
def demo_server() -> Iterator[str]:
    """The app in demo mode on a free port, with a fresh database; yields its URL."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="amps-screenshots-"))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "amps_tracker.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEY": secrets.token_urlsafe(50),
            "DEMO": "1",
            "DEBUG": "0",
        }
        stack.enter_context(time_machine.travel(AFTERNOON, tick=True))
        prepare()
        yield stack.enter_context(serving())


def prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", seed=SEED, verbosity=0)


@contextmanager
def serving() -> Iterator[str]:
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    from amps_tracker.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def signed_in(browser: Browser, url: str, who: str) -> Page:
    from exercises.demo_people import DEMO_PASSWORD

    context = browser.new_context(base_url=url, device_scale_factor=1, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Username or e-mail").fill(who)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/*/")
    asked = page.get_by_role("button", name="Only mine")
    if asked.count():
        asked.click()
    return page


def show(page: Page, url: str, size: ViewportSize, scheme: Any) -> int:
    """The status that the page answered with."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    answer = page.goto(url)
    return answer.status if answer else 0


def maya() -> tuple[SimpleNamespace, SimpleNamespace]:
    """The demo's first patient, and the rows that the addresses of her pages name."""
    from exercises.models import Activity, CareTeamMember

    patient = CareTeamMember.objects.get(user__username="maya", role="patient").patient
    people = {link.user.username: link.user for link in patient.team.select_related("user")}
    cast = SimpleNamespace(patient=patient, **people)
    technique = Activity.objects.get(key="belly-breathing")
    return cast, SimpleNamespace(session=patient.sessions.live().latest("pk"), technique=technique)


def with_codes(cast: SimpleNamespace, world: SimpleNamespace) -> None:
    """The demo has no open codes; their pages need one each."""
    from exercises.access import get_viewer
    from exercises.services import invitations, sign_in_cards

    viewer = get_viewer(cast.lee, cast.patient.code)
    world.invitation, _code = invitations.invite(viewer=viewer, role="parent")
    member = cast.patient.team.get(user=cast.maya).pk
    world.sign_in_card, _code = sign_in_cards.make(viewer=viewer, member=member)


def url_finder(*, everything: bool = False) -> Callable[[str], str]:
    from tests.pages import url_of

    cast, world = maya()
    if everything:
        with_codes(cast, world)
    return lambda name: name if name.startswith("/") else url_of(cast, world, name)


def take_readme(browser: Browser, url: str) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    pages = {who: signed_in(browser, url, who) for who in ROLES}
    find = url_finder()
    for shot in README:
        page, path = pages[shot.who], OUT / f"{shot.name}.png"
        if show(page, find(shot.page), shot.size, shot.scheme) != 200:
            sys.exit(f"{shot.page} is broken: no picture of it.")
        page.screenshot(path=path)
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")
        if path.stat().st_size > MOST_BYTES:
            sys.exit(f"{path.name} is larger than {MOST_BYTES // 1000} kB.")


def take_all(browser: Browser, url: str, folder: Path) -> None:
    """Every page of everybody, whole, on a phone and on a desktop, light and dark."""
    from django.urls import reverse

    from tests.pages import SIGNED_IN, SIGNED_OUT, readable

    folder.mkdir(parents=True, exist_ok=True)
    find = url_finder(everything=True)
    for who, role in ROLES.items():
        urls = {name: reverse(name) for name in SIGNED_IN} | {name: find(name) for name in readable(role)}
        urls["year"] = find("history") + "?year=2026"
        take_whole(signed_in(browser, url, who), urls, folder, who)
    stranger = browser.new_context(base_url=url).new_page()
    urls = {name: reverse(name, args=args) for name, args in SIGNED_OUT.items()} | {
        "unknown": "/nothing-here/"
    }
    take_whole(stranger, urls, folder, "nobody")
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def take_whole(page: Page, urls: dict[str, str], folder: Path, who: str) -> None:
    for name, url in urls.items():
        for size_name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            for scheme in ("light", "dark"):
                show(page, url, size, scheme)
                page.screenshot(path=folder / f"{who}-{name}-{size_name}-{scheme}.png", full_page=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", metavar="DIR", type=Path, help="every page of everybody, into this folder")
    folder = parser.parse_args().all
    options = launch_options()
    if options is None:
        sys.exit(NOT_FOUND)
    with demo_server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        take_all(browser, url, folder) if folder else take_readme(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
