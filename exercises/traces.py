"""What every answer leaves behind: who looked at a record, and what was refused."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import timezone

from exercises import security
from exercises.http import client_network
from exercises.models.choices import PageKind
from exercises.services.looks import note_look

Handler = Callable[[HttpRequest], HttpResponseBase]

# What each page of a record shows, by URL name; ``None`` shows nothing of what is in the record.
KINDS: dict[str, PageKind | None] = {
    "patient": PageKind.RECORD,
    "patient-today": PageKind.DAYS,
    "yesterday-asked": None,
    "day": PageKind.DAYS,
    "harder": PageKind.DAYS,
    "call": None,
    "sessions": PageKind.DAYS,
    "session-new": PageKind.DAYS,
    "sessions-two": PageKind.DAYS,
    "session": PageKind.DAYS,
    "session-void": PageKind.DAYS,
    "session-restore": PageKind.DAYS,
    "timer": PageKind.DAYS,
    "timer-act": PageKind.DAYS,
    "guided": PageKind.PROGRAM,
    "guided-act": PageKind.PROGRAM,
    "grid": PageKind.DAYS,
    "days-off": PageKind.DAYS,
    "day-off-answer": PageKind.DAYS,
    "day-off-withdraw": PageKind.DAYS,
    "week": PageKind.HISTORY,
    "week-plan": PageKind.HISTORY,
    "history": PageKind.HISTORY,
    "program": PageKind.PROGRAM,
    "program-answer": PageKind.DAYS,
    "program-flare": PageKind.DAYS,
    "routine": PageKind.SETTINGS,
    "ladder": PageKind.PROGRAM,
    "program-edit": PageKind.PROGRAM,
    "program-from": None,
    "calm": PageKind.DAYS,
    "calm-technique": PageKind.PROGRAM,
    "function": PageKind.FUNCTION,
    "goals": PageKind.FUNCTION,
    "goal": PageKind.FUNCTION,
    "goal-steps": PageKind.FUNCTION,
    "goal-step": PageKind.FUNCTION,
    "measures": PageKind.FUNCTION,
    "measure-void": PageKind.FUNCTION,
    "measure-restore": PageKind.FUNCTION,
    "note-new": PageKind.WORDS,
    "question-new": PageKind.WORDS,
    "question-answer": PageKind.WORDS,
    "question-say": PageKind.WORDS,
    "cheers": PageKind.WORDS,
    "cheers-mute": PageKind.WORDS,
    "words": PageKind.WORDS,
    "erase": None,
    "erase-undo": None,
    "erase-decide": None,
    "sign-in-cards": PageKind.TEAM,
    "sign-in-card": PageKind.TEAM,
    "sign-in-card-revoke": PageKind.TEAM,
    "patient-settings": PageKind.SETTINGS,
    "team": PageKind.TEAM,
    "team-end": PageKind.TEAM,
    "team-undo": PageKind.TEAM,
    "team-vouch": PageKind.TEAM,
    "team-hand-over": PageKind.TEAM,
    "team-cover": PageKind.TEAM,
    "team-preview": None,
    "today-hour": PageKind.TEAM,
    "self-managed": PageKind.TEAM,
    "looked": PageKind.TEAM,
    "invitations": PageKind.TEAM,
    "invitation": PageKind.TEAM,
    "invitation-revoke": PageKind.TEAM,
    "invitation-agree": PageKind.TEAM,
    "consent": None,
    "begin": None,
    "export": None,
}
# A download is a look, though it is asked for by POST.
DOWNLOADS = {"export": PageKind.EXPORT}
# A form that comes back shows the page it stands on.
FORM_CAME_BACK = (409, 422)
REFUSALS = (400, 401, 403, 405, 413, 429)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def note_looks(get_response: Handler) -> Handler:
    """Somebody other than the teen was shown something of a record: noted once the answer is out."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not hasattr(response, "look"):
            return response
        viewer, asked = response.look
        kind = kind_of(asked, response.status_code)
        if kind in DOWNLOADS.values():
            # Each one, and the teen's own: a copy leaves the house.
            security.note("exported", user=viewer.user.pk, patient=viewer.patient.pk)
        if kind and not viewer.is_teen and not viewer.seeing_as:
            response._resource_closers.append(  # type: ignore[attr-defined]
                partial(note_look, viewer=viewer, kind=kind, now=timezone.now())
            )
        return response

    return middleware


def kind_of(request: HttpRequest, status: int) -> PageKind | None:
    """What an answer with this status shows of a record."""
    match = request.resolver_match or resolve(request.path_info)
    name = match.url_name or ""
    worked = 200 <= status < 300
    if worked and request.method == "POST":
        return DOWNLOADS.get(name)
    if (worked and request.method == "GET") or status in FORM_CAME_BACK:
        return KINDS.get(name, PageKind.RECORD)
    return None


def note_refusals(get_response: Handler) -> Handler:
    """One line for each refusal, whoever refused."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if _is_refusal(request, response.status_code):
            _note_refusal(request, response.status_code)
        return response

    return middleware


def _note_refusal(request: HttpRequest, status: int) -> None:
    person = _person(request)
    security.note(
        "refused",
        status=status,
        method=request.method if request.method in METHODS else "other",
        page=getattr(request.resolver_match, "url_name", None),
        user=person,
        network=None if person else client_network(request),
    )


def _is_refusal(request: HttpRequest, status: int) -> bool:
    """For an address with a code "nothing here" is one; for a record's page, the way to the sign-in too."""
    match = request.resolver_match
    if status in REFUSALS or match is None:
        return status in REFUSALS
    if status == 302 and hasattr(match.func, "patient_rights"):
        return _person(request) is None
    return status == 404 and "code" in match.kwargs


def _person(request: HttpRequest) -> int | None:
    """Nobody is signed in before the middleware that knows has run."""
    user = getattr(request, "user", None)
    return user.pk if user is not None else None
