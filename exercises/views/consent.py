"""What a family agrees to, and who agreed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.queries.consents import agreements
from exercises.services import consents


@patient_view(access.CONSENT, post=access.CONSENT, consent=False)
def consent(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST ``agree`` = ``yes``."""
    if request.method == "POST" and request.POST.get("agree") == "yes":
        consents.agree(viewer=viewer)
        return redirect("today" if viewer.is_teen else "family")
    context = {"viewer": viewer, "agreements": agreements(viewer)}
    return render(request, "consent/consent.html", context, status=422 if request.method == "POST" else 200)
