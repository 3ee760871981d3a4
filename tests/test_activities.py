import pytest
from django.urls import reverse

from exercises.models import Activity, CareTeamMember
from exercises.services import activities
from exercises.services.catalogue import load_catalogue
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

SAID = {"strand": "exercises", "name": "Pogo stick", "how_to": "Hop on.\nHop off.", "sets": "3"}
INDEX = reverse("activities")
NEW = reverse("activity-new")


def url(activity):
    return reverse("activity", args=[activity.pk])


@pytest.fixture
def own(cast):
    return factories.activity("Pogo", owner=cast.lee, reps=8)


# --- who ---------------------------------------------------------------------------------------------------


def test_a_clinician_keeps_activities_and_a_family_with_a_therapist_does_not(cast, own):
    for who, status in {"lee": 200, "kim": 200, "maya": 403, "dana": 403, "sam": 403}.items():
        client, before = signed_in(getattr(cast, who)), rows()
        assert client.get(INDEX).status_code == status, who
        assert client.get(NEW).status_code == status, who
        if status == 403:
            assert client.post(NEW, SAID).status_code == 403
            assert client.post(url(own), SAID).status_code == 403
            assert rows() == before


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_a_family_that_types_in_its_sheet_keeps_its_own(cast, patient, who):
    CareTeamMember.objects.filter(patient=patient, user=cast.lee).delete()
    user = getattr(cast, who)
    client = signed_in(user)
    assert client.post(NEW, SAID).status_code == 302
    made = Activity.objects.get(owner=user)
    edit = reverse("program-edit", args=[patient.code])
    assert "Pogo stick" in client.get(edit + "?part=found&find=pogo").text
    assert client.get(edit + f"?part=row&activity={made.pk}&number=0").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_those_of_somebody_else_are_unknown(cast, own, method):
    client, before = signed_in(cast.kim), rows()
    assert getattr(client, method)(url(own), SAID).status_code == 404
    assert getattr(client, method)(NEW + f"?copy={own.pk}").status_code == 404
    assert "Pogo" not in client.get(INDEX).text
    assert rows() == before


@pytest.mark.parametrize("copy", ["x", "", "999999", "9" * 40])
def test_an_unknown_one_cannot_be_copied(therapist, copy):
    assert therapist.get(NEW, {"copy": copy}).status_code == 404


def test_wrong_methods(therapist, own):
    assert therapist.post(INDEX).status_code == 405
    assert therapist.put(NEW).status_code == 405
    assert therapist.put(url(own)).status_code == 405
    assert therapist.get(reverse("activity", args=[10**9])).status_code == 404


# --- making and changing -----------------------------------------------------------------------------------


def test_one_is_made_and_found_in_the_editor(cast, patient, therapist):
    said = SAID | {"video": "https://example.org/pogo", "search": "jump", "goal_reps": "20", "per_side": "on"}
    assert therapist.post(NEW, said).headers["Location"] == INDEX
    made = Activity.objects.get(name="Pogo stick")
    assert (made.owner, made.strand, made.sets, made.goal_reps, made.per_side, made.key) == (
        cast.lee, "exercises", 3, 20, True, None,
    )  # fmt: skip
    assert made.how_to == "Hop on.\nHop off." and made.video == "https://example.org/pogo"
    found = therapist.get(reverse("program-edit", args=[patient.code]) + "?part=found&find=jump").text
    assert "Pogo stick" in found and "own" in found


def test_a_changed_built_in_one_is_a_copy(cast, patient, therapist):
    load_catalogue()
    squat = Activity.objects.get(key="squat-to-chair")
    before = Activity.objects.filter(pk=squat.pk).values().get()
    page = therapist.get(NEW, {"copy": squat.pk}).text
    assert squat.name in page and squat.how_to.splitlines()[0] in page and 'name="strand"' not in page
    said = {"name": "Squat to my chair", "how_to": "Down. Up.", "sets": "1", "strand": "stress"}
    assert therapist.post(NEW + f"?copy={squat.pk}", said).status_code == 302
    copy = Activity.objects.get(name="Squat to my chair")
    assert (copy.owner, copy.copy_of, copy.strand, copy.harder) == (
        cast.lee,
        squat,
        "exercises",
        squat.harder,
    )
    assert Activity.objects.filter(pk=squat.pk).values().get() == before


