"""A new version judges from its first day, and older days keep their verdict: whatever changes, in the rules,
in the sums of the database, and in the totals."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from exercises import adherence, days
from exercises.guideline import Targets
from exercises.queries import log
from exercises.queries.family import children
from exercises.queries.figures import figures
from exercises.queries.history import month_page
from exercises.queries.program import USUAL, Item, Plan
from exercises.queries.sums import LONG, SHORT
from exercises.services import audit, daily, programs
from tests import factories
from tests.test_figures import Subject

FIRST = date(2026, 11, 2)
BOTH_FEET = ("left_foot", "right_foot")


@pytest.fixture
def clock(time_machine):
    def to(n):
        noon = datetime(FIRST.year, FIRST.month, FIRST.day, 18, tzinfo=UTC)
        time_machine.move_to(noon + timedelta(days=n), tick=False)

    to(0)
    return to


class Story:
    """Days of maya, one after the other, and what each was when it was over."""

    def __init__(self, cast, clock):
        self.cast, self.patient, self.clock, self.words = cast, cast.patient, clock, []
        self.squat, self.plank = factories.activity("Squat"), factories.activity("Plank")
        self.patient.programs.all().delete()

    @property
    def viewer(self):
        return factories.viewer(self.patient, self.cast.maya)

    def revise(self, plan, **start):
        lee, latest = factories.viewer(self.patient, self.cast.lee), self.patient.programs.last()
        basis = latest.version if latest else None
        return programs.revise_program(viewer=lee, plan=plan, basis=basis, **start)

    def did(self, strand, minutes, *activities, areas=()):
        program = self.patient.programs.filter(replaced_at=None).last()
        items = tuple(program.items.get(activity=activity) for activity in activities)
        return factories.session(
            self.patient, self.cast.maya, strand, minutes, items=items, body_areas=tuple(areas)
        )

    def harder(self):
        daily.mark_day(viewer=self.viewer, day=self.patient.today(), harder=True)

    def over(self, word):
        """The day ends; it and every day before is what it was when it ended."""
        self.words.append(word)
        self.clock(len(self.words))
        self.check()

    def check(self):
        today = self.patient.today()
        shown = [(FIRST + timedelta(days=n), word) for n, word in enumerate(self.words)]
        rows = log.days_between(self.patient, FIRST, today - days.ONE_DAY)
        assert [(one.day, adherence.drawn(one, today=today)) for one in rows] == shown
        assert audit.check_totals().differences == ()
        self.check_sums(today, shown)

    def check_sums(self, today, shown):
        mine = figures([Subject(self.patient.pk, today)])[self.patient.pk]
        assert list(mine.cells)[-len(shown) :] == shown
        for period, count in ((mine.short, SHORT), (mine.long, LONG)):
            window = log.days_between(self.patient, *days.last_closed(today, count))
            rules = adherence.summarise(window, today=today)
            assert period.shares == tuple(strand.share for strand in rules.strands)
            assert (period.met, period.judged) == (rules.met, rules.judged)


@pytest.fixture
def story(cast, clock):
    return Story(cast, clock)


def plan(story, kind="full", items=(), **changes):
    targets = {name: changes.pop(name) for name in Targets.__slots__ if name in changes}
    return Plan(
        targets=Targets(**targets),
        usual=dict.fromkeys(USUAL),
        items=tuple(Item(activity, {}) for activity in items),
        kind=kind,
        **changes,
    )


def test_verdicts_follow_the_version_of_their_day(story):
    exercises = (story.squat, story.plank)

    story.revise(plan(story, cardio=15, exercises=30, items=exercises))
    story.did("cardio", 15)
    story.did("exercises", 30)
    story.over("met")
    story.did("exercises", 12, *exercises)
    story.over("partly")

    # By the list: the quick are not punished, and minutes alone are no list.
    story.revise(plan(story, exercises=1, by_list=True, items=exercises))
    story.did("exercises", 4, story.squat)
    story.did("exercises", 3, story.plank)
    story.over("met")
    story.did("exercises", 60)
    story.over("partly")

    # Each area its own number.
    feet = plan(story, desensitization=4, areas_rule="each", touch_areas=BOTH_FEET)
    story.revise(feet)
    for _time in range(2):
        story.did("desensitization", 5, areas=BOTH_FEET)
    story.over("met")
    for _time in range(5):
        story.did("desensitization", 5, areas=BOTH_FEET[:1])
    story.over("partly")
    story.revise(replace(feet, areas_rule="all", touch_areas=()))
    for _time in range(4):
        story.did("desensitization", 5, areas=BOTH_FEET[:1])
    story.over("met")

    # A harder day by its own numbers, where the plan has some.
    story.revise(plan(story, cardio=15, harder_rule="smaller", smaller={"smaller_cardio": 5}))
    story.did("cardio", 5)
    story.harder()
    story.over("met")
    story.did("cardio", 5)
    story.over("partly")
    for rule in ("pieces", "call"):
        story.revise(plan(story, cardio=15, harder_rule=rule, smaller={"smaller_cardio": 5}))
        story.harder()
        story.did("cardio", 5)
        story.over("partly")
    story.revise(plan(story, cardio=5))
    story.did("cardio", 5)
    story.over("met")

    # By the week, then not at all, and back.
    story.revise(plan(story, kind="keeping_up", cardio=15, week={"week_cardio": 2}))
    story.did("cardio", 15)
    story.over("kept")
    story.over("keeping")
    story.revise(plan(story, kind="paused", cardio=15))
    story.did("cardio", 15)
    story.over("before")
    story.revise(plan(story, cardio=15))
    story.did("cardio", 15)
    story.over("met")

    judged = [word for word in story.words if word in adherence.COUNTED]
    assert (len(story.words), len(judged), judged.count("met")) == (16, 13, 7)


def test_every_page_draws_the_same_days(story):
    story.revise(plan(story, cardio=15, harder_rule="smaller", smaller={"smaller_cardio": 5}))
    story.did("cardio", 5)
    story.harder()
    story.over("met")
    story.revise(plan(story, kind="keeping_up", cardio=15, week={"week_cardio": 2}))
    story.did("cardio", 1)
    story.over("kept")
    story.over("keeping")
    for viewer in (story.viewer, factories.viewer(story.patient, story.cast.dana)):
        cells = [cell for week in month_page(viewer, 2026, 11).weeks for cell in week.cells]
        assert [cell.status for cell in cells if FIRST <= cell.day < story.patient.today()] == story.words
    (child,) = children(story.cast.dana)
    assert [cell.status for cell in child.week][:3] == story.words


def test_today_is_counted_anew_when_the_new_version_is_to_start_today(story):
    today = story.patient.today()
    story.revise(plan(story, exercises=30, items=(story.squat, story.plank)))
    story.did("exercises", 20, story.squat)
    row = story.patient.daily_logs.get()
    assert (row.exercises, row.exercise_minutes) == (20, 20)

    # The list of the new version: what was done under the old one counts by its activity.
    story.revise(plan(story, exercises=1, by_list=True, items=(story.squat,)), starts_on=today)
    row.refresh_from_db()
    assert (row.exercises, row.exercise_minutes, row.program.exercises) == (1, 20, 1)
    (facts,) = log.days_between(story.patient, today, today)
    assert adherence.status(facts, today=today) == "met"

    story.revise(plan(story, exercises=30), starts_on=today)
    row.refresh_from_db()
    assert (row.exercises, row.exercise_minutes) == (20, 20)
    assert audit.check_totals().differences == ()


def test_a_pause_counts_minutes_whatever_the_list(story):
    listed = plan(story, exercises=1, by_list=True, items=(story.squat,))
    story.revise(replace(listed, kind="paused"))
    story.did("exercises", 20, story.squat)
    assert story.patient.daily_logs.get().exercises == 20
    story.over("before")


def test_keeping_up_counts_by_the_list_too(story):
    listed = plan(story, exercises=2, by_list=True, items=(story.squat, story.plank))
    story.revise(replace(listed, kind="keeping_up", week={"week_exercises": 1}))
    story.did("exercises", 20, story.squat)
    assert story.patient.daily_logs.get().exercises == 1
    story.over("kept")


def test_marking_a_harder_day_changes_the_verdict_and_no_total(story):
    story.revise(plan(story, cardio=15, harder_rule="smaller", smaller={"smaller_cardio": 5}))
    story.did("cardio", 5)
    before = story.patient.daily_logs.values().get()
    today = story.patient.today()
    for harder, word in ((True, "met"), (False, "today")):
        daily.mark_day(viewer=story.viewer, day=today, harder=harder)
        (facts,) = log.days_between(story.patient, today, today)
        assert adherence.status(facts, today=today) == word
        assert story.patient.daily_logs.values().get() == before | {"harder": harder}
