"""The patient's page: the same for teen, parent and therapist, each with what is theirs to see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.queries.patient_page import patient_page
from exercises.views.records import waiting


@patient_view(access.SEE)
def patient(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if viewer.is_waiting:
        return waiting(request, viewer, _("Overview"))
    context = {
        "viewer": viewer,
        "page": patient_page(viewer),
        "may_log": viewer.may(access.LOG),
        "may_answer": viewer.may(access.ANSWER),
        "may_answer_days_off": viewer.may(access.ANSWER_DAY_OFF),
        "may_edit": viewer.may(access.EDIT_PROGRAM),
        "may_set_routine": viewer.may(access.SET_ROUTINE),
        "may_set": viewer.may(access.SETTINGS),
    }
    return render(request, "patients/patient.html", context)
