"""Activities of one's own: for who prescribes, and for a family that types in its paper sheet."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exercises import access
from exercises.forms.activities import ActivityForm
from exercises.models import Activity, User
from exercises.queries import activities as queries
from exercises.services import activities as services


def prescriber(request: HttpRequest) -> User:
    """The person, who may keep activities and plans of their own."""
    assert isinstance(request.user, User)
    if not access.may_keep_activities(request.user):
        raise PermissionDenied
    return request.user


@require_http_methods(["GET", "HEAD"])
def index(request: HttpRequest) -> HttpResponse:
    user = prescriber(request)
    context = {"own": queries.own_activities(user), "built_in": queries.built_in()}
    return render(request, "activities/activities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """``?copy=`` starts from another one: what is changed in a built-in activity is a copy."""
    user = prescriber(request)
    copied = _copied(request, user)
    form = ActivityForm(
        request.POST if request.method == "POST" else None,
        strand=copied.strand if copied else "",
        initial=_said(copied) if copied else {"name": request.GET.get("name", "")[:60]},
    )
    if form.is_valid():
        strand = copied.strand if copied else form.cleaned_data["strand"]
        try:
            made = services.make_activity(user=user, strand=strand, said=form.cleaned_data, copy_of=copied)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved: %(name)s. The editor finds it now.") % {"name": made.name})
            return redirect("activities")
    return _page(request, form, {"copied": copied})


def _copied(request: HttpRequest, user: User) -> Activity | None:
    key = request.GET.get("copy")
    if key is None:
        return None
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        raise Http404
    return queries.activity_to_copy(user, int(key))


def _said(activity: Activity) -> dict[str, Any]:
    return {name: getattr(activity, name) for name in services.SAID}


@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """POST changes it; ``offered`` = yes or no puts it on offer or takes it out."""
    user = prescriber(request)
    own = queries.own_activity(user, pk)
    if request.POST.get("offered") in ("yes", "no"):
        return _offer(request, user, own, offered=request.POST["offered"] == "yes")
    form = ActivityForm(
        request.POST if request.method == "POST" else None, strand=own.strand, initial=_said(own)
    )
    if form.is_valid():
        services.change_activity(user=user, pk=own.pk, said=form.cleaned_data)
        messages.success(request, _("Saved. Every program that has it shows it so."))
        return redirect("activities")
    return _page(request, form, {"own": own})


def _offer(request: HttpRequest, user: User, own: Activity, *, offered: bool) -> HttpResponse:
    services.offer_activity(user=user, pk=own.pk, offered=offered)
    said = _("%(name)s is on offer again.") if offered else _("%(name)s is out of the offer.")
    messages.success(request, said % {"name": own.name})
    return redirect("activities")


def _page(request: HttpRequest, form: ActivityForm, context: dict[str, Any]) -> HttpResponse:
    context |= {"form": form, "notice": form.notice}
    return render(request, "activities/activity.html", context, status=422 if form.errors else 200)
