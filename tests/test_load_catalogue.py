import pytest
from django.core.management import call_command

from exercises import catalogue
from exercises.models import Activity
from exercises.services.catalogue import load_catalogue
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_fills_in_every_built_in_activity_as_the_files_say():
    entries = catalogue.load()
    assert load_catalogue() == (len(entries), 0)
    assert list(Activity.objects.order_by("order").values_list("key", flat=True)) == [e.key for e in entries]
    for entry in entries:
        row = Activity.objects.get(key=entry.key)
        assert (row.strand, row.category, row.name, row.safety) == (
            entry.strand,
            entry.category,
            entry.name,
            entry.safety,
        )
        assert row.how_to == "\n".join(entry.how_to)
        assert row.search == " ".join(entry.search)
        assert (row.sets, row.reps, row.hold_seconds, row.minutes, row.per_side) == (
            entry.usual.sets,
            entry.usual.reps,
            entry.usual.hold_seconds,
            entry.usual.minutes,
            entry.usual.per_side,
        )
        assert (row.goal_sets, row.goal_reps, row.goal_hold_seconds, row.goal_minutes) == (
            entry.goal.sets,
            entry.goal.reps,
            entry.goal.hold_seconds,
            entry.goal.minutes,
        )
        assert row.offered is not entry.off_by_default
        row.full_clean()


def test_each_knows_its_neighbours():
    load_catalogue()
    linked = {
        row.key: (row.easier.key if row.easier else "", row.harder.key if row.harder else "")
        for row in Activity.objects.select_related("easier", "harder")
    }
    assert linked == {entry.key: (entry.easier, entry.harder) for entry in catalogue.load()}
    assert linked["plank"] == ("bird-dog", "side-plank")


def test_a_second_time_changes_nothing():
    load_catalogue()
    before = list(Activity.objects.order_by("pk").values())
    assert load_catalogue() == (0, 0)
    assert list(Activity.objects.order_by("pk").values()) == before


def test_it_mends_a_changed_row_and_leaves_the_administrators_choice():
    load_catalogue()
    Activity.objects.filter(key="wall-sit").update(
        name="Sit", sets=None, goal_sets=9, easier=None, offered=False
    )
    assert load_catalogue() == (0, 1)
    row = Activity.objects.get(key="wall-sit")
    assert (row.name, row.sets, row.goal_sets, row.offered) == ("Wall sit", 3, 3, False)
    assert row.easier == Activity.objects.get(key="squat-to-chair")


def test_a_changed_neighbour_alone_is_an_update():
    load_catalogue()
    Activity.objects.filter(key="wall-sit").update(harder=None)
    assert load_catalogue() == (0, 1)
    assert Activity.objects.get(key="wall-sit").harder == Activity.objects.get(key="step-up")


def test_one_that_left_the_files_is_kept_and_offered_no_more():
    gone = factories.activity("Old one", key="old-one")
    load_catalogue()
    gone.refresh_from_db()
    assert (gone.name, gone.offered) == ("Old one", False)
    assert load_catalogue() == (0, 0)


def test_therapists_own_are_never_touched():
    load_catalogue()
    own = factories.activity(
        "Wall sit, my way",
        owner=factories.user("lee"),
        copy_of=Activity.objects.get(key="wall-sit"),
        easier=Activity.objects.get(key="plank"),
        goal_sets=9,
        video="https://clinic.example/wall",
    )
    before = Activity.objects.filter(pk=own.pk).values().get()
    Activity.objects.filter(key="wall-sit").update(name="Other")
    assert load_catalogue() == (0, 1)
    assert Activity.objects.filter(pk=own.pk).values().get() == before


@pytest.mark.parametrize("present", [0, 55])
def test_it_asks_the_database_a_few_times_only(present, django_assert_max_num_queries):
    if present:
        load_catalogue()
        Activity.objects.update(name="Other", easier=None, harder=None)
    with django_assert_max_num_queries(6):
        load_catalogue()


def test_the_command_says_what_it_did(capsys):
    call_command("load_catalogue")
    assert capsys.readouterr().out == f"Catalogue: {len(catalogue.load())} added, 0 updated.\n"
