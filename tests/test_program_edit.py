import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from exercises.models import CareTeamMember, LadderMove, Program
from exercises.services import programs
from exercises.services.catalogue import load_catalogue
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows as all_rows

DAY = timedelta(days=1)
LADDER = {
    "ladder_texture": ["silk", "", "towel"],
    "ladder_pressure": ["firm", "light", "light"],
    "ladder_starts_at": "2",
}


def page(patient, name="program-edit"):
    return reverse(name, args=[patient.code])


@pytest.fixture
def squat(patient):
    return factories.item(
        patient.programs.get(), factories.activity("Squat", reps=8), sets=3, reps=10, words="Slowly."
    )


def typed(patient, rows=(), **fields):
    """What the editor's form sends: guideline numbers, and a row for each of ``rows``."""
    data = {
        "version": "1", "kind": "full", "start": "today", "cardio": "20", "exercises": "30",
        "desensitization": "5", "desensitization_minutes": "5",
    }  # fmt: skip
    for index, row in enumerate(rows):
        data |= {f"items-{index}-{name}": value for name, value in row.items()}
    return data | fields


def post(client, patient, **fields):
    return client.post(page(patient), typed(patient, **fields))


def row(item, **changes):
    return {"activity": item.activity_id, "reps": "12"} | changes


def names(html):
    """The activities on the page, in order, without those that were taken out."""
    found = re.findall(r'<li class="item-row.*?</li>', html, re.S)
    shown = [part for part in found if 'class="row-body">' in part]
    return [re.search(r"<b>(.*?)</b>", part)[1] for part in shown]


def numbers(html):
    return re.findall(r'name="items-(\d+)-activity"', html)


# --- who ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_the_family_edits_nothing_while_a_therapist_is_on_the_team(cast, patient, who):
    client, before = signed_in(getattr(cast, who)), all_rows()
    assert client.get(page(patient)).status_code == 403
    assert post(client, patient).status_code == 403
    assert client.get(page(patient, "program-from")).status_code == 403
    assert all_rows() == before


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_without_a_therapist_the_family_enters_it_from_the_sheet(cast, patient, who):
    CareTeamMember.objects.filter(patient=patient, user=cast.lee).delete()
    client = signed_in(getattr(cast, who))
    html = client.get(page(patient)).text
    assert "Keep it as a template" not in html and "Start from another plan" not in html
    assert post(client, patient).status_code == 302
    new = patient.programs.get(version=2)
    assert new.created_by == getattr(cast, who)
    # Who may agree to a program has agreed to the one they typed in; a parent cannot agree for a teen.
    assert (new.accepted_by, bool(new.accepted_at)) == ((cast.maya, True) if who == "maya" else (None, False))


def test_a_therapists_version_waits_for_the_teen(patient, therapist):
    assert post(therapist, patient).status_code == 302
    assert patient.programs.get(version=2).accepted_at is None


@pytest.mark.parametrize("name", ["program-edit", "program-from"])
def test_strangers_wrong_codes_and_wrong_methods(cast, patient, stranger, therapist, name):
    assert stranger.get(page(patient, name)).status_code == 404
    assert therapist.get(page(cast.other, name)).status_code == 404
    assert therapist.put(page(patient, name)).status_code == 405


# --- what it opens with ------------------------------------------------------------------------------------


def test_the_editor_shows_the_latest_version(patient, squat, therapist):
    html = therapist.get(page(patient)).text
    assert 'name="cardio" value="15"' in html
    assert names(html) == ["Squat"]
    assert 'name="items-0-words" value="Slowly."' in html
    assert html.count("The whole care team reads these words") == 1
    assert html.count('<details class="card more" open>') == 0


