"""The texture ladder: where it stands, and a step up or down."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.ladder_step import DOWN, StepForm
from exercises.queries import ladder as queries
from exercises.services.ladder import step_ladder


@patient_view(access.SEE, post=access.STEP_LADDER)
def ladder(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST: one step from the one that was ``shown``."""
    if request.method != "POST":
        return _page(request, viewer)
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one step up or down."))
        return _page(request, viewer, status=422)
    program, change = queries.program_with_ladder(viewer), -1 if form.cleaned_data["to"] == DOWN else 1
    if program is None or program.version != form.cleaned_data["version"]:
        messages.error(request, _("The program changed after this page was opened. This is how it is now."))
        return _page(request, viewer, status=409)
    if not queries.may_step(viewer, program, change):
        raise PermissionDenied
    if not step_ladder(viewer=viewer, program=program, shown=form.cleaned_data["shown"], change=change):
        messages.info(request, _("The ladder stood on another step already. This is how it is now."))
    return redirect("ladder", viewer.patient.code)


def _page(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    context = {"viewer": viewer, "page": queries.ladder_page(viewer)}
    return render(request, "ladder/ladder.html", context, status=status)
