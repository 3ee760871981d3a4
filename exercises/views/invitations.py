"""Inviting people to a record: the list, the card to print, taking one back, agreeing to one."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import access, codes, limits
from exercises.access import Viewer, patient_view
from exercises.forms.invitations import InviteForm
from exercises.models import Invitation, User
from exercises.queries import invitations as queries
from exercises.services import invitations as services
from exercises.views import show_once
from exercises.views.errors import too_many

MOST_AN_HOUR, HOUR = 20, 60 * 60


@patient_view(access.INVITE_THERAPIST, post=access.INVITE_THERAPIST)
@reauthentication_required(allow_get=True)
def invitations(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Whoever may invite anybody may invite a therapist; the form offers what else there is."""
    form = InviteForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if form.is_valid():
        if not may_make_another(viewer.user):
            return too_many(request, HOUR)
        try:
            invitation, code = services.invite(viewer=viewer, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            show_once.keep(request, card_name(invitation), code)
            return redirect("invitation", viewer.patient.code, invitation.pk)
    context = {
        "viewer": viewer,
        "form": form,
        "rows": queries.open_invitations(viewer),
        "needs_word": viewer.needs_word_for(access.PARENT) and viewer.may_invite(access.PARENT),
        "needs_word_again": form.offers(access.PATIENT) and viewer.needs_word_for(access.PATIENT),
        "word_from": viewer.has_therapist,
    }
    return render(request, "invitations/invitations.html", context, status=422 if form.errors else 200)


@patient_view(access.INVITE_THERAPIST)
def card(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """To print, for ten minutes after it was made and for whoever made it; later only what it is for."""
    invitation = _found(viewer, pk)
    context = card_context(request, invitation) | {
        "viewer": viewer,
        "row": queries.row_of(viewer, invitation),
        "record": viewer.patient.name,
    }
    return render(request, "invitations/card.html", context)


@patient_view("", post=access.INVITE_THERAPIST)
@reauthentication_required
def revoke(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    invitation = _found(viewer, pk)
    if not queries.may_revoke(viewer, invitation):
        raise PermissionDenied
    services.revoke(viewer=viewer, invitation=invitation)
    show_once.forget(request, card_name(invitation))
    messages.success(request, _("Taken back. The code does not work any more."))
    return redirect("invitations", viewer.patient.code)


@patient_view("", post=access.GIVE_WORD)
@reauthentication_required
def agree(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    services.agree(viewer=viewer, invitation=_found(viewer, pk))
    messages.success(request, _("You agreed. The invitation works now."))
    return redirect("invitations", viewer.patient.code)


def _found(viewer: Viewer, pk: int) -> Invitation:
    found = queries.invitation_of(viewer, pk)
    if found is None:
        raise Http404
    return found


# --- shared with the invitations of clinicians -------------------------------------------------------------


def may_make_another(user: User) -> bool:
    return limits.hit(f"invite {user.pk}", MOST_AN_HOUR, HOUR)


def card_name(invitation: Invitation) -> str:
    return f"invitation {invitation.pk}"


def card_context(request: HttpRequest, invitation: Invitation) -> dict[str, Any]:
    """The code in groups and where it leads; empty when it cannot be shown any more."""
    code = codes.grouped(show_once.shown(request, card_name(invitation))) if invitation.is_open else ""
    link = request.build_absolute_uri(reverse("join-code", args=[code])) if code else ""
    return {"code": code, "link": link, "join": request.build_absolute_uri(reverse("join"))}
