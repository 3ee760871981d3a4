"""Agreeing to the wording: who, in which role, to which text, when. Each agreement is kept for good."""

from django.db import transaction

from exercises import joining
from exercises.access import Viewer
from exercises.models import CareTeamMember, Consent
from exercises.wording import WORDING


def agree(*, viewer: Viewer) -> None:
    """A person agrees for every link of theirs to this record that is asked; again changes nothing."""
    for link in joining.links_asked(viewer):
        keep_consent(link)


@transaction.atomic
def keep_consent(link: CareTeamMember) -> None:
    """Agreement to the wording that counts now, by the person of this link in its role."""
    Consent.objects.get_or_create(patient=link.patient, user=link.user, role=link.role, wording=WORDING)
    link.consented_to = WORDING
    link.save(update_fields=["consented_to"])
