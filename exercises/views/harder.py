"""A harder day: the usual kind, or something new? And when to call the care team."""

from datetime import date
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from exercises import access, adherence, days
from exercises.access import Viewer, patient_view
from exercises.queries.harder import harder_page


@patient_view(access.MARK_DAY)
def harder(request: HttpRequest, viewer: Viewer, day: str) -> HttpResponse:
    """Asks first; the answer is a post to the day itself, or a link to ``call``."""
    today, wanted = viewer.patient.today(), _past(viewer, day)
    if not _recent(wanted, today):
        raise Http404
    context = {
        "viewer": viewer,
        "page": harder_page(viewer, wanted),
        "may_ask_day_off": viewer.may(access.ASK_DAY_OFF),
        "form_id": uuid4(),
    }
    return render(request, "harder/harder.html", context)


@patient_view(access.SEE)
def call(request: HttpRequest, viewer: Viewer, day: str) -> HttpResponse:
    """The same words for everybody: nothing on it tells whether the day was marked. A page left open since
    an earlier day still leads here."""
    today, wanted = viewer.patient.today(), _past(viewer, day)
    context = {
        "viewer": viewer,
        "day": wanted if _recent(wanted, today) else today,
        "may_ask_day_off": viewer.may(access.ASK_DAY_OFF),
    }
    return render(request, "harder/call.html", context)


def _past(viewer: Viewer, day: str) -> date:
    """Today or an earlier day; everything else is unknown here."""
    wanted = days.parse_day(day)
    if wanted is None or wanted > viewer.patient.today():
        raise Http404
    return wanted


def _recent(day: date, today: date) -> bool:
    return (today - day).days <= adherence.HARDER_DAYS
