"""The name tiles of a shared device: a name, a short PIN, and what wrong PINs lead to."""

import threading
from datetime import timedelta

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import devices as this_device
from exercises.models import Device, DevicePerson, Notice, User
from exercises.queries import devices as queries
from exercises.services import devices
from exercises.session_keys import SHARED_DEVICE
from exercises.words import NEWS
from tests import factories
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.worlds import rows

TILES, LOGIN, TODAY = reverse("tiles"), reverse("account_login"), reverse("today")
MAYAS, DANAS, WRONG = "2580", "739104", "9999"


@pytest.fixture
def tablet(cast):
    """A shared device, nobody signed in, with tiles for maya and dana."""
    client = signed_in(cast.maya)
    client.post(reverse("device"), {"answer": "shared"})
    client.post(reverse("account_logout"))
    code = Device.objects.get().code
    devices.set_pin(code=code, user=cast.maya, pin=MAYAS)
    devices.set_pin(code=code, user=cast.dana, pin=DANAS)
    return client


@pytest.fixture
def tile(cast, tablet):
    return DevicePerson.objects.get(user=cast.maya)


def url_of(tile):
    return reverse("tile", args=[tile.pk])


def enter(client, tile, pin, query=""):
    return client.post(url_of(tile) + query, {"pin": pin})


def who_is_in(client):
    return client.session.get("_auth_user_id")


def test_signing_out_leads_back_to_the_names_and_so_does_the_password_page(tablet, tile):
    enter(tablet, tile, MAYAS)
    assert tablet.post(reverse("account_logout"))["Location"] == TILES
    page = tablet.get(LOGIN).text
    assert f'href="{TILES}"' in page
    assert "passkey" not in page


def test_without_a_name_the_password_page_does_not_lead_back_to_the_names(tablet):
    assert "Tap my name" in tablet.get(LOGIN).text
    DevicePerson.objects.all().delete()
    page = tablet.get(TILES, follow=True)
    assert page.redirect_chain == [(LOGIN, 302)]
    assert "Tap my name" not in page.text


def test_the_names_stand_in_place_of_the_sign_in_page(cast, tablet):
    cast.dana.first_name = "Dana"
    cast.dana.save()
    page = tablet.get(TODAY, follow=True)
    assert page.redirect_chain[0][0] == f"{TILES}?next={TODAY}"
    assert "Who is here?" in page.text
    assert "maya" in page.text
    assert "Dana" in page.text
    assert "dana" not in page.text
    assert f'href="{LOGIN}?next={TODAY}"' in page.text


def test_a_name_and_the_pin_open_what_was_asked_for(cast, tablet, tile):
    assert "Hello, maya" in tablet.get(url_of(tile)).text
    response = enter(tablet, tile, MAYAS, "?next=/more/")
    assert (response.status_code, response["Location"]) == (302, "/more/")
    assert who_is_in(tablet) == str(cast.maya.pk)
    assert tablet.session[SHARED_DEVICE] is True


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_host(tablet, tile, path):
    assert enter(tablet, tile, MAYAS, f"?next={path}")["Location"] == "/"


def test_the_pin_makes_a_new_session_and_is_no_password(cast, tablet, tile):
    tablet.get(url_of(tile))
    before = tablet.session.session_key
    enter(tablet, tile, MAYAS)
    assert tablet.session.session_key != before
    assert tablet.get(reverse("device-pin"))["Location"].startswith(reverse("account_reauthenticate"))


def test_the_next_person_takes_over_with_nothing_of_the_one_before(cast, tablet, tile):
    enter(tablet, tile, MAYAS)
    session = tablet.session
    session["left"] = "behind"
    session.save()
    enter(tablet, DevicePerson.objects.get(user=cast.dana), DANAS)
    assert who_is_in(tablet) == str(cast.dana.pk)
    assert "left" not in tablet.session


