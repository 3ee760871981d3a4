"""A harder day: the usual kind, or something new? And when to call the care team."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from exercises import access, days
from exercises.access import Viewer, patient_view
from exercises.queries.harder import is_harder


@patient_view(access.MARK_DAY)
def harder(request: HttpRequest, viewer: Viewer, day: str) -> HttpResponse:
    """Asks first; the answer is a post to the day itself, or a link to ``call``."""
    today, wanted = viewer.patient.today(), _recent(viewer, day)
    context = {
        "viewer": viewer,
        "day": wanted,
        "is_today": wanted == today,
        "marked": is_harder(viewer, wanted),
    }
    return render(request, "harder/harder.html", context)


@patient_view(access.SEE)
def call(request: HttpRequest, viewer: Viewer, day: str) -> HttpResponse:
    """The same words for everybody: nothing on it tells whether the day was marked."""
    context = {
        "viewer": viewer,
        "day": _recent(viewer, day),
        "may_ask_day_off": viewer.may(access.ASK_DAY_OFF),
    }
    return render(request, "harder/call.html", context)


def _recent(viewer: Viewer, day: str) -> date:
    """Today or yesterday; everything else is unknown here."""
    wanted, today = days.parse_day(day), viewer.patient.today()
    if wanted not in (today, today - days.ONE_DAY):
        raise Http404
    return wanted