def test_only_the_boxes_that_fit_the_kind_are_shown(patient, therapist):
    version = patient.programs.get()
    kinds = {
        "squat": ("exercises", {"reps": 8, "sets": 2}, ["sets", "reps", "side", "load", "words"]),
        "bridge": (
            "exercises",
            {"reps": 8, "hold_seconds": 3},
            ["sets", "reps", "hold_seconds", "side", "load", "words"],
        ),
        "plank": ("exercises", {"hold_seconds": 20}, ["sets", "hold_seconds", "side", "load", "words"]),
        "walk": ("cardio", {"minutes": 15}, ["minutes", "load", "words"]),
        "towel": ("desensitization", {"minutes": 5}, ["minutes", "body_area", "words"]),
        "breathe": ("stress", {}, ["minutes", "words"]),
        "own": (
            "exercises",
            {},
            ["sets", "reps", "hold_seconds", "minutes", "side", "load", "words"],
        ),
    }
    for order, (name, (strand, dose, _boxes)) in enumerate(kinds.items()):
        factories.item(version, factories.activity(name, strand, **dose), order=order)
    html = therapist.get(page(patient)).text
    for number, (name, (_strand, _dose, boxes)) in enumerate(kinds.items()):
        shown = re.findall(rf'name="items-{number}-([a-z_]+)"', html)
        assert [box for box in shown if box not in ("activity",)] == boxes, name


def test_a_part_of_the_dose_that_is_filled_in_is_shown_whatever_the_kind(patient, therapist):
    walk = factories.activity("walk", "cardio", minutes=15)
    factories.item(patient.programs.get(), walk, sets=2)
    assert 'name="items-0-sets" value="2"' in therapist.get(page(patient)).text


def test_a_version_that_waits_is_what_the_editor_shows(patient, therapist):
    day = patient.today() + 4 * DAY
    post(therapist, patient, start="date", starts_on=day.isoformat())
    html = therapist.get(page(patient)).text
    assert "What you save here takes its place." in html
    assert f'name="starts_on" value="{day}"' in html
    assert 'name="cardio" value="20"' in html


def test_the_first_program_is_offered_with_the_published_targets(patient, therapist):
    Program.objects.filter(patient=patient).delete()
    html = therapist.get(page(patient)).text
    assert 'name="cardio" value="15"' in html and 'name="exercises" value="30"' in html
    # The family is invited next.
    assert post(therapist, patient, version="")["Location"] == page(patient, "team")
    assert patient.programs.get().version == 1
    assert post(therapist, patient, cardio="20")["Location"] == page(patient, "program")


def test_the_ladder_is_shown_where_it_stands(cast, patient, therapist):
    post(therapist, patient, **LADDER | {"ladder_starts_at": "1"})
    new = patient.programs.get(version=2)
    LadderMove.objects.create(patient=patient, program=new, step=2, by=cast.maya, entered_as="patient")
    assert 'name="ladder_starts_at" value="2"' in therapist.get(page(patient)).text


@pytest.mark.parametrize("count", [1, 12])
def test_the_editor_costs_the_same_with_more_activities(
    patient, squat, therapist, django_assert_num_queries, count
):
    for n in range(count):
        factories.item(squat.program, factories.activity(f"A{n}"))
    with django_assert_num_queries(13):
        therapist.get(page(patient))


# --- saving ------------------------------------------------------------------------------------------------


def test_a_change_is_a_new_version_with_its_items_in_the_order_of_the_page(patient, squat, therapist):
    bridge = factories.activity("Bridge")
    sent = typed(patient) | {
        "items-7-activity": bridge.pk, "items-7-hold_seconds": "3", "items-7-load": "band",
        "items-2-activity": squat.activity_id, "items-2-sets": "2", "items-2-words": "Deeper.\u2603",
        "items-9-activity": "",
    }  # fmt: skip
    assert therapist.post(page(patient), sent).status_code == 302
    new = patient.programs.get(version=2)
    assert (new.cardio, new.starts_on) == (20, patient.today())
    assert [(i.activity.name, i.sets, i.hold_seconds, i.load, i.words) for i in new.items.all()] == [
        ("Bridge", None, 3, "band", ""),
        ("Squat", 2, None, "", "Deeper.☃"),
    ]
    assert squat.program.items.get().sets == 3


def test_an_activity_can_be_taken_out(patient, squat, therapist):
    assert post(therapist, patient, rows=[row(squat, DELETE="on", sets="0")]).status_code == 302
    assert not patient.programs.get(version=2).items.exists()


