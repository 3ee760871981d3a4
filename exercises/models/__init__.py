from .doing import LadderMove, ProgramTemplate, RoutinePeriod, Stopwatch
from .function import Cheer, FunctionGoal, FunctionMeasure, GoalStep, Intention, Milestone
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
    "Cheer",
    "Consent",
    "DailyLog",
    "DayOff",
    "Device",
    "DevicePerson",
    "Erasure",
    "FunctionGoal",
    "FunctionMeasure",
    "GoalStep",
    "Intention",
    "Invitation",
    "LadderMove",
    "Milestone",
    "Note",
    "Notice",
    "Patient",
    "Program",
    "ProgramItem",
    "ProgramTemplate",
    "Question",
    "RoutinePeriod",
    "RoutineSlot",
    "SessionItem",
    "SignInCard",
    "Stopwatch",
    "TherapySession",
    "Tombstone",
    "User",
]
