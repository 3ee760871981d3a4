"""When desensitization belongs: a slot, days on which another set counts, and the hours of a day."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import RoutinePeriod, RoutineSlot
from exercises.models.choices import SlotSet
from exercises.queries import routine as queries
from exercises.queries.next_up import is_evening

from .fields import DayField
from .free_text import FreeTextField
from .layout import with_button
from .school import TIME, check_school

NOTICE_ID = "who-reads"
MOST_DAYS, DAYS_AHEAD = 120, 365


class SlotForm(forms.Form):
    """A slot of the patient's; ``slot`` is the one that is changed."""

    set = forms.ChoiceField(label=_("For"), required=False, choices=[("", _("every day")), *SlotSet.choices])
    name = FreeTextField(
        label=_("When? For example: after school"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        readers=_("The whole care team can read this name; parents see no times."),
        notice_id=NOTICE_ID,
    )
    at = forms.TimeField(label=_("Time"), widget=TIME)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        required=False,
        coerce=int,
        choices=list(WEEKDAYS_ABBR.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None ticked: Monday to Friday for school days, Saturday and Sunday for the weekend, "
            "else every day."
        ),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, slot: RoutineSlot | None = None) -> None:
        super().__init__(data, initial=_initial(slot), auto_id=f"slot-{slot.pk if slot else 'new'}-%s")
        self.viewer, self.slot = viewer, slot

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        days = cleaned.get("weekdays") or ()
        mask = sum(1 << day for day in days) or queries.WEEKDAYS_OF.get(cleaned.get("set", ""))
        cleaned["weekdays"] = mask or queries.EVERY_DAY
        if "set" in cleaned and self._is_full(cleaned["set"]):
            text = gettext("There are %(n)d already. Take one out first.")
            self.add_error("set", text % {"n": queries.MOST_OF_A_SET})
        return cleaned

    def _is_full(self, set: str) -> bool:
        others = queries.active_slots(self.viewer.patient).filter(set=set)
        if self.slot is not None:
            others = others.exclude(pk=self.slot.pk)
        return others.count() >= queries.MOST_OF_A_SET

    @property
    def helper(self) -> FormHelper:
        button = _("Save it") if self.slot else _("Add it")
        helper = with_button(self, "set", "name", "at", InlineCheckboxes("weekdays"), button=button)
        helper.disable_csrf = True
        return helper


def _initial(slot: RoutineSlot | None) -> dict[str, Any]:
    if slot is None:
        return {}
    days = [day for day in queries.WEEK if slot.on_weekday(day)]
    return {"set": slot.set, "name": slot.name, "at": slot.at, "weekdays": days}


class PeriodForm(forms.Form):
    """Days on which the routine of a holiday, or of the other home, counts."""

    set = forms.ChoiceField(
        label=_("Which routine?"),
        choices=[(name, SlotSet(name).label) for name in RoutinePeriod.SETS],
        widget=forms.RadioSelect,
        initial=SlotSet.HOLIDAY,
    )
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data, auto_id="period-%s")
        self.patient, self.today = viewer.patient, viewer.patient.today()

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last:
            self._check(first, last)
        return self.cleaned_data

    def _check(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("last", _("The last day is before the first day."))
        elif last < self.today:
            self.add_error("last", _("These days are over."))
        elif last - first >= timedelta(days=MOST_DAYS):
            self.add_error("last", gettext("At most %(days)d days at once.") % {"days": MOST_DAYS})
        elif first > self.today + timedelta(days=DAYS_AHEAD):
            self.add_error("first", _("That is more than a year ahead."))
        elif queries.other_period_touches(self.patient, self.cleaned_data.get("set", ""), first, last):
            self.add_error("first", _("Some of these days have a routine already. Take that one out first."))

    @property
    def helper(self) -> FormHelper:
        helper = with_button(self, "set", "first", "last", button=_("Use it on these days"))
        helper.disable_csrf = True
        return helper


class HoursForm(forms.Form):
    """School hours, and from when on the day is done."""

    school_from = forms.TimeField(label=_("School starts at"), required=False, widget=TIME)
    school_until = forms.TimeField(
        label=_("School ends at"),
        required=False,
        widget=TIME,
        help_text=_("Monday to Friday between these, no sound comes from here. Both empty: no school hours."),
    )
    night_from = forms.TimeField(
        label=_("My day is done at"),
        required=False,
        widget=TIME,
        help_text=_("From then on nothing is offered until the next day. Empty: the offers stay."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        patient = viewer.patient
        self.day_start = patient.clock_at(timezone.now()).day_start
        super().__init__(
            data, initial={name: getattr(patient, name) for name in self.base_fields}, auto_id="hours-%s"
        )

    def clean(self) -> dict[str, Any]:
        check_school(self)
        night = self.cleaned_data.get("night_from")
        if night and not is_evening(night, self.day_start):
            self.add_error("night_from", _("Choose an hour in the second half of the day."))
        return self.cleaned_data

    @property
    def helper(self) -> FormHelper:
        helper = with_button(self, "school_from", "school_until", "night_from", button=_("Save"))
        helper.disable_csrf = True
        return helper


class WhichForm(forms.Form):
    """One row of the page, or one set to start from."""

    row = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    set = forms.ChoiceField(required=False, choices=SlotSet.choices)
