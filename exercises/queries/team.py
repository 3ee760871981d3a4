"""The care team of a record: who is on it, who left lately, and what may be done about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from exercises import access, days, joining
from exercises.access import Viewer
from exercises.models import CareTeamMember, Patient, User
from exercises.models.choices import Discipline, EndReason, Role
from exercises.words import ROLE_WORDS, what_they_see

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN_AFTER_END = access.UNDO_WITHIN
# From the teen outwards.
ORDER = {role: place for place, role in enumerate(Role.values)}
DISCIPLINES = dict(Discipline.choices)
REASONS = dict(EndReason.choices)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the team. ``last_day`` and ``covers`` (a name) are those of a colleague who covers;
    ``is_asked``: to agree to the wording that counts now; ``by_parent``: a parent brought them, and nobody
    said yet that they are known; ``may_look``: the viewer can see the record as this member sees it."""

    id: int
    name: str
    role: "StrOrPromise"
    discipline: "StrOrPromise"
    since: date
    last_day: date | None
    covers: str
    is_you: bool
    sees: "tuple[StrOrPromise, ...]"
    is_asked: bool
    by_parent: bool
    may_vouch: bool
    may_end: bool
    may_look: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A link that ended lately: ``reason`` follows the name, as in "Lee left"."""

    id: int
    name: str
    role: "StrOrPromise"
    reason: "StrOrPromise"
    day: date
    may_undo: bool


@dataclass(frozen=True, slots=True)
class SelfManaged:
    """``asked_by`` is a name, empty while nobody asked; ``is_yours``: the viewer asked; ``may_agree``: a word
    of the viewer completes it."""

    done: bool
    has_teen: bool
    asked_by: str
    is_yours: bool
    may_ask: bool
    may_agree: bool
    may_stop: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    members: tuple[Member, ...]
    gone: tuple[Gone, ...]
    self_managed: SelfManaged


def team_page(viewer: Viewer) -> TeamPage:
    """One query."""
    links = list(_links(viewer.patient))
    now = [link for link in links if _is_active(link)]
    return TeamPage(
        members=tuple(_member(viewer, link) for link in sorted(now, key=_place)),
        gone=tuple(_gone(viewer, link) for link in links if not link.is_open),
        self_managed=_self_managed(viewer, now),
    )


def self_managed(viewer: Viewer) -> SelfManaged:
    return _self_managed(viewer, [link for link in _links(viewer.patient) if _is_active(link)])


def link_of(viewer: Viewer, pk: int) -> CareTeamMember | None:
    """A link of this record, ended or not; those of other records are unknown here."""
    links = CareTeamMember.objects.filter(patient=viewer.patient, pk=pk)
    return links.select_related("user", "patient").first()


def may_look_as(viewer: Viewer, link: CareTeamMember) -> bool:
    return viewer.may(access.SEE_AS) and _is_active(link) and link.user_id != viewer.user.pk


def is_needed(link: CareTeamMember) -> bool:
    """Whether the record would have nobody left of those who keep it, family or clinic, without this link."""
    others = CareTeamMember.objects.active().filter(patient=link.patient_id, until=None).exclude(pk=link.pk)
    return joining.keeps_alone(link, others.order_by().values_list("role", flat=True))


def colleagues(viewer: Viewer, *, on_team: bool = False) -> QuerySet[User]:
    """Other clinicians of this installation who are not there for good, and never of the family.
    ``on_team``: nor for a while."""
    links = access.therapists_of(viewer.patient)
    taken = links if on_team else links.filter(until=None)
    family = access.family_of(viewer.patient).order_by()
    people = User.objects.filter(is_clinician=True, is_active=True).exclude(pk=viewer.user.pk)
    people = people.exclude(pk__in=family.values("user_id"))
    return people.exclude(pk__in=taken.values("user_id")).order_by("first_name", "last_name", "username")


def own_discipline(viewer: Viewer) -> str:
    return min(viewer.disciplines, default="")


def _links(patient: Patient) -> QuerySet[CareTeamMember]:
    """The team now, and who left it in the last days."""
    lately = Q(until__gt=timezone.now() - SHOWN_AFTER_END)
    links = CareTeamMember.objects.filter(Q(until=None) | lately, patient=patient)
    return links.select_related("user", "covers").order_by("-until", "since", "pk")


def _is_active(link: CareTeamMember) -> bool:
    return link.is_open and link.user.is_active


def _place(link: CareTeamMember) -> tuple[int, datetime]:
    return ORDER[link.role], link.since


def _member(viewer: Viewer, link: CareTeamMember) -> Member:
    patient, is_you = viewer.patient, link.user_id == viewer.user.pk
    return Member(
        id=link.pk,
        name=link.user.shown_name,
        role=ROLE_WORDS[link.role],
        discipline=DISCIPLINES.get(link.discipline, ""),
        since=patient.day_of(link.since),
        last_day=last_day(patient, link.until) if link.until else None,
        covers=link.covers.shown_name if link.covers else "",
        is_you=is_you,
        sees=what_they_see(link.role, has_teen=viewer.has_teen, today_from=patient.parents_from),
        is_asked=access.is_asked_to_agree(link),
        by_parent=link.by_parent,
        may_vouch=viewer.may_vouch(link),
        may_end=viewer.may_end(link),
        may_look=may_look_as(viewer, link),
    )


def last_day(patient: Patient, until: datetime) -> date:
    return patient.day_of(until - timedelta(seconds=1))


def ends_after(patient: Patient, day: date) -> datetime:
    """The instant at which a patient's day is over."""
    clock = patient.clock_at(timezone.now())
    return days.day_begins(day + days.ONE_DAY, clock.zone, clock.day_start)


def _gone(viewer: Viewer, link: CareTeamMember) -> Gone:
    assert link.until is not None
    return Gone(
        id=link.pk,
        name=link.user.shown_name,
        role=ROLE_WORDS[link.role],
        reason=REASONS.get(link.end_reason, REASONS[EndReason.ENDED]),
        day=viewer.patient.day_of(link.until),
        may_undo=viewer.may_undo(link) and link.user.is_active,
    )


def _self_managed(viewer: Viewer, team: Iterable[CareTeamMember]) -> SelfManaged:
    patient = viewer.patient
    teens = {link.user_id for link in team if access.is_teens(link)}
    asked_by = next((link.user for link in team if link.user_id == patient.self_managed_asked_by_id), None)
    may_ask = bool(teens) and viewer.may(access.SELF_MANAGED)
    other_side = asked_by is not None and (asked_by.pk in teens) != viewer.is_teen
    return SelfManaged(
        done=patient.self_managed,
        has_teen=bool(teens),
        asked_by=asked_by.shown_name if asked_by else "",
        is_yours=asked_by == viewer.user,
        may_ask=may_ask and asked_by is None,
        may_agree=may_ask and (other_side or viewer.may(access.SELF_MANAGED_ALONE)),
        may_stop=may_ask and asked_by is not None,
    )
