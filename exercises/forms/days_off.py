"""Which days leave the count, and why in one of three words: never in free text."""

from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.models.choices import DayOffAnswer, DayOffReason

from .fields import DayField
from .once import SentOnceForm

MOST_DAYS, DAYS_AHEAD = 60, 365


class DayOffForm(SentOnceForm):
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Leave this empty when it is one day."))
    reason = forms.ChoiceField(
        label=_("Why?"), choices=DayOffReason.choices, widget=forms.RadioSelect, initial=DayOffReason.ILL
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, **options: Any) -> None:
        super().__init__(data, **options)
        self.viewer, self.today = viewer, viewer.patient.today()

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        anyway = self.viewer.may(access.LOG_ANY_DAY)
        if first < self.today - timedelta(days=adherence.CORRECTION_DAYS) and not anyway:
            raise forms.ValidationError(
                _("That is further back than a week. Your therapist can set it for you.")
            )
        return first

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and "last" not in self.errors:
            self.cleaned_data["last"] = last = last or first
            self._check_length(first, last)
        return self.cleaned_data

    def _check_length(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("last", _("The last day is before the first day."))
        elif last > self.today + timedelta(days=DAYS_AHEAD):
            self.add_error("last", _("That is more than a year ahead."))
        elif last - first >= MOST_DAYS * days.ONE_DAY:
            self.add_error("last", gettext("At most %(days)d days at once.") % {"days": MOST_DAYS})

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        sets = self.viewer.may(access.ANSWER_DAY_OFF)
        helper.add_input(Submit("save", _("Set a day off") if sets else _("Ask for a day off")))
        return helper


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=DayOffAnswer.choices)