def test_tomorrow_and_another_day(patient, therapist):
    today = patient.today()
    assert post(therapist, patient, start="tomorrow").status_code == 302
    day = (today + 5 * DAY).isoformat()
    assert post(therapist, patient, start="date", starts_on=day, version="2").status_code == 302
    standing = Program.objects.standing().filter(patient=patient).values_list("version", "starts_on")
    assert list(standing) == [(1, today - 60 * DAY), (3, today + 5 * DAY)]


def test_it_tells_what_choosing_today_changes(cast, patient, therapist):
    assert "counted again" not in therapist.get(page(patient)).text
    factories.session(patient, cast.maya)
    html = therapist.get(page(patient)).text
    assert "counted again by the new numbers" in html
    assert re.search(r'value="tomorrow" checked', html)


def test_what_changed_is_said_after_saving(patient, squat, therapist):
    response = therapist.post(page(patient), typed(patient, rows=[row(squat, sets="3")]), follow=True)
    said = response.text
    assert "Cardio: 20 minutes a day (was 15)." in said
    assert "Squat: 3 × 12 (was 3 × 10)." in said


def test_everything_new_comes_back_as_it_was_typed(patient, squat, therapist):
    patient.body_areas = ["left_foot", "back"]
    patient.save()
    fields = {
        "exercises_by": "list", "areas_rule": "each", "touch_areas": ["left_foot", "back"],
        "harder_rule": "smaller", "smaller_cardio": "5", "smaller_exercises": "1",
        "smaller_desensitization": "2", "ladder_by_teen": "on", "usual_cardio": "10", **LADDER,
    }  # fmt: skip
    assert post(therapist, patient, rows=[row(squat)], **fields).status_code == 302
    new = patient.programs.get(version=2)
    # Numbers of all areas together; exercises by the list are as many as are on it.
    assert (new.desensitization, new.smaller_desensitization, new.exercises) == (10, 4, 1)
    assert (new.areas, new.exercises_by, new.ladder_starts_at) == (("left_foot", "back"), "list", 2)
    assert new.ladder == [
        {"texture": "silk", "pressure": "firm"},
        {"texture": "towel", "pressure": "light"},
    ]
    html = therapist.get(page(patient)).text
    for name, value in {
        "desensitization": 5, "smaller_desensitization": 2, "smaller_cardio": 5, "usual_cardio": 10,
        "ladder_starts_at": 2, "exercises": "",
    }.items():  # fmt: skip
        assert f'name="{name}" value="{value}"' in html, name
    for name, value in (("exercises_by", "list"), ("areas_rule", "each"), ("harder_rule", "smaller")):
        assert re.search(rf'name="{name}" value="{value}" checked', html), name
    assert 'id="id_ladder_by_teen" checked' in html
    # What is in use stands open.
    assert html.count('<details class="card more" open>') == 2
    assert html.count('<details class="more" open>') == 2


def test_numbers_of_a_rule_that_is_not_chosen_are_not_kept(patient, therapist):
    unused = {"smaller_cardio": "5", "week_cardio": "3", "touch_areas": ["left_foot"]}
    assert post(therapist, patient, **unused).status_code == 302
    new = patient.programs.get(version=2)
    assert (new.smaller_cardio, new.week_cardio, new.touch_areas) == (None, None, [])


def test_keeping_up_with_a_plan_to_go_back_to(patient, therapist):
    html = therapist.get(page(patient) + "?kind=keeping_up").text
    full = patient.programs.get()
    assert re.search(r'name="kind" value="keeping_up" checked', html)
    assert 'name="week_cardio" value="3"' in html and 'name="week_stress" value=""' in html
    assert f'<option value="{full.pk}" selected>Program 1' in html
    fields = {"kind": "keeping_up", "week_cardio": "2", "flare_plan": full.pk}
    assert post(therapist, patient, **fields).status_code == 302
    new = patient.programs.get(version=2)
    assert (new.kind, new.week.cardio, new.flare_plan) == ("keeping_up", 2, full)


def test_a_plan_of_today_is_no_plan_to_go_back_to(patient, therapist):
    """What is saved today takes its place."""
    Program.objects.filter(patient=patient).update(starts_on=patient.today())
    full = patient.programs.get()
    assert f'<option value="{full.pk}"' not in therapist.get(page(patient) + "?kind=keeping_up").text
    fields = {"kind": "keeping_up", "week_cardio": "2"}
    assert post(therapist, patient, **fields, flare_plan=full.pk).status_code == 422
    assert post(therapist, patient, **fields).status_code == 302
    assert patient.programs.get(version=2).kind == "keeping_up"


