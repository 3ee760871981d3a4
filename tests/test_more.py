import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from exercises.guideline import SOURCE
from exercises.services import people
from tests import factories

MORE = "/more/"


def test_it_says_who_one_is_and_offers_the_way_out(teen):
    page = teen.get(MORE).content.decode()
    assert "maya" in page
    assert f'method="post" action="{reverse("account_logout")}"' in page
    assert reverse("account_change_password") in page
    assert SOURCE.replace("'", "&#x27;") in page


def test_links_by_role(teen, parent, therapist, stranger, patient):
    of_patient = {
        name: reverse(name, args=[patient.code])
        for name in ("words", "days-off", "patient", "patient-settings")
    }
    for client, seen in (
        (teen, {"words", "days-off", "patient", "patient-settings"}),
        (parent, {"words", "days-off", "patient"}),
        (therapist, set()),
        (stranger, set()),
    ):
        page = client.get(MORE).content.decode()
        assert {name for name, link in of_patient.items() if f'href="{link}"' in page} == seen
    assert f'<li><a href="{reverse("caseload")}"' in therapist.get(MORE).content.decode()
    assert reverse("admin:index") not in therapist.get(MORE).content.decode()
    join = f'href="{reverse("join")}"'
    assert [join in client.get(MORE).content.decode() for client in (teen, parent, therapist)] == [
        False,
        True,
        True,
    ]


def test_staff_find_their_pages(teen, cast):
    cast.maya.is_staff = True
    cast.maya.save()
    assert reverse("admin:index") in teen.get(MORE).content.decode()


def test_every_child_of_a_family(cast, parent, patient):
    child = factories.patient("<i>Leo</i>")
    factories.link(child, cast.dana, "parent")
    page = parent.get(MORE).content.decode()
    assert str(child.code) in page
    assert str(patient.code) in page
    assert "&lt;i&gt;Leo" in page


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_look_is_kept(teen, cast, theme):
    assert teen.post(MORE, {"theme": theme})["Location"] == MORE
    cast.maya.refresh_from_db()
    assert cast.maya.theme == theme
    assert f'data-theme="{theme}"' in teen.get(MORE).content.decode()


@pytest.mark.parametrize("theme", ["", "pink", "\x00", "d" * 300])
def test_an_unknown_look(teen, cast, theme):
    assert teen.post(MORE, {"theme": theme}).status_code == 422
    cast.maya.refresh_from_db()
    assert cast.maya.theme == "system"


def test_the_look_is_all_that_it_saves(teen, cast):
    teen.post(MORE, {"theme": "dark", "username": "lee2", "is_clinician": "on", "is_staff": "on"})
    cast.maya.refresh_from_db()
    assert (cast.maya.username, cast.maya.is_clinician, cast.maya.is_staff) == ("maya", False, False)


def test_the_service_refuses_an_unknown_look(cast):
    with pytest.raises(ValidationError):
        people.set_theme(user=cast.maya, theme="pink")


def test_it_needs_a_sign_in(client, db):
    response = client.get(MORE)
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_wrong_method(teen):
    assert teen.put(MORE).status_code == 405


@pytest.mark.parametrize("children", [1, 12])
def test_queries(cast, parent, django_assert_num_queries, children):
    for n in range(children - 1):
        factories.link(factories.patient(f"child {n}"), cast.dana, "parent")
    with django_assert_num_queries(5):
        parent.get(MORE)


def test_who_is_two_switches_here(cast, therapist):
    factories.link(cast.other, cast.lee, "parent")
    page = therapist.get(MORE).content.decode()
    assert reverse("family") in page
    assert reverse("caseload") in page
