"""Life: goals, and what came back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.goals import GoalForm, ReachForm
from exercises.queries import function as queries
from exercises.services import goals as services


@patient_view(access.SEE)
def function(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _page(request, viewer, GoalForm(viewer=viewer))


@patient_view("", post=access.SET_GOALS)
def goals(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = GoalForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, form, status=422)
    cleaned = form.cleaned_data
    private = cleaned.get("private", False)
    services.add_goal(viewer=viewer, text=cleaned["text"], private=private, form_id=cleaned["id"])
    return redirect("function", viewer.patient.code)


@patient_view("", post=access.SET_GOALS)
def goal(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    found = queries.goal(viewer, pk)
    if found is None:
        raise Http404
    form = ReachForm(request.POST, goal=found, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, GoalForm(viewer=viewer), status=422, refused=form.errors["reached"])
    services.reach_goal(viewer=viewer, goal=found, reached=form.cleaned_data["reached"])
    return redirect("function", viewer.patient.code)


def _page(
    request: HttpRequest, viewer: Viewer, form: GoalForm, status: int = 200, **context: object
) -> HttpResponse:
    context |= {
        "viewer": viewer,
        "form": form,
        "page": queries.function_page(viewer, viewer.patient.today()),
        "may_set": viewer.may(access.SET_GOALS),
        "may_check_in": viewer.may(access.MARK_DAY),
    }
    return render(request, "function/function.html", context, status=status)
