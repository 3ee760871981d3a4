"""From which hour parents see today: what somebody asks for, agrees to, or ends."""

from datetime import time
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from exercises.queries.today_hour import TodayHour

from .layout import with_button

ACTS = ("ask", "agree", "stop", "end")
FIRST, LAST = 12, 22
HOURS = [
    time(hour, minute) for hour in range(FIRST, LAST + 1) for minute in (0, 30) if (hour, minute) <= (LAST, 0)
]
USUAL = time(17)


class TodayHourForm(forms.Form):
    do = forms.ChoiceField(choices=[(act, act) for act in ACTS], widget=forms.HiddenInput)
    hour = forms.TypedChoiceField(
        label=_("Parents see today from"), required=False, coerce=time.fromisoformat, empty_value=None
    )

    def __init__(self, data: Any = None, *, state: TodayHour) -> None:
        hour = state.asked or state.now or USUAL
        super().__init__(data, initial={"do": "ask", "hour": f"{hour:%H:%M}"})
        self.fields["hour"].choices = [(f"{one:%H:%M}", time_format(one)) for one in HOURS]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if self.has_error("do"):
            self.add_error(None, _("That cannot be done here."))
        wants_hour = self.cleaned_data.get("do") in ("ask", "agree")
        if wants_hour and not self.cleaned_data.get("hour") and "hour" not in self.errors:
            self.add_error("hour", _("Choose an hour."))
        return self.cleaned_data

    @property
    def helper(self) -> FormHelper:
        return with_button(self, "do", "hour", button=_("Ask for this"))
