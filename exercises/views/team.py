"""The care team: who is on it and what each sees, links that end and come back, who looked."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access, session_keys
from exercises.access import Viewer, patient_view
from exercises.forms.team import CoverForm, HandOverForm, PreviewForm, SelfManagedForm
from exercises.models import CareTeamMember
from exercises.queries import looks
from exercises.queries import team as queries
from exercises.queries.consents import agreements
from exercises.queries.invitations import open_invitations
from exercises.queries.today_hour import today_hour
from exercises.services import self_managed as self_managed_service
from exercises.services import team as services
from exercises.words import we_look


@patient_view(access.SEE_TEAM)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    context = {
        "viewer": viewer,
        "page": queries.team_page(viewer),
        "invitations": open_invitations(viewer),
        "agreements": agreements(viewer),
        "we_look": we_look(),
        "may_invite": any(map(viewer.may_invite, access.INVITE_AS)),
        "may_hand_over": viewer.may(access.HAND_OVER),
        "may_card": viewer.may(access.SIGN_IN_CARD),
        "hour": today_hour(viewer),
        "may_agree_hour": viewer.may(access.AGREE_HOUR),
        "may_export": viewer.may(access.EXPORT),
        "may_erase": viewer.may(access.ASK_ERASURE),
    }
    return render(request, "team/team.html", context)


@patient_view(access.SEE_TEAM, post=access.SEE_TEAM)
@reauthentication_required
def end(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """GET says what it means and asks once more."""
    link = _link(viewer, pk)
    if not viewer.may_end(link):
        raise PermissionDenied
    if not link.is_open:
        return redirect("team", viewer.patient.code)
    if request.method != "POST":
        return _end_page(request, viewer, link)
    own = link.user_id == viewer.user.pk
    try:
        services.end_link(viewer=viewer, link=link)
    except services.StillNeededError:
        return _end_page(request, viewer, link, status=422)
    if own:
        messages.success(request, _("You left this care team."))
        return redirect("home")
    messages.success(request, _("Done. Everybody on the team is told."))
    return redirect("team", viewer.patient.code)


def _end_page(request: HttpRequest, viewer: Viewer, link: CareTeamMember, status: int = 200) -> HttpResponse:
    own = link.user_id == viewer.user.pk
    context = {
        "viewer": viewer,
        "link": link,
        "own": own,
        "needed": own and queries.is_needed(link),
        "undoable": not own and access.can_come_back(link),
        "may_hand_over": viewer.may(access.HAND_OVER),
    }
    return render(request, "team/end.html", context, status=status)


@patient_view("", post=access.UNDO_END)
@reauthentication_required
def undo(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    link = _link(viewer, pk)
    if services.undo_end(viewer=viewer, link=link):
        messages.success(request, _("Done. Everybody on the team is told."))
    elif not link.is_open:
        messages.error(request, _("This can not be undone any more. You can invite them again."))
    return redirect("team", viewer.patient.code)


@patient_view("", post=access.VOUCH)
@reauthentication_required
def vouch(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    services.vouch(viewer=viewer, link=_link(viewer, pk))
    messages.success(request, _("Done. Everybody on the team is told."))
    return redirect("team", viewer.patient.code)


@patient_view(access.HAND_OVER, post=access.HAND_OVER)
@reauthentication_required
def hand_over(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = HandOverForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if not form.is_valid():
        context = {"viewer": viewer, "form": form}
        return render(request, "team/hand_over.html", context, status=422 if form.is_bound else 200)
    cleaned = form.cleaned_data
    services.hand_over(viewer=viewer, to=cleaned["colleague"], discipline=cleaned["discipline"])
    messages.success(request, _("Handed over. Everybody on the team is told."))
    return redirect("home")


@patient_view(access.HAND_OVER, post=access.HAND_OVER)
@reauthentication_required
def cover(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = CoverForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if not form.is_valid():
        context = {"viewer": viewer, "form": form}
        return render(request, "team/cover.html", context, status=422 if form.is_bound else 200)
    cleaned = form.cleaned_data
    services.cover(
        viewer=viewer,
        by=cleaned["colleague"],
        last_day=cleaned["last_day"],
        discipline=cleaned["discipline"],
    )
    messages.success(request, _("The cover is set. Everybody on the team is told."))
    return redirect("team", viewer.patient.code)


@patient_view(access.SEE_TEAM, post=access.SELF_MANAGED)
@reauthentication_required(allow_get=True)
def self_managed(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST ``do=agree`` asks, or agrees to what was asked; ``do=stop`` takes it back, or says "not now"."""
    form = SelfManagedForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _self_managed_page(request, viewer, status=422 if form.is_bound else 200)
    act = self_managed_service.stop if form.cleaned_data["do"] == "stop" else self_managed_service.agree
    if not act(viewer=viewer):
        return _self_managed_page(request, viewer, status=422)
    messages.success(request, _("Done. Everybody on the team is told."))
    on_team = access.viewer_of(viewer.user, viewer.patient)
    return redirect("team", viewer.patient.code) if on_team else redirect("home")


def _self_managed_page(request: HttpRequest, viewer: Viewer, status: int) -> HttpResponse:
    context = {"viewer": viewer, "state": queries.self_managed(viewer)}
    return render(request, "team/self_managed.html", context, status=status)


@patient_view("", post=access.SEE_AS)
def preview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``member`` is the link whose eyes are borrowed; empty gives one's own back."""
    form = PreviewForm(request.POST)
    if not form.is_valid():
        raise Http404
    pk = form.cleaned_data["member"]
    if pk is None:
        request.session.pop(session_keys.SEEING_AS, None)
        return redirect("team", viewer.patient.code)
    if not queries.may_look_as(viewer, _link(viewer, pk)):
        raise Http404
    request.session[session_keys.SEEING_AS] = [str(viewer.patient.code), pk]
    return redirect("patient", viewer.patient.code)


@patient_view(access.SEE_TEAM)
def looked(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?month=2026-11``; this month by default."""
    month = looks.month_of(viewer, request.GET.get("month", ""))
    if month is None:
        raise Http404
    context = {
        "viewer": viewer,
        "page": looks.looks_page(viewer, month),
        "hours": viewer.may(access.SEE_LOOK_HOURS),
    }
    return render(request, "team/looked.html", context)


def _link(viewer: Viewer, pk: int) -> CareTeamMember:
    link = queries.link_of(viewer, pk)
    if link is None:
        raise Http404
    return link
