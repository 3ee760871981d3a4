"""The marks of a day, as somebody sends them: what is left out stays as it was."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.models.choices import DailyLife, School

from .fields import DayField

MARKS = ("harder", "school", "friends", "activities", "home")
SLEEP = ("bed_at", "up_at")


def clock_time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, error_messages={"invalid": _("Type a time, for example 22:30.")}
    )


class DayMarksForm(forms.Form):
    day = DayField()
    harder = forms.ChoiceField(
        label=_("Harder day"), required=False, choices=[("yes", _("yes")), ("no", _("no"))]
    )
    school = forms.ChoiceField(label=_("School"), required=False, choices=School.choices)
    friends = forms.ChoiceField(label=_("Friends"), required=False, choices=DailyLife.choices)
    activities = forms.ChoiceField(label=_("Activities"), required=False, choices=DailyLife.choices)
    home = forms.ChoiceField(label=_("Home life"), required=False, choices=DailyLife.choices)

    # Of the night before; only where sleep times are asked for.
    bed_at = clock_time(_("To bed at"))
    up_at = clock_time(_("Up at"))

    def __init__(self, posted: QueryDict, *, day: date, viewer: Viewer) -> None:
        data = posted.copy()
        data["day"] = day.isoformat()
        super().__init__(data)
        self.viewer, self.today = viewer, viewer.patient.today()
        if not (viewer.patient.sleep_on and viewer.may(access.SEE_SLEEP)):
            for name in SLEEP:
                del self.fields[name]

    @property
    def names(self) -> tuple[str, ...]:
        """What of a day can be marked here."""
        return tuple(name for name in (*MARKS, *SLEEP) if name in self.fields)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        # What happened at school can be remembered a week.
        reach = adherence.HARDER_DAYS if "harder" in self.data else adherence.CORRECTION_DAYS
        if day < self.today - timedelta(days=reach):
            raise forms.ValidationError(_("That day is further back than can be marked here."))
        return day

    def clean(self) -> dict[str, Any]:
        bed, up, day = (self.cleaned_data.get(name) for name in (*SLEEP, "day"))
        if bed and up and day and not days.hours_between(bed, up, day, self.viewer.patient.zone):
            self.add_error("up_at", _("That is before going to bed. Please look at both times."))
        return self.cleaned_data

    def marks(self) -> dict[str, Any]:
        """Only what was sent; ``harder`` as a bool."""
        sent = {name: self.cleaned_data[name] for name in self.names if name in self.data}
        if "harder" in sent:
            sent["harder"] = sent["harder"] == "yes"
        return sent
