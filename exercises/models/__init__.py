from .function import FunctionGoal
from .log import Change, DailyLog, Note, Question, SessionItem, TherapySession
from .people import CareTeamMember, Patient, User
from .program import Activity, DayOff, Program, ProgramItem, RoutineSlot
from .trust import (
    AccessRecord,
    BreakGlass,
    Consent,
    Device,
    DevicePerson,
    Erasure,
    Invitation,
    Notice,
    SignInCard,
    Tombstone,
)

__all__ = [
    "AccessRecord",
    "Activity",
    "BreakGlass",
    "CareTeamMember",
    "Change",
    "Consent",
    "DailyLog",
    "DayOff",
    "Device",
    "DevicePerson",
    "Erasure",
    "FunctionGoal",
    "Invitation",
    "Note",
    "Notice",
    "Patient",
    "Program",
    "ProgramItem",
    "Question",
    "RoutineSlot",
    "SessionItem",
    "SignInCard",
    "TherapySession",
    "Tombstone",
    "User",
]
