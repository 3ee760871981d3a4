"""Two desensitization sessions in one tap: two forms in one post."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exercises import adherence
from exercises.access import Viewer
from exercises.queries.sessions import one_session, parse_uuid

from .sessions import ResentForm, SessionForm

# What the second session has of its own; all else is the same.
OF_EACH = ("id", "slot", "activity")


def two_forms(posted: QueryDict, *, viewer: Viewer, received_at: datetime) -> tuple[SessionForm, ...]:
    """The two, judged: of the second, ``id_2``, ``slot_2`` and ``activity_2``."""
    second = posted.copy()
    for name in OF_EACH:
        second[name] = posted.get(f"{name}_2", "")
    found = tuple(_judged(data, viewer, received_at) for data in (posted, second))
    if posted.get("strand") != adherence.DESENSITIZATION:
        found[0].add_error("strand", _("Only desensitization can be logged twice at once."))
    if posted.get("id") == second["id"]:
        found[0].add_error("id", forms.ValidationError(_("Two sessions need two ids.")))
    return found


def _judged(data: QueryDict, viewer: Viewer, received_at: datetime) -> SessionForm:
    """A re-send that would not pass by now is held against what is kept."""
    form = SessionForm(data, viewer=viewer, received_at=received_at)
    client_id = None if form.is_valid() else parse_uuid(data.get("id", ""))
    kept = one_session(viewer, client_id) if client_id else None
    return ResentForm(data, viewer=viewer, received_at=received_at, kept=kept) if kept else form
