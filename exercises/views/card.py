"""Coming in with a printed sign-in card, and the new password that follows."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.password_change import finalize_password_set
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from exercises.forms.accounts import FirstPasswordForm
from exercises.forms.sign_in_cards import CardForm
from exercises.models import User
from exercises.services import sign_in_cards as cards
from exercises.session_keys import NEW_PASSWORD
from exercises.views import guesses
from exercises.views.errors import too_many

PAGE = ("GET", "HEAD", "POST")
DEAD = _(
    "This card does not work. A card works once, for one day. "
    "Look at the name and the code again, or ask your therapist for a new card."
)
# How long after the card the new password can be chosen without the old one.
PASSWORD_WITHIN = 60 * 60


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(PAGE)
def card(request: HttpRequest) -> HttpResponse:
    """A card that is wrong, used, taken back or too old gets one and the same answer."""
    form = CardForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _card_page(request, form, 422 if form.errors else 200)
    if guesses.are_over(request):
        return too_many(request, guesses.SECONDS)
    user = cards.use(code=form.typed_code, username=form.cleaned_data["username"])
    if user is None:
        guesses.count(request)
        form.add_error(None, DEAD)
        return _card_page(request, form, 422)
    return _signed_in(request, user)


def _card_page(request: HttpRequest, form: CardForm, status: int) -> HttpResponse:
    return render(request, "sign_in_cards/sign_in.html", {"form": form}, status=status)


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    """Whoever has a second factor is asked for it before anything else."""
    if request.user.is_authenticated:
        logout(request)
    request.session[NEW_PASSWORD] = [user.pk, int(timezone.now().timestamp()) + PASSWORD_WITHIN]
    record_authentication(request, user, method="card")
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("card-password"))
    return response


@sensitive_post_parameters()
@require_http_methods(PAGE)
def password(request: HttpRequest) -> HttpResponse:
    """A new password without the old one: once, by whoever just came in with a card."""
    assert isinstance(request.user, User)
    if not _may_choose(request):
        return redirect("account_change_password")
    form = FirstPasswordForm(user=request.user, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        del request.session[NEW_PASSWORD]
        finalize_password_set(request, request.user)
        return redirect("home")
    context = {"form": form}
    return render(request, "sign_in_cards/password.html", context, status=422 if form.errors else 200)


def _may_choose(request: HttpRequest) -> bool:
    key, until = request.session.get(NEW_PASSWORD, (None, 0))
    return bool(key == request.user.pk and until > timezone.now().timestamp())
