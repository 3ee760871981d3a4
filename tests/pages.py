"""Every page there is, by URL name: the one list that the tests of access, leaks, axe and layout walk.

`tests/test_access_matrix.py` holds it against the resolver, so that a new page cannot be forgotten.
"""

from typing import Any

from django.urls import reverse

TEAM = {"teen", "parent", "therapist"}
# URL name: who may GET, who may POST. Nobody else may; an empty set means the method does not exist.
PAGES = {
    "patient": (TEAM, set()),
    "patient-today": (TEAM, set()),
    "yesterday-asked": (set(), TEAM),
    "day": (TEAM, {"teen"}),
    "harder": ({"teen"}, set()),
    "call": (TEAM, set()),
    "history": (TEAM, set()),
    "week": (TEAM, set()),
    "week-plan": (set(), {"teen"}),
    "sessions": (set(), TEAM),
    "session-new": (TEAM, set()),
    "grid": (TEAM, TEAM),
    "session": ({"teen", "therapist"}, {"teen", "therapist"}),
    "session-void": (set(), {"teen", "therapist"}),
    "session-restore": (set(), {"teen", "therapist"}),
    "timer": (TEAM, TEAM),
    "timer-act": (set(), TEAM),
    "guided": (TEAM, TEAM),
    "guided-act": (set(), TEAM),
    "program": (TEAM, {"therapist"}),
    "program-answer": (set(), {"teen"}),
    "program-flare": (set(), {"teen", "therapist"}),
    "routine": ({"teen", "therapist"}, {"teen", "therapist"}),
    "ladder": (TEAM, {"teen", "therapist"}),
    "sessions-two": (set(), TEAM),
    "program-edit": ({"therapist"}, {"therapist"}),
    "program-from": ({"therapist"}, set()),
    "calm": (TEAM, set()),
    "calm-technique": (TEAM, set()),
    "function": (TEAM, set()),
    "goals": (TEAM, {"teen", "therapist"}),
    "goal": (set(), {"teen", "therapist"}),
    "goal-steps": (set(), {"teen", "therapist"}),
    "goal-step": (set(), {"teen", "therapist"}),
    "measures": (TEAM, {"therapist"}),
    "measure-void": (set(), {"therapist"}),
    "measure-restore": (set(), {"therapist"}),
    "days-off": (TEAM, TEAM),
    "day-off-answer": (set(), {"therapist"}),
    "day-off-withdraw": (set(), {"teen", "therapist"}),
    "note-new": ({"teen"}, {"teen"}),
    "question-new": ({"teen", "parent"}, {"teen", "parent"}),
    "question-answer": (set(), {"therapist"}),
    # A parent's own questions too; this one is the teen's.
    "question-say": (set(), {"teen"}),
    "cheers": (TEAM, {"parent", "therapist"}),
    "cheers-mute": (set(), {"teen"}),
    "words": (TEAM, set()),
    "begin": ({"teen", "parent"}, {"teen", "parent"}),
    "consent": ({"teen", "parent"}, {"teen", "parent"}),
    "team": (TEAM, set()),
    "team-end": ({"parent", "therapist"}, {"parent", "therapist"}),
    "team-undo": (set(), TEAM),
    "team-vouch": (set(), {"teen", "therapist"}),
    "team-hand-over": ({"therapist"}, {"therapist"}),
    "team-cover": ({"therapist"}, {"therapist"}),
    "self-managed": (TEAM, TEAM),
    "team-preview": (set(), {"teen"}),
    "looked": (TEAM, set()),
    # Kept by the family: a parent asks, anybody says no.
    "erase": (TEAM, {"parent"}),
    "erase-undo": (set(), TEAM),
    "erase-decide": (set(), {"therapist"}),
    "export": (TEAM, TEAM),
    "invitations": (TEAM, TEAM),
    "invitation": (TEAM, set()),
    "invitation-revoke": (set(), {"parent", "therapist"}),
    "invitation-agree": (set(), {"therapist"}),
    "sign-in-cards": ({"therapist"}, {"therapist"}),
    "sign-in-card": ({"therapist"}, set()),
    "sign-in-card-revoke": (set(), {"therapist"}),
    "today-hour": ({"teen", "therapist"}, {"teen", "therapist"}),
    "patient-settings": ({"teen", "therapist"}, {"teen", "therapist"}),
}

