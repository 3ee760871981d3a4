"""Who may do what. The only file that names roles.

A view's first line is ``@patient_view(right)``: it turns the code in the URL into a ``Viewer`` (a person, a
patient, and the roles that link them now) or refuses. A stranger gets 404, because that a record exists is
private; a member without the right gets 403.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from exercises import adherence, session_keys
from exercises.models import BreakGlass, CareTeamMember, Patient, User
from exercises.models.choices import EndReason, KeptBy
from exercises.wording import WORDING

PATIENT, PARENT, THERAPIST, ADMINISTRATOR = "patient", "parent", "therapist", "administrator"
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
RECORD_MEASURES = "record measures"
SEE_SLEEP = "see sleep times"
SEE_TODAY = "see today before the agreed hour"
AGREE_HOUR = "agree from when parents see today"
PLAN_WEEK = "write one's plan for a week"
SEND_CHEER = "send a cheer"
SEE_CHEERS = "see all cheers"
MUTE_CHEERS = "mute somebody's cheers"
EDIT_PROGRAM = "edit the program"
ACCEPT_PROGRAM = "accept the program, or ask to talk about it first"
START_FLARE = "go back to the saved full program"
STEP_LADDER = "go a step up or down the texture ladder"
SET_ROUTINE = "choose when desensitization belongs"
ASK_DAY_OFF = "ask for a day off; a therapist sets one"
ANSWER_DAY_OFF = "answer for a day off"
SETTINGS = "change the record's settings"
SEE_TEAM = "see who is on the team and who looked"
SEE_LOOK_HOURS = "see the hour at which somebody looked"
SEE_AS = "see what another member sees"
INVITE_TEEN = "invite the teen"
INVITE_PARENT = "invite a parent"
INVITE_THERAPIST = "invite a therapist"
GIVE_WORD = "agree to a second parent, or to a teen in place of one who left"
NEEDS_NO_WORD = "invite such a parent or teen without anybody's word"
END_OWN = "end one's own link"
END_THERAPIST = "end a therapist's link"
END_PARENT = "end a parent's link"
UNDO_END = "bring back a therapist who was taken off the team"
HAND_OVER = "hand over, or have a colleague cover"
SIGN_IN_CARD = "print a sign-in card for the family"
VOUCH = "say that a therapist whom a parent brought is known"
CONSENT = "agree to the wording"
BEGIN = "say that it is AMPS and a program was given"
EXPORT = "export what one may see"
ASK_ERASURE = "ask for the erasure of the record"
UNDO_ERASURE = "undo an erasure that was asked for"
DECIDE_ERASURE = "decide about the erasure of a clinic-kept record"
SELF_MANAGED = "ask or agree that the record becomes self-managed"
SELF_MANAGED_ALONE = "make the record self-managed"

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
    RECORD_MEASURES: frozenset({THERAPIST}),
    SEE_SLEEP: frozenset({PATIENT, THERAPIST}),
    SEE_TODAY: frozenset({PATIENT, THERAPIST}),
    AGREE_HOUR: frozenset({PATIENT, THERAPIST}),
    PLAN_WEEK: frozenset({PATIENT}),
    SEND_CHEER: frozenset({PARENT, THERAPIST}),
    SEE_CHEERS: frozenset({PATIENT}),
    MUTE_CHEERS: frozenset({PATIENT}),
    EDIT_PROGRAM: frozenset({THERAPIST}),
    ACCEPT_PROGRAM: frozenset({PATIENT}),
    START_FLARE: frozenset({PATIENT, THERAPIST}),
    STEP_LADDER: frozenset({PATIENT, THERAPIST}),
    SET_ROUTINE: frozenset({PATIENT, THERAPIST}),
    ASK_DAY_OFF: EVERYONE,
    ANSWER_DAY_OFF: frozenset({THERAPIST}),
    SETTINGS: frozenset({PATIENT, THERAPIST}),
    SEE_TEAM: EVERYONE,
    SEE_LOOK_HOURS: frozenset({PATIENT, THERAPIST}),
    SEE_AS: frozenset({PATIENT}),
    INVITE_TEEN: frozenset({PARENT, THERAPIST}),
    INVITE_PARENT: EVERYONE,
    INVITE_THERAPIST: EVERYONE,
    GIVE_WORD: frozenset({THERAPIST}),
    NEEDS_NO_WORD: frozenset({PATIENT, THERAPIST}),
    END_OWN: EVERYONE,
    END_THERAPIST: frozenset({PARENT}),
    END_PARENT: frozenset({THERAPIST}),
    UNDO_END: EVERYONE,
    HAND_OVER: frozenset({THERAPIST}),
    SIGN_IN_CARD: frozenset({THERAPIST}),
    VOUCH: frozenset({THERAPIST}),
    CONSENT: frozenset({PATIENT, PARENT}),
    BEGIN: frozenset({PATIENT, PARENT}),
    EXPORT: EVERYONE,
    ASK_ERASURE: frozenset(),
    UNDO_ERASURE: EVERYONE,
    DECIDE_ERASURE: frozenset({THERAPIST}),
    SELF_MANAGED: EVERYONE,
    SELF_MANAGED_ALONE: frozenset({THERAPIST}),
}
# While no therapist is on the team, the family enters the program from its paper sheet.
RIGHTS_WITHOUT_THERAPIST: dict[str, frozenset[str]] = {EDIT_PROGRAM: EVERYONE}
# Not before a family has said that it is AMPS and that a program was given.
RIGHTS_ONCE_TOLD = frozenset(
    {
        LOG, LOG_ANY_DAY, EDIT_PROGRAM, ACCEPT_PROGRAM, START_FLARE, STEP_LADDER, SET_ROUTINE, MARK_DAY,
        ASK_DAY_OFF,
    }
)  # fmt: skip
READING = frozenset(
    {
        SEE, SEE_HOW, SEE_TIMES, SEE_TECHNIQUES, SEE_FRIENDS, SEE_HARDER, SEE_WORDS, SEE_PRIVATE_GOALS,
        SEE_TEAM, SEE_LOOK_HOURS, SEE_SLEEP, SEE_TODAY, SEE_CHEERS,
    }
)  # fmt: skip
# What stays while a clinic-kept record waits to be erased, or kept, by the clinic.
RIGHTS_WHILE_LOCKED = READING | {EXPORT, UNDO_ERASURE, DECIDE_ERASURE, END_OWN, SEE_AS, CONSENT}
# What an administrator may do who broke the glass.
RIGHTS_BEHIND_GLASS = READING - {SEE_WORDS, SEE_PRIVATE_GOALS, SEE_CHEERS}
# How long a therapist who was taken off the team can be brought back.
UNDO_WITHIN = timedelta(days=30)
# Which right it takes to invite somebody in a role.
INVITE_AS = {PATIENT: INVITE_TEEN, PARENT: INVITE_PARENT, THERAPIST: INVITE_THERAPIST}
# What stays closed on a device that several people use.
FOR_THE_TEENS_EYES = frozenset({SEE_WORDS, SEE_PRIVATE_GOALS})


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
    # Has not agreed yet to the wording that counts now.
    asks_consent: bool = False
    # Whose eyes a teen borrows: the role, the name and the key of a member of the team; empty for one's own.
    seeing_as: str = ""
    seeing_name: str = ""
    seeing_id: int | None = None

    def may(self, right: str) -> bool:
        return right in self.rights

    @property
    def entered_as(self) -> str:
        """The role under which this person's entries are kept: the one nearest to the teen."""
        return next(role for role in (PATIENT, PARENT, THERAPIST, ADMINISTRATOR) if role in self.roles)

    @property
    def is_teen(self) -> bool:
        return PATIENT in self.roles

    @property
    def is_therapist(self) -> bool:
        return THERAPIST in self.roles

    @property
    def is_parent(self) -> bool:
        return PARENT in self.roles

    @property
    def is_behind_glass(self) -> bool:
        return ADMINISTRATOR in self.roles

    @property
    def is_closed_here(self) -> bool:
        """A teen on a device that several people use: what is for the teen's eyes stays closed."""
        return self.is_teen and not self.rights >= FOR_THE_TEENS_EYES

    @property
    def is_plain(self) -> bool:
        """The teen, or who stands in a younger child's place, wants no figures, cheers or milestones."""
        own = self.is_teen or not (self.has_teen or self.is_therapist or self.is_behind_glass)
        return own and self.patient.plain_look

    @property
    def eyes(self) -> int:
        """The key of the person whose view this is: one's own, or who lends theirs."""
        return self.seeing_id or self.user.pk

    def hidden_day(self, now: datetime) -> date | None:
        """The day of which this person sees only what they entered: today, until the hour that teen and
        therapist agreed on. ``None`` while nothing is hidden."""
        return None if self.may(SEE_TODAY) else _closed_day(self.patient, now)

    def hides(self, day: date, now: datetime) -> bool:
        return day == self.hidden_day(now)

    @property
    def is_waiting(self) -> bool:
        """The family has not said yet that it is AMPS: nothing is asked, judged or offered."""
        return not self.has_therapist and self.patient.told_at is None

    def may_correct(self, *, day: date, entered_by: int, today: date) -> bool:
        """An entry of ``day``: any one or one's own, of the last days or of any age."""
        recent = day >= today - timedelta(days=adherence.CORRECTION_DAYS)
        if not (recent or self.may(CORRECT_OLD)):
            return False
        return self.may(CORRECT_ANY) or (self.may(CORRECT_OWN) and entered_by == self.user.pk)

    def may_invite(self, role: str) -> bool:
        return self.may(INVITE_AS[role])

    def needs_word_for(self, role: str) -> bool:
        """A parent who asks a parent in: the teen, or a therapist, agrees first. So too for the place of a
        teen who left: a second account of the parent's own would open what that teen kept private."""
        is_asked = role == PARENT or (role == PATIENT and self.has_teen)
        return is_asked and not self.may(NEEDS_NO_WORD)

    def may_end(self, link: CareTeamMember) -> bool:
        """A link of this record: one's own, a therapist's, a parent's, or that of who covers for oneself."""
        if link.user_id == self.user.pk:
            return self.may(END_OWN)
        if link.role == THERAPIST:
            return self.may(END_THERAPIST) or (self.may(HAND_OVER) and link.covers_id == self.user.pk)
        return link.role == PARENT and self.may(END_PARENT)

    def may_vouch(self, link: CareTeamMember) -> bool:
        return link.by_parent and link.is_open and self.may(VOUCH)

    def may_undo(self, link: CareTeamMember) -> bool:
        """Brings back a therapist whom somebody of the family took off the team in the last days."""
        taken_off = can_come_back(link) and link.end_reason == EndReason.ENDED
        recent = link.until is not None and link.until > timezone.now() - UNDO_WITHIN
        return self.may(UNDO_END) and taken_off and recent

    def may_withdraw(self, *, asked_by: int, answered_by: int | None) -> bool:
        """A day off: one's own until a therapist answered; any, for therapists or on a team without one."""
        if self.may(ANSWER_DAY_OFF) or not self.has_therapist:
            return self.may(ASK_DAY_OFF)
        return self.may(ASK_DAY_OFF) and asked_by == self.user.pk and answered_by is None


