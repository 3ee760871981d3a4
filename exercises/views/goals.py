"""Goals in the teen's own words, and the steps to them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.goals import GoalForm, MarkForm, StepForm
from exercises.http import named_return
from exercises.models import FunctionGoal, GoalStep
from exercises.queries import goals as queries
from exercises.services import goals as services

MOST_DIGITS = 18
Row = TypeVar("Row", FunctionGoal, GoalStep, services.Row)


class Opened(NamedTuple):
    """A form that stands alone on top of the page: its heading, where it is sent, and itself."""

    heading: str
    url: str
    form: GoalForm | StepForm


@patient_view(access.SEE, post=access.SET_GOALS)
def goals(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?goal=`` or ``?step=`` opens the words of one to be changed. POST adds a goal."""
    if request.method != "POST":
        return _page(request, viewer, opened=_asked_for(request, viewer))
    form = GoalForm(request.POST, viewer=viewer)
    added = _kept(form, partial(services.add_goal, viewer=viewer))
    if added is None:
        return _page(request, viewer, add=form, status=422)
    return _back(request, viewer, added.pk)


@patient_view("", post=access.SET_GOALS)
def goal(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """POST reaches it, sets it aside or takes that back (``MarkForm``), or changes its words (do=edit)."""
    found = _found(queries.goal(viewer, pk))
    if request.POST.get("do") == "edit":
        return _change(request, viewer, found, _goal_opened(viewer, found, request.POST))
    return _mark(request, viewer, found, partial(services.reach_goal, viewer=viewer, goal=found))


@patient_view("", post=access.SET_GOALS)
def steps(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """POST adds a step to a goal."""
    found = _found(queries.goal(viewer, pk))
    form = StepForm(request.POST, viewer=viewer, goal=found)
    if _kept(form, partial(services.add_step, viewer=viewer, goal=found)) is None:
        url = reverse("goal-steps", args=[viewer.patient.code, pk])
        return _page(request, viewer, opened=Opened(_("Add a step"), url, form), status=422)
    return _back(request, viewer, pk)


@patient_view("", post=access.SET_GOALS)
def step(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """As ``goal``."""
    found = _found(queries.step(viewer, pk))
    if request.POST.get("do") == "edit":
        return _change(request, viewer, found, _step_opened(viewer, found, request.POST))
    return _mark(request, viewer, found, partial(services.reach_step, viewer=viewer, step=found))


# --- what is sent ------------------------------------------------------------------------------------------


def _found(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row


def _kept(form: GoalForm | StepForm, keep: Callable[..., Row]) -> Row | None:
    """What the service made of a form; ``None`` when it cannot be, which then stands in the form."""
    if form.is_valid():
        words = dict(form.cleaned_data)
        try:
            return keep(form_id=words.pop("id"), **words)
        except ValidationError as error:
            form.add_error(None, error)
    return None


def _change(request: HttpRequest, viewer: Viewer, row: services.Row, opened: Opened) -> HttpResponse:
    def keep(form_id: object, **words: Any) -> services.Row:
        services.change_words(viewer=viewer, row=row, **words)
        return row

    if _kept(opened.form, keep) is None:
        return _page(request, viewer, opened=opened, status=422)
    return _back(request, viewer, _goal_of(row))


def _mark(
    request: HttpRequest, viewer: Viewer, row: services.Row, reach: Callable[..., object]
) -> HttpResponse:
    form = MarkForm(request.POST)
    if form.is_valid():
        do, reached = form.cleaned_data["do"], form.cleaned_data["reached"]
        try:
            if do:
                services.set_aside(viewer=viewer, row=row, aside=do == "aside")
            else:
                reach(reached=reached == "yes")
        except ValidationError as error:
            form.add_error(None, error)
    if not form.is_valid():
        refused = [str(error) for errors in form.errors.values() for error in errors]
        return _page(request, viewer, refused=refused, status=422)
    return _back(request, viewer, _goal_of(row))


def _goal_of(row: services.Row) -> int:
    return row.goal_id if isinstance(row, GoalStep) else row.pk


def _back(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """To the goal's place on its page, or to the page that asked."""
    name = named_return(request, "goals", "function")
    place = f"#goal-{pk}" if name == "goals" else "#goals"
    return redirect(reverse(name, args=[viewer.patient.code]) + place)


# --- what is shown -----------------------------------------------------------------------------------------


def _asked_for(request: HttpRequest, viewer: Viewer) -> Opened | None:
    """The form that the address opens, for one that is there and open."""
    if not viewer.may(access.SET_GOALS):
        return None
    goal, step = (_number(request.GET.get(name, "")) for name in ("goal", "step"))
    if found := queries.goal(viewer, goal) if goal else None:
        return _goal_opened(viewer, found) if queries.is_open(found) else None
    if part := queries.step(viewer, step) if step else None:
        return _step_opened(viewer, part) if queries.is_open(part) else None
    return None


def _number(asked: str) -> int:
    return int(asked) if asked.isdecimal() and len(asked) <= MOST_DIGITS else 0


def _goal_opened(viewer: Viewer, goal: FunctionGoal, data: Mapping[str, str] | None = None) -> Opened:
    url = reverse("goal", args=[viewer.patient.code, goal.pk])
    return Opened(_("Change this goal"), url, GoalForm(data, viewer=viewer, goal=goal))


def _step_opened(viewer: Viewer, step: GoalStep, data: Mapping[str, str] | None = None) -> Opened:
    url = reverse("goal-step", args=[viewer.patient.code, step.pk])
    return Opened(_("Change this step"), url, StepForm(data, viewer=viewer, goal=step.goal, step=step))


def _page(
    request: HttpRequest,
    viewer: Viewer,
    *,
    add: GoalForm | None = None,
    opened: Opened | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    page, may_set = queries.goals_page(viewer), viewer.may(access.SET_GOALS)
    context = {
        "viewer": viewer,
        "page": page,
        "may_set": may_set,
        "open_goals": [(row, StepForm(viewer=viewer, goal=row) if may_set else None) for row in page.open],
        "add": add or GoalForm(viewer=viewer),
        "opened": opened,
        "refused": refused,
    }
    return render(request, "goals/goals.html", context, status=status)
