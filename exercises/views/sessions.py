"""Logging, correcting and removing sessions: the same URLs for pages, one-tap forms and devices (JSON)."""

import uuid
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from exercises import access, days
from exercises.access import Viewer, patient_view
from exercises.forms.sessions import (
    CorrectionForm,
    CorrectionPageForm,
    ResentForm,
    SessionForm,
    SessionPageForm,
)
from exercises.http import answer_json, wants_json
from exercises.models import TherapySession
from exercises.queries import sessions as queries
from exercises.services import sessions as services
from exercises.services.sessions import Bout


@patient_view(access.LOG)
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form page. ``?strand=``, ``?day=`` and ``?minutes=`` fill it in."""
    asked = {name: request.GET[name] for name in ("strand", "day", "minutes") if name in request.GET}
    initial = {"id": uuid.uuid4(), "day": viewer.patient.today(), "source": "typed"} | asked
    form = SessionPageForm(viewer=viewer, received_at=timezone.now(), initial=initial)
    return render(request, "sessions/new.html", {"form": form, "viewer": viewer})


@patient_view("", post=access.LOG)
def create(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    received_at = timezone.now()
    day_over = None if wants_json(request) else queries.outlived(viewer, request.POST)
    if day_over:
        return _which_day(request, viewer, day_over)
    form = _judged(request, viewer, received_at)
    if not form.is_valid():
        return _refuse(request, form, "sessions/new.html", SessionPageForm)
    if "ask_again" in request.POST and not wants_json(request):
        twin = queries.just_logged(viewer, form.cleaned_data, received_at)
        if twin is not None:
            return _same_again(request, viewer, twin, received_at)
    try:
        receipt = services.record_session(
            viewer=viewer,
            client_id=form.cleaned_data["id"],
            bout=bout_of(form.cleaned_data),
            recorded=form.cleaned_data["recorded"],
            source=form.cleaned_data["source"],
        )
    except services.Conflict as conflict:
        return _conflict(request, viewer, conflict.session, "conflict")
    if wants_json(request):
        status, code = (201, "recorded") if receipt.created else (200, "again")
        return answer_json(status, code, **_state(receipt.session))
    return _back(request, viewer, receipt.session, "saved" if receipt.created else "again")


@patient_view(access.LOG, post=access.LOG)
def edit(request: HttpRequest, viewer: Viewer, client_id: uuid.UUID) -> HttpResponse:
    session = _correctable(viewer, client_id)
    if request.method != "POST":
        removed = session.voided_at is not None
        return _back(request, viewer, session) if removed else _edit_page(request, viewer, session)
    form = CorrectionForm(request.POST, session=session, viewer=viewer, received_at=timezone.now())
    if not form.is_valid():
        return _refuse(request, form, "sessions/edit.html", CorrectionPageForm, session=session)
    try:
        session = services.correct_session(
            viewer=viewer,
            client_id=client_id,
            version=form.cleaned_data["version"],
            bout=bout_of(form.cleaned_data),
        )
    except services.Stale as stale:
        return _conflict(request, viewer, stale.session, "stale")
    if wants_json(request):
        return answer_json(200, "corrected", **_state(session))
    return _back(request, viewer, session, "saved")


@patient_view("", post=access.LOG)
def void(request: HttpRequest, viewer: Viewer, client_id: uuid.UUID) -> HttpResponse:
    _correctable(viewer, client_id)
    session = services.void_session(viewer=viewer, client_id=client_id)
    if wants_json(request):
        return answer_json(200, "removed", **_state(session))
    return _back(request, viewer, session)


@patient_view("", post=access.LOG)
def restore(request: HttpRequest, viewer: Viewer, client_id: uuid.UUID) -> HttpResponse:
    _correctable(viewer, client_id)
    session = services.restore_session(viewer=viewer, client_id=client_id)
    if wants_json(request):
        return answer_json(200, "restored", **_state(session))
    return _back(request, viewer, session)


def _judged(request: HttpRequest, viewer: Viewer, received_at: datetime) -> SessionForm:
    """A re-send that would not pass by now (another day, another role) is held against what is kept."""
    form = SessionForm(request.POST, viewer=viewer, received_at=received_at)
    sent_id = None if form.is_valid() else form.typed_id()
    kept = queries.one_session(viewer, uuid.UUID(sent_id)) if sent_id else None
    return ResentForm(request.POST, viewer=viewer, received_at=received_at, kept=kept) if kept else form


def _correctable(viewer: Viewer, client_id: uuid.UUID) -> TherapySession:
    session = queries.one_session(viewer, client_id)
    if session is None:
        raise Http404
    today, day = viewer.patient.today(), session.daily_log.day
    if not viewer.may_correct(day=day, entered_by=session.entered_by_id, today=today):
        raise PermissionDenied
    return session


def _state(session: TherapySession) -> dict[str, Any]:
    """A session as every member of the team may know it, whoever sent it first."""
    return {
        "id": str(session.client_id),
        "day": session.daily_log.day.isoformat(),
        "strand": session.strand,
        "minutes": session.minutes,
        "version": session.version,
        "edited": session.corrected,
        "voided": session.voided_at is not None,
    }


def _refuse(
    request: HttpRequest, form: SessionForm, template: str, page_form: type[SessionPageForm], **context: Any
) -> HttpResponse:
    """422 with every reason; on a page, beside the fields, with what was typed."""
    if wants_json(request):
        errors = {name: list(texts) for name, texts in form.errors.items()}
        sent_id = form.typed_id()
        return answer_json(422, "invalid", errors=errors, **({"id": sent_id} if sent_id else {}))
    shown = context.get("session")
    page = page_form(request.POST, viewer=form.viewer, received_at=form.received_at, shown=shown)
    page.show_errors_of(form)
    return render(request, template, {"form": page, "viewer": form.viewer, **context}, status=422)


def _conflict(request: HttpRequest, viewer: Viewer, session: TherapySession, code: str) -> HttpResponse:
    if wants_json(request):
        return answer_json(409, code, **_state(session))
    context = {
        "viewer": viewer,
        "code": code,
        "posted": request.POST,
        "removed": session.voided_at is not None,
    }
    row = queries.row_of(viewer, session, today=viewer.patient.today())
    return render(request, "sessions/conflict.html", {**context, "row": row}, status=409)


def _edit_page(request: HttpRequest, viewer: Viewer, session: TherapySession) -> HttpResponse:
    initial: dict[str, Any] = {
        name: values if name in ("body_areas", "items") else values[0]
        for name, values in queries.as_posted(session).items()
        if values
    }
    initial["version"] = session.version
    form = CorrectionPageForm(viewer=viewer, received_at=timezone.now(), shown=session, initial=initial)
    return render(request, "sessions/edit.html", {"form": form, "viewer": viewer, "session": session})


def _same_again(
    request: HttpRequest, viewer: Viewer, twin: TherapySession, received_at: datetime
) -> HttpResponse:
    """Two taps within a minute: the second is asked about. Yes sends the same form without the question."""
    context = {
        "viewer": viewer,
        "strand": twin.strand,
        "seconds": max(1, round((received_at - twin.received_at).total_seconds())),
        "hidden": _sent(request, without=("ask_again",)),
        "back": _return_url(request, viewer, twin.daily_log.day),
    }
    return render(request, "sessions/same_again.html", context)


def _which_day(request: HttpRequest, viewer: Viewer, day: date) -> HttpResponse:
    """A tap on a page that was left open overnight: nobody but the person knows which day was meant."""
    today = viewer.patient.today()
    context = {
        "viewer": viewer,
        "day": day,
        "today": today,
        "is_yesterday": day == today - days.ONE_DAY,
        "posted": request.POST,
        "hidden": _sent(request, without=("day", "shown_on")),
        "back": _return_url(request, viewer, day),
    }
    return render(request, "sessions/which_day.html", context)


def _sent(request: HttpRequest, without: tuple[str, ...]) -> list[tuple[str, str]]:
    """What was posted, for a form that sends it once more."""
    skip = {"csrfmiddlewaretoken", *without}
    return [
        (name, value) for name in request.POST if name not in skip for value in request.POST.getlist(name)
    ]


def _return_url(request: HttpRequest, viewer: Viewer, day: date) -> str:
    """A form says by name where it wants to return to; never by URL."""
    code = viewer.patient.code
    match request.POST.get("next"):
        case "today" if viewer.is_teen:
            return reverse("today")
        case "today":
            return reverse("patient-today", args=[code])
        case "family":
            return reverse("family")
        case "calm":
            return reverse("calm", args=[code])
    return reverse("day", args=[code, day.isoformat()])


def _back(request: HttpRequest, viewer: Viewer, session: TherapySession, what: str = "saved") -> HttpResponse:
    """On to where the form came from; the id lets that page offer to undo, or to put back what is removed."""
    told = "removed" if session.voided_at else what
    return redirect(f"{_return_url(request, viewer, session.daily_log.day)}?{told}={session.client_id}")


def bout_of(cleaned: dict[str, Any]) -> Bout:
    return Bout(
        day=cleaned["day"],
        strand=cleaned["strand"],
        minutes=cleaned["minutes"],
        activity=cleaned["activity"],
        items=tuple(cleaned["items"]),
        body_areas=tuple(dict.fromkeys(cleaned["body_areas"])),
        slot=cleaned["slot"],
        texture=cleaned["texture"],
        started_at=cleaned["started_at"],
        rough=bool(cleaned.get("rough")),
    )
