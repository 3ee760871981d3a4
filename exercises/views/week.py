"""The week: what was done, what was new, and one plan of one's own."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access, days
from exercises.access import Viewer, patient_view
from exercises.forms.week import PlanForm
from exercises.queries import week as queries
from exercises.services import week as services


@patient_view(access.SEE)
def week(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?of=2026-11-20``, any day of it; this week by default."""
    return _page(request, viewer, _wanted(request, viewer))


@patient_view("", post=access.PLAN_WEEK)
def plan(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?of=`` as above: this week, or the next."""
    first, (this_week, next_week) = queries.first_day(_wanted(request, viewer)), queries.plannable(viewer)
    if first not in (this_week - queries.ONE_WEEK, this_week, next_week):
        raise Http404
    if not queries.may_plan(viewer):
        # On a shared device: the page says that the box is closed.
        return _page(request, viewer, viewer.patient.today(), status=422)
    # A page that was opened in the week before: its words are kept in the box of this one.
    of = max(first, this_week)
    form = PlanForm(request.POST, viewer=viewer, auto_id=_ids(of))
    if form.is_valid() and of != first:
        form.add_error("text", _("A new week has begun. Save it again if it is for this one."))
    if not form.is_valid():
        return _page(request, viewer, viewer.patient.today(), {of: form}, status=422)
    services.plan_week(viewer=viewer, week=first, text=form.cleaned_data["text"])
    messages.success(request, _("Saved. Your plan is at the top of that week."))
    return redirect("week", viewer.patient.code)


def _wanted(request: HttpRequest, viewer: Viewer) -> date:
    asked = request.GET.get("of")
    wanted = viewer.patient.today() if asked is None else days.parse_day(asked)
    if wanted is None:
        raise Http404
    return wanted


def _page(
    request: HttpRequest,
    viewer: Viewer,
    of: date,
    sent: dict[date, PlanForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """``sent``: a form that comes back, by the week it is for."""
    page = queries.week_page(viewer, of)
    if page is None:
        raise Http404
    context: dict[str, Any] = {"viewer": viewer, "page": page, "sent": bool(sent)}
    if page.may_plan:
        words = {page.first: page.plan, page.next_first: page.next_plan}
        new = {
            first: PlanForm(viewer=viewer, initial={"text": text}, auto_id=_ids(first))
            for first, text in words.items()
        }
        context["form"], context["next_form"] = (new | (sent or {})).values()
    return render(request, "week/week.html", context, status=status)


def _ids(first: date) -> str:
    """Two forms stand on the page."""
    return f"plan-{first}-%s"
