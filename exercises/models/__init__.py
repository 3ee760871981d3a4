from .function import FunctionGoal
from .log import Change, DailyLog, Note, Question, SessionItem, TherapySession
from .people import CareTeamMember, Patient, User
from .program import Activity, DayOff, Program, ProgramItem, RoutineSlot

__all__ = [
    "Activity",
    "CareTeamMember",
    "Change",
    "DailyLog",
    "DayOff",
    "FunctionGoal",
    "Note",
    "Patient",
    "Program",
    "ProgramItem",
    "Question",
    "RoutineSlot",
    "SessionItem",
    "TherapySession",
    "User",
]
