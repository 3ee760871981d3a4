"""Family: every child of a parent at one glance, and logging for a child in two taps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from exercises.models import User
from exercises.queries.family import children, just_saved
from exercises.queries.sessions import deed_in
from exercises.words import we_look


@require_safe
def family(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    cards = children(request.user)
    if cards and all(card.asks_consent for card in cards):
        return redirect("consent", cards[0].patient.code)
    context = {
        "children": cards,
        "saved": just_saved(request.user, cards, deed_in(request.GET)),
        "we_look": we_look(),
    }
    return render(request, "family/family.html", context)
