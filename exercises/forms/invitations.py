"""Inviting somebody, typing a code, taking an invitation up."""

from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from exercises import codes, joining
from exercises.access import Viewer
from exercises.models.choices import Discipline
from exercises.queries.invitations import Offer, roles_to_invite

# More than any way of typing twelve characters with dashes and spaces between them.
MOST_TYPED = 60
KEPT = _("Yes: {name}")


KINDS = [("", _("I do not know, or another kind")), *Discipline.choices]


class InviteForm(forms.Form):
    """The discipline is kept for a therapist only, and means nothing for others."""

    role = forms.ChoiceField(
        label=_("Whom do you invite?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whom you invite."),
            "invalid_choice": _("This place is taken, or somebody else has to invite for it."),
        },
    )
    discipline = forms.ChoiceField(
        label=_("If it is a therapist: which kind?"),
        choices=KINDS,
        required=False,
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.fields["role"].choices = roles_to_invite(viewer)  # type: ignore[attr-defined]

    def offers(self, role: str) -> bool:
        return role in dict(self.fields["role"].choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if not joining.makes_clinician(cleaned.get("role", "")):
            cleaned["discipline"] = ""
        return cleaned

    @property
    def helper(self) -> FormHelper:
        return _helper(self, _("Make an invitation"))


class InviteClinicianForm(forms.Form):
    discipline = forms.ChoiceField(label=_("Which kind of clinician?"), choices=KINDS, required=False)

    @property
    def helper(self) -> FormHelper:
        return _helper(self, _("Make an invitation"))


class CodeForm(forms.Form):
    """A code as somebody typed it; cleaned it has no dashes, spaces or small letters."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=MOST_TYPED,
        help_text=_("Twelve letters and numbers, like ABCD-EFGH-JKLM. Small letters are fine."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the code from your card.")},
    )

    def clean_code(self) -> str:
        code = codes.normalise(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("A code has 12 letters and numbers. It never has I, O, 0 or 1."))
        return code

    @property
    def helper(self) -> FormHelper:
        return _helper(self, _("Go on"))


class AcceptForm(forms.Form):
    """``keep`` is the code of a record that the person keeps already, or empty for the invited one."""

    keep = forms.ChoiceField(
        label=_("Do you keep a record for this child already?"),
        help_text=_("Choose yes only if it is the same child. Then one record stays."),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"required": _("Choose the record that you keep.")},
    )
    agree = forms.BooleanField(
        label=_("I have read this page, and I agree."),
        error_messages={"required": _("Please read this and tick the box, or choose no thanks.")},
    )

    def __init__(self, data: Any = None, *, offer: Offer) -> None:
        super().__init__(data)
        kept = [(str(own.code), format_lazy(KEPT, name=own.name)) for own in offer.own if own.way]
        new = [] if offer.hindrance else [("", _("No, this is the first one"))]
        self.fields["keep"].choices = [*new, *kept]  # type: ignore[attr-defined]
        self.fields["keep"].required = not new
        if not kept:
            del self.fields["keep"]
        if not offer.must_consent:
            del self.fields["agree"]

    def clean_keep(self) -> UUID | None:
        return UUID(self.cleaned_data["keep"]) if self.cleaned_data["keep"] else None

    def clean(self) -> dict[str, Any]:
        if "keep" not in self.fields and self.data.get("keep"):
            # It was a choice when the page was read: joining the other record instead is not what was meant.
            raise forms.ValidationError(_("The two records cannot become one any more. Please look again."))
        return self.cleaned_data

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        return helper


def _helper(form: forms.Form, action: Any) -> FormHelper:
    helper = FormHelper(form)
    helper.form_tag = False
    helper.add_input(Submit("save", action))
    return helper
