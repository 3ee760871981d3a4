"""Goals: what somebody wants to do again."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import FunctionGoal

from .free_text import FreeTextField
from .once import SentOnceForm


class GoalForm(SentOnceForm):
    text = FreeTextField(
        label=_("What do you want to do again?"),
        readers=_("Everybody on the care team can read this, parents too, unless you tick the box below."),
        max_length=200,
        widget=forms.TextInput,
    )
    private = forms.BooleanField(
        label=_("Just me and my therapist"),
        required=False,
        help_text=_("Parents then do not see it here, but they may be able to ask the clinic for it."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        if viewer.is_therapist:
            self.fields["private"].label = _("Just the teen and therapists")
        if not viewer.has_teen:
            # A younger child's parents hold the child's rights: nothing is kept from them.
            del self.fields["private"]
            text = self.fields["text"]
            assert isinstance(text, FreeTextField)
            text.tell(_("Everybody on the care team can read this, parents too."))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.add_input(Submit("save", _("Add")))
        return helper


class ReachForm(forms.Form):
    """``reached`` says yes; or no, on the same day, when that was a slip of the finger."""

    reached = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])

    def __init__(self, data: Any, *, goal: FunctionGoal, viewer: Viewer) -> None:
        super().__init__(data)
        self.goal, self.viewer = goal, viewer

    def clean_reached(self) -> bool:
        reached: bool = self.cleaned_data["reached"] == "yes"
        if not reached and self.goal.reached_on not in (None, self.viewer.patient.today()):
            raise forms.ValidationError(gettext("A goal you reached on another day stays reached."))
        return reached
