"""The form page, correcting and removing, as pages without JavaScript. The JSON contract has its own file."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import Activity, Program, TherapySession
from tests import factories


def new_url(patient):
    return reverse("session-new", args=[patient.code])


def post(client, patient, **data):
    data = {
        "id": str(uuid.uuid4()),
        "day": patient.today().isoformat(),
        "strand": "cardio",
        "minutes": "15",
    } | data
    return client.post(reverse("sessions", args=[patient.code]), data)


@pytest.fixture
def logged(cast):
    return factories.session(cast.patient, cast.maya, "exercises", 30)


def session_url(patient, session, name="session"):
    return reverse(name, args=[patient.code, session.client_id])


def test_the_form_page_opens_for_everyone_on_the_team(teen, parent, therapist, patient):
    for client in (teen, parent, therapist):
        response = client.get(new_url(patient))
        assert response.status_code == 200
        assert response.content.decode().count('name="id"') == 1


def test_a_link_can_fill_it_in(teen, patient):
    form = teen.get(new_url(patient), {"strand": "stress", "day": "2026-11-19"}).context["form"]
    assert (form["strand"].value(), form["day"].value()) == ("stress", "2026-11-19")


def test_it_offers_own_activities_and_body_areas_only(teen, cast, patient):
    factories.activity("Built in")
    factories.activity("Of my therapist", owner=cast.lee)
    factories.activity("Of another therapist", owner=cast.kim)
    html = teen.get(new_url(patient)).content.decode()
    assert "Built in" in html
    assert "Of my therapist" in html
    assert "Of another therapist" not in html
    assert "left foot" in html
    assert "right hand" not in html


def test_saving_goes_to_the_day_and_offers_undo(teen, patient):
    response = post(teen, patient, source="typed")
    session = TherapySession.objects.get()
    day = reverse("day", args=[patient.code, patient.today().isoformat()])
    assert response.headers["Location"] == f"{day}?saved={session.client_id}"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("minutes", "0", "greater than or equal to 1"),
        ("minutes", "999", "less than or equal to 240"),
        ("minutes", "", "How many minutes was it?"),
        ("day", "2999-01-01", "Type the day like"),
        ("day", "2098-01-01", "That day has not come yet."),
        ("day", "2001-01-01", "further back"),
        ("strand", "pain", "Select a valid choice"),
        ("body_areas", "right_hand", "Select a valid choice"),
        ("activity", "999999", "Select a valid choice"),
        ("items", "999999", "Select a valid choice"),
        ("slot", "999999", "Select a valid choice"),
        ("texture", "sandpaper", "Select a valid choice"),
    ],
)
def test_bad_input_is_explained_and_kept(teen, patient, field, value, reason):
    response = post(teen, patient, **{"minutes": "17", field: value})
    html = response.content.decode()
    assert response.status_code == 422
    assert reason in html
    assert TherapySession.objects.count() == 0
    if field != "minutes":
        assert 'value="17"' in html


def test_an_activity_of_another_part_is_explained(teen, patient):
    response = post(teen, patient, activity=factories.activity("Breathing", "stress").pk)
    assert response.status_code == 422
    assert "belongs to this part" in response.content.decode()


def test_a_form_comes_back_with_the_same_id(teen, patient):
    one = str(uuid.uuid4())
    assert f'value="{one}"' in post(teen, patient, id=one, minutes="0").content.decode()


def test_the_same_id_with_other_content_shows_both(teen, patient):
    one = str(uuid.uuid4())
    post(teen, patient, id=one)
    response = post(teen, patient, id=one, minutes="22")
    assert response.status_code == 409
    assert TherapySession.objects.get().minutes == 15
    assert "22" in response.content.decode()


def test_a_correction_keeps_what_it_said_before(teen, patient, logged):
    page = teen.get(session_url(patient, logged))
    assert page.context["form"]["minutes"].value() == "30"
    teen.post(
        session_url(patient, logged),
        {
            "version": 1,
            "minutes": "25",
            "day": patient.today().isoformat(),
            "strand": "exercises",
            "body_areas": "",
        },
    )
    logged.refresh_from_db()
    assert (logged.minutes, logged.version) == (25, 2)
    change = patient.changes.get()
    assert (change.what, change.before["minutes"], change.after["minutes"]) == ("corrected", 30, 25)
    assert patient.daily_logs.get().exercises == 25


def test_a_stale_correction_shows_both_and_changes_nothing(teen, therapist, patient, logged):
    therapist.post(session_url(patient, logged), {"version": 1, "minutes": "20"})
    response = teen.post(session_url(patient, logged), {"version": 1, "minutes": "25"})
    logged.refresh_from_db()
    assert response.status_code == 409
    assert logged.minutes == 20
    html = response.content.decode()
    assert "changed after you opened it" in html
    assert "25" in html


def test_a_bad_correction_is_explained_and_kept(teen, patient, logged):
    response = teen.post(session_url(patient, logged), {"version": 1, "minutes": "241"})
    logged.refresh_from_db()
    assert response.status_code == 422
    assert 'value="241"' in response.content.decode()
    assert (logged.minutes, logged.version) == (30, 1)


def test_the_part_of_the_program_cannot_change(teen, patient, logged):
    response = teen.post(session_url(patient, logged), {"version": 1, "strand": "cardio"})
    logged.refresh_from_db()
    assert response.status_code == 422
    assert logged.strand == "exercises"


def test_removing_keeps_the_row_and_may_be_repeated(teen, patient, logged):
    for _ in range(2):
        response = teen.post(session_url(patient, logged, "session-void"), {"next": "today"})
        assert response.headers["Location"] == f"{reverse('today')}?removed={logged.client_id}"
    logged.refresh_from_db()
    assert logged.voided_at is not None
    assert patient.daily_logs.get().exercises == 0
    assert patient.changes.filter(what="removed").count() == 1


def test_a_removed_entry_opens_where_it_can_be_put_back(teen, patient, logged):
    teen.post(session_url(patient, logged, "session-void"))
    response = teen.get(session_url(patient, logged), follow=True)
    assert "Put it back" in response.content.decode()
    for _ in range(2):
        response = teen.post(session_url(patient, logged, "session-restore"), {"next": "today"})
        assert response.headers["Location"] == f"{reverse('today')}?saved={logged.client_id}"
    logged.refresh_from_db()
    assert (logged.voided_at, logged.voided_by, logged.corrected) == (None, None, False)
    assert patient.daily_logs.get().exercises == 30
    assert patient.changes.filter(what="restored").count() == 1


def test_a_form_sent_again_after_it_was_removed_offers_to_put_it_back(teen, patient):
    one = str(uuid.uuid4())
    post(teen, patient, id=one)
    teen.post(reverse("session-void", args=[patient.code, one]))
    assert post(teen, patient, id=one).headers["Location"].endswith(f"?removed={one}")


def test_a_parents_correction_keeps_the_technique_they_do_not_see(parent, teen, cast, patient):
    breathing = factories.activity("Box breathing", "stress")
    session = factories.session(patient, cast.dana, "stress", None)
    teen.post(session_url(patient, session), {"version": 1, "activity": breathing.pk})
    assert "Box breathing" not in parent.get(session_url(patient, session)).content.decode()
    parent.post(session_url(patient, session), {"version": 2, "minutes": "10", "activity": ""})
    session.refresh_from_db()
    assert (session.minutes, session.activity) == (10, breathing)
    teen.post(session_url(patient, session), {"version": 3, "activity": ""})
    session.refresh_from_db()
    assert session.activity is None


def test_a_parent_corrects_only_what_they_entered(parent, cast, patient, logged):
    own = factories.session(patient, cast.dana, "cardio", 10)
    assert parent.post(session_url(patient, own), {"version": 1, "minutes": "12"}).status_code == 302
    for name, data in (("session", {"version": 1, "minutes": "12"}), ("session-void", {})):
        assert parent.post(session_url(patient, logged, name), data).status_code == 403
    logged.refresh_from_db()
    assert (logged.minutes, logged.voided_at) == (30, None)
    assert parent.get(session_url(patient, logged)).status_code == 403


def test_a_teen_corrects_seven_days_back_and_a_therapist_any(teen, therapist, cast, patient):
    week_old = factories.session(patient, cast.lee, day=patient.today() - timedelta(days=7))
    older = factories.session(patient, cast.lee, day=patient.today() - timedelta(days=8))
    assert teen.get(session_url(patient, week_old)).status_code == 200
    assert teen.get(session_url(patient, older)).status_code == 403
    assert therapist.get(session_url(patient, older)).status_code == 200


def test_strangers_find_nothing(stranger, cast, patient, logged):
    outsiders = [stranger]
    for client in outsiders:
        assert client.get(new_url(patient)).status_code == 404
        assert post(client, patient).status_code == 404
        assert client.get(session_url(patient, logged)).status_code == 404
        assert client.post(session_url(patient, logged, "session-void")).status_code == 404
    assert TherapySession.objects.get().voided_at is None


def test_an_id_of_another_record_is_unknown(teen, cast, patient):
    foreign = factories.session(cast.other, cast.noor)
    for name in ("session", "session-void", "session-restore"):
        assert teen.post(session_url(patient, foreign, name), {"version": 1}).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.version, foreign.voided_at) == (1, None)


def test_wrong_methods(teen, patient, logged):
    assert teen.post(new_url(patient)).status_code == 405
    assert teen.get(reverse("sessions", args=[patient.code])).status_code == 405
    assert teen.get(session_url(patient, logged, "session-void")).status_code == 405
    assert teen.put(session_url(patient, logged)).status_code == 405


def test_a_return_by_name_never_by_address(teen, parent, patient):
    day = reverse("day", args=[patient.code, patient.today().isoformat()])
    assert post(teen, patient, next="https://example.org/").headers["Location"].startswith(day)
    assert post(teen, patient, next="today").headers["Location"].startswith(reverse("today"))
    assert post(parent, patient, next="family").headers["Location"].startswith(reverse("family"))
    own = reverse("patient-today", args=[patient.code])
    assert post(parent, patient, next="today").headers["Location"].startswith(own)


@pytest.mark.parametrize("activities", [1, 30])
def test_the_form_page_asks_a_constant_number_of_questions(
    teen, patient, activities, django_assert_num_queries
):
    Activity.objects.bulk_create(
        Activity(name=f"Exercise {n}", strand="exercises") for n in range(activities)
    )
    with django_assert_num_queries(5):
        teen.get(new_url(patient))


# --- a program that counts exercises by its list ---


@pytest.fixture
def listed(patient):
    program = patient.programs.get()
    items = [factories.item(program, factories.activity(name), order=n) for n, name in enumerate("ABC")]
    factories.item(program, factories.activity("A run", "cardio"))
    Program.objects.filter(pk=program.pk).update(exercises_by="list", exercises=3)
    return items


def test_the_form_offers_the_exercises_of_the_list(teen, patient, listed, django_assert_num_queries):
    with django_assert_num_queries(6):
        form = teen.get(new_url(patient)).context["form"]
    assert list(form.fields["items"].choices) == [(item.pk, item.activity.name) for item in listed]


def test_a_program_of_minutes_asks_for_no_list(teen, patient):
    factories.item(patient.programs.get(), factories.activity("A"))
    assert "items" not in teen.get(new_url(patient)).context["form"].fields


def test_what_was_ticked_is_what_counts(teen, patient, listed):
    post(teen, patient, strand="exercises", minutes="12", items=[listed[0].pk, listed[2].pk])
    day = patient.daily_logs.get()
    assert (day.exercises, day.exercise_minutes) == (2, 12)


def test_a_refused_form_keeps_the_ticks(teen, patient, listed):
    response = post(teen, patient, strand="exercises", minutes="0", items=[listed[1].pk])
    assert response.status_code == 422
    assert response.context["form"]["items"].value() == [str(listed[1].pk)]
    assert not patient.sessions.exists()


def test_a_correction_shows_and_changes_the_ticks(teen, cast, patient, listed):
    session = factories.session(patient, cast.maya, "exercises", 12, items=(listed[0], listed[1]))
    url = session_url(patient, session)
    shown = teen.get(url)
    assert shown.context["form"]["items"].value() == [str(listed[0].pk), str(listed[1].pk)]
    corrected = {"version": 1, "minutes": "12", "strand": "exercises", "day": patient.today().isoformat()}
    assert teen.post(url, corrected | {"items": ["", listed[2].pk]}).status_code == 302
    assert [item.program_item for item in session.items.all()] == [listed[2]]
    assert teen.post(url, corrected | {"version": 2, "items": [""]}).status_code == 302
    assert not session.items.exists()


def test_a_correction_of_another_part_has_no_list(teen, cast, patient, listed):
    session = factories.session(patient, cast.maya, "cardio", 15)
    page = teen.get(session_url(patient, session))
    assert "items" not in page.context["form"].fields
    assert 'name="items"' not in page.content.decode()
