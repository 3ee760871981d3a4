"""The teen's answer to a version of the program; back to the saved full one in one tap."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.acceptance import AnswerForm, VersionForm
from exercises.models import Program
from exercises.queries.acceptance import ACCEPT
from exercises.services import acceptance as services
from exercises.services.programs import Stale
from exercises.views import today


@patient_view("", post=access.ACCEPT_PROGRAM)
def answer(request: HttpRequest, viewer: Viewer, version: str) -> HttpResponse:
    """``answer`` is accept or talk; ``next`` names where the form stands: today, or the program."""
    shown = VersionForm({"version": version})
    if not shown.is_valid():
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the two answers."))
        return today.page(request, viewer, status=422)
    wanted = form.cleaned_data["answer"]
    try:
        program = services.answer_program(viewer=viewer, version=shown.cleaned_data["version"], answer=wanted)
    except Program.DoesNotExist:
        raise Http404 from None
    except services.Outdated:
        return _outdated(request, viewer)
    if wanted != ACCEPT and program.accepted_at:
        messages.info(
            request, _("You said before that you're in. You can ask a question for the next visit.")
        )
    elif wanted == ACCEPT:
        messages.success(request, _("You're in. Good."))
    else:
        messages.success(request, _("Your therapists see that you want to talk about it first."))
    return _back(request, viewer)


@patient_view("", post=access.START_FLARE)
def flare(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``version`` is that of the program to keep up with, as the page showed it."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Open the page again, then tap once more."))
        return today.page(request, viewer, status=422)
    try:
        started = services.start_flare(viewer=viewer, version=form.cleaned_data["version"])
    except Program.DoesNotExist:
        raise Http404 from None
    except services.Running:
        messages.info(request, _("Already started: the full program is on."))
        return _back(request, viewer)
    except Stale:
        return _outdated(request, viewer)
    messages.success(request, _started(viewer, started))
    return _back(request, viewer)


def _started(viewer: Viewer, program: Program) -> str:
    if program.starts_on > viewer.patient.today():
        text = _("Saved. The full program starts on %(day)s. Your therapists are told.")
    else:
        text = _("The full program is on from today. Your therapists are told.")
    return text % {"day": date_format(program.starts_on)}


def _outdated(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    messages.error(request, _("The program changed after this page was opened. This is how it is now."))
    return today.page(request, viewer, status=409)


def _back(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    code = viewer.patient.code
    if request.POST.get("next") == "program":
        return redirect("program", code)
    return redirect("today") if viewer.is_teen else redirect("patient-today", code)
