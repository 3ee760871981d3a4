"""Joining with a code: typing it, reading what it leads to, then yes or no."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exercises import codes, joining, session_keys
from exercises.forms.invitations import AcceptForm, CodeForm
from exercises.models import Invitation, User
from exercises.queries import invitations as queries
from exercises.services import invitations as services
from exercises.services import merging
from exercises.views import guesses
from exercises.views.errors import too_many

# Where somebody who is not signed in goes from here, by the button they press.
WAYS = {"sign-in": "account_login", "sign-up": "account_signup"}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("join-code", codes.grouped(form.cleaned_data["code"]))
    return render(request, "join/join.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest, code: str) -> HttpResponse:
    """Every code that leads nowhere gets the same page, whether it never was, was used, or is too old."""
    if guesses.are_over(request):
        return too_many(request, guesses.SECONDS)
    invitation = queries.find_open(code)
    if invitation is None:
        guesses.count(request)
        return _dead(request, code)
    if request.method != "POST":
        return _page(request, code, invitation)
    if not request.user.is_authenticated:
        return _let_in(request, code)
    return _answer(request, code, invitation)


def _let_in(request: HttpRequest, code: str) -> HttpResponse:
    """To the sign-in or sign-up page, and back here afterwards."""
    way = WAYS.get(request.POST.get("way", ""), "account_login")
    request.session[session_keys.PENDING_CODE] = codes.normalise(code)
    here = reverse("join-code", args=[codes.grouped(codes.normalise(code))])
    return redirect(f"{reverse(way)}?{urlencode({'next': here})}")


def _answer(request: HttpRequest, code: str, invitation: Invitation) -> HttpResponse:
    if request.POST.get("answer") == "no":
        request.session.pop(session_keys.PENDING_CODE, None)
        messages.info(request, _("All right. Nothing was changed, and the code still works."))
        return redirect("home")
    answer: HttpResponse = _accept(request, code, invitation)
    return answer


@reauthentication_required
def _accept(request: HttpRequest, code: str, invitation: Invitation) -> HttpResponse:
    assert isinstance(request.user, User)
    offer = queries.offer(invitation, request.user)
    form = AcceptForm(request.POST, offer=offer)
    if not offer.may_accept or not form.is_valid():
        return _page(request, code, invitation, form, status=422)
    try:
        return _take_up(request, request.user, invitation, form)
    except services.Dead:
        return _dead(request, code)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, code, invitation, form, status=422)


def _take_up(request: HttpRequest, user: User, invitation: Invitation, form: AcceptForm) -> HttpResponse:
    own = queries.own_record(user, form.cleaned_data.get("keep"))
    if own is None:
        services.accept(user=user, invitation=invitation)
        record = invitation.patient
    else:
        record = merging.keep_one(user=user, invitation=invitation, own=own)
    request.session.pop(session_keys.PENDING_CODE, None)
    messages.success(
        request, _("Welcome. You are on the team now.") if record else _("Welcome to the clinic.")
    )
    if record and joining.must_consent(invitation.role):
        return redirect("patient", record.code)
    return redirect("home")


def _page(
    request: HttpRequest, code: str, invitation: Invitation, form: AcceptForm | None = None, status: int = 200
) -> HttpResponse:
    offer = queries.offer(invitation, request.user if isinstance(request.user, User) else None)
    context = {
        "code": codes.grouped(codes.normalise(code)),
        "offer": offer,
        "form": form or AcceptForm(offer=offer),
    }
    return render(request, "join/offer.html", context, status=status)


def _dead(request: HttpRequest, code: str) -> HttpResponse:
    context = {"form": CodeForm(initial={"code": code})}
    return render(request, "join/dead.html", context, status=404)
