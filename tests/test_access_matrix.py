"""Every page of a patient, every kind of person, GET and POST: what is refused changes nothing."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.models import AccessRecord, BreakGlass, User
from exercises.services import looks
from exercises.session_keys import SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.pages import ADMINISTRATION, NO_PAGE, PAGES, SIGNED_IN, SIGNED_OUT, TEAM, url_of
from tests.test_architecture import patterns
from tests.worlds import furnish, rows, table

OUTSIDERS = (
    "stranger",
    "other teen",
    "other parent",
    "other therapist",
    "ended parent",
    "ended therapist",
    "deactivated parent",
    "administrator",
)
GLASS, SHARED = "administrator behind glass", "teen on a shared device"
PEOPLE = (*sorted(TEAM), SHARED, GLASS, *OUTSIDERS, "nobody")
# What an administrator may read who gave a reason; nothing can be sent.
BEHIND_GLASS = {
    "patient", "day", "call", "week", "history", "program", "calm", "calm-technique", "function", "goals",
    "days-off", "words", "cheers", "measures", "team", "self-managed", "looked", "ladder",
}  # fmt: skip
# Who has the right, but not to this row: it is somebody else's, or closed here, and so unknown to them.
NOT_THEIRS = {("parent", "question-say"), (SHARED, "question-say")}
# What a GET may write: who looked, and that a sign-in is in use.
GET_WRITES = {AccessRecord, Session, UserSession}


@pytest.fixture
def world(cast):
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    past = timezone.now() - timedelta(minutes=1)
    for name, role, until, active in (
        ("ended parent", "parent", past, True),
        ("ended therapist", "therapist", past, True),
        ("deactivated parent", "parent", None, False),
    ):
        person = factories.user(name.replace(" ", "-"), is_active=active)
        factories.link(cast.patient, person, role, until=until)
    administrator = factories.user("administrator", is_staff=True)
    administrator.is_superuser = True
    administrator.save()
    glass = factories.user(GLASS.replace(" ", "-"), is_staff=True)
    until = timezone.now() + timedelta(hours=1)
    BreakGlass.objects.create(patient=cast.patient, user=glass, reason="The family called.", until=until)
    return world


def client_of(cast, who):
    if who == "nobody":
        return Client()
    known = {
        "teen": cast.maya,
        SHARED: cast.maya,
        "parent": cast.dana,
        "therapist": cast.lee,
        "stranger": cast.sam,
        "other teen": cast.noor,
        "other parent": cast.omar,
        "other therapist": cast.kim,
    }
    client = signed_in(known.get(who) or User.objects.get(username=who.replace(" ", "-")))
    if who == SHARED:
        session = client.session
        session[SHARED_DEVICE] = True
        session.save()
    return client


def test_the_table_names_every_page_of_a_patient():
    assert {entry.name for route, entry in patterns() if "<uuid:code>" in route} == set(PAGES)


def test_the_lists_name_every_other_page():
    others = {
        entry.name
        for route, entry in patterns()
        if "<uuid:code>" not in route and not route.startswith("admin/")
    }
    assert others == {*SIGNED_IN, *SIGNED_OUT, *ADMINISTRATION, *NO_PAGE}


@contextmanager
def undone():
    """What happens in here has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    looks.forget()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_row_02_who_may(cast, world, method, name):
    allowed, url, before = PAGES[name][method == "POST"], url_of(cast, world, name), rows()
    for who in PEOPLE:
        with undone():
            response = client_of(cast, who).generic(method, url)
            role, status = "teen" if who == SHARED else who, response.status_code
            if who in ("nobody", "deactivated parent"):
                assert status == 302, who
                assert response.headers["Location"].startswith(reverse("account_login")), who
            elif (role not in TEAM and who != GLASS) or (allowed and (who, name) in NOT_THEIRS):
                assert status == 404, who
            elif not allowed:
                assert status == 405, who
            elif role not in allowed and not (who == GLASS and method == "GET" and name in BEHIND_GLASS):
                assert status == 403, who
            else:
                assert status in ((200,) if method == "GET" else (200, 302, 422)), who
                continue
            assert rows() == before, who


