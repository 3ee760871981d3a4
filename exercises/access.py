"""Who may do what. The only file that names roles.

A view's first line is ``@patient_view(right)``: it turns the code in the URL into a ``Viewer`` (a person, a
patient, and the roles that link them now) or refuses. A stranger gets 404, because that a record exists is
private; a member without the right gets 403.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import timezone

from exercises import adherence
from exercises.models import CareTeamMember, Patient, User

PATIENT, PARENT, THERAPIST = "patient", "parent", "therapist"
EVERYONE = frozenset({PATIENT, PARENT, THERAPIST})

SEE = "see"  # sessions, days, program, function
LOG = "log"
LOG_ANY_DAY = "log any day"
CORRECT_OWN = "correct what they entered"
CORRECT_ANY = "correct any entry"
CORRECT_OLD = "correct entries of any age"
SEE_HOW = "see how and when entries came"
SEE_TIMES = "see clock times"
SEE_TECHNIQUES = "see stress techniques"
SEE_FRIENDS = "see the check-in of friends"
SEE_HARDER = "see harder days"
SEE_WORDS = "see notes and questions"
SEE_PRIVATE_GOALS = "see goals kept private"
MARK_DAY = "mark a harder day, check in"
WRITE_NOTE = "write a note"
ASK = "ask a question"
ANSWER = "answer a question"
SET_GOALS = "add and reach goals"
EDIT_PROGRAM = "edit the program"
ASK_DAY_OFF = "ask for a day off; a therapist sets one"
ANSWER_DAY_OFF = "answer for a day off"
SETTINGS = "change the record's settings"

RIGHTS: dict[str, frozenset[str]] = {
    SEE: EVERYONE,
    LOG: EVERYONE,
    LOG_ANY_DAY: frozenset({THERAPIST}),
    CORRECT_OWN: EVERYONE,
    CORRECT_ANY: frozenset({PATIENT, THERAPIST}),
    CORRECT_OLD: frozenset({THERAPIST}),
    SEE_HOW: frozenset({PATIENT, THERAPIST}),
    SEE_TIMES: frozenset({PATIENT, THERAPIST}),
    SEE_TECHNIQUES: frozenset({PATIENT, THERAPIST}),
    SEE_FRIENDS: frozenset({PATIENT, THERAPIST}),
    SEE_HARDER: frozenset({PATIENT, THERAPIST}),
    SEE_WORDS: frozenset({PATIENT, THERAPIST}),
    SEE_PRIVATE_GOALS: frozenset({PATIENT, THERAPIST}),
    MARK_DAY: frozenset({PATIENT}),
    WRITE_NOTE: frozenset({PATIENT}),
    ASK: frozenset({PATIENT, PARENT}),
    ANSWER: frozenset({THERAPIST}),
    SET_GOALS: frozenset({PATIENT, THERAPIST}),
    EDIT_PROGRAM: frozenset({THERAPIST}),
    ASK_DAY_OFF: EVERYONE,
    ANSWER_DAY_OFF: frozenset({THERAPIST}),
    SETTINGS: frozenset({PATIENT, THERAPIST}),
}
# While no therapist is on the team, the family enters the program from its paper sheet.
RIGHTS_WITHOUT_THERAPIST: dict[str, frozenset[str]] = {EDIT_PROGRAM: EVERYONE}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person in front of one patient's record, with the roles that link them now."""

    user: User
    patient: Patient
    roles: frozenset[str]
    has_teen: bool
    has_therapist: bool
    rights: frozenset[str]
    disciplines: frozenset[str] = frozenset()
    therapists: frozenset[int] = frozenset()

    def may(self, right: str) -> bool:
        return right in self.rights

    @property
    def entered_as(self) -> str:
        """The role under which this person's entries are kept: the one nearest to the teen."""
        return next(role for role in (PATIENT, PARENT, THERAPIST) if role in self.roles)

    @property
    def is_teen(self) -> bool:
        return PATIENT in self.roles

    @property
    def is_therapist(self) -> bool:
        return THERAPIST in self.roles

    def may_correct(self, *, day: date, entered_by: int, today: date) -> bool:
        """An entry of ``day``: any one or one's own, of the last days or of any age."""
        recent = day >= today - timedelta(days=adherence.CORRECTION_DAYS)
        if not (recent or self.may(CORRECT_OLD)):
            return False
        return self.may(CORRECT_ANY) or (self.may(CORRECT_OWN) and entered_by == self.user.pk)

    def may_withdraw(self, *, asked_by: int, answered_by: int | None) -> bool:
        """A day off: one's own until a therapist answered; any, for therapists or on a team without one."""
        if self.may(ANSWER_DAY_OFF) or not self.has_therapist:
            return self.may(ASK_DAY_OFF)
        return self.may(ASK_DAY_OFF) and asked_by == self.user.pk and answered_by is None


