"""Life: what came back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from exercises import access, came_back
from exercises.access import Viewer, patient_view
from exercises.queries.function import function_page


@patient_view(access.SEE)
def function(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?weeks=12``, 26, 52 or all; by default twelve weeks, or all of a short record."""
    asked = request.GET.get("weeks")
    period = None if asked is None else came_back.parse_period(asked)
    if asked is not None and period is None:
        raise Http404
    context = {
        "viewer": viewer,
        "page": function_page(viewer, period),
        "may_set": viewer.may(access.SET_GOALS),
        "may_check_in": viewer.may(access.MARK_DAY),
    }
    return render(request, "function/function.html", context)
