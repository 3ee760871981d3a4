"""Is this device only yours? Asked once, at home, of families; and what follows from the answer."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exercises import devices as this_device
from exercises.models import Device, DevicePerson
from exercises.services import devices
from exercises.session_keys import SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.worlds import rows

DEVICE, TODAY, LOGIN = reverse("device"), reverse("today"), reverse("account_login")
REAUTHENTICATE = reverse("account_reauthenticate")
QUESTION = "Is this device only yours?"


def answer(client, how):
    return client.post(DEVICE, {"answer": how})


def not_lately(client):
    """The password was shown some time ago."""
    session = client.session
    session.pop("account_authentication_methods", None)
    session.save()
    return client


@pytest.mark.parametrize(("who", "home"), [("teen", "today"), ("parent", "family")])
def test_it_is_asked_at_home(request, who, home):
    assert QUESTION in request.getfixturevalue(who).get(reverse(home)).text


def test_it_is_asked_nowhere_else_and_no_clinician(cast, teen, therapist, patient):
    assert QUESTION not in teen.get(reverse("function", args=[patient.code])).text
    assert QUESTION not in teen.get(reverse("more")).text
    assert QUESTION not in therapist.get(reverse("caseload")).text
    assert QUESTION not in therapist.get(reverse("family")).text


def test_it_asks_the_database_nothing(teen, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked:
        assert QUESTION in teen.get(TODAY).text
        count = len(asked)
    answer(teen, "mine")
    teen.get(TODAY)  # shows the message that it is noted
    with django_assert_num_queries(count):
        assert QUESTION not in teen.get(TODAY).text


def test_mine_is_kept_and_not_asked_again(teen):
    response = answer(teen, "mine")
    assert response.status_code == 302
    cookie = response.cookies[this_device.name()]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 86400)
    assert QUESTION not in teen.get(TODAY).text
    assert "This device is only yours" in teen.get(DEVICE).text
    assert not Device.objects.exists()
    assert SHARED_DEVICE not in teen.session


def test_not_now_waits_a_week_and_changes_nothing(teen):
    before = rows()
    response = answer(teen, "skip")
    assert response.cookies[this_device.name()]["max-age"] == 7 * 86400
    assert QUESTION not in teen.get(TODAY).text
    assert rows() == before
    assert SHARED_DEVICE not in teen.session


def test_shared_counts_from_now_on_and_at_every_sign_in(cast, teen):
    answer(teen, "shared")
    device = Device.objects.get()
    assert device.shared
    assert str(device.code) in teen.cookies[this_device.name()].value
    assert teen.session[SHARED_DEVICE] is True
    assert "Several people use this device" in teen.get(DEVICE).text
    teen.post(reverse("account_logout"))
    teen.post(LOGIN, {"login": "dana", "password": PASSWORD})
    assert teen.session["_auth_user_id"] == str(cast.dana.pk)
    assert teen.session[SHARED_DEVICE] is True


def test_shared_twice_is_one_device(teen):
    answer(teen, "shared")
    answer(teen, "shared")
    assert Device.objects.count() == 1


def test_somebody_who_was_here_long_is_not_out_at_once(cast, teen):
    with time_machine.travel(timezone.now() + timedelta(minutes=19)):
        answer(teen, "shared")
        assert teen.get(DEVICE).status_code == 200


def test_a_sign_in_shows_that_the_device_is_still_in_use(cast, teen):
    answer(teen, "shared")
    Device.objects.update(seen_on=None)
    teen.post(LOGIN, {"login": "maya", "password": PASSWORD})
    teen.post(reverse("account_logout"))
    teen.post(LOGIN, {"login": "dana", "password": PASSWORD})
    assert Device.objects.get().seen_on == timezone.now().date()


def test_saying_that_a_shared_device_is_only_mine_takes_the_password(cast, teen):
    answer(teen, "shared")
    devices.set_pin(code=Device.objects.get().code, user=cast.dana, pin="2580")
    before = rows()
    response = answer(not_lately(teen), "mine")
    assert response["Location"].startswith(REAUTHENTICATE)
    assert (rows(), teen.session[SHARED_DEVICE]) == (before, True)
    assert "Several people use this device" in teen.get(DEVICE).text
    done = teen.post(response["Location"], {"password": PASSWORD})
    assert done.cookies[this_device.name()].value.startswith("own")
    assert SHARED_DEVICE not in teen.session
    assert not Device.objects.exists()
    assert not DevicePerson.objects.exists()


def test_skipping_keeps_a_shared_device_shared(teen):
    answer(teen, "shared")
    answer(teen, "skip")
    assert "Several people use this device" in teen.get(DEVICE).text


@pytest.mark.parametrize("how", ["", "MINE", "no", "\x00", "x" * 5000])
def test_any_other_answer_is_refused(teen, how):
    before = rows()
    response = answer(teen, how)
    assert response.status_code == 422
    assert "Choose one of the two answers" in response.text
    assert this_device.name() not in response.cookies
    assert rows() == before


@pytest.mark.parametrize("value", ["own", "own:forged:signature", "shared:x", "\x00", ""])
def test_a_cookie_that_somebody_else_wrote_says_nothing(teen, value):
    teen.cookies[this_device.name()] = value
    assert QUESTION in teen.get(TODAY).text


@pytest.mark.parametrize(("days", "asks"), [(364, False), (366, True)])
def test_a_cookie_is_good_for_a_year(cast, days, asks):
    client = signed_in(cast.maya)
    answer(client, "mine")
    later = timezone.now() + timedelta(days=days)
    with time_machine.travel(later):
        again = signed_in(cast.maya)
        again.cookies[this_device.name()] = client.cookies[this_device.name()].value
        assert (QUESTION in again.get(TODAY).text) is asks


def test_whoever_is_signed_out_is_asked_nothing(client, db):
    assert QUESTION not in client.get(LOGIN).text
    assert client.get(DEVICE).status_code == 302
    assert client.post(DEVICE, {"answer": "shared"}).status_code == 302
    assert not Device.objects.exists()


def test_wrong_methods(teen):
    assert teen.put(DEVICE).status_code == 405
    assert teen.put(reverse("device-pin")).status_code == 405


def test_more_leads_there(teen):
    assert f'href="{DEVICE}"' in teen.get(reverse("more")).text


def test_row_13_in_production_only_this_host_may_set_it_and_only_over_tls(cast, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = answer(signed_in(cast.maya), "mine").cookies["__Host-device"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


# --- the PIN -------------------------------------------------------------------------------------------

PIN = reverse("device-pin")


@pytest.fixture
def tablet(teen):
    """A shared device, where the teen is signed in."""
    answer(teen, "shared")
    return teen


def set_pin(client, pin, again=None):
    return client.post(PIN, {"pin": pin, "again": pin if again is None else again})


def test_a_pin_is_set_hashed_and_for_this_device(cast, tablet):
    assert set_pin(tablet, "2580")["Location"] == DEVICE
    tile = DevicePerson.objects.get()
    assert (tile.user, tile.device) == (cast.maya, Device.objects.get())
    assert "2580" not in tile.pin
    assert "Change or remove my PIN" in tablet.get(DEVICE).text


def test_a_new_pin_replaces_the_old_one_and_opens_a_locked_tile(cast, tablet):
    set_pin(tablet, "2580")
    DevicePerson.objects.update(tries=7, locked_until=timezone.now() + timedelta(minutes=15))
    set_pin(tablet, "739104")
    tile = DevicePerson.objects.get()
    assert (tile.tries, tile.locked_until) == (0, None)
    assert not devices.try_pin(tile=tile, pin="2580")
    assert devices.try_pin(tile=DevicePerson.objects.get(), pin="739104")


@pytest.mark.parametrize(
    "pin",
    [
        "", "1", "123", "1234567", "0000", "1111", "777777", "1234", "4321", "5678", "7890", "012345", "1212",
        "131313", "2010", "1999", "12a4", "١٢٣٩", "25 80", "-258", "\x00258", "²580",
    ],
)  # fmt: skip
def test_a_pin_that_is_none_or_easy_is_refused(tablet, pin):
    before = rows()
    response = set_pin(tablet, pin)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    assert f'value="{pin}"' not in response.text or not pin
    assert rows() == before


@pytest.mark.parametrize("pin", ["2580", "1357", "11223", "739104", "1122", "902010"])
def test_others_will_do(tablet, pin):
    assert set_pin(tablet, pin).status_code == 302


def test_the_second_must_be_the_same(tablet):
    response = set_pin(tablet, "2580", again="2581")
    assert response.status_code == 422
    assert "These two are not the same" in response.text
    assert not DevicePerson.objects.exists()


def test_it_takes_the_password_and_no_pin_is_kept_meanwhile(tablet):
    not_lately(tablet)
    assert tablet.get(PIN)["Location"].startswith(REAUTHENTICATE)
    response = set_pin(tablet, "739104")
    assert response["Location"] == PIN
    assert "739104" not in str(dict(tablet.session))
    assert not DevicePerson.objects.exists()


def test_a_password_of_a_moment_ago_is_enough_and_a_pin_is_not(cast, client):
    client.post(LOGIN, {"login": "maya", "password": PASSWORD})
    answer(client, "shared")
    assert client.get(PIN).status_code == 200
    assert set_pin(client, "2580")["Location"] == DEVICE
    client.post(reverse("account_logout"))
    client.post(reverse("tile", args=[DevicePerson.objects.get().pk]), {"pin": "2580"})
    assert client.get(PIN)["Location"].startswith(REAUTHENTICATE)
    assert set_pin(client, "739104")["Location"] == PIN
    assert answer(client, "mine")["Location"].startswith(REAUTHENTICATE)


def test_a_name_is_taken_off_the_device(cast, tablet):
    set_pin(tablet, "2580")
    devices.set_pin(code=Device.objects.get().code, user=cast.dana, pin="2580")
    assert tablet.post(PIN, {"remove": "yes"})["Location"] == DEVICE
    assert [tile.user for tile in DevicePerson.objects.all()] == [cast.dana]


def test_there_is_no_pin_for_a_device_of_ones_own(teen):
    for response in (teen.get(PIN), set_pin(teen, "2580")):
        assert response["Location"] == DEVICE
    assert not DevicePerson.objects.exists()


@pytest.mark.parametrize("field", ["is_clinician", "is_staff"])
def test_nor_for_clinicians_and_administrators(cast, field):
    user = factories.user("ada", **{field: True})
    client = signed_in(user)
    answer(client, "shared")
    assert set_pin(client, "2580")["Location"] == DEVICE
    assert "Set a PIN" not in client.get(DEVICE).text
    assert not DevicePerson.objects.exists()


def test_a_device_whose_row_is_gone_gets_one_again(tablet):
    Device.objects.all().delete()
    assert set_pin(tablet, "2580").status_code == 302
    assert DevicePerson.objects.get().device.shared


def test_whoever_is_signed_out_sets_nothing(tablet):
    tablet.post(reverse("account_logout"))
    assert set_pin(tablet, "2580").status_code == 302
    assert not DevicePerson.objects.exists()


def test_the_token_is_asked_for(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.maya)
    for url in (DEVICE, PIN):
        assert client.post(url, {"answer": "mine"}).status_code == 403
