"""The editor of a program. Every button sends the whole page and gets it back with everything typed; a script
(`editor.js`) does the same in place."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access, adherence
from exercises.access import Viewer, patient_view
from exercises.adherence import DayFacts
from exercises.days import ONE_DAY
from exercises.forms.ladder import LadderRows
from exercises.forms.plan_templates import TemplateForm
from exercises.forms.program_items import ItemForm, ItemRows
from exercises.forms.programs import Sheet
from exercises.models.choices import PageKind, ProgramKind, Strand
from exercises.queries import catalogue, editor, plans
from exercises.queries.editor import Desk
from exercises.queries.program import standing_plan, version_before
from exercises.queries.program_changes import changes_between, what_changed
from exercises.queries.program_page import program_page, version_of
from exercises.services import programs as services
from exercises.services.looks import note_look
from exercises.services.plans import keep_template
from exercises.views.program import say_saved

# As many as are read at one glance; a whole strand is shown where only that was asked for.
MOST_FOUND = 12
# Buttons, and what the page that comes back does not repeat of them.
BUTTONS = ("do", "row", "step", "add", "find", "csrfmiddlewaretoken")


@patient_view(access.EDIT_PROGRAM, post=access.EDIT_PROGRAM)
def edit(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """GET ``?template=`` and ``?patient=`` start from another plan, ``?kind=keeping_up`` from a week's
    numbers; ``?part=`` is for the script. POST saves, unless a button says otherwise (``do``, ``row``,
    ``step``, ``add``)."""
    if request.method != "POST":
        part = {"found": _found, "row": _row}.get(request.GET.get("part", ""))
        return part(request, viewer) if part else _open(request, viewer)
    desk = editor.desk(viewer)
    sheet = Sheet.posted(request.POST, viewer=viewer, **desk.options)
    changed = _change(request, viewer, desk, sheet)
    if changed is not None:
        return changed
    if not sheet.is_valid():
        return _editor(request, viewer, desk, sheet, status=422)
    do = request.POST.get("do", "save")
    if do in ("preview", "enter"):
        return _preview(request, viewer, desk, sheet)
    return _keep(request, viewer, desk, sheet) if do == "keep" else _save(request, viewer, desk, sheet)


def _editor(
    request: HttpRequest, viewer: Viewer, desk: Desk, sheet: Sheet, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "desk": desk,
        "form": sheet.form,
        "sheet": sheet,
        "strands": Strand.choices,
        "template_form": TemplateForm(),
        "notice": ItemForm.base_fields["words"].notice,  # type: ignore[attr-defined]
    }
    return render(request, "program/edit.html", context | more, status=status)


def _open(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    desk = editor.desk(viewer)
    start = _start(request, viewer)
    plan = start.plan if start else editor.plan_shown(desk)
    initial = desk.initial(plan)
    if request.GET.get("kind") == ProgramKind.KEEPING_UP:
        initial |= desk.keeping_up(plan)
    sheet = Sheet.of(plan, viewer=viewer, initial=initial, **desk.options)
    return _editor(request, viewer, desk, sheet, start=start)


def _start(request: HttpRequest, viewer: Viewer) -> plans.Start | None:
    """A template, or the program of another patient: shown, and not saved."""
    template, patient = request.GET.get("template"), request.GET.get("patient")
    if template is not None:
        if not (template.isascii() and template.isdecimal() and len(template) <= 18):
            raise Http404
        return plans.from_template(viewer, int(template))
    if patient is None:
        return None
    try:
        source, start = plans.from_patient(viewer, UUID(patient))
    except ValueError:
        raise Http404 from None
    note_look(viewer=source, kind=PageKind.PROGRAM, now=timezone.now())
    return start


# --- parts, for the script ---------------------------------------------------------------------------------


def _found(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    found = _search(viewer, request.GET.get("find", ""), request.GET.get("strand", ""))
    return render(request, "program/_found.html", {"viewer": viewer, "found": found})


def _search(viewer: Viewer, text: str, strand: str) -> Any:
    found = catalogue.search(viewer, text, strand if strand in Strand.values else "")
    return found[:MOST_FOUND] if text.strip() else found


def _row(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The row of an activity with its usual dose."""
    number = request.GET.get("number", "")
    rows = ItemRows({}, viewer=viewer, areas=editor.areas(viewer))
    row = rows.add(request.GET.get("activity", ""))
    if row is None or not (number.isascii() and number.isdecimal() and len(number) <= 6):
        raise Http404
    row.number = int(number)
    return render(request, "program/_row.html", {"rows": rows})


