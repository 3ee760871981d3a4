"""The settings of one record: its clock, its body areas, paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.people import PatientSettingsForm
from exercises.queries.people import pending_clock
from exercises.services import people


@patient_view(access.SETTINGS, post=access.SETTINGS)
def settings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = PatientSettingsForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if form.is_valid():
        people.change_settings(viewer=viewer, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("patient-settings", viewer.patient.code)
    context = {"viewer": viewer, "form": form, "pending": pending_clock(viewer.patient, timezone.now())}
    template = "patient_settings/patient_settings.html"
    return render(request, template, context, status=422 if form.errors else 200)
