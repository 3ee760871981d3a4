"""Is this device only yours? And the short PIN of a shared one."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from .layout import with_button

ONLY_MINE, SHARED, NOT_NOW = "mine", "shared", "skip"
LEAST_DIGITS, MOST_DIGITS = 4, 6
UP, DOWN = "01234567890", "09876543210"


class DeviceForm(forms.Form):
    answer = forms.ChoiceField(choices=[(value, value) for value in (ONLY_MINE, SHARED, NOT_NOW)])


class PinField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        digits = {"inputmode": "numeric", "autocomplete": "off", "maxlength": MOST_DIGITS}
        widget = forms.PasswordInput(attrs=digits)
        super().__init__(max_length=MOST_DIGITS, widget=widget, **options)


class PinForm(forms.Form):
    """To come in."""

    pin = PinField(label=_("Your PIN"))

    @property
    def helper(self) -> FormHelper:
        return with_button(self, "pin", button=_("Sign in"))


class NewPinForm(forms.Form):
    pin = PinField(
        label=_("New PIN"),
        help_text=_("4 to 6 digits that only you know. It works on this device only."),
    )
    again = PinField(label=_("The same PIN again"))

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if not (pin.isascii() and pin.isdecimal() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
            raise forms.ValidationError(_("Type 4 to 6 digits."), code="digits")
        if is_easy(pin):
            raise forms.ValidationError(
                _("This one is easy to guess. Choose digits that are no row, no year and not all the same."),
                code="easy",
            )
        return pin

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "pin" in data and "again" in data and data["pin"] != data["again"]:
            self.add_error("again", _("These two are not the same."))
        return data

    @property
    def helper(self) -> FormHelper:
        return with_button(self, "pin", "again", button=_("Save the PIN"))


def is_easy(pin: str) -> bool:
    """What somebody who knows the person tries first: 1111, 1234, 4321, 1212, a year."""
    half, odd = divmod(len(pin), 2)
    repeats = len(set(pin)) == 1 or (not odd and pin == pin[:2] * half)
    return repeats or pin in UP or pin in DOWN or (len(pin) == 4 and pin[:2] in ("19", "20"))
