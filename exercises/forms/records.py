"""Opening a record: for oneself, for a child, or for a patient."""

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import access, joining
from exercises.models.choices import Discipline

from .once import SentOnceForm
from .people import zone_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_NAME_LETTERS = 60
# What the name is asked for, and what helps with it, by the role of who opens the record.
ASKED: "dict[str, tuple[StrOrPromise, StrOrPromise]]" = {
    access.PATIENT: (
        _("What should we call you?"),
        _("A first name or a nickname is enough. Everyone you invite sees it."),
    ),
    access.PARENT: (
        _("What should we call your child?"),
        _("A first name or a nickname is enough. Everyone you invite sees it."),
    ),
    access.THERAPIST: (
        _("Name shown"),
        _("As short as tells them apart: “Maya R.”. No birth date and no record number, please."),
    ),
}


class RecordForm(SentOnceForm):
    """``role`` is that of who opens the record. A family agrees to the wording here, a clinician says in
    which discipline they work."""

    name = forms.CharField(
        max_length=MOST_NAME_LETTERS, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The nearest big city. Days follow its clock."),
        error_messages={"required": _("Choose the nearest city.")},
        widget=forms.Select(attrs={"data-guess-zone": ""}),
    )
    discipline = forms.ChoiceField(
        label=_("You work in"), choices=[("", _("Choose one")), *Discipline.choices]
    )
    agree = forms.BooleanField(
        label=_("I have read this, and I agree"),
        error_messages={"required": _("Read the text above. If you agree, tick this box.")},
    )

    def __init__(self, data: Any = None, *, role: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["name"].label, self.fields["name"].help_text = ASKED[role]
        self.fields["zone"].choices = [("", _("Choose one")), *zone_choices()]  # type: ignore[attr-defined]
        del self.fields["discipline" if joining.must_consent(role) else "agree"]

    @property
    def helper(self) -> FormHelper:
        """Without ``agree``, which the page prints below the words it is about."""
        helper = FormHelper(self)
        helper.form_tag = False
        names = (name for name in ("id", "name", "zone", "discipline") if name in self.fields)
        helper.layout = Layout(*names)
        return helper
