"""Cheers, cut for who reads them: a teen has all but those of people they muted; everybody else their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from exercises import access, days
from exercises.access import Viewer
from exercises.models import CareTeamMember, Cheer

ON_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class CheerRow:
    """``by`` is a name, or "you"."""

    day: date
    text: str
    by: str
    is_yours: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody of the team who may send cheers; ``id`` is that of a link. A muted one stays here once the
    link has ended, to be heard again."""

    id: int
    name: str
    muted: bool


@dataclass(frozen=True, slots=True)
class CheersPage:
    """Newest first. ``sent_today``: the viewer's one of this day is out."""

    cheers: tuple[CheerRow, ...]
    senders: tuple[Sender, ...]
    sent_today: bool
    page: int
    has_older: bool

    @property
    def older(self) -> int:
        return self.page + 1

    @property
    def newer(self) -> int:
        return self.page - 1


def cheers_page(viewer: Viewer, page: int = 1) -> CheersPage:
    """One query, and one more for who may mute. ``page`` counts from 1."""
    first = (page - 1) * ON_A_PAGE
    rows = [_row(viewer, cheer) for cheer in _readable(viewer)[first : first + ON_A_PAGE + 1]]
    today = viewer.patient.today()
    return CheersPage(
        cheers=tuple(rows[:ON_A_PAGE]),
        senders=_senders(viewer) if viewer.may(access.MUTE_CHEERS) else (),
        sent_today=any(row.is_yours and row.day == today for row in rows),
        page=page,
        has_older=len(rows) > ON_A_PAGE,
    )


def fresh(viewer: Viewer, today: date) -> tuple[CheerRow, ...]:
    """Those of today and yesterday, for Today. No query where there is none, or none is wanted there."""
    patient, since = viewer.patient, today - days.ONE_DAY
    if viewer.is_plain or not viewer.may(access.SEE_CHEERS):
        return ()
    if patient.last_cheer_on is None or patient.last_cheer_on < since:
        return ()
    return tuple(_row(viewer, cheer) for cheer in _readable(viewer).filter(day__gte=since))


def sender_link(viewer: Viewer, pk: int) -> CareTeamMember | None:
    """The link of somebody else of this record who may, or once might, send cheers."""
    return _others(viewer).filter(pk=pk).first()


def _readable(viewer: Viewer) -> QuerySet[Cheer]:
    cheers = Cheer.objects.filter(patient=viewer.patient).select_related("by")
    if viewer.seeing_as:
        # What somebody else sent is theirs, and what the teen got is no part of it.
        return cheers.none()
    own = Q(by=viewer.user)
    muted = access.cheerers_of(viewer.patient).filter(user=OuterRef("by"), muted_at__isnull=False)
    return cheers.filter(own | ~Exists(muted.order_by()) if viewer.may(access.SEE_CHEERS) else own)


def _row(viewer: Viewer, cheer: Cheer) -> CheerRow:
    is_yours = cheer.by_id == viewer.user.pk
    by = gettext("you") if is_yours else cheer.by.shown_name
    return CheerRow(day=cheer.day, text=cheer.text, by=by, is_yours=is_yours)


def _others(viewer: Viewer) -> QuerySet[CareTeamMember]:
    return access.cheerers_of(viewer.patient).exclude(user=viewer.user).select_related("user").order_by("pk")


def _senders(viewer: Viewer) -> tuple[Sender, ...]:
    """One for each person, whatever the number of their links."""
    links: dict[int, list[CareTeamMember]] = {}
    for link in _others(viewer):
        links.setdefault(link.user_id, []).append(link)
    senders = (_sender(own) for own in links.values() if _may_be_heard(own))
    return tuple(sorted(senders, key=lambda sender: (sender.name.casefold(), sender.id)))


def _may_be_heard(links: Iterable[CareTeamMember]) -> bool:
    return any(link.muted_at or (link.is_open and link.user.is_active) for link in links)


def _sender(links: list[CareTeamMember]) -> Sender:
    muted = any(link.muted_at for link in links)
    return Sender(id=links[-1].pk, name=links[-1].user.shown_name, muted=muted)