@pytest.mark.parametrize("pin", [WRONG, DANAS, "", "\x00", "25800", "x" * 500, "٢٥٨٠"])
def test_any_other_pin_is_refused(tablet, tile, pin):
    response = enter(tablet, tile, pin)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    assert who_is_in(tablet) is None


def test_a_right_pin_forgives_the_wrong_ones(tablet, tile):
    for _try in range(4):
        enter(tablet, tile, WRONG)
    enter(tablet, tile, MAYAS)
    assert who_is_in(tablet)
    tile.refresh_from_db()
    assert (tile.tries, tile.locked_until) == (0, None)


def test_row_18_five_wrong_pins_lock_the_tile_for_a_quarter_of_an_hour(cast, tablet, tile):
    for _try in range(5):
        response = enter(tablet, tile, WRONG)
    assert "The PIN rests for 15 minutes" in response.text
    assert 'name="pin"' not in response.text
    enter(tablet, tile, MAYAS)
    assert who_is_in(tablet) is None
    # Nobody else is held up, and the password still works.
    enter(tablet, DevicePerson.objects.get(user=cast.dana), DANAS)
    assert who_is_in(tablet) == str(cast.dana.pk)
    other = Client()
    other.post(LOGIN, {"login": "maya", "password": PASSWORD})
    assert who_is_in(other)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        enter(tablet, tile, MAYAS)
        assert who_is_in(tablet) == str(cast.maya.pk)


def test_row_18_ten_wrong_pins_take_the_pin_away(cast, tablet, tile):
    for _try in range(6):
        enter(tablet, tile, WRONG)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        for _try in range(5):
            response = enter(tablet, tile, WRONG)
        assert response["Location"] == LOGIN
        assert enter(tablet, tile, MAYAS).status_code == 404
    assert not DevicePerson.objects.filter(user=cast.maya).exists()
    assert Notice.objects.get().kind == "pin_removed"
    cast.maya.refresh_from_db()
    assert cast.maya.has_news


def test_the_lock_does_not_start_anew_with_each_try(tablet, tile):
    for _try in range(5):
        enter(tablet, tile, WRONG)
    tile.refresh_from_db()
    until = tile.locked_until
    enter(tablet, tile, WRONG)
    tile.refresh_from_db()
    assert (tile.tries, tile.locked_until) == (5, until)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_tries_at_once_share_one_limit(cast):
    device = devices.mark_shared()
    devices.set_pin(code=device.code, user=cast.maya, pin=MAYAS)
    tile = DevicePerson.objects.get()
    counted = []

    def guess():
        try:
            counted.append(devices._count_try(tile))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _guess in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted) == 5


def test_a_try_is_counted_before_it_is_judged(tablet, tile, monkeypatch):
    """A worker that is killed while it judges has not given a try away."""

    def killed(*_values):
        raise SystemError

    monkeypatch.setattr(devices, "check_password", killed)
    with pytest.raises(SystemError):
        devices.try_pin(tile=tile, pin=MAYAS)
    tile.refresh_from_db()
    assert tile.tries == 1


def test_a_tile_is_good_on_its_own_device_only(cast, tablet, tile):
    other = signed_in(cast.noor)
    other.post(reverse("device"), {"answer": "shared"})
    other.post(reverse("account_logout"))
    before = rows()
    for client in (other, Client()):
        assert client.get(url_of(tile)).status_code == 404
        assert enter(client, tile, MAYAS).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("pk", [0, 99999, 2**63, 10**40])
def test_an_unknown_tile(tablet, pk):
    assert tablet.get(reverse("tile", args=[pk])).status_code == 404
    assert tablet.post(reverse("tile", args=[pk]), {"pin": MAYAS}).status_code == 404


@pytest.mark.parametrize("field", ["is_clinician", "is_staff"])
def test_somebody_who_became_a_clinician_has_no_tile_any_more(cast, tablet, tile, field):
    setattr(cast.maya, field, True)
    cast.maya.save()
    assert "maya" not in tablet.get(TILES).text
    assert enter(tablet, tile, MAYAS).status_code == 404


