"""A printed card that signs a locked-out teen or parent in once. The plain code leaves here once."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import codes
from exercises.access import Viewer
from exercises.models import SignInCard, User
from exercises.queries import sign_in_cards as queries

from . import totals
from .changes import note_change
from .notices import tell

LASTS = timedelta(hours=24)


@transaction.atomic
def make(*, viewer: Viewer, member: int) -> tuple[SignInCard, str]:
    """A card for a member of the family (the key of the link), and its code. The person is told.

    A card that is open for the same person and record is taken back. Raises ``ValidationError`` for anybody
    who is not of the family, and for oneself.
    """
    totals.lock(viewer.patient)
    link = queries.family(viewer.patient).filter(pk=member).exclude(user=viewer.user).first()
    if link is None:
        raise ValidationError({"member": _("Choose somebody from the list.")})
    now, code = timezone.now(), codes.new_code()
    open_before = SignInCard.objects.open_at(now).filter(patient=viewer.patient, user=link.user)
    open_before.update(revoked_at=now)
    card = SignInCard(
        patient=viewer.patient,
        user=link.user,
        made_by=viewer.user,
        made_at=now,
        expires_at=now + LASTS,
        code_digest=queries.digest_of(code),
    )
    card.full_clean()
    card.save()
    _note(viewer, card, "card made", role=link.role)
    tell([link.user], "card_made", patient=viewer.patient, by=viewer.user.shown_name)
    return card, code


@transaction.atomic
def revoke(*, viewer: Viewer, card: SignInCard) -> None:
    """Once more changes nothing, and neither does a card that was used."""
    now = timezone.now()
    taken_back = SignInCard.objects.open_at(now).filter(pk=card.pk).update(revoked_at=now)
    if taken_back:
        _note(viewer, card, "card taken back")


@transaction.atomic
def use(*, code: str, username: str) -> User | None:
    """Whom this card signs in, once; ``None`` for a card that is wrong, used, taken back or too old."""
    card = queries.find_standing(code, username) if code else None
    if card is None:
        return None
    now = timezone.now()
    if not SignInCard.objects.open_at(now).filter(pk=card.pk).update(used_at=now):
        return None  # another got there first
    tell([card.user], "card_used", patient=card.patient)
    return card.user


def _note(viewer: Viewer, card: SignInCard, what: str, **after: str) -> None:
    note_change(viewer=viewer, subject="team", subject_id=card.pk, what=what, before={}, after=after)
