"""The device somebody sits at: whether it is shared, its name tiles, and whether the sign-in still stands."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exercises import devices as this_device
from exercises import session_keys
from exercises.forms.devices import NOT_NOW, ONLY_MINE, DeviceForm, NewPinForm, PinForm
from exercises.gates import limit_in, opaque_name, seconds_left
from exercises.http import answer_json
from exercises.models import User
from exercises.queries import devices as queries
from exercises.services import devices

PAGE = ("GET", "HEAD", "POST")


@require_http_methods(PAGE)
def still_here(request: HttpRequest) -> HttpResponse:
    """How long this sign-in lasts if nothing is done. Asking does not make it longer; POST does."""
    assert isinstance(request.user, User)
    left = seconds_left(request, limit_in(request), timezone.now())
    return answer_json(
        200, "ok", who=opaque_name(request.user), seconds=max(left, 0), csrf=get_token(request)
    )


@require_http_methods(PAGE)
def device(request: HttpRequest) -> HttpResponseBase:
    """*Is this device only yours?* To say so of one that is shared takes the password again."""
    form = DeviceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _answered(request, form.cleaned_data["answer"])
    context = {
        "own": this_device.is_own(request),
        "shared": this_device.is_shared(request),
        "has_tile": _has_tile(request),
        "may_have_tile": isinstance(request.user, User) and queries.may_have_tile(request.user),
        "refused": bool(form.errors),
    }
    return render(request, "devices/device.html", context, status=422 if form.errors else 200)


def _has_tile(request: HttpRequest) -> bool:
    code = this_device.shared_code(request)
    assert isinstance(request.user, User)
    return code is not None and queries.has_tile(code, request.user)


def _answered(request: HttpRequest, answer: str) -> HttpResponseBase:
    if answer == NOT_NOW:
        response = redirect("home")
        if not this_device.is_shared(request):
            this_device.remember(response, this_device.NOT_NOW)
        return response
    return _only_mine(request) if answer == ONLY_MINE else _shared(request)


def _shared(request: HttpRequest) -> HttpResponse:
    request.session[session_keys.SHARED_DEVICE] = True
    # The shorter limit counts from here.
    request.session[session_keys.SEEN_AT] = int(timezone.now().timestamp())
    response = redirect("device")
    if not this_device.is_shared(request):
        this_device.remember_shared(response, devices.mark_shared().code)
    return response


def _only_mine(request: HttpRequest) -> HttpResponseBase:
    shared = this_device.shared_code(request)
    if shared is not None:
        response: HttpResponseBase = _no_longer_shared(request, shared)
        return response
    messages.success(request, _("Noted: this device is only yours."))
    home = redirect("home")
    this_device.remember(home, this_device.OWN)
    return home


@reauthentication_required
def _no_longer_shared(request: HttpRequest, code: UUID) -> HttpResponse:
    devices.forget(code=code)
    request.session.pop(session_keys.SHARED_DEVICE, None)
    messages.success(request, _("Noted: this device is only yours now. Its name tiles are gone."))
    response = redirect("device")
    this_device.remember(response, this_device.OWN)
    return response


@require_http_methods(PAGE)
@reauthentication_required(enabled=lambda request: request.method != "POST")
def pin(request: HttpRequest) -> HttpResponseBase:
    """A PIN for this shared device. A sent PIN never waits in the session for the password to be asked."""
    assert isinstance(request.user, User)
    code = this_device.shared_code(request)
    if code is None or not queries.may_have_tile(request.user):
        return redirect("device")
    if request.method != "POST":
        return _pin_page(request, NewPinForm(), code)
    if is_reauthentication_required(request, app=""):
        return redirect("device-pin")
    if "remove" in request.POST:
        devices.remove_pin(code=code, user=request.user)
        messages.success(request, _("Your name tile is gone from this device."))
        return redirect("device")
    form = NewPinForm(request.POST)
    if not form.is_valid():
        return _pin_page(request, form, code)
    devices.set_pin(code=code, user=request.user, pin=form.cleaned_data["pin"])
    messages.success(request, _("Your PIN is set. Next time, tap your name to sign in here."))
    return redirect("device")


def _pin_page(request: HttpRequest, form: NewPinForm, code: UUID) -> HttpResponse:
    assert isinstance(request.user, User)
    context = {"form": form, "has_tile": queries.has_tile(code, request.user)}
    return render(request, "devices/pin.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
def tiles(request: HttpRequest) -> HttpResponse:
    """Stands in place of the sign-in page on a shared device."""
    code = this_device.shared_code(request)
    people = list(queries.tiles(code)) if code else []
    query = f"?{request.GET.urlencode(safe='/')}" if request.GET else ""
    if code is None or not people:
        return redirect(this_device.password_page(query))
    context = {"people": people, "query": query, "password_page": this_device.password_page(query)}
    response = render(request, "devices/tiles.html", context)
    # Kept for another year: it is the device's name.
    this_device.remember_shared(response, code)
    return response


@login_not_required
@require_http_methods(PAGE)
def tile(request: HttpRequest, pk: int) -> HttpResponseBase:
    code = this_device.shared_code(request)
    person = queries.tile(code, pk)
    if person is None:
        raise Http404
    form = PinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if devices.try_pin(tile=person, pin=form.cleaned_data["pin"]):
            record_authentication(request, person.user, method="pin")
            response: HttpResponse = perform_login(request, person.user)
            return response
        form.add_error("pin", _("That is not your PIN. Try again, or use your password."))
        person = queries.tile(code, pk)
    if person is None:  # one wrong PIN too many: the tile is gone
        return redirect(this_device.password_page())
    context = {
        "form": form,
        "person": person,
        "locked": queries.is_locked(person),
        "password_page": this_device.password_page(),
    }
    return render(request, "devices/tile.html", context, status=422 if form.errors else 200)
