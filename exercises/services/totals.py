"""The one place that writes a day's totals: recomputed from its sessions, never incremented."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from exercises import adherence
from exercises.guideline import GUIDELINE
from exercises.models import DailyLog, Patient, Program, TherapySession

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
    """Takes the patient's row until the transaction ends: every read-modify-write of a log starts here."""
    Patient.objects.select_for_update().only("pk").get(pk=patient.pk)


def program_on(patient: Patient, day: date) -> Program | None:
    return Program.objects.standing().filter(patient=patient, starts_on__lte=day).order_by("starts_on").last()


def day_row(patient: Patient, day: date) -> DailyLog:
    """The day's row, made when it is new. Needs the patient's lock."""
    row, _made = DailyLog.objects.select_related("program").get_or_create(
        patient=patient, day=day, defaults={"program": program_on(patient, day)}
    )
    return row


def expected(row: DailyLog) -> dict[str, object]:
    """What the totals must be, from the live sessions of the day."""
    sessions = list(
        TherapySession.objects.live()
        .filter(daily_log=row)
        .order_by()
        .values_list("strand", "minutes", "added_later", "entered_as", "received_at")
    )
    least = row.program.desensitization_minutes if row.program else GUIDELINE.desensitization_minutes
    work = adherence.tally((adherence.Entry(strand, minutes) for strand, minutes, *_ in sessions), least)
    return {
        "cardio": work.cardio,
        "exercises": work.exercises,
        "desensitization": work.desensitization,
        "desensitization_short": work.desensitization_short,
        "stress": work.stress,
        "sessions": len(sessions),
        "added_later": sum(later for *_, later, _as, _at in sessions),
        "by_parents": sum(entered_as == "parent" for *_, entered_as, _at in sessions),
        "last_entry_at": max((at for *_, at in sessions), default=None),
    }


def recount(row: DailyLog) -> bool:
    """Writes the day's totals; says whether they had been different. Needs the patient's lock."""
    wanted = expected(row)
    changed = [name for name in TOTALS if getattr(row, name) != wanted[name]]
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


def refresh_last_logged(patient: Patient) -> None:
    """The latest day with a live session, for lists that ask "last entry". Needs the patient's lock."""
    latest = DailyLog.objects.filter(patient=patient, sessions__gt=0).aggregate(day=Max("day"))["day"]
    if latest != patient.last_logged_on:
        patient.last_logged_on = latest
        patient.save(update_fields=["last_logged_on"])
