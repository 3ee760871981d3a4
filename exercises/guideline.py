"""The published targets, and nothing else.

Source: "Rheumatology Treatment Guidelines for Children with Amplified Pain Syndrome", Children's Mercy
Hospital, 2018: every day 15 minutes of cardio and 30 minutes of the home exercise program, desensitization
five times a day for at least 5 to 10 minutes, and daily opportunities to unwind.
"""

from dataclasses import dataclass

SOURCE = "Children's Mercy Hospital, Treatment Guidelines for Children with Amplified Pain Syndrome, 2018"


@dataclass(frozen=True, slots=True)
class Targets:
    """What one day asks for. ``None`` means: not prescribed, so not judged.

    ``cardio`` and ``exercises`` are minutes, ``desensitization`` is a number of sessions,
    ``desensitization_minutes`` the least minutes for one of them to count, ``stress`` a number of moments.
    Where exercises go ``by_list``, ``exercises`` is not minutes but how many are on the list.
    """

    cardio: int | None = None
    exercises: int | None = None
    desensitization: int | None = None
    desensitization_minutes: int = 5
    stress: int | None = None
    by_list: bool = False


@dataclass(frozen=True, slots=True)
class WeekTargets:
    """What one week of keeping up asks for: on how many days each strand. ``None``: not asked for."""

    cardio: int | None = None
    exercises: int | None = None
    desensitization: int | None = None
    stress: int | None = None


# "At least 5-10 minutes" makes 5 the least. The guideline gives stress management no number.
GUIDELINE = Targets(cardio=15, exercises=30, desensitization=5, desensitization_minutes=5, stress=None)