def test_what_the_service_refuses_keeps_what_was_typed(patient, therapist, monkeypatch):
    """A day has begun since the form was judged."""

    def refuse(**_options):
        raise ValidationError({"starts_on": "A program can start today or later."})

    monkeypatch.setattr("exercises.services.programs.revise_program", refuse)
    response = post(therapist, patient, cardio="17")
    assert response.status_code == 422
    assert "A program can start today or later." in response.text
    assert 'name="cardio" value="17"' in response.text


def test_a_flare_plan_of_another_record_is_refused(cast, patient, therapist):
    theirs = cast.other.programs.get()
    fields = {"kind": "keeping_up", "week_cardio": "2", "flare_plan": theirs.pk}
    assert post(therapist, patient, **fields).status_code == 422
    assert patient.programs.count() == 1


# --- what is wrong -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"cardio": "0"},
        {"cardio": "999"},
        {"cardio": "x"},
        {"desensitization": "21"},
        {"desensitization_minutes": ""},
        {"kind": "sometimes"},
        {"start": ""},
        {"start": "date", "starts_on": ""},
        {"start": "date", "starts_on": "2020-01-01"},
        {"start": "date", "starts_on": "2026-13-45"},
        {"version": "x"},
        {"exercises_by": "list"},
        {"exercises_by": "mood"},
        {"areas_rule": "each"},
        {"areas_rule": "each", "touch_areas": "right_hand"},
        {"areas_rule": "each", "touch_areas": "left_foot", "desensitization": "x"},
        {"harder_rule": "smaller"},
        {"harder_rule": "smaller", "smaller_cardio": "21"},
        {"harder_rule": "smaller", "smaller_cardio": "x"},
        {"harder_rule": "smaller", "smaller_stress": "1"},
        {"kind": "keeping_up"},
        {"kind": "keeping_up", "week_cardio": "8"},
        {"kind": "keeping_up", "week_cardio": "2", "flare_plan": "999"},
        {"kind": "keeping_up", "week_cardio": "2", "flare_plan": "x"},
        {"ladder_texture": "sandpaper"},
        {"ladder_texture": "silk", "ladder_pressure": "hard"},
        {"ladder_texture": ["silk"] * 21},
        {"ladder_texture": "silk", "ladder_starts_at": "2"},
        {"ladder_texture": "silk", "ladder_starts_at": "0"},
    ],
)
def test_wrong_numbers_keep_what_was_typed(patient, therapist, wrong):
    before = all_rows()
    response = post(therapist, patient, **{"usual_cardio": "17"} | wrong)
    assert response.status_code == 422
    html = response.text
    assert 'name="usual_cardio" value="17"' in html
    assert "invalid-feedback" in html or "version" in wrong
    assert all_rows() == before


def test_sixty_times_are_the_most_for_all_areas_together(patient, therapist):
    patient.body_areas = ["left_foot", "back", "neck", "head"]
    patient.save()
    fields = {"areas_rule": "each", "touch_areas": patient.body_areas, "desensitization": "16"}
    response = post(therapist, patient, **fields)
    assert response.status_code == 422
    assert "That is too often for so many areas." in response.text
    assert post(therapist, patient, **fields | {"desensitization": "15"}).status_code == 302
    assert patient.programs.get(version=2).desensitization == 60


def test_a_smaller_list_is_no_longer_than_the_list(patient, squat, therapist):
    fields = {"exercises_by": "list", "harder_rule": "smaller", "smaller_exercises": "2", "exercises": ""}
    assert post(therapist, patient, rows=[row(squat)], **fields).status_code == 422
    fields["smaller_exercises"] = "1"
    assert post(therapist, patient, rows=[row(squat)], **fields).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"activity": "999999"},
        {"activity": "9" * 40},
        {"activity": "x"},
        {"activity": ""},
        {"sets": "0"},
        {"sets": "21"},
        {"hold_seconds": "601"},
        {"minutes": "999"},
        {"side": "up"},
        {"body_area": "right_hand"},
        {"words": "x" * 301},
        {"words": "a\x00b"},
        {"load": "x" * 41},
    ],
)
def test_wrong_items_keep_what_was_typed(patient, squat, therapist, wrong):
    response = post(therapist, patient, rows=[row(squat, load="band") | wrong])
    assert response.status_code == 422
    assert 'name="items-0-reps" value="12"' in response.text
    assert "invalid-feedback" in response.text
    assert patient.programs.count() == 1


