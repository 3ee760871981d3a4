"""Calm: what there is to try, and one technique with a pacer; doing it goes to ``sessions.create``."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.queries import calm as queries
from exercises.queries.sessions import deed_in
from exercises.views.records import waiting


@patient_view(access.SEE)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if viewer.is_waiting:
        return waiting(request, viewer, _("Calm"))
    page = queries.calm_page(viewer, timezone.now(), deed=deed_in(request.GET))
    return render(request, "calm/calm.html", {"page": page, "viewer": viewer})


@patient_view(access.SEE)
def technique(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    if viewer.is_waiting:
        return waiting(request, viewer, _("Calm"))
    page = queries.technique_page(viewer, pk, timezone.now())
    if page is None:
        raise Http404
    return render(request, "calm/technique.html", {"page": page, "viewer": viewer})
