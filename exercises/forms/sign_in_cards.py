"""A sign-in card: for whom it is made, what somebody types from it, and the password that follows."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import codes
from exercises.forms.fields import MOST_ID_DIGITS
from exercises.forms.layout import with_button

MOST_TYPED = 40


class MakeCardForm(forms.Form):
    member = forms.IntegerField(min_value=1, max_value=10**MOST_ID_DIGITS)


class CardForm(forms.Form):
    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label=_("Code on the card"),
        max_length=MOST_TYPED,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("12 letters and numbers. Spaces and dashes do not matter."),
    )

    @property
    def typed_code(self) -> str:
        """Empty when what was typed cannot be a code."""
        return codes.normalise(self.cleaned_data["code"])

    @property
    def helper(self) -> FormHelper:
        return with_button(self, "username", "code", button=_("Sign in"))
