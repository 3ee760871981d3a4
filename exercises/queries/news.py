"""What a person is to know: the news that others' acts left for them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from exercises.models import CareTeamMember, Notice, User
from exercises.words import news_sentence

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class News:
    """``code`` is that of the record it is about, for who is on its team now."""

    text: str
    day: date
    is_new: bool
    code: UUID | None


def news(user: User) -> tuple[News, ...]:
    """The latest first, in two queries. The day is the record's, or in UTC for news about no record."""
    notices = list(Notice.objects.filter(user=user).select_related("patient")[:MOST_SHOWN])
    links = CareTeamMember.objects.active().filter(user=user).order_by()
    on_team = set(links.values_list("patient_id", flat=True))
    return tuple(_news(notice, on_team) for notice in notices)


def _news(notice: Notice, on_team: set[int]) -> News:
    patient = notice.patient
    params = {"record": patient.name} | notice.params if patient else notice.params
    return News(
        text=news_sentence(notice.kind, params),
        day=patient.day_of(notice.at) if patient else notice.at.date(),
        is_new=notice.read_at is None,
        code=patient.code if patient and patient.pk in on_team else None,
    )