def rights_of(
    roles: frozenset[str],
    *,
    has_teen: bool,
    has_therapist: bool,
    patient: Patient,
    of_age: bool = False,
    by_parent: bool = False,
) -> frozenset[str]:
    """What these roles may do in this record, on a team with or without a teen and a therapist.

    Parents of a younger child hold the teen's rights, until a teen is linked for the first time: what a teen
    wrote for a therapist does not open to parents because the teen's link ends. ``of_age``: a teen who said
    at sign-up to be old enough to sign up alone. ``by_parent``: a therapist whom a parent brought and nobody
    else knows. It could be a second account of the parent's own: it signs in as nobody and ends no parent.
    """
    acting = roles | {PATIENT} if PARENT in roles and not has_teen else roles
    table = RIGHTS if has_therapist else RIGHTS | RIGHTS_WITHOUT_THERAPIST
    rights = {right for right, holders in table.items() if acting & holders}
    rights |= _rights_of_the_record(roles, acting, patient, of_age)
    if has_therapist and roles == {PARENT}:
        # Also for a younger child: a therapist is there to give the word.
        rights -= {NEEDS_NO_WORD}
    if PARENT in roles:
        # Never a parent for a teen, though they work here as a therapist.
        rights -= {SIGN_IN_CARD, AGREE_HOUR}
    rights -= _needs_two(roles, patient, both=has_teen and has_therapist)
    if by_parent:
        rights -= {SIGN_IN_CARD, END_PARENT, VOUCH}
    if not has_therapist and patient.told_at is None:
        rights -= RIGHTS_ONCE_TOLD
    if patient.self_managed:
        rights -= {SELF_MANAGED, SELF_MANAGED_ALONE}
        if PATIENT not in roles:
            rights -= {END_THERAPIST, UNDO_END, INVITE_PARENT}
    if patient.locked_at:
        rights &= RIGHTS_WHILE_LOCKED
    return frozenset(rights)


