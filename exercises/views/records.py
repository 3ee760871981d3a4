"""Opening a record, and the family's word that it has begun."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exercises import access, joining, session_keys
from exercises.access import Viewer, patient_view
from exercises.forms.records import MOST_NAME_LETTERS, RecordForm
from exercises.models import Patient, User
from exercises.queries.people import last_discipline
from exercises.services import records as services


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """In the role in which somebody came in (``views.start``); the caseload says ``?as=clinician``."""
    assert isinstance(request.user, User)
    role = _role(request, request.user)
    if not role:
        return redirect("start")
    posted = request.POST if request.method == "POST" else None
    form = RecordForm(posted, role=role, initial=_initial(request.user, role))
    if form.is_valid():
        opened = _open(request, request.user, role, form)
        if opened is not None:
            return opened
    context = {"form": form, "family": joining.must_consent(role), "own": role == access.PATIENT}
    context["taken"] = context["own"] and access.own_viewer(request.user) is not None
    return render(request, "records/new.html", context, status=422 if form.errors else 200)


def _initial(user: User, role: str) -> dict[str, str]:
    if role == access.PATIENT:
        return {"name": user.first_name[:MOST_NAME_LETTERS]}
    return {} if joining.must_consent(role) else {"discipline": last_discipline(user)}


def _role(request: HttpRequest, user: User) -> str:
    """Empty for somebody who has to say first who they are."""
    coming_as: str = request.session.get(session_keys.COMING_AS, "")
    if user.is_clinician and (request.GET.get("as") == "clinician" or not coming_as):
        return access.THERAPIST
    return coming_as


def _open(request: HttpRequest, user: User, role: str, form: RecordForm) -> HttpResponse | None:
    """``None`` when the database says that it cannot be: the form then says why."""
    cleaned = form.cleaned_data
    form_id: UUID | None = cleaned["id"]
    try:
        patient = services.open_own_record(
            user=user,
            role=role,
            name=cleaned["name"],
            zone=cleaned["zone"],
            form_id=form_id,
            discipline=cleaned.get("discipline", ""),
            of_age=role == access.PATIENT,
        )
    except ValidationError:
        form.add_error(None, _("You have a record already. One person has one record."))
        return None
    return _next_step(request, role, patient)


def _next_step(request: HttpRequest, role: str, patient: Patient) -> HttpResponse:
    if joining.must_consent(role):
        return redirect("begin", patient.code)
    messages.success(request, _("The record is open. Set the program, then invite the family."))
    return redirect("program-edit", patient.code)


def waiting(request: HttpRequest, viewer: Viewer, title: str) -> HttpResponse:
    """In place of a page about the program, until the record has begun. Asks the database nothing."""
    return render(request, "begin/waiting.html", {"viewer": viewer, "title": title})


@patient_view(access.BEGIN, post=access.BEGIN)
def begin(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST ``told`` = ``yes`` keeps the family's word; ``?answer=not-yet`` is how to find care."""
    told = request.POST.get("told") == "yes"
    if request.method == "POST" and told:
        services.begin(viewer=viewer)
        messages.success(request, _("Good. Now the program: these are the usual numbers."))
        return redirect("program-edit" if not viewer.has_therapist else "program", viewer.patient.code)
    not_yet = request.GET.get("answer") == "not-yet"
    template = "begin/find_care.html" if not_yet and viewer.is_waiting else "begin/begin.html"
    return render(request, template, {"viewer": viewer}, status=422 if request.method == "POST" else 200)
