"""Leaving: the erasure of a record, and the end of an account."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.leaving import CloseForm, DecideForm, EraseForm
from exercises.models import User
from exercises.queries import leaving as queries
from exercises.services import closing, erasure
from exercises.services.team import StillNeededError


@patient_view(access.UNDO_ERASURE, consent=False, post=access.ASK_ERASURE)
@reauthentication_required(allow_get=True)
def erase(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What stands, whoever looks; and asking, for those who may."""
    if request.method != "POST":
        return _page(request, viewer)
    form = EraseForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, form=form)
    erasure.ask(viewer=viewer, on=form.cleaned_data.get("on"))
    messages.success(request, _("Asked. Everybody on the team was told."))
    return redirect("erase", viewer.patient.code)


@patient_view("", consent=False, post=access.UNDO_ERASURE)
def undo(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """No password is asked for: to keep something is never dangerous."""
    stands = queries.standing(viewer)
    if stands and not stands.may_undo:
        raise PermissionDenied
    erasure.undo(viewer=viewer)
    messages.success(request, _("This record stays."))
    return redirect("erase", viewer.patient.code)


@patient_view("", consent=False, post=access.DECIDE_ERASURE)
@reauthentication_required
def decide(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = DecideForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, decision=form)
    if erasure.decide(viewer=viewer, on=form.cleaned_data["on"]) is None:
        messages.info(request, _("There is nothing to decide any more."))
    else:
        messages.success(request, _("Saved. Everybody on the team was told."))
    return redirect("erase", viewer.patient.code)


def _page(
    request: HttpRequest, viewer: Viewer, form: EraseForm | None = None, decision: DecideForm | None = None
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "standing": queries.standing(viewer),
        "form": form or (EraseForm(viewer=viewer) if viewer.may(access.ASK_ERASURE) else None),
        "decision": decision or DecideForm(viewer=viewer),
        "by_clinic": queries.kept_by_clinic(viewer.patient),
        "may_decide": viewer.may(access.DECIDE_ERASURE),
        "retention": settings.RECORD_RETENTION,
    }
    return render(request, "leaving/erase.html", context, status=422 if form or decision else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def close_account(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = CloseForm(request.POST if request.method == "POST" else None, user=request.user)
    first = queries.what_first(request.user)
    if form.is_valid() and not first:
        if _close(request.user):
            logout(request)
            messages.success(request, _("Your account is closed. Take care."))
            return redirect("account_login")
        first = queries.what_first(request.user)
    context = {"form": form, "first": first, "own": queries.own_records(request.user)}
    return render(request, "leaving/close.html", context, status=422 if form.is_bound else 200)


def _close(user: User) -> bool:
    """``False`` where the last colleague, or parent, left a moment ago."""
    try:
        closing.close_account(user=user)
    except StillNeededError:
        return False
    return True
