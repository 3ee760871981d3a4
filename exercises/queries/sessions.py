"""Sessions as they were logged, each cut for the viewer where it is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.guideline import GUIDELINE
from exercises.models import DailyLog, Program, SessionItem, TherapySession
from exercises.models.choices import BodyArea, Role, Source, Texture
from exercises.models.log import SessionQuerySet

AREAS, TEXTURES = dict(BodyArea.choices), dict(Texture.choices)
ROLES, SOURCES = dict(Role.choices), dict(Source.choices)
SAME_AGAIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class How:
    """How and when an entry came: for the teen and therapists."""

    source: Any
    entered_as: Any
    added_later: bool
    clock_doubt: bool
    corrected: bool
    by_viewer: bool

    @property
    def unusual(self) -> bool:
        return self.added_later or self.clock_doubt or self.corrected or not self.by_viewer


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One live session as the viewer may see it. ``at`` is wall time in ``zone``; both are empty for a viewer
    who sees no clock times. ``how`` is ``None`` for a viewer who may not see it.
    ``counts`` is False only for a desensitization session shorter than ``least`` minutes. ``rough``:
    exercises on a rough surface, this one entry standing for the desensitization, too, which ``counts`` is
    about then."""

    id: UUID
    version: int
    day: date
    strand: str
    minutes: int | None
    counts: bool
    least: int
    activity: str
    items: tuple[str, ...]
    where: str
    texture: str
    at: time | None
    zone: str
    how: How | None
    may_correct: bool
    slot: int | None = None
    areas: tuple[str, ...] = ()
    rough: bool = False

    @property
    def prong(self) -> str:
        return adherence.PRONG_OF[self.strand]


class Kept(NamedTuple):
    """A session as it is read: few columns, and of the wide tables it hangs on only the activity's name."""

    pk: int
    client_id: UUID
    version: int
    strand: str
    minutes: int | None
    body_areas: list[str]
    texture: str
    slot_id: int | None
    started_at: datetime | None
    recorded_at: datetime
    zone: str
    added_later: bool
    clock_doubt: bool
    corrected: bool
    source: str
    entered_by_id: int
    entered_as: str
    activity__name: str | None
    together_with_id: int | None


class OnDay(NamedTuple):
    """What the rows of one day share: ``least`` minutes make a desensitization session count, ``zone`` is the
    patient's now (a session's own is named where it differs)."""

    day: date
    least: int
    today: date
    zone: str


def seen_by(viewer: Viewer) -> SessionQuerySet:
    """Live sessions, of a day that is hidden from the viewer only those that they entered."""
    live, hidden = TherapySession.objects.live(), viewer.hidden_day(timezone.now())
    return live.filter(~Q(daily_log__day=hidden) | Q(entered_by=viewer.eyes)) if hidden else live


def entries(
    viewer: Viewer, row: DailyLog | None, program: Program | None, *, today: date
) -> list[SessionRow]:
    """Live sessions of a day under its program, in the order they were recorded: two queries."""
    if row is None:
        return []
    live = seen_by(viewer).filter(daily_log=row).order_by("recorded_at", "pk")
    return _rows(viewer, live, _on_day(viewer, row, program, today))


def row_of(viewer: Viewer, session: TherapySession, *, today: date) -> SessionRow:
    """One session, removed or not, as the viewer may see it."""
    row, shown = session.daily_log, session.together_with_id or session.pk
    both = TherapySession.objects.filter(Q(pk=shown) | Q(together_with=shown))
    return _rows(viewer, both, _on_day(viewer, row, row.program, today))[0]


def _on_day(viewer: Viewer, row: DailyLog, program: Program | None, today: date) -> OnDay:
    least = program.desensitization_minutes if program else GUIDELINE.desensitization_minutes
    return OnDay(row.day, least, today, viewer.patient.clock_at(timezone.now()).zone)


def _rows(viewer: Viewer, sessions: QuerySet[TherapySession], on: OnDay) -> list[SessionRow]:
    """What was done together is one row."""
    # Told apart here: asked for "no partner", SQLite reads every session that has none.
    found = [Kept._make(row) for row in sessions.values_list(*Kept._fields)]
    kept = [one for one in found if one.together_with_id is None]
    rough = {one.together_with_id for one in found}
    items = _items_of(kept)
    return [_row(viewer, one, items.get(one.pk, ()), on, rough=one.pk in rough) for one in kept]


def _items_of(kept: Sequence[Kept]) -> dict[int, tuple[str, ...]]:
    """Names of the exercises done, by session."""
    rows = SessionItem.objects.filter(session__in=[one.pk for one in kept]).order_by("pk")
    names: dict[int, tuple[str, ...]] = {}
    for session, name in rows.values_list("session_id", "activity__name"):
        names[session] = (*names.get(session, ()), name)
    return names


