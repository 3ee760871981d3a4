"""A signed-in device in plain words. Formatting only."""

from django import template
from django.utils.translation import gettext

from exercises import user_agents

register = template.Library()


@register.filter
def device_words(said: str) -> str:
    """``Chrome on Android`` of the line that a browser sends."""
    agent = user_agents.read(said)
    if agent.browser and agent.system:
        return gettext("{browser} on {system}").format(browser=agent.browser, system=agent.system)
    return agent.browser or agent.system or gettext("A device we do not know")