def rights_of(roles: frozenset[str], *, has_teen: bool, has_therapist: bool) -> frozenset[str]:
    """What these roles may do on a team with or without a teen and a therapist.

    Parents of a younger child hold the teen's rights, until a teen is linked for the first time: what a teen
    wrote for a therapist does not open to parents because the teen's link ends.
    """
    acting = roles | {PATIENT} if PARENT in roles and not has_teen else roles
    table = RIGHTS if has_therapist else RIGHTS | RIGHTS_WITHOUT_THERAPIST
    return frozenset(right for right, holders in table.items() if acting & holders)


def get_viewer(user: User, code: UUID) -> Viewer:
    """The viewer of the patient with this code; ``Http404`` for everybody who is not on the team now."""
    viewer = _viewer(user, CareTeamMember.objects.active_or_teens().filter(patient__code=code))
    if viewer is None:
        raise Http404
    return viewer


def own_viewer(user: User) -> Viewer | None:
    """The viewer of the person's own record, or ``None`` for somebody who is nobody's teen."""
    own = Q(patient__team__user=user, patient__team__role=PATIENT)
    still = Q(patient__team__until=None) | Q(patient__team__until__gt=timezone.now())
    return _viewer(user, CareTeamMember.objects.active_or_teens().filter(own & still))


def _viewer(user: User, links: QuerySet[CareTeamMember]) -> Viewer | None:
    """``links`` is the team of one patient: active links, and those of any teen, ended ones too."""
    team = list(links.select_related("patient"))
    own = [link for link in team if link.user_id == user.pk and link.is_open]
    if not own or not user.is_active:
        return None
    roles = frozenset(link.role for link in own)
    has_teen = any(link.role == PATIENT for link in team)
    has_therapist = any(link.role == THERAPIST for link in team)
    return Viewer(
        user=user,
        patient=own[0].patient,
        roles=roles,
        has_teen=has_teen,
        has_therapist=has_therapist,
        rights=rights_of(roles, has_teen=has_teen, has_therapist=has_therapist),
        disciplines=frozenset(link.discipline for link in own if link.discipline),
        therapists=frozenset(link.user_id for link in team if link.role == THERAPIST),
    )


def roles_of(user: User) -> frozenset[str]:
    """In which roles a person is linked to anybody now."""
    return frozenset(
        CareTeamMember.objects.active().filter(user=user).order_by().values_list("role", flat=True).distinct()
    )


def links_of(user: User, role: str) -> QuerySet[CareTeamMember]:
    """A person's links in a role now."""
    return CareTeamMember.objects.active().filter(user=user, role=role)


def patients_of(user: User, role: str) -> QuerySet[Patient]:
    """Patients whom a person is linked to in a role now, as a queryset."""
    return Patient.objects.filter(pk__in=links_of(user, role).values("patient_id"))


def with_teen(patients: QuerySet[Patient]) -> QuerySet[Any]:
    """Adds ``has_teen``: whether the patient has, or once had, an account."""
    links = CareTeamMember.objects.as_role(PATIENT).filter(patient=OuterRef("pk"))
    return patients.annotate(has_teen=Exists(links.order_by()))


View = Callable[..., HttpResponseBase]


def patient_view(right: str, **post: str) -> Callable[[View], View]:
    """Marks and guards a view whose URL has a patient's code.

    ``right`` is needed to GET, ``post=…`` to POST; leaving ``post`` out makes the view read-only, and
    ``right=""`` makes it write-only. The view gets the ``Viewer`` in place of the code.
    """
    rights = {"GET": right, "HEAD": right, "POST": post.get("post", "")}

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            assert isinstance(request.user, User)
            viewer = get_viewer(request.user, code)
            needed = rights.get(request.method or "")
            if not needed:
                return HttpResponseNotAllowed([method for method, name in rights.items() if name])
            if not viewer.may(needed):
                raise PermissionDenied
            request.viewer = viewer  # type: ignore[attr-defined]
            return view(request, viewer, *args, **kwargs)

        guarded.patient_rights = rights  # type: ignore[attr-defined]
        return guarded

    return decorate
