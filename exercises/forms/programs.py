"""A program as a form: numbers, phase, harder days, start; beside it the activities and the ladder."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import adherence, days
from exercises.access import Viewer
from exercises.guideline import Targets
from exercises.models.choices import AreasRule, ExercisesBy, HarderRule, ProgramKind
from exercises.models.program import MOST_DESENSITIZATION, MOST_MINUTES, SMALLER_NUMBERS, WEEK_NUMBERS
from exercises.queries.editor import Flare
from exercises.queries.program import USUAL, Plan

from .fields import DayField
from .ladder import MOST_STEPS, LadderRows
from .program_items import ItemRows, area_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# For one area; the number of all together may be larger.
MOST_TIMES = 20
TARGETS = ("cardio", "exercises", "desensitization", "desensitization_minutes", "stress")
RULES = ("kind", "areas_rule", "harder_rule", "ladder_by_teen", "ladder_starts_at")
# What stands behind a heading and opens by itself: its boxes, each with what it holds while nobody uses it.
SECTIONS: dict[str, dict[str, Any]] = {
    "areas": {"areas_rule": AreasRule.ALL, "touch_areas": None},
    "usual": dict.fromkeys(USUAL),
    "harder": {"harder_rule": HarderRule.PIECES} | dict.fromkeys(SMALLER_NUMBERS),
    "phase": {"kind": ProgramKind.FULL} | dict.fromkeys(WEEK_NUMBERS),
}


class UsualChoiceField(forms.ChoiceField):
    """A choice that nobody has to make: without one it is the ``usual``."""

    def __init__(self, *, usual: str, **options: Any) -> None:
        super().__init__(required=False, widget=forms.RadioSelect, initial=usual, **options)
        self.usual = usual

    def clean(self, value: Any) -> str:
        return super().clean(value) or self.usual


def _number(label: "StrOrPromise", most: int, help_text: "StrOrPromise" = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=most, help_text=help_text)


class ProgramForm(forms.Form):
    """``version`` is the version that the page showed, empty before the first one."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    cardio = _number(_("Cardio, minutes a day"), MOST_MINUTES)
    exercises = _number(_("Exercises, minutes a day"), MOST_MINUTES)
    exercises_by = UsualChoiceField(
        label=_("Exercises are done by"), choices=ExercisesBy.choices, usual=ExercisesBy.MINUTES
    )
    desensitization = _number(_("Desensitization, times a day"), MOST_TIMES)
    desensitization_minutes = forms.IntegerField(
        label=_("Least minutes for one desensitization"), min_value=1, max_value=60
    )
    stress = _number(
        _("Stress management, moments a day"),
        MOST_TIMES,
        _("Empty: shown every day, and not part of what makes a day met."),
    )
    areas_rule = UsualChoiceField(
        label=_("The number of times is for"), choices=AreasRule.choices, usual=AreasRule.ALL
    )
    touch_areas = forms.MultipleChoiceField(
        label=_("Which areas?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    usual_cardio = _number(_("Cardio, minutes"), MOST_MINUTES, _("Empty: 15 minutes."))
    usual_exercises = _number(_("Exercises, minutes"), MOST_MINUTES, _("Empty: 30 minutes."))
    usual_desensitization = _number(
        _("Desensitization, minutes"), MOST_MINUTES, _("Empty: the least minutes for one.")
    )
    harder_rule = UsualChoiceField(
        label=_("On a harder day"), choices=HarderRule.choices, usual=HarderRule.PIECES
    )
    smaller_cardio = _number(_("Cardio, minutes"), MOST_MINUTES)
    smaller_exercises = _number(_("Exercises"), MOST_MINUTES)
    smaller_desensitization = _number(_("Desensitization, times"), MOST_TIMES)
    smaller_stress = _number(_("Stress, moments"), MOST_TIMES)
    kind = UsualChoiceField(label=_("The program is"), choices=ProgramKind.choices, usual=ProgramKind.FULL)
    week_cardio = _number(_("Cardio"), 7)
    week_exercises = _number(_("Exercises"), 7)
    week_desensitization = _number(_("Desensitization"), 7)
    week_stress = _number(_("Stress management"), 7)
    flare_plan = forms.TypedChoiceField(
        label=_("One tap goes back to"), required=False, coerce=int, empty_value=None
    )
    ladder_starts_at = _number(_("Starts at step"), MOST_STEPS)
    ladder_by_teen = forms.BooleanField(label=_("The teen may go a step up alone"), required=False)
    start = forms.ChoiceField(label=_("Starts"), widget=forms.RadioSelect)
    starts_on = DayField(label=_("Which other day?"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        viewer: Viewer,
        logged_today: bool,
        areas: Sequence[str] = (),
        flares: Iterable[Flare] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.today = viewer.patient.today()
        self.fields["start"].choices = self._starts()  # type: ignore[attr-defined]
        self.fields["touch_areas"].choices = area_choices(areas)  # type: ignore[attr-defined]
        self.fields["flare_plan"].choices = _flare_choices(flares)  # type: ignore[attr-defined]
        # Set when the boxes are to say what is wrong with them.
        self.is_checked = False
        if logged_today:
            self.fields["start"].help_text = gettext(
                "Something was logged today, so a change usually starts tomorrow. If you choose today,"
                " today's entries stay and are counted again by the new numbers. Earlier days keep theirs."
            )

    def _starts(self) -> list[tuple[str, str]]:
        tomorrow = self.today + days.ONE_DAY
        return [
            ("today", gettext("Today, %(day)s") % {"day": date_format(self.today)}),
            ("tomorrow", gettext("Tomorrow, %(day)s") % {"day": date_format(tomorrow)}),
            ("date", gettext("On another day")),
        ]

    @property
    def opened(self) -> set[str]:
        """The sections in use, or with something wrong in them."""
        return {
            section
            for section, boxes in SECTIONS.items()
            if any(self[name].value() not in (None, "", [], unused) for name, unused in boxes.items())
            or (self.is_checked and boxes.keys() & self.errors.keys())
        }

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        self._clean_start(cleaned)
        self._clean_areas(cleaned)
        self._clean_smaller(cleaned)
        self._clean_week(cleaned)
        return cleaned

    def _clean_start(self, cleaned: dict[str, Any]) -> None:
        start = cleaned.get("start")
        if start == "date":
            self._check_date(cleaned.get("starts_on"))
        elif start:
            cleaned["starts_on"] = self.today + days.ONE_DAY * (start == "tomorrow")

    def _check_date(self, day: date | None) -> None:
        if day is None and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Which day does it start?"))
        elif day and day < self.today:
            self.add_error("starts_on", _("A program can start today or later."))

    def _clean_areas(self, cleaned: dict[str, Any]) -> None:
        """What is typed is for one area; the program keeps the number of all together."""
        if cleaned.get("areas_rule") != AreasRule.EACH:
            cleaned["touch_areas"] = []
            return
        areas = list(dict.fromkeys(cleaned.get("touch_areas") or ()))
        cleaned["touch_areas"] = areas
        if not areas and "touch_areas" not in self.errors:
            self.add_error("touch_areas", _("Choose the areas that have a number each."))
        for name in ("desensitization", "smaller_desensitization"):
            total = (cleaned.get(name) or 0) * len(areas)
            cleaned[name] = total or cleaned.get(name)
        if (cleaned.get("desensitization") or 0) > MOST_DESENSITIZATION:
            self.add_error("desensitization", _("That is too often for so many areas."))

    def _clean_smaller(self, cleaned: dict[str, Any]) -> None:
        """A harder day asks for less of what other days ask for, never for more."""
        if cleaned.get("harder_rule") != HarderRule.SMALLER:
            cleaned |= dict.fromkeys(SMALLER_NUMBERS)
            return
        if not any(cleaned.get(name) or name in self.errors for name in SMALLER_NUMBERS):
            self.add_error("smaller_cardio", _("Type at least one smaller number."))
        for strand in adherence.STRANDS:
            if strand != adherence.EXERCISES or cleaned.get("exercises_by") == ExercisesBy.MINUTES:
                self.check_smaller(strand, cleaned.get(strand))

    def check_smaller(self, strand: str, most: int | None) -> None:
        name = f"smaller_{strand}"
        number = self.cleaned_data.get(name)
        if number and strand not in self.errors and number > (most or 0):
            self.add_error(name, _("At most what other days ask for."))

    def _clean_week(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("kind") != ProgramKind.KEEPING_UP:
            cleaned |= dict.fromkeys(WEEK_NUMBERS) | {"flare_plan": None}
        elif not any(cleaned.get(name) or name in self.errors for name in WEEK_NUMBERS):
            self.add_error("week_cardio", _("On how many days a week? Type at least one number."))


def _flare_choices(flares: Iterable[Flare]) -> list[tuple[Any, Any]]:
    label = gettext("Program %(n)d, from %(day)s")
    return [
        ("", gettext("no saved program")),
        *((p.pk, label % {"n": p.version, "day": date_format(p.starts_on)}) for p in flares),
    ]


@dataclass
class Sheet:
    """Everything that the editor shows."""

    form: ProgramForm
    rows: ItemRows
    ladder: LadderRows

    @classmethod
    def of(
        cls, plan: Plan, *, viewer: Viewer, areas: Sequence[str], initial: dict[str, Any], **options: Any
    ) -> "Sheet":
        return cls(
            ProgramForm(viewer=viewer, areas=areas, initial=initial_of(plan) | initial, **options),
            ItemRows.of(plan.items, viewer=viewer, areas=areas),
            LadderRows.of(plan.ladder),
        )

    @classmethod
    def posted(cls, data: QueryDict, *, viewer: Viewer, areas: Sequence[str], **options: Any) -> "Sheet":
        return cls(
            ProgramForm(data, viewer=viewer, areas=areas, **options),
            ItemRows.posted(data, viewer=viewer, areas=areas),
            LadderRows.posted(data),
        )

    @property
    def opened(self) -> set[str]:
        return self.form.opened | ({"ladder"} if self.ladder.steps else set())

    def is_valid(self) -> bool:
        form = self.form
        form.is_checked = True
        valid = [form.is_valid(), self.rows.is_valid(), self.ladder.is_valid()]
        if all(valid):
            self._check_together(self.plan())
        return all(valid) and not form.errors

    def _check_together(self, plan: Plan) -> None:
        if plan.targets.by_list:
            if not plan.listed:
                self.form.add_error("exercises_by", _("Put at least one exercise on the list."))
            if plan.harder_rule == HarderRule.SMALLER:
                self.form.check_smaller(adherence.EXERCISES, plan.listed)
        if plan.ladder_starts_at > max(len(plan.ladder), 1):
            self.form.add_error("ladder_starts_at", _("The ladder has no such step."))

    def plan(self) -> Plan:
        """What was typed, once it is valid."""
        cleaned = self.form.cleaned_data
        by_list = cleaned["exercises_by"] == ExercisesBy.LIST
        return Plan(
            targets=Targets(**{name: cleaned[name] for name in TARGETS}, by_list=by_list),
            usual={name: cleaned[name] for name in USUAL},
            items=self.rows.items(),
            kind=cleaned["kind"],
            areas_rule=cleaned["areas_rule"],
            touch_areas=tuple(cleaned["touch_areas"]),
            harder_rule=cleaned["harder_rule"],
            smaller={name: cleaned[name] for name in SMALLER_NUMBERS},
            week={name: cleaned[name] for name in WEEK_NUMBERS},
            ladder=self.ladder.ladder(),
            ladder_starts_at=cleaned["ladder_starts_at"] or 1,
            ladder_by_teen=cleaned["ladder_by_teen"],
            flare_plan=cleaned["flare_plan"],
        )


def initial_of(plan: Plan) -> dict[str, Any]:
    """A plan as the boxes hold it: where areas have a number each, that of one area."""
    areas = len(plan.areas) or 1
    smaller = plan.smaller.get("smaller_desensitization")
    values = asdict(plan.targets) | {name: getattr(plan, name) for name in RULES}
    values |= {**plan.usual, **plan.smaller, **plan.week, "flare_plan": plan.flare_plan}
    values |= {"touch_areas": list(plan.touch_areas), "smaller_desensitization": smaller and smaller // areas}
    values["exercises_by"] = ExercisesBy.LIST if plan.targets.by_list else ExercisesBy.MINUTES
    if plan.targets.by_list:
        values["exercises"] = None
    if plan.targets.desensitization:
        values["desensitization"] = plan.targets.desensitization // areas
    return values


class MoveForm(forms.Form):
    """Pausing, ending, taking up again, or taking back what has not started."""

    CANCEL = "cancel"

    move = forms.ChoiceField(choices=[*ProgramKind.choices, (CANCEL, _("take back"))])
    version = forms.IntegerField(min_value=1)