def _needs_two(roles: frozenset[str], patient: Patient, *, both: bool) -> set[str]:
    """Without a teen and a therapist (``both``) there is nobody to agree with. What was agreed before the
    therapist left stands until the teen ends it."""
    may_end = PATIENT in roles and patient.parents_from is not None
    return set() if both or may_end else {AGREE_HOUR}


def _rights_of_the_record(
    roles: frozenset[str], acting: frozenset[str], patient: Patient, of_age: bool
) -> set[str]:
    """What depends on who opened the record, who keeps it and who manages it."""
    rights = set()
    if PATIENT in roles:
        rights |= {VOUCH}
        if of_age:
            rights |= {GIVE_WORD}
        if patient.opened_as == PATIENT or patient.self_managed:
            rights |= {END_PARENT, ASK_ERASURE}
        if patient.self_managed:
            rights |= {END_THERAPIST, GIVE_WORD}
    if PARENT in roles and patient.kept_by == KeptBy.FAMILY:
        rights |= {ASK_ERASURE}
    if THERAPIST in roles and patient.kept_by == KeptBy.CLINIC:
        rights |= {ASK_ERASURE}
    return rights


def get_viewer(user: User, code: UUID) -> Viewer:
    """The viewer of the patient with this code; ``Http404`` for everybody who is not on the team now."""
    viewer = _viewer(user, CareTeamMember.objects.active_or_teens().filter(patient__code=code))
    if viewer is None and may_break_glass(user):
        viewer = _behind_glass(user, code)
    if viewer is None:
        raise Http404
    return viewer


