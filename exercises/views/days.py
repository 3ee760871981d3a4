"""One day: what was done, and its marks."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from exercises import access, days
from exercises.access import Viewer, patient_view
from exercises.forms.days import DayMarksForm
from exercises.http import answer_json, wants_json
from exercises.queries.day import day_page
from exercises.queries.sessions import deed_in
from exercises.services import daily

# In the address of a page: somebody is answering the check-in.
CHECKING = "checking"


@patient_view(access.SEE, post=access.MARK_DAY)
def day(request: HttpRequest, viewer: Viewer, day: str) -> HttpResponse:
    wanted = days.parse_day(day)
    if wanted is None:
        raise Http404
    if request.method == "POST":
        return _mark(request, viewer, wanted)
    return _page(request, viewer, wanted)


def _page(
    request: HttpRequest, viewer: Viewer, day: date, form: DayMarksForm | None = None, status: int = 200
) -> HttpResponse:
    page = day_page(viewer, day, deed=deed_in(request.GET))
    context = {"viewer": viewer, "page": page, "form": form, "checking": CHECKING in request.GET}
    return render(request, "days/day.html", context, status=status)


def _mark(request: HttpRequest, viewer: Viewer, wanted: date) -> HttpResponse:
    form = DayMarksForm(request.POST, day=wanted, viewer=viewer)
    if not form.is_valid():
        if wants_json(request):
            errors = {name: list(texts) for name, texts in form.errors.items()}
            return answer_json(422, "invalid", errors=errors)
        return _page(request, viewer, wanted, form, status=422)
    row = daily.mark_day(viewer=viewer, day=wanted, **form.marks())
    if wants_json(request):
        marks = {name: getattr(row, name) for name in form.names}
        return answer_json(200, "saved", day=wanted.isoformat(), **marks)
    back = _return_url(request, viewer, wanted)
    # The check-in stays open for the next answer.
    return redirect(back if "harder" in request.POST else f"{back}?{CHECKING}=1#life")


def _return_url(request: HttpRequest, viewer: Viewer, day: date) -> str:
    if request.POST.get("next") != "today":
        return reverse("day", args=[viewer.patient.code, day.isoformat()])
    return reverse("today") if viewer.is_teen else reverse("patient-today", args=[viewer.patient.code])