def test_nor_has_somebody_who_left(cast, tablet, tile):
    cast.maya.is_active = False
    cast.maya.save()
    assert "maya" not in tablet.get(TILES).text
    assert enter(tablet, tile, MAYAS).status_code == 404


NEW = "nine quiet herons at noon"


def change_password(client, user):
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post(reverse("account_change_password"), form)


def by_a_reset(client, user):
    fresh, token = Client(), default_token_generator.make_token(user)
    link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
    asked = fresh.get(link)["Location"]
    return fresh.post(asked, {"password1": NEW, "password2": NEW})


def by_an_administrator(client, user):
    root = signed_in(User.objects.create_superuser("root", password=PASSWORD))
    form = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    return root.post(reverse("admin:auth_user_password_change", args=[user.pk]), form)


@pytest.mark.parametrize("way", [change_password, by_a_reset, by_an_administrator])
def test_a_new_password_ends_the_pins_of_every_device(cast, tablet, tile, way):
    """Somebody else may know one: a new password is how people shut others out."""
    code = devices.mark_shared().code
    devices.set_pin(code=code, user=cast.maya, pin=MAYAS)
    assert way(signed_in(cast.maya), cast.maya).status_code == 302
    cast.maya.refresh_from_db()
    assert cast.maya.check_password(NEW)
    assert enter(tablet, tile, MAYAS).status_code == 404
    assert list(DevicePerson.objects.values_list("user__username", flat=True)) == ["dana"]
    assert Notice.objects.filter(user=cast.maya, kind="pins_ended").count() == 1
    assert "pins_ended" in NEWS


def test_without_a_pin_a_new_password_is_no_news(cast):
    change_password(signed_in(cast.maya), cast.maya)
    assert not Notice.objects.exists()


def test_whoever_has_a_second_factor_is_asked_for_it(cast, tablet, tile):
    Authenticator.objects.create(user=cast.maya, type=Authenticator.Type.TOTP, data={"secret": "x"})
    response = enter(tablet, tile, MAYAS)
    assert response["Location"] == reverse("mfa_authenticate")
    assert who_is_in(tablet) is None


def test_without_tiles_it_is_the_sign_in_page(cast, client):
    assert client.get(TILES, {"next": TODAY})["Location"] == f"{LOGIN}?next={TODAY}"
    lonely = signed_in(cast.sam)
    lonely.post(reverse("device"), {"answer": "shared"})
    assert lonely.get(TILES)["Location"] == LOGIN


def test_the_tiles_keep_the_device_known_for_another_year(tablet):
    assert tablet.get(TILES).cookies[this_device.name()]["max-age"] == 365 * 86400


def test_row_16_the_names_are_kept_in_no_cache(tablet, tile):
    for url in (TILES, url_of(tile)):
        assert tablet.get(url)["Cache-Control"] == "no-store"


def test_row_14_opening_writes_nothing(tablet, tile):
    before = rows()
    tablet.get(TILES)
    tablet.get(url_of(tile))
    assert rows() == before


def test_wrong_methods(tablet, tile):
    assert tablet.post(TILES).status_code == 405
    assert tablet.put(url_of(tile)).status_code == 405


def test_the_token_is_asked_for(tablet, tile):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = tablet.cookies
    assert enter(strict, tile, MAYAS).status_code == 403


def test_a_long_time_without_use_leads_back_to_the_names(tablet, tile):
    enter(tablet, tile, MAYAS)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        page = tablet.get(TODAY, follow=True)
    assert page.redirect_chain[0][0] == f"{TILES}?ended=quiet&next={TODAY}"
    assert "You were signed out after a quiet time" in page.text


def test_queries_do_not_grow_with_people(cast, tablet, django_assert_num_queries):
    code = Device.objects.get().code
    for number in range(6):
        devices.set_pin(code=code, user=factories.user(f"child{number}"), pin="2580")
    with django_assert_num_queries(1):
        assert len(list(queries.tiles(code))) == 8
    with django_assert_num_queries(1):
        assert "child5" in tablet.get(TILES).text