def _row(viewer: Viewer, kept: Kept, items: tuple[str, ...], on: OnDay, *, rough: bool) -> SessionRow:
    named = kept.strand != adherence.STRESS or viewer.may(access.SEE_TECHNIQUES)
    times = viewer.may(access.SEE_TIMES)
    touches = rough or kept.strand == adherence.DESENSITIZATION
    return SessionRow(
        id=kept.client_id,
        version=kept.version,
        day=on.day,
        strand=kept.strand,
        minutes=kept.minutes,
        counts=not touches or (kept.minutes or 0) >= on.least,
        least=on.least,
        activity=(kept.activity__name or "") if named else "",
        items=items if named else (),
        where=label_list(AREAS, kept.body_areas),
        texture=label_list(TEXTURES, [kept.texture] if kept.texture else []),
        at=_wall_time(kept) if times and not kept.added_later else None,
        zone=kept.zone if times and kept.zone != on.zone else "",
        how=_how(viewer, kept) if viewer.may(access.SEE_HOW) else None,
        may_correct=viewer.may_correct(day=on.day, entered_by=kept.entered_by_id, today=on.today),
        slot=kept.slot_id,
        areas=tuple(kept.body_areas),
        rough=rough,
    )


def _wall_time(kept: Kept) -> time:
    return days.Clock(kept.zone).wall_time(kept.started_at or kept.recorded_at).time()


def _how(viewer: Viewer, kept: Kept) -> How:
    return How(
        source=SOURCES[kept.source],
        entered_as=ROLES[kept.entered_as],
        added_later=kept.added_later,
        clock_doubt=kept.clock_doubt,
        corrected=kept.corrected,
        by_viewer=kept.entered_by_id == viewer.user.pk,
    )


def label_list(labels: Mapping[str, Any], values: Iterable[str]) -> str:
    """Stored values as words: "left foot, right foot"."""
    return ", ".join(str(labels[value]) for value in values)


def one_session(viewer: Viewer, client_id: UUID) -> TherapySession | None:
    """A session of this patient, removed ones included; ids of others are unknown here."""
    return (
        TherapySession.objects.filter(patient=viewer.patient, client_id=client_id)
        .select_related("activity", "daily_log__program", "patient")
        .prefetch_related("items__activity")
        .first()
    )


def just_logged(viewer: Viewer, cleaned: Mapping[str, Any], now: datetime) -> TherapySession | None:
    """A live look-alike of the last minute: asked about, never merged and never refused. What the viewer
    does not see yet is not told by a question."""
    return (
        seen_by(viewer)
        .filter(
            daily_log__patient=viewer.patient,
            daily_log__day=cleaned["day"],
            strand=cleaned["strand"],
            received_at__gt=now - SAME_AGAIN,
        )
        .exclude(client_id=cleaned["id"])
        .order_by("received_at")
        .last()
    )


def as_posted(session: TherapySession) -> dict[str, list[str]]:
    """A session in the words of the form that logs one."""
    single = {
        "day": session.daily_log.day.isoformat(),
        "strand": session.strand,
        "minutes": session.minutes,
        "activity": session.activity_id,
        "slot": session.slot_id,
        "texture": session.texture,
        "started_at": session.started_at.isoformat() if session.started_at else None,
    }
    data = {name: [str(value)] for name, value in single.items() if value not in (None, "")}
    data["body_areas"] = list(session.body_areas)
    data["items"] = [str(item.program_item_id) for item in session.items.all() if item.program_item_id]
    return data


# --- what a form just did ---------------------------------------------------------------------------------

DEEDS = ("saved", "again", "removed")


@dataclass(frozen=True, slots=True)
class Deed:
    """What a form did, as the address of the page it leads to says it: ``?saved=<id>``."""

    what: str
    id: UUID


def deed_in(address: Mapping[str, str]) -> Deed | None:
    """The deed that an address names; ``None`` without one and for a broken id."""
    what = next((name for name in DEEDS if name in address), "")
    client_id = parse_uuid(address.get(what, ""))
    return Deed(what, client_id) if client_id else None


def parse_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class JustSaved:
    """The session that a form just saved, sent again or removed. ``day`` is ``None`` when it is today's."""

    row: SessionRow
    what: str
    day: date | None

    @property
    def look_at_skin(self) -> bool:
        """After a long desensitization: also after one done together with exercises."""
        touch = self.row.strand == adherence.DESENSITIZATION or self.row.rough
        return touch and self.what != "removed" and (self.row.minutes or 0) > adherence.SKIN_MINUTES


def just_saved(
    viewer: Viewer, rows: Iterable[SessionRow], deed: Deed | None, *, today: date
) -> JustSaved | None:
    """The database is asked only for a session that is not among the page's ``rows``. An id that the viewer
    may not correct says nothing, nor does one that is told otherwise by now."""
    if deed is None:
        return None
    row = next((row for row in rows if row.id == deed.id and deed.what != "removed"), None)
    if row is None:
        session = one_session(viewer, deed.id)
        if session is None or (deed.what == "removed") != (session.voided_at is not None):
            return None
        row = row_of(viewer, session, today=today)
        if not row.may_correct:
            return None
    return JustSaved(row, deed.what, row.day if row.day != today else None)


def outlived(viewer: Viewer, posted: Mapping[str, str]) -> date | None:
    """The day of a tap that its page showed as today's, when that day is over and nothing was kept of it."""
    day = days.parse_day(posted.get("shown_on", ""))
    if day is None or posted.get("day") != day.isoformat() or posted.get("strand") not in adherence.STRANDS:
        return None
    if day >= viewer.patient.today():
        return None
    client_id = parse_uuid(posted.get("id", ""))
    return None if client_id and one_session(viewer, client_id) else day
