"""The door: sends each person home, and tells a monitor whether the database answers."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from exercises import access
from exercises.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    roles = access.roles_of(request.user)
    if access.PATIENT in roles:
        return redirect("today")
    if request.user.is_clinician:
        return redirect("caseload")
    # Who only runs the installation has neither children nor patients here: More has what they do.
    return redirect("more" if request.user.is_staff and not roles else "family")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; otherwise its error becomes a 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
