"""Sign-in cards for a family that is locked out: made by a therapist, printed once, good for a day."""

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from exercises import access, codes
from exercises.access import Viewer, patient_view
from exercises.forms.sign_in_cards import MakeCardForm
from exercises.models import SignInCard
from exercises.queries import sign_in_cards as queries
from exercises.services import sign_in_cards as cards
from exercises.views import show_once


@patient_view(access.SIGN_IN_CARD, post=access.SIGN_IN_CARD)
@reauthentication_required(allow_get=True)
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """POST makes a card, and leads to the page that prints it."""
    form = MakeCardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            card, code = cards.make(viewer=viewer, member=form.cleaned_data["member"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            show_once.keep(request, _name(card), codes.grouped(code))
            return redirect("sign-in-card", viewer.patient.code, card.pk)
    context = {
        "viewer": viewer,
        "refused": bool(form.errors),
        "holders": queries.holders(viewer.patient, but=viewer.user),
        "open": queries.open_cards(viewer.patient),
    }
    return render(request, "sign_in_cards/index.html", context, status=422 if form.errors else 200)


@patient_view(access.SIGN_IN_CARD)
def card(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Shows the code for ten minutes to whoever made it."""
    row = _card_or_404(viewer, pk)
    context = {
        "viewer": viewer,
        "card": row,
        "code": show_once.shown(request, _name(row)) if row.is_open else "",
        "until": queries.wall_time(viewer.patient, row.expires_at),
        "address": request.build_absolute_uri(reverse("card")),
    }
    return render(request, "sign_in_cards/card.html", context)


@patient_view("", post=access.SIGN_IN_CARD)
@reauthentication_required
def revoke(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    row = _card_or_404(viewer, pk)
    cards.revoke(viewer=viewer, card=row)
    show_once.forget(request, _name(row))
    return redirect("sign-in-cards", viewer.patient.code)


def _card_or_404(viewer: Viewer, pk: int) -> SignInCard:
    row = queries.card_of(viewer.patient, pk)
    if row is None:
        raise Http404
    return row


def _name(card: SignInCard) -> str:
    return f"card {card.pk}"
