import pytest

from exercises.models import Activity
from exercises.queries.catalogue import fold, search
from exercises.services.catalogue import load_catalogue
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(cast):
    load_catalogue()
    return factories.viewer(cast.patient, cast.lee)


def keys(viewer, text, strand=""):
    return [activity.key for activity in search(viewer, text, strand)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tummy breathing", "belly-breathing"),
        ("plank", "plank"),
        ("brush", "brushing"),
        ("side pl", "side-plank"),
        ("SQUAT", "squat-to-chair"),
        ("squats", "squat-to-chair"),
        ("pushup", "push-up"),
        ("push up", "push-up"),
        ("push-ups", "push-up"),
        ("run", "jog"),
        ("skipping", "jump-rope"),
        ("star jumps", "jumping-jacks"),
        ("bicycle", "bike"),
        ("toes", "heel-raise"),
        ("one leg", "single-leg-stand"),
        ("backpack", "carry-and-lift"),
        ("rice", "sensory-bin"),
        ("slime", "putty"),
        ("cream", "lotion-massage"),
        ("shampoo", "hair-and-scalp"),
        ("socks", "wear-it"),
        ("velvet", "fabric-ladder"),
        ("carpet", "rough-surface"),
        ("diary", "journaling"),
        ("grounding", "five-senses"),
        ("psychologist", "counselor-time"),
        ("pet", "plan-something-fun"),
        ("tense", "muscle-relaxation"),
        ("  Box   BREATHING ", "box-breathing"),
        ("brĕathing bélly", "belly-breathing"),
    ],
)
def test_everyday_words_find_it_first(viewer, typed, first):
    assert keys(viewer, typed)[0] == first


def test_every_built_in_one_is_found_by_its_name_and_by_each_of_its_search_words(viewer):
    rows = list(Activity.objects.filter(offered=True))
    assert len(rows) == 54
    for row in rows:
        assert keys(viewer, row.name)[0] == row.key
        for word in row.search.split():
            assert row.key in keys(viewer, word), word


def test_all_words_must_fit_and_only_the_start_of_a_word_does(viewer):
    assert keys(viewer, "leg balance") == ["single-leg-stand"]
    assert "plank" not in keys(viewer, "plank rope")
    assert keys(viewer, "lank") == []
    # "arm" is no part of "warm".
    assert "warm-and-cool-water" not in keys(viewer, "arm")


def test_names_come_before_search_words(viewer):
    assert keys(viewer, "walk") == [
        *("brisk-walk", "jog", "swim", "bear-walk", "crab-walk", "heel-to-toe-walk"),
        "plan-something-fun",
    ]
    assert keys(viewer, "side") == ["side-plank", "side-lying-leg-lift"]


def test_a_category_finds_all_of_it(viewer):
    assert len(keys(viewer, "strength")) == 11
    assert len(keys(viewer, "flexib", "exercises")) == 3


def test_of_one_strand_only(viewer):
    assert "plan-something-fun" in keys(viewer, "walk")
    assert {a.strand for a in search(viewer, "walk", "cardio")} == {"cardio"}
    assert keys(viewer, "walk", "nonsense") == []


@pytest.mark.parametrize("nothing", ["", "   ", "\x00", "---"])
def test_without_words_it_is_all_that_is_offered(viewer, nothing):
    # Warm and cool water is off until somebody turns it on.
    assert len(search(viewer, nothing)) == 54
    assert len(search(viewer, nothing, "cardio")) == 11


def test_own_activities_of_the_team_are_found_and_those_of_others_never(viewer, cast):
    factories.activity("Plank on a pillow", owner=cast.lee)
    factories.activity("Plank on a boat", owner=cast.kim)
    factories.activity("Plank put away", owner=cast.lee, offered=False)
    names = [activity.name for activity in search(viewer, "plank")]
    assert names == ["Plank", "Plank on a pillow", "Side plank"]


def test_what_is_prescribed_already_is_found_though_it_is_offered_no_more(viewer, cast):
    water = Activity.objects.get(key="warm-and-cool-water")
    assert keys(viewer, "warm and cool") == []
    factories.item(cast.patient.programs.get(), water)
    assert keys(viewer, "warm and cool") == ["warm-and-cool-water"]


@pytest.mark.parametrize("many", [0, 40])
def test_it_is_one_query(viewer, cast, many, django_assert_num_queries):
    for number in range(many):
        factories.activity(f"Plank {number}", owner=cast.lee)
    with django_assert_num_queries(1):
        assert len(search(viewer, "plank")) == 2 + many


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Émile's Push-up ", "emile s push up"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("4-4-4-4", "4 4 4 4"),
        ("ﬁt", "fit"),
        ("腹式呼吸", "腹式呼吸"),
        ("", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded
