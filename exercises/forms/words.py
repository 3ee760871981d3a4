"""What the teen, or a parent, wants to say to the care team."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises import access, adherence
from exercises.access import Viewer
from exercises.queries import words

from .fields import DayField
from .free_text import FreeTextField
from .once import SentOnceForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YOU_AND_THERAPISTS = _("Only you and the therapists on the care team can read this.")
YOU_FOR_NOW = _("Only you can read this until a therapist joins the care team.")
PARENTS_AND_THERAPISTS = _("Parents and the therapists on the care team can read this.")


def readers(viewer: Viewer) -> "StrOrPromise":
    """Who reads what this viewer writes, as ``queries.words`` cuts it."""
    if viewer.may(access.WRITE_NOTE) and not viewer.is_teen:
        return PARENTS_AND_THERAPISTS
    return YOU_AND_THERAPISTS if viewer.has_therapist else YOU_FOR_NOW


class QuestionForm(SentOnceForm):
    text = FreeTextField(label=_("What do you want to ask?"), readers=YOU_AND_THERAPISTS)
    to = forms.ChoiceField(
        label=_("Who is it for?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("If you pick one part of the team, only they read it. If they leave, the others can."),
    )

    may_be_said = forms.BooleanField(
        label=_("May be said with my parents"),
        required=False,
        help_text=_("If not, your therapist asks you alone."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, **options: Any) -> None:
        super().__init__(data, **options)
        self.viewer = viewer
        text = self.fields["text"]
        assert isinstance(text, FreeTextField)
        text.tell(readers(viewer), parents_may_ask=viewer.is_teen)
        self.fields["to"].choices = words.addressees(viewer.patient)  # type: ignore[attr-defined]
        if "may_be_said" in self.fields and not viewer.is_teen:
            said = self.fields["may_be_said"]
            said.label = _("May be said with my child in the room")
            said.help_text = _("If not, your therapist talks with you alone.")
            said.initial = True

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.add_input(Submit("save", _("Save")))
        return helper


class SayForm(forms.Form):
    """Whether a question may be read out when the family sits together, said anew."""

    may_be_said = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])


class NoteForm(QuestionForm):
    """A note belongs to a day: today, or one of the last days."""

    day = DayField(label=_("Day"))
    may_be_said = None  # type: ignore[assignment]  # of questions only

    def __init__(self, data: Any = None, *, viewer: Viewer, **options: Any) -> None:
        super().__init__(data, viewer=viewer, **options)
        self.fields["text"].label = _("What do you want to keep about this day?")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = self.viewer.patient.today()
        if day > today:
            raise forms.ValidationError(_("That day has not come yet."))
        if day < today - timedelta(days=adherence.CORRECTION_DAYS):
            raise forms.ValidationError(_("That day is further back than can be noted here."))
        return day
