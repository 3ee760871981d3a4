"""Days off: the list with its states, asking, answering, taking back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.days_off import AnswerForm, DayOffForm
from exercises.http import named_return
from exercises.queries import days_off as queries
from exercises.services import days_off as services


@patient_view(access.SEE, post=access.ASK_DAY_OFF)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?day=`` fills in the first day."""
    if request.method != "POST":
        initial = {"first": request.GET.get("day") or viewer.patient.today().isoformat()}
        return _page(request, viewer, DayOffForm(viewer=viewer, initial=initial))
    form = DayOffForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, form, status=422)
    cleaned = form.cleaned_data
    services.ask_day_off(
        viewer=viewer,
        first=cleaned["first"],
        last=cleaned["last"],
        reason=cleaned["reason"],
        form_id=cleaned["id"],
    )
    messages.success(request, _("Saved. These days have left the count."))
    return redirect("days-off", viewer.patient.code)


@patient_view("", post=access.ANSWER_DAY_OFF)
def answer(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    day_off = queries.day_off(viewer, pk)
    if day_off is None:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the two answers."))
        return _page(request, viewer, DayOffForm(viewer=viewer), status=422)
    services.answer_day_off(viewer=viewer, day_off=day_off, answer=form.cleaned_data["answer"])
    return redirect(named_return(request, "days-off", "patient"), viewer.patient.code)


@patient_view("", post=access.ASK_DAY_OFF)
def withdraw(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    day_off = queries.day_off(viewer, pk)
    if day_off is None:
        raise Http404
    if day_off.withdrawn_at is None:
        if not queries.may_withdraw(viewer, day_off):
            raise PermissionDenied
        services.withdraw_day_off(viewer=viewer, day_off=day_off)
    messages.success(request, _("Taken back. These days count as always."))
    return redirect("days-off", viewer.patient.code)


def _page(request: HttpRequest, viewer: Viewer, form: DayOffForm, status: int = 200) -> HttpResponse:
    context = {
        "viewer": viewer,
        "form": form,
        "days_off": queries.days_off(viewer),
        "may_ask": viewer.may(access.ASK_DAY_OFF),
        "may_answer": viewer.may(access.ANSWER_DAY_OFF),
    }
    return render(request, "days_off/days_off.html", context, status=status)
