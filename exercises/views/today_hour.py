"""From which hour parents see today: teen and therapist agree on it, either ends it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer, patient_view
from exercises.forms.today_hour import TodayHourForm
from exercises.queries import today_hour as queries
from exercises.services import today_hour as services


@patient_view(access.AGREE_HOUR, post=access.AGREE_HOUR)
@reauthentication_required(allow_get=True)
def today_hour(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST ``do``: ask, agree (both with the ``hour``), stop or end."""
    state = queries.today_hour(viewer)
    form = TodayHourForm(request.POST if request.method == "POST" else None, state=state)
    if not form.is_valid():
        return _page(request, viewer, form, status=422 if form.is_bound else 200)
    if not _done(viewer, form.cleaned_data):
        form.add_error(None, _("Nothing was changed: see how it stands now."))
        return _page(request, viewer, form, status=422)
    messages.success(request, _("Done. Those who need to know are told."))
    # Whoever ended what was agreed with a therapist who left may have nothing more to do here.
    after = access.viewer_of(viewer.user, viewer.patient)
    stays = after is not None and after.may(access.AGREE_HOUR)
    return redirect("today-hour" if stays else "team", viewer.patient.code)


def _done(viewer: Viewer, cleaned: dict[str, Any]) -> bool:
    match cleaned["do"]:
        case "ask":
            return services.ask(viewer=viewer, hour=cleaned["hour"])
        case "agree":
            return services.agree(viewer=viewer, hour=cleaned["hour"])
        case "stop":
            return services.stop(viewer=viewer)
    return services.end(viewer=viewer)


def _page(request: HttpRequest, viewer: Viewer, form: TodayHourForm, status: int) -> HttpResponse:
    context = {"viewer": viewer, "state": queries.today_hour(viewer), "form": form}
    return render(request, "today_hour/today_hour.html", context, status=status)
