"""A copy of a record, to keep or to take along."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from exercises import access, limits
from exercises.access import Viewer, patient_view
from exercises.exports.record import record_file
from exercises.queries import record

from .errors import too_many

MOST, SECONDS = 10, 60 * 60


# Whoever does not agree to a new wording may still take what they see along.
@patient_view(access.EXPORT, post=access.EXPORT, consent=False)
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """POST downloads the file."""
    handler = _download if request.method == "POST" else _page
    try:
        response: HttpResponseBase = handler(request, viewer)
    except ReauthenticationRequired:
        if request.method != "POST":
            raise
        # Not sent again by the page that asks for the password: nobody would see where the file came from.
        return redirect("export", viewer.patient.code)
    return response


@reauthentication_required
def _page(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    context = {
        "viewer": viewer,
        "complete": record.is_complete(viewer),
        "filename": _filename(viewer),
    }
    return render(request, "export/export.html", context)


@reauthentication_required
def _download(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    if not limits.hit(f"export:{viewer.user.pk}", MOST, SECONDS):
        return too_many(request, SECONDS)
    return FileResponse(
        record_file(viewer),
        as_attachment=True,
        filename=_filename(viewer),
        content_type="application/json",
    )


def _filename(viewer: Viewer) -> str:
    """No name and no code: downloads lie about where others can see them."""
    return f"amps-{viewer.patient.today().isoformat()}.json"