@pytest.mark.parametrize(("count", "status"), [(40, 302), (41, 422)])
def test_forty_activities_are_the_most(patient, squat, therapist, count, status):
    gone = [row(squat, DELETE="on")]
    response = post(therapist, patient, rows=[row(squat)] * count + gone)
    assert response.status_code == status
    if status == 422:
        assert "A program holds up to 40 activities." in response.text


def test_an_activity_of_another_therapist_is_refused(cast, patient, therapist):
    theirs = factories.activity("Secret", owner=cast.kim)
    response = post(therapist, patient, rows=[{"activity": theirs.pk}])
    assert response.status_code == 422
    assert "Secret" not in response.text
    assert offered(post(therapist, patient, do="find", find="Secret").text) == {}
    assert post(therapist, patient, add=theirs.pk).status_code == 422
    assert therapist.get(page(patient) + f"?part=row&activity={theirs.pk}&number=1").status_code == 404


def test_two_therapists_at_once_lose_nothing(cast, patient, squat, therapist):
    second = factories.user("second", is_clinician=True)
    factories.link(patient, second, "therapist", discipline="ot")
    theirs = {"cardio": "25", "harder_rule": "call"} | LADDER
    assert post(signed_in(second), patient, **theirs).status_code == 302
    mine = {"rows": [row(squat, words="Mine.")], "ladder_texture": "wool", "week_cardio": "4"}
    response = post(therapist, patient, **mine)
    assert response.status_code == 409
    html = response.text
    assert "Somebody saved a program just before you" in html
    # Theirs: said in words. Mine: in the boxes.
    assert "25 min" in html and "silk, firm" in html and "when to call your care team" in html
    assert 'name="cardio" value="20"' in html and 'value="Mine."' in html
    assert '<option value="wool" selected>' in html and 'name="week_cardio" value="4"' in html
    assert 'name="version" value="2"' in html
    assert patient.programs.count() == 2
    assert post(therapist, patient, **mine, version="2").status_code == 302
    assert patient.programs.get(version=3).items.get().words == "Mine."


# --- without a script --------------------------------------------------------------------------------------


@pytest.fixture
def found(patient, therapist):
    load_catalogue()

    def searched(text="", **fields):
        return post(therapist, patient, **{"do": "find", "find": text, "cardio": "33"} | fields).text

    return searched


def offered(html):
    found = re.findall(r'name="add" value="(\d+)"[^>]*>.*?<b>(.*?)</b>', html, re.S)
    return {name: key for key, name in found}


def test_activities_are_found_by_typing(found):
    html = found("wall")
    assert "Wall sit" in offered(html)
    assert 'name="find" id="find" value="wall"' in html and "autofocus" in html
    assert 'name="cardio" value="33"' in html
    assert len(offered(found("e"))) <= 12
    assert "Nothing by that name." in found("zzz")


def test_a_whole_part_of_the_program_is_shown_when_it_is_asked_for(found):
    names = offered(found("", find_strand="stress"))
    assert len(names) == 13 and "Wall sit" not in names
    assert "Wall sit" not in offered(found("wall", find_strand="stress"))
    assert "Wall sit" in offered(found("wall", find_strand="nonsense"))


def test_the_return_key_in_the_search_box_searches_and_elsewhere_shows_the_preview(found, patient, therapist):
    assert "Wall sit" in offered(found("wall", do="enter"))
    assert "As the teen sees it" in post(therapist, patient, do="enter", find=" ").text


def test_what_was_found_is_added_with_its_usual_dose(found, patient, therapist, squat):
    key = offered(found("single-leg"))["Single-leg stand"]
    response = post(therapist, patient, rows=[row(squat, words="kept")], add=key)
    html = response.text
    assert response.status_code == 200
    assert names(html) == ["Squat", "Single-leg stand"]
    assert 'name="items-1-sets" value="3"' in html and 'name="items-1-hold_seconds" value="10"' in html
    assert '<option value="each" selected>' in html and 'value="kept"' in html
    assert patient.programs.count() == 1


