"""Measures: first and now, for the team; new values, for therapists."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.measures import MeasureForm, is_kind
from exercises.models.choices import MeasureKind
from exercises.queries import measures as queries
from exercises.queries.measures import MeasuresPage
from exercises.services import measures as services


@patient_view(access.SEE, post=access.RECORD_MEASURES)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """``?kind=`` shows the form for a kind; ``&like=`` takes over how an earlier value was measured."""
    page = queries.measures_page(viewer)
    if request.method == "POST":
        return _record(request, viewer, page)
    kind, form = request.GET.get("kind", ""), None
    if viewer.may(access.RECORD_MEASURES) and is_kind(kind):
        initial = page.first_answers(kind, request.GET.get("like", ""))
        form = MeasureForm(viewer=viewer, kind=kind, initial=initial)
    return _page(request, viewer, page, form)


def _record(request: HttpRequest, viewer: Viewer, page: MeasuresPage) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if not is_kind(kind):
        messages.error(request, _("Choose first what was measured."))
        return _page(request, viewer, page, None, status=422)
    form = MeasureForm(request.POST, viewer=viewer, kind=kind)
    if not form.is_valid():
        return _page(request, viewer, page, form, status=422)
    try:
        services.record_measure(viewer=viewer, taken=form.taken(), form_id=form.cleaned_data["id"])
    except ValidationError as refused:
        form.add_error(None, refused)
        return _page(request, viewer, page, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("measures", viewer.patient.code)


@patient_view("", post=access.RECORD_MEASURES)
def void(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    measure = queries.measure(viewer, pk)
    if measure is None:
        raise Http404
    services.void_measure(viewer=viewer, measure=measure)
    messages.success(request, _("Removed. Until tonight you can put it back here."))
    return redirect("measures", viewer.patient.code)


@patient_view("", post=access.RECORD_MEASURES)
def restore(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    measure = queries.measure(viewer, pk)
    if measure is None:
        raise Http404
    services.restore_measure(viewer=viewer, measure=measure)
    messages.success(request, _("It is back."))
    return redirect("measures", viewer.patient.code)


def _page(
    request: HttpRequest, viewer: Viewer, page: MeasuresPage, form: MeasureForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "page": page,
        "form": form,
        "kinds": MeasureKind.choices,
        "may_record": viewer.may(access.RECORD_MEASURES),
    }
    return render(request, "measures/measures.html", context, status=status)
