"""The activities of a program, as the editor shows them: a row each, in the order in which they were sent.

Rows are drawn from what was typed; a form for each is only made when they are checked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import Activity, ProgramItem
from exercises.models.choices import BodyArea, Side, Strand
from exercises.queries.program import DOSE, Item, prescribable

from .free_text import FreeTextField

MOST_ITEMS = 40
READERS = _("The whole care team reads these words: the teen, parents and therapists.")
NOTICE_ID = "who-reads"
FIELD = re.compile(r"items-(\d{1,6})-([a-zA-Z_]{1,20})")
COMMAND = re.compile(r"(up|down|out|back|swap)-(\d{1,6})(?:-(\d{1,18}))?")
REMOVED = "DELETE"
# What an activity brings; the rest of a dose is the patient's.
USUAL_DOSE = ("sets", "reps", "hold_seconds", "minutes")


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """One activity with its dose."""

    activity = forms.ChoiceField(
        label=_("Activity"),
        error_messages={
            "required": _("Find an activity for these words, or take the row out."),
            "invalid_choice": _("This activity is not on offer. Find another one."),
        },
    )
    load = FreeTextField(
        label=_("Load or level"),
        required=False,
        max_length=40,
        widget=forms.TextInput,
        readers=READERS,
        notice_id=NOTICE_ID,
    )
    words = FreeTextField(
        label=_("In your own words"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
        readers=READERS,
        notice_id=NOTICE_ID,
    )

    class Meta:
        model = ProgramItem
        fields = ["sets", "reps", "hold_seconds", "minutes", "side", "load", "body_area", "words"]

    def __init__(self, data: Any, *, activities: Mapping[str, Activity], areas: Sequence[str]) -> None:
        super().__init__(data)
        self.activities = activities
        self.fields["activity"].choices = [(key, key) for key in activities]  # type: ignore[attr-defined]
        self.fields["side"].choices = [("", ""), *Side.choices]  # type: ignore[attr-defined]
        self.fields["body_area"].choices = [("", ""), *area_choices(areas)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Does not call the base: what is unique or constrained is for the service and the database."""
        return self.cleaned_data

    def clean_activity(self) -> Activity:
        return self.activities[self.cleaned_data["activity"]]


def area_choices(areas: Iterable[str]) -> list[tuple[str, str]]:
    names = dict(BodyArea.choices)
    return [(area, str(names[area])) for area in areas if area in names]


@dataclass
class ItemRow:
    """``number`` names its boxes. ``typed`` is what they hold, by the names of DOSE and ``activity``."""

    number: int
    typed: dict[str, str]
    activity: Activity | None = None
    removed: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    cleaned: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.activity.name if self.activity else gettext("Unknown activity")

    @property
    def boxes(self) -> tuple[str, ...]:
        """The parts of a dose that fit this kind of activity, and whatever else is filled in."""
        fitting = {*_fitting(self.activity), "words"}
        return tuple(name for name in DOSE if name in fitting or self.typed.get(name) or name in self.errors)

    @property
    def neighbours(self) -> dict[str, Activity]:
        """What can be taken in its place: ``easier`` and ``harder``, where there are any."""
        found = {name: getattr(self.activity, name, None) for name in ("easier", "harder")}
        return {name: other for name, other in found.items() if other and other.offered}


def _fitting(activity: Activity | None) -> tuple[str, ...]:
    if activity is None:
        return ()
    if activity.strand == Strand.STRESS:
        return ("minutes",)
    if activity.strand == Strand.DESENSITIZATION:
        return ("minutes", "body_area")
    if activity.reps:
        held = ("hold_seconds",) if activity.hold_seconds else ()
        return ("sets", "reps", *held, "side", "load")
    if activity.hold_seconds:
        return ("sets", "hold_seconds", "side", "load")
    if activity.minutes:
        return ("minutes", "load")
    return ("sets", "reps", "hold_seconds", "minutes", "side", "load")


def usual_dose(activity: Activity) -> dict[str, str]:
    fitting = _fitting(activity)
    typed = {name: str(getattr(activity, name) or "") if name in fitting else "" for name in USUAL_DOSE}
    return typed | {"side": Side.EACH if activity.per_side and "side" in fitting else ""}


