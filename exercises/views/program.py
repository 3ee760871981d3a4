"""The program: what is agreed, for everyone; pausing and finishing it, for those who may change it."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.programs import MoveForm
from exercises.models import Program
from exercises.models.choices import ProgramKind
from exercises.queries.acceptance import asked, flare_of, talked_about
from exercises.queries.program_changes import what_changed
from exercises.queries.program_page import program_page
from exercises.services import programs as services
from exercises.views.records import waiting

# More sentences than that are for the page to show.
MOST_SAID = 3


@patient_view(access.SEE, post=access.EDIT_PROGRAM)
def program(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST pauses, ends, takes up again (``move`` is a kind), or takes back what has not started."""
    if request.method == "POST":
        return _move(request, viewer)
    return waiting(request, viewer, _("Program")) if viewer.is_waiting else _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    page = program_page(viewer)
    context = {
        "viewer": viewer,
        "page": page,
        "ask": asked(viewer, page.standing, changes=False),
        "talk": talked_about(viewer, page.standing),
        "flare": flare_of(viewer, page.now.program) if page.now and not page.next else None,
        "may_edit": viewer.may(access.EDIT_PROGRAM),
    }
    return render(request, "program/program.html", context, status=status)


def _move(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what to do with the program."))
        return _page(request, viewer, status=422)
    move, version = form.cleaned_data["move"], form.cleaned_data["version"]
    try:
        if move == MoveForm.CANCEL:
            services.cancel_program(viewer=viewer, version=version)
            messages.success(request, _("Taken back. It will not start."))
        else:
            saved = services.switch_program(viewer=viewer, kind=move, basis=version)
            say_saved(request, viewer, saved, what_changed(saved))
    except Program.DoesNotExist:
        raise Http404 from None
    except (services.Stale, services.Started):
        messages.error(request, _("The program changed after this page was opened. This is how it is now."))
        return _page(request, viewer, status=409)
    except ValidationError:
        if move != ProgramKind.KEEPING_UP:
            raise
        # Keeping up needs its days a week first.
        return redirect(f"{reverse('program-edit', args=[viewer.patient.code])}?kind={move}")
    return redirect("program", viewer.patient.code)


def say_saved(request: HttpRequest, viewer: Viewer, program: Program, changes: Sequence[str]) -> None:
    """When a version starts; and what is new in it, where that is short."""
    if program.starts_on > viewer.patient.today():
        text = _("Saved. Program %(version)d starts on %(day)s.")
    else:
        text = _("Saved. Program %(version)d counts from today, %(day)s, with what is already logged.")
    said = text % {"version": program.version, "day": date_format(program.starts_on)}
    short = changes if len(changes) <= MOST_SAID else ()
    messages.success(request, " ".join([said, *short]))
