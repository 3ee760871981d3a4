"""The marks of a day, as somebody sends them: what is left out stays as it was."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exercises import adherence
from exercises.models.choices import DailyLife, School

from .fields import DayField

MARKS = ("harder", "school", "friends", "activities", "home")


class DayMarksForm(forms.Form):
    day = DayField()
    harder = forms.ChoiceField(
        label=_("Harder day"), required=False, choices=[("yes", _("yes")), ("no", _("no"))]
    )
    school = forms.ChoiceField(label=_("School"), required=False, choices=School.choices)
    friends = forms.ChoiceField(label=_("Friends"), required=False, choices=DailyLife.choices)
    activities = forms.ChoiceField(label=_("Activities"), required=False, choices=DailyLife.choices)
    home = forms.ChoiceField(label=_("Home life"), required=False, choices=DailyLife.choices)

    def __init__(self, posted: QueryDict, *, day: date, today: date) -> None:
        data = posted.copy()
        data["day"] = day.isoformat()
        super().__init__(data)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        # What happened at school can be remembered a week.
        reach = adherence.HARDER_DAYS if "harder" in self.data else adherence.CORRECTION_DAYS
        if day < self.today - timedelta(days=reach):
            raise forms.ValidationError(_("That day is further back than can be marked here."))
        return day

    def marks(self) -> dict[str, Any]:
        """Only what was sent; ``harder`` as a bool."""
        sent = {name: self.cleaned_data[name] for name in MARKS if name in self.data}
        if "harder" in sent:
            sent["harder"] = sent["harder"] == "yes"
        return sent
