"""The small questions of HTTP that middleware and views share."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, JsonResponse

from exercises import security


def wants_json(request: HttpRequest) -> bool:
    """Asked for by name: a browser's ``*/*`` is not a wish for JSON."""
    return "application/json" in request.headers.get("Accept", "")


def answer_json(status: int, code: str, **fields: Any) -> JsonResponse:
    """Every JSON answer carries ``code``, so that a captive portal's page can never pass for one of ours."""
    return JsonResponse({"code": code, **fields}, status=status)


def named_return(request: HttpRequest, usual: str, *others: str) -> str:
    """The URL name to return to. A form asks for one of ``others`` by name (``next``), never by URL."""
    name = request.POST.get("next")
    return name if name in others else usual


def client_network(request: HttpRequest | None) -> str:
    """For the log of security events; empty where it cannot be told, which is no reason for an error."""
    try:
        return security.network(get_client_ip(request) if request else None)
    except ImproperlyConfigured:
        return ""
