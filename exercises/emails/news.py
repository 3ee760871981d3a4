""" "There is news for you": no name, no word about health, only the way here."""

import logging
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

logger = logging.getLogger(__name__)


def send_news(people: Collection[int]) -> None:
    """To those with a verified address. A mail that cannot be sent changes nothing and stops nothing."""
    addresses = EmailAddress.objects.filter(
        user__in=people, user__is_active=True, verified=True, primary=True
    )
    try:
        messages = [_news(*row) for row in addresses.values_list("email", "user__language")]
        if messages:
            get_connection().send_messages(messages)
    except Exception as error:  # whatever a mail server or a driver may raise
        logger.warning("news could not be mailed: %s", type(error).__name__)


def _news(address: str, language: str) -> EmailMessage:
    with override(language or settings.LANGUAGE_CODE):
        text = render_to_string("emails/news.txt", {"site": settings.SITE_URL})
        return EmailMessage(_("There is news for you in AMPS Tracker"), text, to=[address])
