"""What the privacy pages promise: every table and every cookie is named, and they are where people look."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse

from exercises import devices
from tests.test_architecture import APP

TEXT = (APP.parent / "docs" / "privacy.md").read_text()
# How the source names a cookie that it sets, and the name it has.
COOKIES = {"settings.AGE_COOKIE_NAME": settings.AGE_COOKIE_NAME, "name()": devices.name()}


def rows_of(heading):
    """First cell of each row of the table under a heading, without its marks."""
    part = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| `")]
    return [re.findall(r"`([^`]+)`", line.split("|")[1]) for line in lines]


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
def test_every_table_is_named(model):
    named = {name for names in rows_of("What is kept") for name in names}
    assert model.__name__ in named, f"docs/privacy.md says nothing of {model.__name__}"


def test_no_table_is_named_that_is_not_there():
    named = {name for names in rows_of("What is kept") for name in names}
    assert named == {model.__name__ for model in apps.get_models()} | {"cache"}


def cookies_set():
    """What the source sets, as it is written there."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(getattr(node, "func", None), "attr", "")
            if isinstance(node, ast.Call) and called in ("set_cookie", "set_signed_cookie"):
                yield ast.unparse(node.args[0])


def test_every_cookie_is_named():
    assert set(cookies_set()) == set(COOKIES)
    ours = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, *COOKIES.values()}
    named = {names[0] for names in rows_of("Cookies and browser storage")}
    assert named == {name.removeprefix("__Host-") for name in ours}


def test_no_other_cookie_is_ever_set(cast, teen):
    for url in ("/", reverse("today"), reverse("more"), reverse("privacy")):
        teen.get(url, follow=True)
    signed_out = Client()
    signed_out.get(reverse("account_login"))
    assert {*teen.cookies, *signed_out.cookies} <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def test_the_page_is_for_everybody(db, settings):
    settings.PRIVACY_CONTACT, settings.RECORD_RETENTION = "Pat <Doe>", "Seven years."
    settings.SELF_SIGNUP_AGE = 16
    answer = Client().get("/privacy/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Ask: Pat &lt;Doe&gt;." in text
    assert "Seven years." in text
    assert "6 years" in text
    assert "Children under 16 come with a parent" in text


def test_without_a_contact_it_says_whom_to_ask(db):
    assert "Ask your care team" in Client().get("/privacy/").content.decode()


def test_it_only_reads(db):
    for method in ("post", "put", "delete"):
        assert getattr(Client(), method)("/privacy/").status_code == 405


def test_it_is_where_people_look(cast, teen, settings):
    settings.SIGNUP = "open"
    link = f'href="{reverse("privacy")}"'
    for url in (reverse("account_login"), reverse("start")):
        assert link in Client().get(url).content.decode(), url
    sign_up = Client().post(reverse("start"), {"who": "parent"}, follow=True)
    assert sign_up.request["PATH_INFO"] == reverse("account_signup")
    assert link in sign_up.content.decode()
    for url in (reverse("more"), reverse("erase", args=[cast.patient.code])):
        assert link in teen.get(url).content.decode(), url


def test_its_sentences_are_short():
    template = (APP.parent / "templates" / "privacy" / "privacy.html").read_text()
    said = re.findall(r'translate "([^"]+)"', template)
    assert len(said) > 20
    for text in said:
        for sentence in re.split(r"[.:;]\s*", text):
            assert len(sentence.split()) <= 25, sentence
