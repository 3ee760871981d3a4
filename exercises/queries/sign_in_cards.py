"""Sign-in cards: for whom one can be printed, which are open, and which one somebody holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from exercises import access, codes, days
from exercises.models import CareTeamMember, Patient, SignInCard, User
from exercises.models.choices import Role
from exercises.words import ROLE_WORDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PURPOSE = "sign-in card"


@dataclass(frozen=True, slots=True)
class OpenCard:
    """``until`` is a wall time where the record lives."""

    id: int
    name: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody of the family who can get a card. ``id`` is that of their link."""

    id: int
    name: str
    role: "StrOrPromise"


def digest_of(code: str) -> str:
    return codes.digest(code, key=settings.SECRET_KEY, purpose=PURPOSE)


def family(patient: Patient) -> QuerySet[CareTeamMember]:
    """The links of those who can get a card: never of somebody who works with other people's records."""
    links = CareTeamMember.objects.active().filter(patient=patient, role__in=(Role.PATIENT, Role.PARENT))
    return links.filter(user__is_clinician=False, user__is_staff=False).select_related("user")


def holders(patient: Patient, *, but: User) -> list[Holder]:
    """The teen first."""
    links = family(patient).exclude(user=but).order_by("-role", "pk")
    return [Holder(link.pk, link.user.shown_name, ROLE_WORDS[link.role]) for link in links]


def open_cards(patient: Patient) -> list[OpenCard]:
    cards = SignInCard.objects.open_at(timezone.now()).filter(patient=patient)
    return [
        OpenCard(card.pk, card.user.shown_name, card.made_by.shown_name, wall_time(patient, card.expires_at))
        for card in cards.select_related("user", "made_by")
    ]


def card_of(patient: Patient, pk: int) -> SignInCard | None:
    return SignInCard.objects.filter(patient=patient, pk=pk).select_related("user").first()


def find_standing(code: str, username: str) -> SignInCard | None:
    """The card that signs this person in now: open, its maker still may, its holder still in the family."""
    card = (
        SignInCard.objects.open_at(timezone.now())
        .filter(code_digest=digest_of(code), user__username__iexact=username)
        .select_related("user", "patient", "made_by")
        .first()
    )
    return card if card is not None and _stands(card) else None


def _stands(card: SignInCard) -> bool:
    maker = access.viewer_of(card.made_by, card.patient)
    may = maker is not None and maker.may(access.SIGN_IN_CARD)
    return may and family(card.patient).filter(user=card.user).exists()


def wall_time(patient: Patient, instant: datetime) -> datetime:
    """Without its zone: a page would show it in the server's."""
    return days.Clock(patient.zone).wall_time(instant).replace(tzinfo=None)