def test_one_in_use_is_changed_and_its_strand_is_not(cast, patient, therapist, own):
    item = factories.item(patient.programs.get(), own, reps=8)
    said = {"strand": "cardio", "name": "Pogo, slowly", "how_to": "Slow.", "reps": "12"}
    assert therapist.post(url(own), said).status_code == 302
    own.refresh_from_db()
    item.refresh_from_db()
    assert (own.name, own.strand, own.reps, item.reps) == ("Pogo, slowly", "exercises", 12, 8)
    assert "Slow." in signed_in(cast.maya).get(reverse("program", args=[patient.code])).text


def test_one_out_of_the_offer_stays_where_it_is(cast, patient, therapist, own):
    factories.item(patient.programs.get(), own)
    assert therapist.post(url(own), {"offered": "no"}).status_code == 302
    assert "out of the offer" in therapist.get(INDEX).text
    program = reverse("program", args=[patient.code])
    assert "Pogo" in therapist.get(program).text
    other = factories.patient("Another")
    factories.link(other, cast.lee, "therapist", discipline="pt")
    find = reverse("program-edit", args=[other.code]) + "?part=found&find=pogo"
    assert "Pogo" not in therapist.get(find).text
    assert therapist.post(url(own), {"offered": "yes"}).status_code == 302
    assert "Pogo" in therapist.get(find).text


def test_the_list_says_in_how_many_programs_one_is(patient, therapist, own):
    assert "in no program yet" in therapist.get(INDEX).text
    factories.item(patient.programs.get(), own)
    factories.item(patient.programs.get(), own)
    assert "in 1 program" in therapist.get(INDEX).text


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_with_many(cast, therapist, django_assert_num_queries, count):
    for n in range(count):
        factories.activity(f"A{n}", owner=cast.lee)
    therapist.get(INDEX)
    with django_assert_num_queries(4):
        therapist.get(INDEX)


# --- bad input ---------------------------------------------------------------------------------------------

WRONG = [
    {"name": ""},
    {"name": "x" * 61},
    {"name": "a\x00b"},
    {"how_to": "x" * 2001},
    {"safety": "x" * 201},
    {"sets": "0"},
    {"reps": "101"},
    {"hold_seconds": "601"},
    {"minutes": "x"},
    {"goal_minutes": "241"},
    {"category": "breathing"},
    {"category": "nonsense"},
    {"video": "http://example.org/x"},
    {"video": "javascript:alert(1)"},
    {"video": "ftp://example.org/x"},
    {"video": "https://" + "x" * 300 + ".org"},
]


@pytest.mark.parametrize("wrong", [*WRONG, {"strand": "pain"}, {"strand": ""}])
def test_what_is_wrong_is_kept_and_not_saved(therapist, wrong):
    before = rows()
    response = therapist.post(NEW, SAID | {"search": "kept words"} | wrong)
    assert response.status_code == 422
    assert 'value="kept words"' in response.text and "invalid-feedback" in response.text
    assert rows() == before


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_change_changes_nothing(therapist, own, wrong):
    before = rows()
    assert therapist.post(url(own), SAID | wrong).status_code == 422
    assert rows() == before


def test_a_link_without_its_beginning_is_a_secure_one(therapist):
    assert therapist.post(NEW, SAID | {"video": "example.org/pogo"}).status_code == 302
    assert Activity.objects.get(name="Pogo stick").video == "https://example.org/pogo"


def test_there_is_an_end_to_how_many(monkeypatch, therapist, own):
    monkeypatch.setattr(activities, "MOST_ACTIVITIES", 1)
    response = therapist.post(NEW, SAID)
    assert response.status_code == 422
    assert "no room" in response.text and "Pogo stick" in response.text
    assert Activity.objects.count() == 1


def test_a_video_is_a_plain_link_that_leaves_the_app(patient, teen, own):
    own.video = 'https://example.org/?a="b"'
    own.save()
    factories.item(patient.programs.get(), own)
    html = teen.get(reverse("program", args=[patient.code])).text
    assert 'href="https://example.org/?a=&quot;b&quot;" target="_blank" rel="noopener noreferrer"' in html
    assert "outside this app" in html
