"""Erasing a record and closing an account: each is confirmed by typing a name."""

import unicodedata
from datetime import date, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import access
from exercises.access import Viewer
from exercises.models import User
from exercises.queries.leaving import DAYS_TO_UNDO, kept_by_clinic

from .fields import DayField

MOST_YEARS = 40
NOT_THE_SAME = _("That is not the same. Type it as it stands above the box.")


class ConfirmField(forms.CharField):
    """Is good only when ``wanted`` is typed; capital letters and spaces do not matter."""

    wanted = ""

    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if _plain(typed) != _plain(self.wanted):
            raise forms.ValidationError(NOT_THE_SAME, code="not the same")
        return typed


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class EraseForm(forms.Form):
    """``on`` is asked of who decides about a clinic-kept record; others get a week."""

    on = DayField(label=_("Day"))
    confirm = ConfirmField()

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        self.viewer, self.soonest = viewer, viewer.patient.today() + timedelta(days=DAYS_TO_UNDO)
        super().__init__(data, initial={"on": self.soonest})
        _ask_for(self, viewer.patient.name, _("To erase this record, type the name: %(name)s"))
        if not (kept_by_clinic(viewer.patient) and viewer.may(access.DECIDE_ERASURE)):
            del self.fields["on"]

    def clean_on(self) -> date:
        return _far_enough(self.cleaned_data["on"], self.soonest)

    @property
    def helper(self) -> FormHelper:
        return _helper(self, _("Erase this record"))


class DecideForm(forms.Form):
    """The clinic's answer: ``day`` comes out empty when the record stays."""

    answer = forms.ChoiceField(
        label=_("What does the clinic decide?"),
        choices=[("keep", _("Keep the record, and open it again")), ("erase", _("Erase it on this day:"))],
        widget=forms.RadioSelect,
    )
    on = DayField(label=_("Day"), required=False)

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        self.soonest = viewer.patient.today() + timedelta(days=DAYS_TO_UNDO)
        super().__init__(data, initial={"on": self.soonest})

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("answer") == "keep":
            self.errors.pop("on", None)
            return {"on": None}
        if "on" not in self.errors:
            day = self.cleaned_data.get("on")
            try:
                self.cleaned_data["on"] = _far_enough(day, self.soonest)
            except forms.ValidationError as error:
                self.add_error("on", error)
        return self.cleaned_data

    @property
    def helper(self) -> FormHelper:
        return _helper(self, _("Save this decision"), "btn btn-primary")


class CloseForm(forms.Form):
    confirm = ConfirmField()

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        _ask_for(self, user.username, _("To close your account, type your username: %(name)s"))

    @property
    def helper(self) -> FormHelper:
        return _helper(self, _("Close my account"))


def _ask_for(form: forms.Form, name: str, label: Any) -> None:
    field = form.fields["confirm"]
    assert isinstance(field, ConfirmField)
    field.wanted, field.label = name, str(label) % {"name": name}


def _far_enough(day: date | None, soonest: date) -> date:
    if day is None or day < soonest:
        raise forms.ValidationError(
            gettext("Choose a day from %(day)s on: everybody has a week to say no.")
            % {"day": soonest.isoformat()}
        )
    if day > soonest + timedelta(days=MOST_YEARS * 366):
        raise forms.ValidationError(_("That is further ahead than can be planned here."))
    return day


def _helper(form: forms.Form, label: Any, classes: str = "btn btn-danger") -> FormHelper:
    helper, submit = FormHelper(form), Submit("save", label)
    submit.field_classes = classes
    helper.form_tag = False
    helper.add_input(submit)
    return helper
