"""The program: what is agreed, for everyone; the plain editor, for those who may change it."""

from dataclasses import asdict, fields
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.programs import BaseItemFormSet, MoveForm, ProgramForm, item_forms, with_more_rows
from exercises.guideline import GUIDELINE, Targets
from exercises.models import Program
from exercises.models.choices import ProgramKind
from exercises.queries import program as queries
from exercises.queries.program import DOSE, USUAL, Item, Plan, plan_of
from exercises.services import programs as services
from exercises.views.records import waiting


@patient_view(access.SEE, post=access.EDIT_PROGRAM)
def program(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST pauses, ends, takes up again (``move`` is a kind), or takes back what has not started."""
    if request.method == "POST":
        return _move(request, viewer)
    return waiting(request, viewer, _("Program")) if viewer.is_waiting else _page(request, viewer)


def _page(request: HttpRequest, viewer: Viewer, status: int = 200) -> HttpResponse:
    context = {
        "viewer": viewer,
        "page": queries.program_page(viewer),
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
            _say_start(request, viewer, services.switch_program(viewer=viewer, kind=move, basis=version))
    except Program.DoesNotExist:
        raise Http404 from None
    except (services.Stale, services.Started):
        messages.error(request, _("The program changed after this page was opened. This is how it is now."))
        return _page(request, viewer, status=409)
    return redirect("program", viewer.patient.code)


@patient_view(access.EDIT_PROGRAM, post=access.EDIT_PROGRAM)
def edit(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    latest = queries.latest_version(viewer.patient)
    if request.method != "POST":
        form = _form(viewer, initial=_initial(viewer, latest))
        rows = item_forms(viewer=viewer, initial=_items_of(latest))
        return _editor(request, viewer, form, rows, latest)
    form = _form(viewer, request.POST)
    if "more_rows" in request.POST:
        return _editor(request, viewer, form, item_forms(with_more_rows(request.POST), viewer=viewer), latest)
    rows = item_forms(request.POST, viewer=viewer)
    if not (rows.is_valid() & form.is_valid()):
        return _editor(request, viewer, form, rows, latest, status=422)
    return _save(request, viewer, form, rows)


def _save(request: HttpRequest, viewer: Viewer, form: ProgramForm, rows: BaseItemFormSet) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        saved = services.revise_program(
            viewer=viewer,
            plan=_plan(cleaned, rows.in_order()),
            basis=cleaned["version"],
            starts_on=cleaned["starts_on"],
        )
    except services.Stale as stale:
        return _stale(request, viewer, rows, stale.latest)
    _say_start(request, viewer, saved)
    if saved.version > 1:
        return redirect("program", viewer.patient.code)
    # A new record is ready now: a clinician invites the family, the family begins.
    return redirect("team", viewer.patient.code) if viewer.is_therapist else redirect("home")


def _stale(
    request: HttpRequest, viewer: Viewer, rows: BaseItemFormSet, latest: Program | None
) -> HttpResponse:
    """What was typed, beside the version that came in between: sending it again follows or replaces that."""
    data = request.POST.copy()
    data["version"] = str(latest.version) if latest else ""
    return _editor(request, viewer, _form(viewer, data), rows, latest, status=409)


def _editor(
    request: HttpRequest,
    viewer: Viewer,
    form: ProgramForm,
    rows: BaseItemFormSet,
    latest: Program | None,
    status: int = 200,
) -> HttpResponse:
    upcoming = latest if latest and latest.starts_on > viewer.patient.today() else None
    context = {
        "viewer": viewer,
        "form": form,
        "rows": rows,
        "waiting": upcoming,
        "first": latest is None,
        "between": queries.program_page(viewer) if status == 409 else None,
    }
    return render(request, "program/edit.html", context, status=status)


def _form(viewer: Viewer, data: Any = None, **options: Any) -> ProgramForm:
    logged_today = queries.usual_start(viewer.patient) > viewer.patient.today()
    return ProgramForm(data, viewer=viewer, logged_today=logged_today, **options)


def _initial(viewer: Viewer, latest: Program | None) -> dict[str, Any]:
    """The latest version, or the published targets before the first one."""
    today, start = viewer.patient.today(), queries.usual_start(viewer.patient)
    when: dict[str, Any] = {"start": "today" if start == today else "tomorrow"}
    if latest is None:
        return {"kind": ProgramKind.FULL, **asdict(GUIDELINE), **when}
    if latest.starts_on > today:
        when = {"start": "date", "starts_on": latest.starts_on}
    values = {name: getattr(latest, name) for name in ("kind", "version", *USUAL)}
    return values | asdict(latest.asked) | when


def _items_of(latest: Program | None) -> list[dict[str, Any]]:
    items = plan_of(latest).items if latest else ()
    return [{"activity": str(item.activity.pk), **item.dose} for item in items]


def _plan(cleaned: dict[str, Any], rows: list[dict[str, Any]]) -> Plan:
    return Plan(
        targets=Targets(**{field.name: cleaned[field.name] for field in fields(Targets)}),
        usual={name: cleaned[name] for name in USUAL},
        items=tuple(Item(row["activity"], {name: row[name] for name in DOSE if name in row}) for row in rows),
        kind=cleaned["kind"],
    )


def _say_start(request: HttpRequest, viewer: Viewer, program: Program) -> None:
    if program.starts_on > viewer.patient.today():
        text = _("Saved. Program %(version)d starts on %(day)s.")
    else:
        text = _("Saved. Program %(version)d counts from today, %(day)s, with what is already logged.")
    day = date_format(program.starts_on)
    messages.success(request, text % {"version": program.version, "day": day})
