"""An administrator, who is on no care team, opens one record for a reason."""

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from exercises import access
from exercises.forms.break_glass import BreakGlassForm
from exercises.models import User
from exercises.services import break_glass as services


@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    if not access.may_break_glass(request.user):
        raise PermissionDenied
    answer: HttpResponse = _asked(request)
    return answer


@reauthentication_required(allow_get=True)
def _asked(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        cleaned = form.cleaned_data
        services.break_glass(user=request.user, patient=cleaned["code"], reason=cleaned["reason"])
        return redirect("patient", cleaned["code"].code)
    return render(request, "break_glass/break_glass.html", {"form": form}, status=422 if form.errors else 200)