def may_break_glass(user: User) -> bool:
    return user.is_staff and user.is_active


def _behind_glass(user: User, code: UUID) -> Viewer | None:
    """An administrator who gave a reason, for as long as that counts."""
    entries = BreakGlass.objects.filter(user=user, patient__code=code, until__gt=timezone.now())
    entry = entries.select_related("patient").first()
    if entry is None:
        return None
    return Viewer(
        user=user,
        patient=entry.patient,
        roles=frozenset({ADMINISTRATOR}),
        has_teen=True,
        has_therapist=True,
        rights=RIGHTS_BEHIND_GLASS,
    )


def viewer_of(user: User, patient: Patient) -> Viewer | None:
    """The viewer of this patient; ``None`` for somebody who is not on the team now."""
    return _viewer(user, CareTeamMember.objects.active_or_teens().filter(patient=patient))


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
    rights = rights_of(
        roles,
        has_teen=has_teen,
        has_therapist=has_therapist,
        patient=own[0].patient,
        of_age=any(link.of_age for link in own),
        by_parent=any(link.by_parent for link in own),
    )
    if all(link.covers_id for link in own):
        rights -= {HAND_OVER}
    return Viewer(
        user=user,
        patient=own[0].patient,
        roles=roles,
        has_teen=has_teen,
        has_therapist=has_therapist,
        rights=rights,
        disciplines=frozenset(link.discipline for link in own if link.discipline),
        therapists=frozenset(link.user_id for link in team if link.role == THERAPIST),
        asks_consent=any(map(is_asked_to_agree, own)),
    )


def with_eyes_of(viewer: Viewer, member: CareTeamMember) -> Viewer:
    """The same record as another member of the team reads it: only looking, nothing to press."""
    roles = frozenset({member.role})
    rights = rights_of(
        roles, has_teen=viewer.has_teen, has_therapist=viewer.has_therapist, patient=viewer.patient
    )
    return replace(
        viewer,
        roles=roles,
        rights=rights & READING,
        disciplines=frozenset({member.discipline}) if member.discipline else frozenset(),
        seeing_as=member.role,
        seeing_name=member.user.shown_name,
        seeing_id=member.user_id,
    )


def as_in_session(viewer: Viewer, session: Mapping[str, Any], *, reading: bool) -> Viewer:
    """What this sign-in session changes: borrowed eyes (for reading only), a device that is shared."""
    shared = viewer.is_teen and session.get(session_keys.SHARED_DEVICE)
    borrowed = session.get(session_keys.SEEING_AS)
    if reading and borrowed and borrowed[0] == str(viewer.patient.code) and viewer.may(SEE_AS):
        links = CareTeamMember.objects.active().filter(patient=viewer.patient, pk=borrowed[1])
        member = links.select_related("user").first()
        if member is not None:
            viewer = with_eyes_of(viewer, member)
    return replace(viewer, rights=viewer.rights - FOR_THE_TEENS_EYES) if shared else viewer


def can_come_back(link: CareTeamMember) -> bool:
    """A therapist who is taken off the team can be brought back; a colleague who covered is asked anew."""
    return link.role == THERAPIST and link.covers_id is None


def is_teens(link: CareTeamMember) -> bool:
    return link.role == PATIENT


def is_asked_to_agree(link: CareTeamMember) -> bool:
    """Somebody of the family who has not agreed to the wording that counts now."""
    return link.role != THERAPIST and link.consented_to != WORDING


def _closed_day(patient: Patient, now: datetime) -> date | None:
    """Today, while parents do not see it yet."""
    clock = patient.clock_at(now)
    if patient.parents_from is None or not clock.is_before(patient.parents_from, now):
        return None
    return clock.day_of(now)


