"""Two desensitization sessions whose time has passed, logged with one tap."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.two import two_forms
from exercises.queries.sessions import outlived
from exercises.services.sessions import Conflict
from exercises.services.two import record_two
from exercises.views import today
from exercises.views.sessions import bout_of


@patient_view("", post=access.LOG)
def two(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if outlived(viewer, request.POST):
        messages.info(request, _("A new day has started, so nothing is saved yet. Add it to the day it was."))
        return _back(viewer)
    forms = two_forms(request.POST, viewer=viewer, received_at=timezone.now())
    if not all(form.is_valid() for form in forms):
        reasons = (str(text) for form in forms for texts in form.errors.values() for text in texts)
        for reason in dict.fromkeys(reasons):
            messages.error(request, reason)
        return today.page(request, viewer, status=422)
    try:
        receipts = record_two(
            viewer=viewer,
            bouts={form.cleaned_data["id"]: bout_of(form.cleaned_data) for form in forms},
            recorded=forms[0].cleaned_data["recorded"],
            source=forms[0].cleaned_data["source"],
        )
    except Conflict:
        messages.error(request, _("One of the two was saved before, with something else in it."))
        return today.page(request, viewer, status=409)
    created = any(receipt.created for receipt in receipts)
    messages.success(request, _("Both are saved.") if created else _("These two were saved before."))
    return _back(viewer)


def _back(viewer: Viewer) -> HttpResponse:
    return redirect("today") if viewer.is_teen else redirect("patient-today", viewer.patient.code)
