"""Making an account."""

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from .three_words import three_words

MOST_NAME_LETTERS = 60
AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class SignUpForm(SignupForm):
    """A name to sign in with, and a password that is read while it is typed: it comes filled in with three
    random words. An e-mail address is asked for only where this installation can send mail (settings)."""

    first_name = forms.CharField(
        label=_("What should the care team call you?"),
        help_text=_("You can leave this empty. Then they see the name you sign in with."),
        required=False,
        max_length=MOST_NAME_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["username", "password1", "first_name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username, password = self.fields["username"], self.fields["password1"]
        username.label = _("A name to sign in with")
        username.help_text = _("It need not be your real name.")
        username.widget = forms.TextInput(attrs={"autocomplete": "username", "maxlength": 150, **AS_TYPED})
        password.label = _("Password")
        password.help_text = _("15 letters or more. Write it down and keep it in a safe place.")
        password.initial = three_words()
        password.widget = forms.TextInput(attrs={"autocomplete": "new-password", **AS_TYPED})
        if "email" in self.fields:
            self._ask_for_email(self.fields["email"])

    def _ask_for_email(self, email: forms.Field) -> None:
        email.label = _("E-mail address")
        email.help_text = _(
            "You can leave this empty. With it, you can get a new password by yourself. A teen needs none."
        )
        email.widget.attrs.pop("placeholder", None)
