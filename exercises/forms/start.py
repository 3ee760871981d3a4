"""The question of age before a teen signs up alone."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

FIRST_YEAR = 1900
A_YEAR = 12


class AgeForm(forms.Form):
    """Month and year of birth. They are judged and forgotten: nothing keeps them."""

    month = forms.TypedChoiceField(
        label=_("Month"), choices=[("", _("Choose one")), *MONTHS.items()], coerce=int
    )
    year = forms.IntegerField(
        label=_("Year"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"}),
        error_messages={"invalid": _("Type the year with four digits.")},
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= self.today.year:
            raise forms.ValidationError(_("Type the year with four digits."))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if {"month", "year"} <= set(cleaned) and self._months() < 0:
            self.add_error("month", _("This month is still ahead."))
        return cleaned

    def is_at_least(self, years: int) -> bool:
        """Whatever the day of the month: the month of the birthday has to be over."""
        return self._months() > years * A_YEAR

    def _months(self) -> int:
        year: int = self.cleaned_data["year"]
        month: int = self.cleaned_data["month"]
        return (self.today.year - year) * A_YEAR + self.today.month - month

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        columns = (Div(name, css_class="col") for name in ("month", "year"))
        helper.layout = Layout(Div(*columns, css_class="row"), Submit("go", _("Go on")))
        return helper