def test_row_01_signed_out_only_the_literal_list_answers(cast, world):
    """Over every address there is: everything else leads to the sign-in."""
    client = Client()
    closed = [url_of(cast, world, name) for name in PAGES] + [reverse(name) for name in SIGNED_IN]
    closed += [reverse(name, args=args) for name, args in ADMINISTRATION.items()] + [reverse("admin:index")]
    for url in closed:
        answer = client.get(url)
        assert answer.status_code == 302, url
        assert answer["Location"].startswith((reverse("account_login"), reverse("admin:login"))), url


# Addresses that name a row of the record.
NESTED = [
    entry.name
    for route, entry in patterns()
    if "<uuid:code>" in route and ("<int:" in route or "<uuid:client_id>" in route)
]


@pytest.mark.parametrize("name", NESTED)
def test_row_02_a_row_of_another_record_is_unknown(cast, world, name):
    """Each of the team, with the code of their record and a row of somebody else's."""
    others = SimpleNamespace(patient=cast.other, maya=cast.noor, dana=cast.omar, lee=cast.kim)
    theirs = furnish(cast.other, cast.noor, cast.omar, cast.kim, "noor")
    url = url_of(others, theirs, name).replace(str(cast.other.code), str(cast.patient.code))
    before = rows()
    for who in sorted(TEAM):
        for method, allowed in zip(("GET", "POST"), PAGES[name], strict=True):
            status = client_of(cast, who).generic(method, url).status_code
            # Some rights are looked up first, and some belong to the row.
            refusals = {404} if who in allowed else {405} if not allowed else {403, 404}
            assert status in refusals, (who, method)
    assert rows() == before


@pytest.mark.parametrize("name", PAGES)
def test_row_02_other_methods_do_not_exist(cast, world, name):
    before = rows()
    for method in ("PUT", "PATCH", "DELETE"):
        assert client_of(cast, "teen").generic(method, url_of(cast, world, name)).status_code == 405
    assert rows() == before


def everything():
    """Every table that has a model."""
    return {model: table(model) for model in apps.get_models()}


def opened(clients, url):
    """The models whose tables are not what they were, for each client after another."""
    before = everything()
    for client in clients:
        client.get(url)
        after = everything()
        yield {model for model in after if after[model] != before[model]}
        before = after


@pytest.mark.parametrize("name", [name for name, (get, _post) in PAGES.items() if get])
def test_row_14_opening_a_page_of_a_record_writes_nothing(cast, world, name):
    clients = [client_of(cast, who) for who in (*sorted(PAGES[name][0]), SHARED, GLASS)]
    for written in opened(clients, url_of(cast, world, name)):
        assert written <= GET_WRITES


@pytest.mark.parametrize("name", SIGNED_IN)
def test_row_14_opening_a_page_of_ones_own_writes_nothing(cast, world, name):
    clients = [signed_in(person) for person in (cast.maya, cast.dana, cast.lee, cast.sam)]
    for written in opened(clients, reverse(name)):
        assert written <= GET_WRITES


@pytest.mark.parametrize("name", PAGES)
def test_scripts_get_json_refusals(cast, world, name):
    accept = {"Accept": "application/json"}
    method = "get" if PAGES[name][0] else "post"
    url = url_of(cast, world, name)
    signed_out = getattr(Client(), method)(url, headers=accept)
    assert (signed_out.status_code, signed_out.json()["code"]) == (401, "signed_out")
    stranger = getattr(client_of(cast, "stranger"), method)(url, headers=accept)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")


def test_row_05_a_link_that_ends_ends_now(cast, world):
    client = client_of(cast, "parent")
    url = url_of(cast, world, "patient")
    assert client.get(url).status_code == 200
    cast.patient.team.filter(user=cast.dana).update(until=timezone.now())
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("code", ["not-a-uuid", "00000000-0000-4000-8000-000000000000", "%00"])
def test_a_bad_code_is_unknown(teen, code):
    assert teen.get(f"/patients/{code}/").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_row_14_whatever_is_sent_needs_a_csrf_token(cast, world, method):
    """On every address there is, whether it takes the method or not."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.maya)
    before = rows()
    signed_out = [reverse(name, args=args) for name, args in (SIGNED_OUT | ADMINISTRATION).items()]
    own = [reverse(name) for name in (*SIGNED_IN, "still-here", "admin:index")]
    for url in [url_of(cast, world, name) for name in PAGES] + own + signed_out:
        assert client.generic(method, url).status_code == 403, url
    assert rows() == before
