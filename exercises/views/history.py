"""Weeks: a month, or a year."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from exercises import access, days
from exercises.access import Viewer, patient_view
from exercises.queries.history import month_page, year_page


@patient_view(access.SEE)
def history(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?year=2026`` or ``?month=2026-11``; the current month by default."""
    if "year" in request.GET:
        return _year(request, viewer, days.parse_year(request.GET["year"]))
    today = viewer.patient.today()
    asked = request.GET.get("month", f"{today:%Y-%m}")
    return _month(request, viewer, days.parse_month(asked))


def _month(request: HttpRequest, viewer: Viewer, wanted: tuple[int, int] | None) -> HttpResponse:
    if wanted is None:
        raise Http404
    context = {"viewer": viewer, "page": month_page(viewer, *wanted), "may_log": viewer.may(access.LOG)}
    return render(request, "history/month.html", context)


def _year(request: HttpRequest, viewer: Viewer, wanted: int | None) -> HttpResponse:
    if wanted is None:
        raise Http404
    context = {"viewer": viewer, "page": year_page(viewer, wanted), "may_log": viewer.may(access.LOG)}
    return render(request, "history/year.html", context)
