from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import LadderMove, Program
from exercises.queries import ladder as queries
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

STEPS = [
    {"texture": "silk", "pressure": "light"},
    {"texture": "velvet", "pressure": "medium"},
    {"texture": "towel", "pressure": "firm"},
]


@pytest.fixture
def program(patient):
    Program.objects.update(ladder=STEPS, ladder_starts_at=2, ladder_by_teen=True)
    return patient.programs.get()


def url(patient):
    return reverse("ladder", args=[patient.code])


def step(client, patient, to, shown=2, version=1):
    return client.post(url(patient), {"to": to, "shown": shown, "version": version}, follow=True)


def stands(patient, person):
    return queries.ladder_page(factories.viewer(patient, person)).now.step


def test_it_starts_where_the_program_says(teen, patient, program):
    page = teen.get(url(patient)).text
    assert "Step 2 of 3: velvet, medium" in page
    assert 'aria-current="step"' in page
    assert "Go one step up" in page and "One step down" in page


def test_a_step_up_and_two_down(teen, patient, cast, program):
    step(teen, patient, "up")
    assert stands(patient, cast.maya) == 3
    assert "Go one step up" not in teen.get(url(patient)).text
    step(teen, patient, "down", shown=3)
    step(teen, patient, "down", shown=2)
    assert stands(patient, cast.maya) == 1
    assert "One step down" not in teen.get(url(patient)).text
    assert [(move.step, move.by, move.entered_as) for move in LadderMove.objects.all()] == [
        (3, cast.maya, "patient"),
        (2, cast.maya, "patient"),
        (1, cast.maya, "patient"),
    ]


def test_a_double_tap_is_one_step(teen, patient, cast, program):
    for _ in range(2):
        response = step(teen, patient, "down")
        assert "another step" not in response.text
    assert stands(patient, cast.maya) == 1
    assert LadderMove.objects.count() == 1


def test_a_page_that_saw_another_step_moves_nothing_and_says_so(teen, therapist, patient, cast, program):
    step(therapist, patient, "up")
    response = step(teen, patient, "down", shown=1)
    assert "The ladder stood on another step already." in response.text
    assert stands(patient, cast.maya) == 3


@pytest.mark.parametrize(("shown", "to"), [(3, "up"), (1, "down")])
def test_there_is_nothing_beyond_the_ends(teen, patient, cast, program, shown, to):
    Program.objects.update(ladder_starts_at=shown)
    step(teen, patient, to, shown=shown)
    assert stands(patient, cast.maya) == shown


def test_up_is_for_the_teen_only_where_the_program_allows(teen, therapist, patient, cast, program):
    Program.objects.update(ladder_by_teen=False)
    page = teen.get(url(patient)).text
    assert "Go one step up" not in page and "One step down" in page
    assert "A step up is taken together with a therapist." in page
    before = rows()
    assert step(teen, patient, "up").status_code == 403
    assert rows() == before
    step(teen, patient, "down")
    assert stands(patient, cast.maya) == 1
    step(therapist, patient, "up", shown=1)
    assert stands(patient, cast.maya) == 2


def test_a_new_version_starts_at_its_own_step(teen, patient, cast, program):
    step(teen, patient, "up")
    Program.objects.filter(pk=program.pk).update(starts_on=patient.today().replace(day=1))
    new = factories.program(patient, patient.today(), ladder=STEPS, ladder_starts_at=1)
    assert stands(patient, cast.maya) == 1
    before = rows()
    assert step(teen, patient, "down", shown=3, version=1).status_code == 409
    assert rows() == before
    assert new.version == 2


def test_a_step_goes_along_to_the_version_that_waits(teen, patient, cast, program):
    tomorrow = patient.today() + timedelta(days=1)
    waiting = factories.program(patient, tomorrow, ladder=STEPS, ladder_starts_at=2)
    other = factories.program(patient, tomorrow + timedelta(days=1), ladder=STEPS[:2], ladder_starts_at=1)
    step(teen, patient, "up")
    assert (queries.rung_now(waiting).step, queries.rung_now(other).step) == (3, 1)


def test_without_a_ladder_the_page_says_so(teen, patient):
    assert "No ladder in the program" in teen.get(url(patient)).text
    assert step(teen, patient, "down").status_code == 409
    assert not LadderMove.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"to": "sideways"}, {"shown": "0"}, {"shown": "x"}, {"shown": "9" * 20}, {"version": ""}]
)
def test_bad_input(teen, patient, program, bad):
    before = rows()
    data = {"to": "down", "shown": 2, "version": 1} | bad
    assert teen.post(url(patient), data).status_code == 422
    assert rows() == before


def test_who_may(parent, stranger, client, cast, patient, program):
    page = parent.get(url(patient))
    assert page.status_code == 200
    assert "One step down" not in page.text
    before = rows()
    for other, status in ((parent, 403), (stranger, 404), (signed_in(cast.noor), 404)):
        assert step(other, patient, "down").status_code == status
    assert stranger.get(url(patient)).status_code == 404
    assert client.get(url(patient)).status_code == 302
    assert signed_in(cast.maya).put(url(patient)).status_code == 405
    assert rows() == before


def test_one_tap_keeps_the_texture_of_the_step(teen, patient, cast, program):
    page = teen.get(reverse("today")).text
    assert "Step 2 of 3" in page and "velvet, medium" in page
    assert 'name="texture" value="velvet"' in page
    step(teen, patient, "up")
    assert 'name="texture" value="towel"' in teen.get(reverse("today")).text


@pytest.mark.parametrize("moves", [1, 9])
def test_queries(teen, patient, cast, program, moves, django_assert_num_queries):
    for _ in range(moves):
        LadderMove.objects.create(
            patient=patient, program=program, step=1, by=cast.maya, entered_as="patient"
        )
    with django_assert_num_queries(5):
        teen.get(url(patient))
