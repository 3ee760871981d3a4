"""Today: the teen's own, and the same page of a younger child for the parent who logs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exercises import access, session_keys
from exercises.access import Viewer, patient_view
from exercises.models import User
from exercises.queries import stopwatch
from exercises.queries.sessions import deed_in
from exercises.queries.today import today_page
from exercises.views.days import CHECKING
from exercises.views.records import waiting

ASKED = "asked_yesterday"


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    viewer = access.own_viewer(request.user)
    if viewer is None:
        return redirect("home")
    # One's own view again: borrowed eyes end here.
    request.session.pop(session_keys.SEEING_AS, None)
    viewer = access.as_in_session(viewer, request.session, reading=False)
    if viewer.asks_consent:
        return redirect("consent", viewer.patient.code)
    request.viewer = viewer  # type: ignore[attr-defined]
    if viewer.is_waiting:
        return waiting(request, viewer, _("Today"))
    if not viewer.may(access.LOG):
        # A record that waits for the clinic: all can be read, nothing added.
        return redirect("patient", viewer.patient.code)
    return page(request, viewer)


@patient_view(access.LOG)
def of_patient(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return page(request, viewer)


def page(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    """The page itself, also for a form of it that comes back."""
    now = timezone.now()
    found = today_page(
        viewer,
        now,
        offer=request.GET.get("offer", ""),
        deed=deed_in(request.GET),
        asked_yesterday=request.session.get(ASKED) == viewer.patient.day_of(now).isoformat(),
    )
    context = {"page": found, "viewer": viewer, "running": stopwatch.running(viewer)}
    context["checking"] = CHECKING in request.GET
    return render(request, "today/today.html", context, status=status)


@patient_view("", post=access.LOG)
def nothing_from_yesterday(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The question is asked once: this answers it for today."""
    request.session[ASKED] = viewer.patient.today().isoformat()
    return redirect("today") if viewer.is_teen else redirect("patient-today", viewer.patient.code)
