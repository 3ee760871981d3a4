"""Several days at once: one form, laid out like the paper log."""

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from exercises import access, days
from exercises.access import Viewer, patient_view
from exercises.forms.grid import GridForm, Typed
from exercises.queries import grid as queries
from exercises.services import grid as services
from exercises.services.sessions import Bout


@patient_view(access.LOG, post=access.LOG)
def grid(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?week=`` is any day of the wanted week; the current one by default. Good cells are saved and stay
    saved, whatever is wrong with others."""
    wanted, received_at = _wanted(request, viewer), timezone.now()
    typed = [name for name, value in request.POST.items() if str(value).strip()]
    week = queries.week(viewer, wanted, typed=typed)
    if request.method != "POST":
        form = GridForm(viewer=viewer, week=week, received_at=received_at)
        return _page(request, viewer, form, wanted)
    form = GridForm(request.POST, viewer=viewer, week=week, received_at=received_at)
    form.full_clean()
    saved = _save(viewer, form, received_at)
    if form.is_valid():
        messages.success(
            request, ngettext("%(n)d entry saved.", "%(n)d entries saved.", saved) % {"n": saved}
        )
        return redirect(reverse("grid", args=[viewer.patient.code], query={"week": wanted.isoformat()}))
    form.week = queries.week(viewer, wanted, typed=typed)
    return _page(request, viewer, form, wanted, saved=saved, status=422)


def _wanted(request: HttpRequest, viewer: Viewer) -> date:
    if "week" not in request.GET:
        return viewer.patient.today()
    day = days.parse_day(request.GET["week"])
    if day is None:
        raise Http404
    return day


def _save(viewer: Viewer, form: GridForm, received_at: datetime) -> int:
    """How many sessions are saved now; the form learns of those that cannot be."""
    typed = list(form.typed())
    in_the_way = services.record_sessions(
        viewer=viewer,
        bouts=_bouts(typed),
        recorded=days.recorded(received_at),
        source=form.cleaned_data.get("source", ""),
    )
    for one in typed:
        if one.client_id in in_the_way:
            form.refuse(one.cell, in_the_way[one.client_id])
    return len(typed) - len(in_the_way)


def _bouts(typed: list[Typed]) -> dict[UUID, Bout]:
    return {
        one.client_id: Bout(
            day=one.cell.day,
            strand=one.cell.line.strand,
            minutes=one.minutes,
            body_areas=(one.cell.line.area,) if one.cell.line.area else (),
        )
        for one in typed
    }


def _page(
    request: HttpRequest, viewer: Viewer, form: GridForm, wanted: date, saved: int = 0, status: int = 200
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "form": form,
        "week": form.week,
        "wanted": wanted,
        "columns": form.columns(),
        "saved": saved,
        "wrong": form.wrong(),
    }
    return render(request, "grid/grid.html", context, status=status)
