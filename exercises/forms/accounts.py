"""allauth's forms in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

PASSWORD_HELP = _("15 letters or more. Three or four words in a row are easy to keep in mind.")
NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password, once more")}
CODE = {"code": _("Code")}
MOST_NAME_LETTERS = 60


def in_our_words(form: forms.BaseForm, labels: dict[str, Any], **helps: Any) -> None:
    """A label above each box and none inside it, where it would be gone while somebody types."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        field.help_text = helps.get(name, "")


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, {"login": _("Username or e-mail"), "password": _("Password")})
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


class PasswordAgainForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, {"password": _("Your password")})


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, NEW_PASSWORD | {"oldpassword": _("Your password now")}, password1=PASSWORD_HELP)


class FirstPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, NEW_PASSWORD, password1=PASSWORD_HELP)


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, NEW_PASSWORD, password1=PASSWORD_HELP)


class ForgottenPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, {"email": _("E-mail address")})


class EmailForm(account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, {"email": _("E-mail address")})

    def clean(self) -> dict[str, Any] | None:
        if not settings.MAIL:
            raise ValidationError(_("Mail is not set up here, so there is no use for an address."))
        cleaned: dict[str, Any] | None = super().clean()
        return cleaned


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, CODE, code=_("6 numbers from your code app, or one of your recovery codes."))


class CodeAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, CODE, code=_("6 numbers from your code app, or one of your recovery codes."))


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seconds = _("6 numbers. A new code comes every 30 seconds.")
        in_our_words(self, {"code": _("Code from the app")}, code=seconds)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class Unreadable:
    """A credential comes out of a script, so it can be anything: what cannot be read opens nothing."""

    NONSENSE = (ValueError, TypeError, LookupError, AttributeError)

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except self.NONSENSE:
            raise _does_not_fit() from None


def _does_not_fit() -> ValidationError:
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error


class PasskeyDoorForm(Unreadable, LoginWebAuthnForm):
    pass


class PasskeyStepForm(Unreadable, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(Unreadable, ReauthenticateWebAuthnForm):
    pass


def _name_it(field: forms.Field) -> None:
    field.validators.append(MaxLengthValidator(MOST_NAME_LETTERS))
    field.widget.attrs |= {"maxlength": MOST_NAME_LETTERS, "autocomplete": "off"}


class PasskeyForm(AddWebAuthnForm):
    """A passkey opens the door by itself: it always asks for the device's face, finger or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, {"name": _("A name for it")}, name=_("Such as the device that it is on."))
        _name_it(self.fields["name"])

    def clean(self) -> dict[str, Any] | None:
        try:
            cleaned: dict[str, Any] | None = super().clean()
        except Unreadable.NONSENSE:
            raise _does_not_fit() from None
        return cleaned


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, {"name": _("A name for it")})
        _name_it(self.fields["name"])