# --- buttons that change the page, without a script --------------------------------------------------------


def _change(request: HttpRequest, viewer: Viewer, desk: Desk, sheet: Sheet) -> HttpResponse | None:
    """The page anew with what a button changed; ``None`` where no such button was pressed."""
    data, find = request.POST, request.POST.get("find", "")
    do = data.get("do")
    if "add" in data:
        row = sheet.rows.add(data["add"])
        focus = "find" if row else ""
        return _editor(request, viewer, desk, sheet, 200 if row else 422, focus=focus, lost=row is None)
    lists: dict[str, ItemRows | LadderRows] = {"row": sheet.rows, "step": sheet.ladder}
    for name, rows in lists.items():
        if name in data:
            done = rows.do(data[name])
            return _editor(
                request, viewer, desk, sheet, 200 if done else 422, focus=data[name], lost=not done
            )
    if do == "find" or (do == "enter" and find.strip()):
        strand = data.get("find_strand", "")
        found = _search(viewer, find, strand)
        return _editor(request, viewer, desk, sheet, found=found, find=find, strand=strand, focus="find")
    return _editor(request, viewer, desk, sheet) if do == "back" else None


# --- what is done with a plan that is right ----------------------------------------------------------------


def _preview(request: HttpRequest, viewer: Viewer, desk: Desk, sheet: Sheet) -> HttpResponse:
    """As the teen sees it, not saved; what was typed goes along."""
    plan, starts_on = sheet.plan(), sheet.form.cleaned_data["starts_on"]
    version = version_of(viewer, plan)
    # What waits is replaced: it changes nothing.
    before = version_before(viewer.patient.pk, min(starts_on, desk.today + ONE_DAY))
    old = standing_plan(before) if before else None
    context = {
        "viewer": viewer,
        "version": version,
        "starts_on": starts_on,
        "first": old is None,
        "changes": changes_between(old, plan),
        "strands": adherence.strand_days(DayFacts(starts_on, version.program.targets)),
        "typed": [(k, v) for k, values in request.POST.lists() if k not in BUTTONS for v in values],
    }
    return render(request, "program/preview.html", context)


def _keep(request: HttpRequest, viewer: Viewer, desk: Desk, sheet: Sheet) -> HttpResponse:
    """Under a name, for other patients; the program itself is not saved."""
    form = TemplateForm(request.POST)
    if form.is_valid():
        try:
            kept = keep_template(user=viewer.user, name=form.cleaned_data["plan_name"], plan=sheet.plan())
        except ValidationError as error:
            form.add_error("plan_name", error.messages)
        else:
            text = _("Kept as a template: %(name)s. The program itself is not saved yet.")
            messages.success(request, text % {"name": kept.name})
            return _editor(request, viewer, desk, sheet)
    return _editor(request, viewer, desk, sheet, status=422, template_form=form)


def _save(request: HttpRequest, viewer: Viewer, desk: Desk, sheet: Sheet) -> HttpResponse:
    cleaned = sheet.form.cleaned_data
    try:
        saved = services.revise_program(
            viewer=viewer, plan=sheet.plan(), basis=cleaned["version"], starts_on=cleaned["starts_on"]
        )
    except services.Stale:
        return _stale(request, viewer)
    except ValidationError as error:
        # A form that was right when it was opened: a day has begun since, or a plan is gone.
        sheet.form.add_error(None, error.messages)
        return _editor(request, viewer, desk, sheet, status=422)
    say_saved(request, viewer, saved, what_changed(saved))
    if saved.version > 1:
        return redirect("program", viewer.patient.code)
    # A new record is ready now: a clinician invites the family, the family begins.
    return redirect("team", viewer.patient.code) if viewer.is_therapist else redirect("home")


def _stale(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What was typed, beside the version that came in between: sending it again follows or replaces that."""
    desk, data = editor.desk(viewer), request.POST.copy()
    data["version"] = str(desk.latest.version) if desk.latest else ""
    sheet = Sheet.posted(data, viewer=viewer, **desk.options)
    return _editor(request, viewer, desk, sheet, status=409, between=program_page(viewer))


@patient_view(access.EDIT_PROGRAM)
def start_from(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What the editor can start from."""
    text = request.GET.get("q", "").replace("\x00", "").strip()
    context = {
        "viewer": viewer,
        "templates": plans.templates(viewer.user),
        "patients": plans.patients_to_copy(viewer, text),
        "text": text,
    }
    return render(request, "program/from.html", context)
