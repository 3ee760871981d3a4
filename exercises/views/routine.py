"""The routine: when desensitization belongs, on school days and others, and when the day is done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.routine import HoursForm, PeriodForm, SlotForm, WhichForm
from exercises.models import RoutinePeriod, RoutineSlot
from exercises.queries import routine as queries
from exercises.services import routine as services

MOST_DIGITS = 18
Act = Callable[[HttpRequest, Viewer], "dict[str, Any] | None"]


@patient_view(access.SET_ROUTINE, post=access.SET_ROUTINE)
def routine(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?change=`` opens the form of one slot. POST does what ``do`` says, one of ACTS."""
    if request.method != "POST":
        return _page(request, viewer, _opened(request, viewer))
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        messages.error(request, _("Choose what to do with the routine."))
        return _page(request, viewer, status=422)
    refused = act(request, viewer)
    if refused is not None:
        return _page(request, viewer, refused, status=422)
    messages.success(request, _("Saved."))
    return redirect("routine", viewer.patient.code)


def _opened(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    asked = request.GET.get("change", "")
    known = asked.isdecimal() and len(asked) <= MOST_DIGITS
    slot = queries.slot(viewer.patient, int(asked)) if known else None
    return {"change": SlotForm(viewer=viewer, slot=slot)} if slot else {}


def _page(
    request: HttpRequest, viewer: Viewer, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """``forms`` are those that came back, or are open, by their place on the page."""
    context = {
        "viewer": viewer,
        "page": queries.routine_page(viewer.patient),
        "add": SlotForm(viewer=viewer),
        "period": PeriodForm(viewer=viewer),
        "hours": HoursForm(viewer=viewer),
        **(forms or {}),
    }
    return render(request, "routine/routine.html", context, status=status)


# --- each answers the form to show again, or nothing once it is saved --------------------------------------


def _add(request: HttpRequest, viewer: Viewer) -> dict[str, Any] | None:
    form = SlotForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return {"add": form}
    services.add_slots(viewer=viewer, slots=[form.cleaned_data])
    return None


def _change(request: HttpRequest, viewer: Viewer) -> dict[str, Any] | None:
    slot = _slot(request, viewer)
    form = SlotForm(request.POST, viewer=viewer, slot=slot)
    if not form.is_valid():
        return {"change": form}
    services.change_slot(viewer=viewer, slot=slot, **form.cleaned_data)
    return None


def _end(request: HttpRequest, viewer: Viewer) -> None:
    services.end_slot(viewer=viewer, slot=_slot(request, viewer))


def _start(request: HttpRequest, viewer: Viewer) -> dict[str, Any] | None:
    form = WhichForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["set"]:
        messages.error(request, _("Choose one of the routines to start from."))
        return {}
    slots = queries.start_from(viewer.patient, form.cleaned_data["set"])
    services.add_slots(viewer=viewer, slots=slots)
    return None


def _add_period(request: HttpRequest, viewer: Viewer) -> dict[str, Any] | None:
    form = PeriodForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return {"period": form}
    services.add_period(viewer=viewer, **form.cleaned_data)
    return None


def _end_period(request: HttpRequest, viewer: Viewer) -> None:
    services.end_period(viewer=viewer, period=_period(request, viewer))


def _hours(request: HttpRequest, viewer: Viewer) -> dict[str, Any] | None:
    form = HoursForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return {"hours": form}
    services.set_hours(viewer=viewer, **form.cleaned_data)
    return None


ACTS: dict[str, Act] = {
    "add": _add,
    "change": _change,
    "end": _end,
    "start": _start,
    "period": _add_period,
    "period-end": _end_period,
    "hours": _hours,
}


def _slot(request: HttpRequest, viewer: Viewer) -> RoutineSlot:
    slot = queries.slot(viewer.patient, _row(request))
    if slot is None:
        raise Http404
    return slot


def _period(request: HttpRequest, viewer: Viewer) -> RoutinePeriod:
    period = queries.period(viewer.patient, _row(request))
    if period is None:
        raise Http404
    return period


def _row(request: HttpRequest) -> int:
    form = WhichForm(request.POST)
    row = form.cleaned_data.get("row") if _valid(form, "row") else None
    if row is None:
        raise Http404
    return int(row)


def _valid(form: forms.Form, name: str) -> bool:
    form.is_valid()
    return not form.has_error(name)
