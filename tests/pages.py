"""Every page there is, by URL name: the one list that the tests of access, leaks, axe and layout walk.

`tests/test_access_matrix.py` holds it against the resolver, so that a new page cannot be forgotten.
"""

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
    "sessions": (set(), TEAM),
    "session-new": (TEAM, set()),
    "session": ({"teen", "therapist"}, {"teen", "therapist"}),
    "session-void": (set(), {"teen", "therapist"}),
    "session-restore": (set(), {"teen", "therapist"}),
    "program": (TEAM, {"therapist"}),
    "program-edit": ({"therapist"}, {"therapist"}),
    "function": (TEAM, set()),
    "goals": (set(), {"teen", "therapist"}),
    "goal": (set(), {"teen", "therapist"}),
    "days-off": (TEAM, TEAM),
    "day-off-answer": (set(), {"therapist"}),
    "day-off-withdraw": (set(), {"teen", "therapist"}),
    "note-new": ({"teen"}, {"teen"}),
    "question-new": ({"teen", "parent"}, {"teen", "parent"}),
    "question-answer": (set(), {"therapist"}),
    "words": (TEAM, set()),
    "patient-settings": ({"teen", "therapist"}, {"teen", "therapist"}),
}

# A person's own pages, for whoever is signed in.
SIGNED_IN = (
    "home",
    "today",
    "family",
    "caseload",
    "more",
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
)
# What somebody sees who is not; with the arguments of a link that has had its day.
SIGNED_OUT = {
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
}
NO_PAGE = ("healthz",)


def readable(who):
    """URL names of the patient's pages that one of the team may open."""
    return [name for name, (get, _post) in PAGES.items() if who in get]


def url_of(cast, world, name):
    """Where a patient's page is; ``world`` has the rows that some addresses name."""
    match name:
        case "day" | "harder" | "call":
            extra = [cast.patient.today().isoformat()]
        case "session" | "session-void" | "session-restore":
            extra = [world.session.client_id]
        case "goal":
            extra = [world.goal.pk]
        case "day-off-answer" | "day-off-withdraw":
            extra = [world.day_off.pk]
        case "question-answer":
            extra = [world.question.pk]
        case _:
            extra = []
    return reverse(name, args=[cast.patient.code, *extra])
