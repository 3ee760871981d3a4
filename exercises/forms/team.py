"""Changes of the care team: to which colleague, until when, yes or not now."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import User
from exercises.models.choices import Discipline
from exercises.queries import team

from .fields import DayField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_COVER = timedelta(days=60)


class _Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.shown_name


class HandOverForm(forms.Form):
    colleague = _Colleague(label=_("Colleague"), queryset=None, empty_label=_("Choose a colleague"))
    discipline = forms.ChoiceField(label=_("Discipline"), choices=Discipline.choices)
    send: "StrOrPromise" = _("Hand over")
    # Whom the list leaves out: colleagues on the team for good; with True those who cover, too.
    on_team = False

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data, initial={"discipline": team.own_discipline(viewer)})
        self.viewer = viewer
        self.fields["colleague"].queryset = team.colleagues(viewer, on_team=self.on_team)  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.add_input(Submit("save", self.send))
        return helper


class CoverForm(HandOverForm):
    last_day = DayField(
        label=_("Last day"), help_text=_("Up to 60 days from today. Then the cover ends by itself.")
    )
    send = _("Set the cover")
    on_team = True

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        today = self.viewer.patient.today()
        if day < today:
            raise forms.ValidationError(_("That day is over. Choose today or a day ahead."))
        if day > today + MOST_COVER:
            raise forms.ValidationError(_("A cover lasts 60 days at most. For longer, hand over."))
        return day


class PreviewForm(forms.Form):
    """``member`` empty: back to one's own view."""

    member = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class SelfManagedForm(forms.Form):
    do = forms.ChoiceField(choices=[("agree", "agree"), ("stop", "stop")])
