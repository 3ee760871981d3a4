"""Signing in and keeping it safe: what allauth's own pages leave out."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exercises.gates import owes_second_factor
from exercises.models import User
from exercises.services import own_account

CODES = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why there is a second step, and the ways to take it. ``next``: where the person wanted to go."""
    if not owes_second_factor(request):
        return redirect("mfa_index")
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = "/"
    context = {
        "wanted": wanted,
        "has_passkey": is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN]),
        "has_codes": is_mfa_enabled(
            request.user, [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
        ),
    }
    return render(request, "account/second_factor.html", context)


@require_POST
def sign_out_there(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    current = request.session.session_key or ""
    if not own_account.end_sign_in(user=request.user, key=pk, current=current):
        raise Http404
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth asks its adapter before it takes away a code app, but not before it takes away a passkey."""

    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


remove_passkey = reauthentication_required(app="allauth.mfa")(RemovePasskeyView.as_view())
