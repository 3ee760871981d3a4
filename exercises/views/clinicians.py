"""Administrators invite clinicians: nobody becomes one by themselves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exercises.forms.invitations import InviteClinicianForm
from exercises.models import Invitation, User
from exercises.queries import invitations as queries
from exercises.services import invitations as services
from exercises.views import show_once
from exercises.views.errors import too_many
from exercises.views.invitations import HOUR, card_context, card_name, may_make_another


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@reauthentication_required(allow_get=True)
def clinicians(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = InviteClinicianForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not may_make_another(request.user):
            return too_many(request, HOUR)
        try:
            invitation, code = services.invite_clinician(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            show_once.keep(request, card_name(invitation), code)
            return redirect("clinician-invitation", invitation.pk)
    context = {"form": form, "rows": queries.open_to_clinicians()}
    return render(request, "invitations/clinicians.html", context, status=422 if form.errors else 200)


@require_safe
@for_administrators
def card(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _found(pk)
    context = card_context(request, invitation) | {"row": queries.clinician_row(invitation)}
    return render(request, "invitations/card.html", context)


@require_POST
@for_administrators
@reauthentication_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    invitation = _found(pk)
    services.revoke_clinicians(by=request.user, invitation=invitation)
    show_once.forget(request, card_name(invitation))
    messages.success(request, _("Taken back. The code does not work any more."))
    return redirect("clinicians")


def _found(pk: int) -> Invitation:
    found = queries.clinicians_invitation(pk)
    if found is None:
        raise Http404
    return found
