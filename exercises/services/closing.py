"""Closing an account: it is scrubbed and switched off, and what it entered stays under "a former member"."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from exercises import access
from exercises.models import (
    CareTeamMember,
    DevicePerson,
    Invitation,
    Notice,
    ProgramTemplate,
    SignInCard,
    User,
)

from . import team
from .changes import note_event
from .deleting import delete_rows, end_sign_ins


@transaction.atomic
def close_account(*, user: User) -> None:
    """Ends every link, which tells each team, and scrubs the account.

    Raises ``team.StillNeededError`` where a record would be left without those who keep it, see
    ``queries.leaving.what_first``; nothing is changed then.
    """
    for link in CareTeamMember.objects.active().filter(user=user).select_related("patient", "user"):
        team.end_link(viewer=access.get_viewer(user, link.patient.code), link=link)
    scrub(user=user)
    note_event("account_closed", user=user.pk)


@transaction.atomic
def scrub(*, user: User) -> None:
    """Takes what says who somebody is, and every way to sign in. The row stays for what points at it."""
    now = timezone.now()
    Invitation.objects.open_at(now).filter(made_by=user).update(revoked_at=now, revoked_by=user)
    SignInCard.objects.open_at(now).filter(user=user).update(revoked_at=now)
    for rows in _personal(user):
        delete_rows(rows)
    end_sign_ins({user.pk})
    user.groups.clear()
    user.user_permissions.clear()
    user.username, user.first_name, user.last_name, user.email = _new_name(), "", "", ""
    user.language, user.theme = "", User.Theme.SYSTEM
    user.is_active = user.is_staff = user.is_superuser = user.has_news = False
    user.last_login, user.closed_at = None, now
    user.set_unusable_password()
    user.save()
    kind = ContentType.objects.get_for_model(User)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk))
    entries.update(object_repr=user.username, change_message="")


def _personal(user: User) -> tuple[Any, ...]:
    return (
        EmailAddress.objects.filter(user=user),
        Authenticator.objects.filter(user=user),
        DevicePerson.objects.filter(user=user),
        Notice.objects.filter(user=user),
        ProgramTemplate.objects.filter(owner=user),
    )


def _new_name() -> str:
    return f"closed-{secrets.token_hex(8)}"