@pytest.mark.parametrize("key", ["999999", "x", "", "9" * 30, "1 OR 1"])
def test_what_is_not_on_offer_is_not_added(patient, therapist, squat, key):
    response = post(therapist, patient, rows=[row(squat, words="kept")], add=key)
    assert response.status_code == 422
    assert names(response.text) == ["Squat"] and 'value="kept"' in response.text


@pytest.fixture
def three(patient):
    return [{"activity": factories.activity(name).pk, "words": name * 3} for name in "ABC"]


@pytest.mark.parametrize(
    ("command", "order"),
    [
        ("up-1", "BAC"),
        ("down-1", "ACB"),
        ("up-0", "ABC"),
        ("down-2", "ABC"),
        ("out-1", "AC"),
        ("back-1", "ABC"),
    ],
)
def test_rows_are_ordered_and_taken_out_by_buttons(patient, therapist, three, command, order):
    response = post(therapist, patient, rows=three, row=command)
    assert response.status_code == 200
    assert "".join(names(response.text)) == order
    assert response.text.count("BBB") == 1
    assert patient.programs.count() == 1


def test_a_row_that_moved_keeps_the_focus_on_its_button(patient, therapist, three):
    html = post(therapist, patient, rows=three, row="up-2").text
    assert re.search(r'value="up-2"[^>]*autofocus', html)
    assert numbers(html) == ["0", "2", "1"]


def test_what_was_taken_out_can_be_put_back(patient, therapist, three):
    html = post(therapist, patient, rows=three, row="out-1").text
    assert "B is taken out." in html and 'name="items-1-DELETE" value="on"' in html
    three[1]["DELETE"] = "on"
    assert names(post(therapist, patient, rows=three, row="back-1").text) == ["A", "B", "C"]
    assert post(therapist, patient, rows=three).status_code == 302
    assert [item.activity.name for item in patient.programs.get(version=2).items.all()] == ["A", "C"]


def test_an_easier_and_a_harder_one_are_a_button_away(found, patient, therapist):
    key = offered(found("squat"))["Squat to a chair"]
    html = post(therapist, patient, rows=[{"activity": key, "sets": "5", "words": "kept"}], add=key).text
    value, name = re.search(r'value="(swap-0-\d+)"[^>]*>Harder: ([^<]+)<', html).groups()
    html = post(therapist, patient, rows=[{"activity": key, "sets": "5", "words": "kept"}], row=value).text
    assert names(html) == [name.strip()]
    assert 'name="items-0-words" value="kept"' in html and 'name="items-0-sets" value="5"' not in html


@pytest.mark.parametrize("command", ["", "up", "up-9", "sideways-0", "swap-0", "swap-0-999999", "up-x"])
def test_a_button_that_leads_nowhere_keeps_what_was_typed(patient, therapist, three, command):
    response = post(therapist, patient, rows=three, row=command)
    assert response.status_code == 422
    assert names(response.text) == ["A", "B", "C"]
    assert patient.programs.count() == 1


def steps(html):
    return re.findall(r'<option value="([a-z_]+)" selected>', re.search(r'id="steps".*?</ol>', html, re.S)[0])


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("up-2", ["silk", "firm", "towel", "light", "light"]),
        ("down-0", ["light", "silk", "firm", "towel", "light"]),
        ("out-2", ["silk", "firm", "light"]),
        ("more", ["silk", "firm", "light", "towel", "light", "light"]),
    ],
)
def test_the_steps_of_the_ladder_are_ordered_by_buttons(patient, therapist, command, expected):
    response = post(therapist, patient, **LADDER, step=command)
    assert response.status_code == 200
    assert steps(response.text) == expected


def test_the_usual_ladder_is_one_button(patient, therapist):
    found = steps(post(therapist, patient, step="usual").text)
    assert found[::2] == [
        "feather", "cotton_ball", "silk", "velvet", "corduroy", "terry", "wool", "towel", "hook_and_loop",
    ]  # fmt: skip
    assert set(found[1::2]) == {"light"}


