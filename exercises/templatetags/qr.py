"""A QR code as inline SVG: black on white in every theme, since phones read it so."""

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
# White around the code, in modules: what the standard asks for.
QUIET_ZONE = 4


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """``label`` is read out in place of the picture."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=QUIET_ZONE)]
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
        label, len(rows), len(rows), len(rows), len(rows), _path(rows),
    )  # fmt: skip


def _path(rows: list[bytes]) -> str:
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
