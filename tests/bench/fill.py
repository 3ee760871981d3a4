"""Data for the bench: teens with 40, 400 and 4,000 days of nine sessions, and caseloads of their copies.

A few records are written by the demo's bulk writer (which keeps every rule), the others are copied inside
SQLite. Prints as JSON who is signed in with which key, and the codes of the records.
"""

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_tracker.settings")
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from exercises.guideline import GUIDELINE  # noqa: E402
from exercises.models import (  # noqa: E402
    Activity,
    CareTeamMember,
    DailyLog,
    DayOff,
    FunctionGoal,
    Patient,
    Program,
    ProgramItem,
    Question,
    RoutineSlot,
    SessionItem,
    TherapySession,
    User,
)
from exercises.services.catalogue import load_catalogue  # noqa: E402
from exercises.services.demo import programs, records  # noqa: E402
from exercises.services.demo.entering import Entered  # noqa: E402
from exercises.services.demo.people import Person  # noqa: E402
from exercises.services.demo.stories import Done  # noqa: E402
from exercises.services.demo.team import Household  # noqa: E402
from exercises.wording import WORDING  # noqa: E402
from tests.bench.signing import signed_in  # noqa: E402

# Parents before children. Each is copied with its own primary keys shifted.
COPIED = (
    Patient,
    Program,
    ProgramItem,
    RoutineSlot,
    DayOff,
    Question,
    FunctionGoal,
    DailyLog,
    TherapySession,
    SessionItem,
)
SHIFT = 10_000_000
TEEN_DAYS = (40, 400, 4000)
CASELOAD_DAYS, ORIGINALS = 180, 20
GROWTH_PATIENTS, CHILDREN = 5, 3


def main() -> dict[str, dict[str, object]]:
    with connection.cursor() as cursor:
        # Of the bench's own file; what is measured runs with the app's modes.
        cursor.execute("PRAGMA synchronous=OFF")
    with transaction.atomic():
        return fill()