@pytest.mark.parametrize("command", ["", "up-9", "out-9", "sideways", "up-x"])
def test_a_step_that_is_not_there(patient, therapist, command):
    response = post(therapist, patient, **LADDER, step=command)
    assert response.status_code == 422
    assert steps(response.text) == ["silk", "firm", "light", "towel", "light"]


# --- for the script ----------------------------------------------------------------------------------------


def test_what_is_found_comes_as_a_part_of_the_page(patient, therapist, teen):
    load_catalogue()
    response = therapist.get(page(patient) + "?part=found&find=plank")
    assert "Plank" in offered(response.text) and "<html" not in response.text
    assert teen.get(page(patient) + "?part=found&find=plank").status_code == 403


def test_a_row_comes_with_its_number(patient, therapist):
    activity = factories.activity("Plank", sets=3, hold_seconds=10)
    response = therapist.get(page(patient) + f"?part=row&activity={activity.pk}&number=12")
    assert names(response.text) == ["Plank"]
    assert 'name="items-12-sets" value="3"' in response.text and "<html" not in response.text
    for wrong in ("activity=x&number=1", f"activity={activity.pk}&number=x", f"activity={activity.pk}", ""):
        assert therapist.get(page(patient) + f"?part=row&{wrong}").status_code == 404


# --- preview -----------------------------------------------------------------------------------------------


def test_the_preview_shows_the_unsaved_plan_as_the_teen_sees_it(patient, squat, therapist):
    before = all_rows()
    html = post(therapist, patient, rows=[row(squat, words="<b>Deep")], do="preview", **LADDER).text
    assert "As the teen sees it" in html and "Nothing is saved yet." in html
    assert "Cardio: 20 minutes a day (was 15)." in html
    assert re.search(r'data-strand="cardio" data-done="0" data-target="20"', html)
    assert "&lt;b&gt;Deep" in html and "silk, firm" in html
    assert all_rows() == before


def test_what_was_typed_goes_along_to_the_save_or_back(patient, squat, therapist):
    html = post(therapist, patient, rows=[row(squat)], do="preview", plan_name="x", **LADDER).text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    sent.pop("csrfmiddlewaretoken", None)
    assert not {"do", "find"} & sent.keys()
    back = therapist.post(page(patient), sent | {"do": "back"})
    assert back.status_code == 200
    assert names(back.text) == ["Squat"] and steps(back.text)[0] == "silk"
    assert therapist.post(page(patient), sent | {"do": "save"}).status_code == 302
    assert patient.programs.get(version=2).ladder[1]["texture"] == "towel"


def test_the_preview_says_when_nothing_is_different(cast, patient, therapist):
    assert "Nothing is different" in post(therapist, patient, do="preview", cardio="15").text
    Program.objects.filter(patient=patient).delete()
    html = post(therapist, patient, do="preview", version="").text
    assert "What changes" not in html and "Nothing is different" not in html


def test_the_preview_is_told_against_what_is_in_force_and_not_against_what_waits(patient, therapist):
    day = (patient.today() + 3 * DAY).isoformat()
    assert post(therapist, patient, cardio="25", start="date", starts_on=day).status_code == 302
    fields = {"cardio": "30", "version": "2", "start": "date", "starts_on": day}
    assert "Cardio: 30 minutes a day (was 15)." in post(therapist, patient, do="preview", **fields).text
    assert post(therapist, patient, **fields).status_code == 302
    html = therapist.get(page(patient, "program")).text
    assert "Cardio: 30 minutes a day (was 15)." in html


def test_a_preview_of_a_wrong_plan_is_the_editor(patient, therapist):
    response = post(therapist, patient, do="preview", cardio="0")
    assert response.status_code == 422
    assert "Please look at the marked boxes." in response.text


def test_a_version_from_a_plan_is_the_one_that_is_edited_next(cast, patient, squat, therapist):
    """The program page, the editor and the service agree on what is latest."""
    viewer = factories.viewer(patient, cast.lee)
    programs.switch_program(viewer=viewer, kind="paused", basis=1)
    html = therapist.get(page(patient)).text
    assert 'name="version" value="2"' in html and re.search(r'value="paused" checked', html)
