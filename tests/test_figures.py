"""The sums of the caseload are those of ``adherence.summarise``, to the last digit."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises import adherence, days
from exercises.models import DailyLog, DayOff, Patient, Program
from exercises.queries import log
from exercises.queries.figures import figures
from exercises.queries.sums import LONG, SHORT, versions
from tests import factories

pytestmark = pytest.mark.django_db
ZONES = ("Pacific/Kiritimati", "America/Chicago", "Pacific/Pago_Pago", "UTC")
number: st.SearchStrategy[Any] = st.integers(1, 6) | st.none()
SMALLER = tuple(f"smaller_{strand}" for strand in adherence.STRANDS)
targets: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    dict.fromkeys(adherence.STRANDS, number)
    | dict.fromkeys(SMALLER, number)
    | {
        "kind": st.sampled_from(["full", "full", "full", "full", "keeping_up", "paused", "done"]),
        "harder_rule": st.sampled_from(["smaller", "smaller", "pieces", "call"]),
        "exercises_by": st.sampled_from(["minutes", "list"]),
        "week_cardio": st.just(3),
    }
).filter(lambda fields: fields["harder_rule"] != "smaller" or any(fields[name] for name in SMALLER))
ago = st.integers(-2, 31)
totals = st.fixed_dictionaries({name: st.integers(0, 7) for name in log.WORK_FIELDS})
logs = st.tuples(totals, st.booleans())
records = st.fixed_dictionaries(
    {
        "zone": st.sampled_from(ZONES),
        "day_start": st.integers(0, 4),
        "programs": st.dictionaries(ago | st.just(90), targets, max_size=4),
        "off": st.lists(
            st.tuples(ago, st.integers(0, 5), st.sampled_from(["", "granted", "declined", "withdrawn"])),
            max_size=3,
        ),
        "logs": st.dictionaries(ago, logs, max_size=34),
    }
)


@dataclass
class Subject:
    id: int
    today: date
    off: tuple = ()
    versions: list = field(default_factory=list)

    def __post_init__(self):
        self.versions = versions([self.id]).get(self.id, [])


def make(record, user) -> Subject:
    patient = factories.patient(zone=record["zone"], day_start=record["day_start"])
    today = patient.today()
    for version, (back, fields) in enumerate(record["programs"].items(), start=1):
        factories.program(patient, today - timedelta(days=back), version=version, **fields)
    for back, length, answer in record["off"]:
        first = today - timedelta(days=back)
        said = {"at": timezone.now(), "by": user}
        if answer == "withdrawn":
            answered = {f"withdrawn_{name}": value for name, value in said.items()}
        else:
            answered = {"answer": answer} | {f"answered_{n}": v for n, v in said.items()} if answer else {}
        DayOff.objects.create(
            patient=patient, first=first, last=first + timedelta(days=length), asked_by=user, **answered
        )
    versions = log.programs(patient)
    for back, (work, harder) in record["logs"].items():
        day = today - timedelta(days=back)
        program = adherence.in_force(versions, day)
        DailyLog.objects.create(
            patient=patient, day=day, program=program, harder=harder, sessions=any(work.values()), **work
        )
    off = DayOff.objects.standing().filter(patient=patient).values_list("first", "last", "answer")
    return Subject(patient.pk, today, tuple(off))


def judged_one_by_one(patient: Patient, today: date, count: int) -> adherence.Summary:
    return adherence.summarise(log.days_between(patient, *days.last_closed(today, count)), today=today)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(records, min_size=1, max_size=3))
def test_sums_from_the_database_are_those_of_the_rules(django_user_model, records):
    user = django_user_model.objects.get_or_create(username="asker")[0]
    subjects = [make(record, user) for record in records]
    found = figures(subjects)
    for subject in subjects:
        patient, mine = Patient.objects.get(pk=subject.id), found[subject.id]
        for period, count in ((mine.short, SHORT), (mine.long, LONG)):
            rules = judged_one_by_one(patient, subject.today, count)
            assert period.shares == tuple(strand.share for strand in rules.strands)
            assert (period.met, period.judged) == (rules.met, rules.judged)
        window = days.last_closed(subject.today, LONG)
        assert list(mine.cells) == [
            (facts.day, adherence.drawn(facts, today=subject.today))
            for facts in log.days_between(patient, *window)
        ]


def test_nobody_has_no_figures(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert figures([]) == {}


def test_the_number_of_patients_does_not_change_the_number_of_queries(django_assert_num_queries):
    few, many = [[Subject(factories.program(factories.patient()).patient_id, date(2026, 11, 20))
                  for _ in range(count)] for count in (2, 30)]  # fmt: skip
    for subjects in (few, many):
        with django_assert_num_queries(1):
            figures(subjects)


def test_a_plan_that_asks_for_nothing_asks_for_nothing_on_a_harder_day(patient):
    numbers = dict.fromkeys(adherence.STRANDS) | {"harder_rule": "smaller", "smaller_cardio": 1}
    Program.objects.filter(patient=patient).update(**numbers)
    yesterday = patient.today() - timedelta(days=1)
    DailyLog.objects.create(
        patient=patient, day=yesterday, program=patient.programs.get(), harder=True, cardio=5, sessions=1
    )
    mine = figures([Subject(patient.pk, patient.today())])[patient.pk]
    assert mine.cells[-1] == (yesterday, adherence.BEFORE)
    assert judged_one_by_one(patient, patient.today(), LONG).judged == mine.long.judged == 0


def test_programs_without_a_number_are_not_judged(patient):
    Program.objects.filter(patient=patient).update(cardio=None, exercises=None, desensitization=None)
    mine = figures([Subject(patient.pk, patient.today())])[patient.pk]
    assert {word for _day, word in mine.cells} == {adherence.BEFORE}
    assert mine.long.judged == 0