def fill() -> dict[str, dict[str, object]]:
    load_catalogue()
    bench = Bench()
    teens = {days: bench.teen(f"teen{days}", days) for days in TEEN_DAYS}
    originals = [bench.teen(f"one{n}", CASELOAD_DAYS, gaps=n % 5) for n in range(ORIGINALS)]
    for size in (100, 500):
        bench.caseload(f"caseload{size}", [p for p in originals for _ in range(size // ORIGINALS)])
    for days, patient in teens.items():
        bench.caseload(f"growth{days}", [patient] * GROWTH_PATIENTS)
    bench.family("family", [teens[400]] * CHILDREN)
    bench.poster("poster", teens[400])
    return bench.signed_in


class Bench:
    def __init__(self) -> None:
        self.now = timezone.now()
        self.rng = Random(1)
        self.copies = 0
        self.signed_in: dict[str, dict[str, object]] = {}
        self.author = self._user("author", is_clinician=True)

    def _user(self, username: str, **fields: object) -> User:
        return User.objects.create_user(username, first_name=username.title(), **fields)  # type: ignore[arg-type]

    def _sign_in(self, user: User, patients: list[Patient]) -> None:
        keys: dict[str, object] = {
            "session": signed_in(user),
            "patients": [str(patient.code) for patient in patients],
        }
        self.signed_in[user.username] = keys

    def _link(self, user: User, patients: list[Patient], role: str) -> None:
        discipline = "pt" if role == "therapist" else ""
        CareTeamMember.objects.bulk_create(
            CareTeamMember(patient=patient, user=user, role=role, discipline=discipline, consented_to=WORDING)
            for patient in patients
        )

    def teen(self, username: str, days: int, gaps: int = 0) -> Patient:
        """A record with nine sessions a day; with ``gaps`` every fifth day or so has none."""
        user = self._user(username)
        patient = Patient.objects.create(
            name=username, zone="America/Chicago", body_areas=["left_foot"], told_at=self.now
        )
        self._link(user, [patient], "patient")
        self._link(self.author, [patient], "therapist")
        record = self._record(user, patient, days)
        today = patient.day_of(self.now)
        plan = [
            records.Day(day, self._entries(day, ago), {"school": "all", "harder": ago % 9 == 0})
            for ago in range(days - 1, -1, -1)
            if not (gaps and ago % (gaps + 3) == 1)
            for day in [today - timedelta(days=ago)]
        ]
        records.write(record, plan, self.rng)
        patient.save(update_fields=["last_logged_on"])
        self._words(patient, user, today)
        self._sign_in(user, [patient])
        return patient

    def _record(self, user: User, patient: Patient, days: int) -> records.Record:
        person = Person("maya", patient.name, "maya")
        first = patient.day_of(self.now) - timedelta(days=days - 1)
        program = Program.objects.create(
            patient=patient, starts_on=first, accepted_at=self.now, **programs.GUIDELINE_TARGETS
        )
        items = programs.items(person, program, _catalogue())
        return records.Record(
            patient=patient,
            household=Household(user, None),
            versions=[program],
            items=ProgramItem.objects.bulk_create(items),
            slots=RoutineSlot.objects.bulk_create(programs.slots(patient)),
            by_parent=0,
        )

    def _entries(self, day: date, ago: int) -> list[Entered]:
        """Nine; every third day one is too short to count. Today there are six, of the last minutes."""
        short = 2 if ago % 3 == 0 else None
        bouts = [Done("desensitization", 4 if n == short else 5, time(8 + n), n) for n in range(5)]
        bouts += [Done("exercises", 15, time(16 + n)) for n in range(2)]
        bouts += [Done("cardio", GUIDELINE.cardio, time(18)), Done("stress", None, time(20))]
        if ago == 0:
            return [self._entered(bout, self.now - timedelta(minutes=n)) for n, bout in enumerate(bouts[:6])]
        return [
            self._entered(bout, datetime.combine(day, bout.at, UTC) + timedelta(hours=6)) for bout in bouts
        ]

    def _entered(self, done: Done, at: datetime) -> Entered:
        return Entered(done, "tap", at, at)

    def _words(self, patient: Patient, user: User, today: date) -> None:
        Question.objects.create(
            patient=patient, day=today, text="May I?", to="pt", author=user, entered_as="patient"
        )
        first = today - timedelta(days=30)
        DayOff.objects.create(patient=patient, first=first, last=first, asked_by=user)
        for number in range(4):
            FunctionGoal.objects.create(
                patient=patient,
                text="Walk to school",
                set_on=first,
                reached_on=today if number % 2 else None,
                added_by=user,
            )

    def caseload(self, username: str, originals: list[Patient]) -> None:
        user = self._user(username, is_clinician=True)
        patients = [self._copy(patient) for patient in originals]
        self._link(user, patients, "therapist")
        self._sign_in(user, patients[:1])

    def family(self, username: str, originals: list[Patient]) -> None:
        user = self._user(username)
        patients = [self._copy(patient) for patient in originals]
        self._link(user, patients, "parent")
        self._sign_in(user, patients)

    def poster(self, username: str, original: Patient) -> None:
        """Logs on paper too, so that the bench can post to five weeks of days and no day grows odd."""
        user = self._user(username)
        patient = self._copy(original)
        Patient.objects.filter(pk=patient.pk).update(paper=True)
        self._link(user, [patient], "patient")
        self._sign_in(user, [patient])

    def _copy(self, patient: Patient) -> Patient:
        self.copies += 1
        shift = self.copies * SHIFT
        with connection.cursor() as cursor:
            for model in COPIED:
                cursor.execute(_copy_sql(model, shift), [patient.pk])
        return Patient.objects.get(pk=patient.pk + shift)


def _catalogue() -> dict[str, Activity]:
    return {row.key: row for row in Activity.objects.exclude(key=None) if row.key}


def _copy_sql(model: type[models.Model], shift: int) -> str:
    columns = {field.column: _copied(field, shift) for field in model._meta.concrete_fields}
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(columns.values())} '
        f'FROM "{model._meta.db_table}" WHERE {_belongs(model)}'
    )


def _copied(field: "models.Field[object, object]", shift: int) -> str:
    if field.primary_key or field.related_model in COPIED:
        return f'"{field.column}" + {shift}'
    return "lower(hex(randomblob(16)))" if field.name == "code" else f'"{field.column}"'


def _belongs(model: type[models.Model]) -> str:
    if model is Patient:
        return '"id" = %s'
    if model is ProgramItem:
        return f'"program_id" IN (SELECT "id" FROM "{Program._meta.db_table}" WHERE "patient_id" = %s)'
    if model is SessionItem:
        return f'"session_id" IN (SELECT "id" FROM "{TherapySession._meta.db_table}" WHERE "patient_id" = %s)'
    return '"patient_id" = %s'


if __name__ == "__main__":
    print(json.dumps(main()))