# A person's own pages, for whoever is signed in.
SIGNED_IN = (
    "home",
    "today",
    "family",
    "caseload",
    "more",
    "record-new",
    "activities",
    "activity-new",
    "plan-templates",
    "news",
    "device",
    "device-pin",
    "card-password",
    "account-close",
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "second-factor",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "usersessions_list",
)
# Not there before somebody has a code app, a passkey or another sign-in: see tests/test_second_factor.py and
# tests/test_user_sessions.py.
ONCE_SET_UP = (
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "sign-out-there",
)
# What somebody sees who is not; with the arguments of a link that has had its day.
SIGNED_OUT: dict[str, list[Any]] = {
    "privacy": [],
    "learn": [],
    "learn-page": ["when-to-call"],
    "card": [],
    "tiles": [],
    "tile": [1],
    "join": [],
    "join-code": ["used-up"],
    "start": [],
    "start-age": [],
    "account_login": [],
    "account_signup": [],
    "account_inactive": [],
    "account_reset_password": [],
    "account_reset_password_done": [],
    "account_reset_password_from_key": ["1", "used-up"],
    "account_reset_password_from_key_done": [],
    "account_email_verification_sent": [],
    "account_confirm_email": ["used-up"],
    "account_confirm_login_code": [],
    "mfa_authenticate": [],
    "mfa_login_webauthn": [],
}
# For administrators only; with the arguments of a row that is not there.
ADMINISTRATION: dict[str, list[Any]] = {
    "break-glass": [],
    "clinicians": [],
    "clinician-invitation": [999],
    "clinician-invitation-revoke": [999],
}
# Of a row that somebody made for themselves: see tests/test_activities.py, tests/test_templates_of_plans.py.
ONCE_MADE = ("activity", "plan-template")
NO_PAGE = ("healthz", "still-here", *ONCE_SET_UP, *ONCE_MADE)


def readable(who):
    """URL names of the patient's pages that one of the team may open."""
    return [name for name, (get, _post) in PAGES.items() if who in get]


def url_of(cast, world, name):  # noqa: C901  (a plain list of addresses)
    """Where a patient's page is; ``world`` has the rows that some addresses name."""
    match name:
        case "day" | "harder" | "call":
            extra = [cast.patient.today().isoformat()]
        case "session" | "session-void" | "session-restore":
            extra = [world.session.client_id]
        case "program-answer":
            extra = [cast.patient.programs.latest("starts_on").version]
        case "goal" | "goal-steps":
            extra = [world.goal.pk]
        case "goal-step":
            extra = [world.step.pk]
        case "measure-void" | "measure-restore":
            extra = [world.measure.pk]
        case "calm-technique":
            extra = [world.technique.pk]
        case "day-off-answer" | "day-off-withdraw":
            extra = [world.day_off.pk]
        # The parent's link: theirs to end, and a therapist's.
        case "team-end":
            extra = [cast.patient.team.get(user=cast.dana, role="parent").pk]
        # The therapist's, which stands and is known: nothing to do.
        case "team-undo" | "team-vouch":
            extra = [cast.patient.team.get(user=cast.lee, role="therapist").pk]
        case "invitation" | "invitation-revoke" | "invitation-agree":
            extra = [world.invitation.pk]
        case "sign-in-card" | "sign-in-card-revoke":
            extra = [world.sign_in_card.pk]
        case "question-answer" | "question-say":
            extra = [world.question.pk]
        case _:
            extra = []
    return reverse(name, args=[cast.patient.code, *extra])