def hidden_day_of(child: Any, now: datetime) -> date | None:
    """As ``Viewer.hidden_day`` for a parent of this child, who comes from ``children_of``."""
    return _closed_day(child, now) if child.has_teen and not child.is_patient_of else None


def children_of(user: User) -> QuerySet[Any]:
    """A parent's patients with ``has_teen``; ``asks_consent``: the parent has not agreed to the wording that
    counts now; ``is_waiting``: as ``Viewer.is_waiting``; ``is_patient_of``: the parent is a therapist of the
    child, too."""
    therapists = CareTeamMember.objects.active().filter(patient=OuterRef("pk"), role=THERAPIST)
    agreed = links_of(user, PARENT).filter(patient=OuterRef("pk"), consented_to=WORDING)
    children: QuerySet[Any] = with_teen(patients_of(user, PARENT)).annotate(
        asks_consent=~Exists(agreed.order_by()),
        is_waiting=Q(Q(told_at=None), ~Exists(therapists.order_by())),
        is_patient_of=Exists(therapists.filter(user=user).order_by()),
    )
    return children


def therapists_of(patient: Patient) -> QuerySet[CareTeamMember]:
    """The links of therapists now."""
    return CareTeamMember.objects.active().filter(patient=patient, role=THERAPIST)


def teens_of(patient: Patient) -> QuerySet[CareTeamMember]:
    """The link of the teen now."""
    return CareTeamMember.objects.active().filter(patient=patient, role=PATIENT)


def parents_of(patient: Patient) -> QuerySet[CareTeamMember]:
    """The links of parents now."""
    return CareTeamMember.objects.active().filter(patient=patient, role=PARENT)


def cheerers_of(patient: Patient) -> QuerySet[CareTeamMember]:
    """The links of everybody who may send a cheer, ended ones too."""
    return CareTeamMember.objects.filter(patient=patient, role__in=RIGHTS[SEND_CHEER])


def family_of(patient: Patient) -> QuerySet[CareTeamMember]:
    """The links of teens and parents, ended ones too."""
    return CareTeamMember.objects.filter(patient=patient).exclude(role=THERAPIST)


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


def patients_prescribed_by(user: User) -> QuerySet[Patient]:
    """Patients whose program somebody may change as their therapist."""
    return patients_of(user, THERAPIST).filter(locked_at=None)


def may_keep_activities(user: User) -> bool:
    """Activities and plans of one's own: for clinicians, and for a family that types in its paper sheet."""
    if user.is_clinician:
        return True
    links = CareTeamMember.objects.active().filter(user=user).select_related("patient")
    viewers = (viewer_of(user, link.patient) for link in links)
    return any(viewer is not None and viewer.may(EDIT_PROGRAM) for viewer in viewers)


def with_teen(patients: QuerySet[Patient]) -> QuerySet[Any]:
    """Adds ``has_teen``: whether the patient has, or once had, an account."""
    links = CareTeamMember.objects.as_role(PATIENT).filter(patient=OuterRef("pk"))
    return patients.annotate(has_teen=Exists(links.order_by()))


View = Callable[..., HttpResponseBase]


def patient_view(right: str, *, consent: bool = True, **post: str) -> Callable[[View], View]:
    """Marks and guards a view whose URL has a patient's code.

    ``right`` is needed to GET, ``post=…`` to POST; leaving ``post`` out makes the view read-only, and
    ``right=""`` makes it write-only. The view gets the ``Viewer`` in place of the code. Whoever has not
    agreed to the wording that counts now is asked before a page is shown (``consent=False``: not here);
    what they send is kept all the same.
    """
    rights = {"GET": right, "HEAD": right, "POST": post.get("post", "")}

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, code: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
            assert isinstance(request.user, User)
            needed = rights.get(request.method or "")
            reading = request.method != "POST"
            viewer = as_in_session(get_viewer(request.user, code), request.session, reading=reading)
            if not needed:
                return HttpResponseNotAllowed([method for method, name in rights.items() if name])
            # Before the refusal, whose page names the borrowed eyes too.
            request.viewer = viewer  # type: ignore[attr-defined]
            if not viewer.may(needed):
                raise PermissionDenied
            if consent and reading and viewer.asks_consent:
                return redirect("consent", viewer.patient.code)
            response = view(request, viewer, *args, **kwargs)
            # On the answer: after a re-authentication this is not the request that the middleware holds.
            response.look = (viewer, request)  # type: ignore[attr-defined]
            return response

        guarded.patient_rights = rights  # type: ignore[attr-defined]
        return guarded

    return decorate
