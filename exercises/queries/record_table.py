"""What a copy of a record has: which columns of which models, and the right that shows each.

What writes a copy, what takes one in, and the description of the file are all made from this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Model

from exercises import access
from exercises.models import (
    AccessRecord,
    Activity,
    BreakGlass,
    CareTeamMember,
    Change,
    Cheer,
    Consent,
    DailyLog,
    DayOff,
    Erasure,
    FunctionGoal,
    FunctionMeasure,
    GoalStep,
    Intention,
    Invitation,
    LadderMove,
    Milestone,
    Note,
    Patient,
    Program,
    ProgramItem,
    Question,
    RoutinePeriod,
    RoutineSlot,
    SessionItem,
    SignInCard,
    TherapySession,
)
from exercises.models.program import SMALLER_NUMBERS, WEEK_NUMBERS

SCHEMA, VERSION = "amps-tracker/record", 1
# Rows that another row names by a column of its own; all others are named by their place in the file.
NATURAL: dict[type[Model], str] = {
    DailyLog: "day",
    FunctionGoal: "client_id",
    Program: "version",
    TherapySession: "client_id",
}
# Columns under another name in the file.
KEYS = {"client_id": "id", "daily_log": "day", "subject_id": "of"}
# What a change may be about, with the column that names it in the file; anything else is named by nothing.
SUBJECTS: dict[str, tuple[type[Model], str]] = {
    "session": (TherapySession, "client_id"),
    "day": (DailyLog, "day"),
    "program": (Program, "version"),
    "day off": (DayOff, "client_id"),
    "goal": (FunctionGoal, "client_id"),
    "step": (GoalStep, "client_id"),
    "measure": (FunctionMeasure, "client_id"),
}
# What is a teen's own: who they do not want to hear cheers from. A whole copy may be without it.
TEENS_OWN = access.SEE_CHEERS
# Whether the session that this one was done together with was removed.
TOGETHER_VOIDED = "together_with__voided_at"
# What a change keeps of a session names these rows by their keys.
SNAPSHOT: dict[str, type[Model]] = {"activity": Activity, "slot": RoutineSlot, "items": ProgramItem}


def about(subject: str) -> str:
    """The helper that names what a change of this subject is about."""
    return f"about_{subject.replace(' ', '_')}"


@dataclass(frozen=True, slots=True)
class Section:
    """One list in the file. ``columns`` are names of model fields by the right that shows them, ``derived``
    what is worked out from them, with ``helpers`` that are not in the file; ``path`` leads to the patient,
    ``outer`` (of rows inside others) to the row around. Rows that others name by "ref" are ``numbered``."""

    name: str
    model: type[Model]
    columns: Mapping[str, tuple[str, ...]]
    right: str = access.SEE
    order: tuple[str, ...] = ("pk",)
    path: str = "patient"
    derived: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    inner: "Section | None" = None
    outer: str = ""
    numbered: bool = False

    def fields(self, may: Callable[[str], bool] = lambda right: True) -> list[str]:
        """Names of the model fields; without an argument of all of them."""
        return [name for right, names in self.columns.items() if may(right) for name in names]

    def key(self, name: str) -> str:
        return KEYS.get(name, name)


DOSE = ("sets", "reps", "hold_seconds")
ITEMS = Section(
    "items",
    ProgramItem,
    {access.SEE: ("activity", "order", *DOSE, "minutes", "side", "load", "body_area", "words")},
    order=("order", "pk"),
    path="program__patient",
    outer="program",
    numbered=True,
)
DONE = Section(
    "items",
    SessionItem,
    {access.SEE: ("activity", "program_item", *DOSE)},
    path="session__patient",
    outer="session",
)
RECORD = Section(
    "record",
    Patient,
    {
        access.SEE: (
            "code", "name", "zone", "day_start", "body_areas", "kept_by", "self_managed", "opened_as",
            "told_at", "created_at", "last_logged_on", "self_managed_asked_by", "self_managed_asked_at",
            "locked_at", "erase_at", "parents_from",
        ),
        access.SEE_HOW: (
            "paper", "previous_zone", "previous_day_start", "clock_since", "timer_hidden", "chime",
            "school_from", "school_until", "night_from", "plain_look",
        ),
        access.SEE_SLEEP: ("sleep_on",),
        access.SEE_TODAY: ("parents_from_asked", "parents_from_asked_as"),
    },
    path="pk",
)  # fmt: skip
SECTIONS = (
    RECORD,
    Section(
        "team",
        CareTeamMember,
        {
            access.SEE: (
                "user", "role", "discipline", "since", "until", "ended_by", "end_reason", "covers",
                "consented_to", "by_parent",
            ),
            access.SEE_HOW: ("of_age",),
            TEENS_OWN: ("muted_at",),
        },
        right=access.SEE_TEAM,
    ),
    Section("consents", Consent, {access.SEE: ("user", "role", "wording", "agreed_at")}, access.SEE_TEAM),
    Section(
        "invitations",
        Invitation,
        {
            access.SEE: (
                "role", "discipline", "made_by", "made_as", "made_at", "expires_at", "needs_word",
                "agreed_by", "agreed_at", "used_by", "used_at", "revoked_by", "revoked_at",
            )
        },
        right=access.SEE_TEAM,
    ),
    Section(
        "sign_in_cards",
        SignInCard,
        {access.SEE: ("user", "made_by", "made_at", "expires_at", "used_at", "revoked_at")},
        right=access.SEE_HOW,
    ),
    Section(
        "programs",
        Program,
        {
            access.SEE: (
                "version", "starts_on", "kind", "cardio", "exercises", "exercises_by", "desensitization",
                "areas_rule", "touch_areas", "desensitization_minutes", "stress", "usual_cardio",
                "usual_exercises", "usual_desensitization", *WEEK_NUMBERS,
                "ladder", "ladder_starts_at", "ladder_by_teen", "flare_plan", "created_by", "created_at",
                "replaced_at",
            ),
            access.SEE_HARDER: ("harder_rule", *SMALLER_NUMBERS),
            access.SEE_HOW: ("accepted_at", "accepted_by", "talk_at", "talk_by"),
        },
        order=("starts_on", "version"),
        inner=ITEMS,
    ),
    Section(
        "ladder_moves",
        LadderMove,
        {
            access.SEE: ("program", "step"),
            access.SEE_TIMES: ("at",),
            access.SEE_HOW: ("by", "entered_as"),
        },
    ),
    Section(
        "slots",
        RoutineSlot,
        {access.SEE: ("set", "name", "weekdays"), access.SEE_TIMES: ("at", "remind", "ended_at")},
        numbered=True,
    ),
    Section(
        "routine_periods",
        RoutinePeriod,
        {access.SEE: ("set", "first", "last", "set_by"), access.SEE_TIMES: ("ended_at",)},
        order=("first", "pk"),
    ),
    Section(
        "days_off",
        DayOff,
        {
            access.SEE: ("client_id", "first", "last", "reason", "asked_by", "answer"),
            access.SEE_HOW: ("asked_at", "answered_by", "answered_at", "withdrawn_at", "withdrawn_by"),
        },
        derived=("withdrawn",),
    ),
    Section(
        "days",
        DailyLog,
        {
            access.SEE: (
                "day", "program", "cardio", "exercises", "exercise_minutes", "desensitization",
                "desensitization_short", "stress", "sessions", "school", "activities", "home",
            ),
            access.SEE_FRIENDS: ("friends",),
            access.SEE_HARDER: ("harder",),
            access.SEE_SLEEP: ("bed_at", "up_at"),
            access.SEE_HOW: ("added_later", "by_parents", "last_entry_at"),
        },
        order=("day",),
    ),
    Section(
        "sessions",
        TherapySession,
        {
            access.SEE: (
                "client_id", "daily_log", "strand", "minutes", "activity", "body_areas", "texture",
                "together_with",
            ),
            access.SEE_TIMES: ("slot", "started_at", "recorded_at", "received_at", "zone"),
            access.SEE_HOW: (
                "version", "added_later", "clock_doubt", "source", "entered_by", "entered_as", "corrected",
                "voided_at", "voided_by",
            ),
        },
        order=("daily_log__day", "pk"),
        helpers=(TOGETHER_VOIDED,),
        inner=DONE,
    ),
    Section(
        "notes",
        Note,
        {access.SEE: ("client_id", "day", "text", "to", "author", "entered_as", "written_at")},
        right=access.SEE_WORDS,
    ),
    Section(
        "questions",
        Question,
        {
            access.SEE: (
                "client_id", "day", "text", "to", "author", "entered_as", "written_at", "answered_by",
                "answered_at", "may_be_said",
            )
        },
    ),
    Section(
        "goals",
        FunctionGoal,
        {
            access.SEE: ("client_id", "text", "sign", "set_on", "reached_on", "set_aside_on"),
            access.SEE_PRIVATE_GOALS: ("private",),
            access.SEE_HOW: ("added_by", "created_at"),
        },
    ),
    Section(
        "goal_steps",
        GoalStep,
        {
            access.SEE: ("client_id", "goal", "text", "set_on", "reached_on", "set_aside_on"),
            access.SEE_HOW: ("added_by", "created_at"),
        },
    ),
    Section(
        "measures",
        FunctionMeasure,
        {
            access.SEE: (
                "client_id", "kind", "name", "unit", "better", "value", "out_of", "side", "conditions",
                "taken_on",
            ),
            access.SEE_HOW: ("added_by", "entered_as", "added_at", "voided_at", "voided_by"),
        },
        order=("taken_on", "pk"),
    ),
    Section("milestones", Milestone, {access.SEE: ("kind", "number", "day")}, order=("day", "pk")),
    Section(
        "intentions",
        Intention,
        {access.SEE: ("week", "text", "author", "entered_as", "written_at")},
        right=access.SEE_WORDS,
        order=("week",),
    ),
    Section(
        "cheers",
        Cheer,
        {access.SEE: ("client_id", "day", "text", "by", "entered_as", "sent_at")},
        order=("day", "pk"),
    ),
    Section(
        "changes",
        Change,
        {access.SEE: ("subject", "subject_id", "what", "by", "entered_as", "at", "before", "after")},
        right=access.SEE_HOW,
        helpers=tuple(about(subject) for subject in SUBJECTS),
    ),
    Section(
        "looks",
        AccessRecord,
        {access.SEE: ("user", "seen_as", "kind"), access.SEE_LOOK_HOURS: ("hour",)},
        right=access.SEE_TEAM,
        order=("hour", "pk"),
        derived=("day",),
    ),
    Section(
        "broken_glass",
        BreakGlass,
        {access.SEE: ("user", "reason"), access.SEE_LOOK_HOURS: ("at", "until")},
        right=access.SEE_TEAM,
        derived=("day",),
    ),
    Section(
        "erasures",
        Erasure,
        {access.SEE: ("asked_by", "asked_as", "asked_at", "due_at", "undone_by", "undone_at")},
        right=access.SEE_TEAM,
    ),
)  # fmt: skip
# An activity names these other ones, where they are in the copy too.
OTHERS = ("easier", "harder", "copy_of")
# A built-in activity is named by its key; of another one the copy has everything.
BUILT_IN = Section("activities", Activity, {access.SEE: ("key", "strand", "name")}, numbered=True)
OWN = Section(
    "activities",
    Activity,
    {
        access.SEE: (
            "owner", "strand", "category", "name", "how_to", "safety", *DOSE, "minutes",
            *(f"goal_{name}" for name in (*DOSE, "minutes")), "per_side", "texture_level", "order", "search",
            "offered", "video", *OTHERS,
        )
    },
    numbered=True,
)  # fmt: skip
RIGHTS = frozenset(
    right for section in SECTIONS for right in (section.right, *section.columns)
) - {TEENS_OWN} | {access.SEE_TECHNIQUES}  # fmt: skip