class ItemRows:
    """All of them. ``areas`` may be chosen from; ``errors`` are about the whole list."""

    def __init__(
        self,
        typed: Mapping[int, Mapping[str, str]],
        *,
        viewer: Viewer,
        areas: Sequence[str],
        activities: dict[str, Activity] | None = None,
    ) -> None:
        self.viewer, self.areas = viewer, areas
        self.errors: list[str] = []
        keys = {row.get("activity", "") for row in typed.values()}
        self.activities = activities or (prescribable(viewer, keys) if keys else {})
        self.rows = [
            ItemRow(
                number,
                {name: row.get(name, "") for name in ("activity", *DOSE)},
                self.activities.get(row.get("activity", "")),
                removed=bool(row.get(REMOVED)),
            )
            for number, row in typed.items()
        ]

    @classmethod
    def of(cls, items: Sequence[Item], **options: Any) -> "ItemRows":
        """The activities come with their neighbours."""
        typed = {
            number: {"activity": str(item.activity.pk)}
            | {name: str(value or "") for name, value in item.dose.items()}
            for number, item in enumerate(items)
        }
        return cls(typed, activities={str(item.activity.pk): item.activity for item in items}, **options)

    @classmethod
    def posted(cls, data: QueryDict, **options: Any) -> "ItemRows":
        """In the order of the page: a browser sends boxes as they stand on it."""
        rows: dict[int, dict[str, str]] = {}
        for key, value in data.items():
            if match := FIELD.fullmatch(key):
                rows.setdefault(int(match[1]), {})[match[2]] = str(value)
        return cls({number: row for number, row in rows.items() if any(row.values())}, **options)

    @property
    def next_number(self) -> int:
        return max((row.number for row in self.rows), default=-1) + 1

    # --- without a script, each of these is a button that sends the page

    def add(self, key: str) -> ItemRow | None:
        """With its usual dose; ``None`` for what is not on offer."""
        activity = prescribable(self.viewer, [key]).get(key)
        if activity is None:
            return None
        row = ItemRow(self.next_number, {"activity": key} | usual_dose(activity), activity)
        self.activities[key] = activity
        self.rows.append(row)
        return row

    def do(self, command: str) -> bool:
        """``up-3``, ``down-3``, ``out-3``, ``back-3``, ``swap-3-17``: what to do with which row.
        Whether that was understood."""
        match = COMMAND.fullmatch(command)
        row = next((row for row in self.rows if match and row.number == int(match[2])), None)
        if match is None or row is None:
            return False
        what = match[1]
        if what == "swap":
            return self._swap(row, match[3] or "")
        if what in ("out", "back"):
            row.removed = what == "out"
        else:
            self._move(self.rows.index(row), -1 if what == "up" else 1)
        return True

    def _move(self, place: int, step: int) -> None:
        other = place + step
        if 0 <= other < len(self.rows):
            self.rows[place], self.rows[other] = self.rows[other], self.rows[place]

    def _swap(self, row: ItemRow, key: str) -> bool:
        activity = prescribable(self.viewer, [key]).get(key)
        if activity is None:
            return False
        row.activity, self.activities[key] = activity, activity
        row.typed |= {"activity": key} | usual_dose(activity)
        return True

    # --- checking

    def is_valid(self) -> bool:
        kept = [row for row in self.rows if not row.removed]
        if len(kept) > MOST_ITEMS:
            text = gettext("A program holds up to %(n)d activities. Take some out.")
            self.errors = [text % {"n": MOST_ITEMS}]
        for row in kept:
            form = ItemForm(row.typed, activities=self.activities, areas=self.areas)
            row.errors = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            row.cleaned = form.cleaned_data
        return not self.errors and not any(row.errors for row in kept)

    def items(self) -> tuple[Item, ...]:
        """What stays, once it is valid."""
        return tuple(
            Item(row.cleaned["activity"], {name: row.cleaned[name] for name in DOSE})
            for row in self.rows
            if not row.removed
        )
