"""The one place that writes a day's totals: recomputed from its sessions, never incremented."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from exercises import adherence
from exercises.guideline import GUIDELINE
from exercises.models import DailyLog, Patient, Program, TherapySession
from exercises.models.choices import Role

TOTALS = (
    "cardio",
    "exercises",
    "desensitization",
    "desensitization_short",
    "stress",
    "sessions",
    "added_later",
    "by_parents",
    "last_entry_at",
)


def lock(patient: Patient) -> None:
    """Takes the patient's row until the transaction ends: every read-modify-write of a log starts here.

    What a log changes in that row is read again: somebody may have written it since the request began.
    """
    patient.refresh_from_db(
        fields=["last_logged_on"], from_queryset=Patient.objects.select_for_update().order_by()
    )


def program_on(patient: Patient, day: date) -> Program | None:
    return Program.objects.standing().filter(patient=patient, starts_on__lte=day).order_by("starts_on").last()


def day_row(patient: Patient, day: date) -> DailyLog:
    """The day's row, made when it is new. Needs the patient's lock."""
    in_force = {"program": lambda: program_on(patient, day)}  # asked for only when the day is new
    row, _made = DailyLog.objects.select_related("program").get_or_create(
        patient=patient,
        day=day,
        defaults=in_force,
    )
    return row


# What the totals are made of: strand, minutes, added later, entered as, received at.
FACTS = ("strand", "minutes", "added_later", "entered_as", "received_at")
Facts = tuple[str, int | None, bool, str, datetime]


def add_up(sessions: Sequence[Facts], program: Program | None) -> dict[str, object]:
    """A day's totals from its live sessions, by the program that judges the day."""
    least = program.desensitization_minutes if program else GUIDELINE.desensitization_minutes
    work = adherence.tally((adherence.Entry(strand, minutes) for strand, minutes, *_ in sessions), least)
    return {
        "cardio": work.cardio,
        "exercises": work.exercises,
        "desensitization": work.desensitization,
        "desensitization_short": work.desensitization_short,
        "stress": work.stress,
        "sessions": len(sessions),
        "added_later": sum(later for *_, later, _as, _at in sessions),
        "by_parents": sum(entered_as == Role.PARENT for *_, entered_as, _at in sessions),
        "last_entry_at": max((at for *_, at in sessions), default=None),
    }


def expected(row: DailyLog) -> dict[str, object]:
    """What the totals must be, from the live sessions of the day."""
    return expected_of([row])[row.pk]


def expected_of(rows: Sequence[DailyLog]) -> dict[int, dict[str, object]]:
    """The same for many days, by primary key: one query, and the programs where they are not at hand."""
    found: dict[int, list[Facts]] = {row.pk: [] for row in rows}
    sessions = TherapySession.objects.live().filter(daily_log__in=list(found)).order_by()
    for pk, *facts in sessions.values_list("daily_log_id", *FACTS):
        found[pk].append(tuple(facts))
    return {row.pk: add_up(found[row.pk], row.program) for row in rows}


def differs(row: DailyLog, wanted: dict[str, object]) -> list[str]:
    """Names of the totals that are not what they must be."""
    return [name for name in TOTALS if getattr(row, name) != wanted[name]]


def recount(row: DailyLog) -> bool:
    """Writes the day's totals; says whether they had been different. Needs the patient's lock."""
    wanted = expected(row)
    changed = differs(row, wanted)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def rejudge(patient: Patient, days: Iterable[DailyLog]) -> None:
    """Points days at the program now in force for them and recounts. Needs the patient's lock."""
    for row in days:
        row.program = program_on(patient, row.day)
        row.save(update_fields=["program"])
        recount(row)


def last_logged(patient: Patient) -> date | None:
    """The latest day with a live session, by the day totals. A day ahead is the slip of a phone's clock: it
    would be the latest for as long as it lies ahead."""
    logged = DailyLog.objects.filter(patient=patient, sessions__gt=0, day__lte=patient.today())
    return logged.order_by("-day").values_list("day", flat=True).first()


def refresh_last_logged(patient: Patient) -> None:
    """Keeps that day on the patient, for lists that ask "last entry". Needs the patient's lock."""
    latest = last_logged(patient)
    if latest != patient.last_logged_on:
        patient.last_logged_on = latest
        patient.save(update_fields=["last_logged_on"])
