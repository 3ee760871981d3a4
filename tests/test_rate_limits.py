"""Guessing is slowed down, over all workers, and locks nobody else out."""

import json
import time
from types import SimpleNamespace

import pytest
import time_machine
from allauth.core.ratelimit import respond_429
from django.test import Client
from django.urls import reverse

from exercises.views.errors import TRIES_COME_BACK, too_many
from tests import factories
from tests.factories import PASSWORD

LOGIN, RESET = reverse("account_login"), reverse("account_reset_password")
HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def maya(db):
    return factories.user("maya", email="maya@example.org")


def attempt(login="maya", password="wrong words here", address=HERE, **headers):
    """One try in a browser of its own."""
    client = Client(REMOTE_ADDR=address)
    response = client.post(LOGIN, {"login": login, "password": password}, headers=headers)
    return SimpleNamespace(
        status_code=response.status_code,
        text=response.text,
        headers=response.headers,
        inside="_auth_user_id" in client.session,
    )


def fail(times, **how):
    return [attempt(**how).status_code for _try in range(times)]


def test_row_09_the_sixth_failure_answers_429_in_our_words(maya):
    assert fail(7) == [200] * 5 + [429] * 2
    page = attempt()
    assert int(page.headers["Retry-After"]) == TRIES_COME_BACK
    assert "short break" in page.text
    assert "password" not in page.text


def test_row_09_even_the_right_password_has_to_wait_there(maya):
    fail(5)
    answer = attempt(password=PASSWORD)
    assert (answer.status_code, answer.inside) == (429, False)
    with time_machine.travel(time.time() + 301):
        assert attempt(password=PASSWORD).inside


def test_row_09_nobody_elsewhere_is_locked_out(maya):
    fail(8)
    assert attempt(password=PASSWORD, address=THERE).inside


def test_row_09_nobody_beside_is_locked_out(maya):
    factories.user("dana")
    fail(40)
    assert attempt(login="dana", password=PASSWORD).inside


@pytest.mark.parametrize("way", ["MAYA", " maya ", "Maya"])
def test_row_09_another_way_of_writing_is_the_same_login(maya, way):
    fail(5)
    assert attempt(login=way).status_code == 429


def test_row_09_a_forged_address_does_not_reset_it(maya):
    forged = [attempt(**{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(7)]
    assert forged == [200] * 5 + [429] * 2


def test_row_09_behind_a_proxy_its_own_word_counts_and_no_other(maya, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = [attempt(**{"X-Forwarded-For": f"192.0.2.{n}, {HERE}"}).status_code for n in range(7)]
    assert forged == [200] * 5 + [429] * 2
    assert attempt(password=PASSWORD, **{"X-Forwarded-For": f"{HERE}, {THERE}"}).inside


def test_row_09_success_clears_nothing(maya):
    factories.user("eve")
    fail(4)
    assert attempt(login="eve", password=PASSWORD).inside
    assert attempt(password=PASSWORD).inside
    assert fail(2) == [200, 429]


def test_row_09_right_passwords_cost_nothing(maya):
    assert all(attempt(password=PASSWORD).inside for _try in range(12))


def test_row_09_an_unknown_name_is_counted_alike(db):
    assert fail(6, login="nobody") == [200] * 5 + [429]


def test_row_09_one_address_cannot_try_many_names_without_end(db):
    codes = [code for number in range(14) for code in fail(5, login=f"name{number}")]
    assert codes == [200] * 60 + [429] * 10
    assert attempt(login="another", address=THERE).status_code == 200


def test_row_09_limits_live_where_every_worker_sees_them(maya):
    from django.core.cache.backends.db import DatabaseCache

    from amps_tracker import settings

    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    fail(5)
    fresh = DatabaseCache("cache", {})
    assert any("login_failed" in row for row in cached_keys(fresh))


def cached_keys(fresh):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {fresh._table}")
        return [key for (key,) in cursor.fetchall()]


def test_no_name_is_kept_in_the_clear(maya):
    from django.core.cache.backends.db import DatabaseCache

    fail(2)
    keys = cached_keys(DatabaseCache("cache", {}))
    assert any("login_failed" in key for key in keys)
    assert not any("maya" in key for key in keys)


def test_row_09_asking_the_password_again_is_limited_too(maya):
    client = Client(REMOTE_ADDR=HERE)
    client.force_login(maya)
    again = reverse("account_reauthenticate")
    codes = [client.post(again, {"password": "wrong"}).status_code for _try in range(6)]
    assert codes == [200] * 5 + [429]


def test_row_09_mails_for_a_new_password_are_limited(maya, mailoutbox):
    client = Client(REMOTE_ADDR=HERE)
    codes = [client.post(RESET, {"email": "maya@example.org"}).status_code for _try in range(7)]
    assert codes == [302] * 5 + [429] * 2
    assert len(mailoutbox) == 5


def test_row_10_the_limit_on_mails_tells_nothing_about_who_is_known(db, mailoutbox):
    client = Client(REMOTE_ADDR=HERE)
    codes = [client.post(RESET, {"email": "nobody@example.org"}).status_code for _try in range(7)]
    assert codes == [302] * 5 + [429] * 2


def test_a_script_is_told_by_code(maya):
    fail(5)
    answer = attempt(Accept="application/json")
    assert (answer.status_code, json.loads(answer.text)) == (429, {"code": "too_many"})


def test_every_break_is_one_page(rf):
    """allauth's own limits find it by the name of the handler, and know no time to wait."""
    request = rf.get("/", headers={"Accept": "application/json"})
    theirs, ours = respond_429(request), too_many(request, 600)
    assert (theirs.status_code, theirs["Retry-After"]) == (429, str(TRIES_COME_BACK))
    assert (ours.status_code, ours["Retry-After"]) == (429, "600")
    assert json.loads(theirs.content) == json.loads(ours.content) == {"code": "too_many"}
