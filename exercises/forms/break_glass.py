from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.models import BreakGlass, Patient
from exercises.queries.records import record_with

LEAST_LETTERS = 20


class BreakGlassForm(forms.Form):
    """``cleaned_data["code"]`` is the record."""

    code = forms.UUIDField(
        label=_("Code of the record"),
        help_text=_("The family or the therapist finds it in the address of the record's pages."),
        error_messages={"invalid": _("No record has this code.")},
    )
    reason = forms.CharField(
        label=_("Why must you look?"),
        min_length=LEAST_LETTERS,
        max_length=BreakGlass._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody on the care team reads this now, word for word. Write it for them."),
        error_messages={"min_length": _("Say it in a sentence: the family will read it.")},
    )

    def clean_code(self) -> Patient:
        record = record_with(self.cleaned_data["code"])
        if record is None:
            raise forms.ValidationError(gettext("No record has this code."))
        return record

    @property
    def helper(self) -> Any:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.add_input(Submit("open", _("Tell the team and open the record"), css_class="btn-danger"))
        return helper
