"""Cheers: what a teen got and whom they do not want to hear; for parents and therapists, a few good words to
send."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.cheers import CheerForm, MuteForm
from exercises.queries import cheers as queries
from exercises.services import cheers as services


@patient_view(access.SEE, post=access.SEND_CHEER)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?page=`` counts from 1. POST ``confirm=1`` sends what a hint asked about."""
    if request.method != "POST":
        return _page(request, viewer, CheerForm(viewer=viewer))
    form = CheerForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, form, status=422)
    if form.asks_about_pain and request.POST.get("confirm") != "1":
        return _page(request, viewer, form, status=422, hint=True)
    cleaned = form.cleaned_data
    try:
        services.send_cheer(viewer=viewer, text=cleaned["words"], form_id=cleaned["id"])
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, viewer, form, status=422)
    messages.success(request, _("Sent. Tomorrow there is room for the next."))
    return redirect("cheers", viewer.patient.code)


@patient_view("", post=access.MUTE_CHEERS)
def mute(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = MuteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whose cheers you want to see."))
        return _page(request, viewer, CheerForm(viewer=viewer), status=422)
    sender = queries.sender_link(viewer, form.cleaned_data["member"])
    if sender is None:
        raise Http404
    muted = form.cleaned_data["mute"] == "yes"
    services.mute(viewer=viewer, sender=sender, muted=muted)
    said = _("You do not see cheers from {who} now.") if muted else _("You see cheers from {who} again.")
    messages.success(request, said.format(who=sender.user.shown_name))
    return redirect("cheers", viewer.patient.code)


def _page(
    request: HttpRequest, viewer: Viewer, form: CheerForm, *, status: int = 200, hint: bool = False
) -> HttpResponse:
    number = request.GET.get("page", "")
    page = queries.cheers_page(viewer, max(1, int(number)) if number.isdecimal() and len(number) < 5 else 1)
    # Older pages do not know what was sent today.
    may_send = viewer.may(access.SEND_CHEER) and (form.is_bound or page.page == 1)
    context = {
        "viewer": viewer,
        "page": page,
        "form": form,
        "hint": hint,
        "may_send": may_send,
        "shows_form": may_send and (form.is_bound or not page.sent_today),
        "sees_all": viewer.may(access.SEE_CHEERS),
    }
    return render(request, "cheers/cheers.html", context, status=status)
