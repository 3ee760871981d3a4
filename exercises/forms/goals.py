"""Goals and their steps: what somebody wants to do again."""

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import FunctionGoal, GoalStep
from exercises.models.function import GOAL_LETTERS
from exercises.queries.goals import GoalRow

from .free_text import FreeTextField
from .layout import with_button
from .once import SentOnceForm
from .words import readers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTICE_ID = "goal-readers"
LINE = {"autocomplete": "off"}
ALL = _("Everybody on the care team can read this, parents too.")
ALL_UNLESS = _("Everybody on the care team can read this, parents too, unless you tick the box below.")
TEEN_AND_THERAPISTS = _("Only the teen and the therapists on the care team can read this.")


class GoalForm(SentOnceForm):
    """A new goal, or other words for the one that is given. Whether it is private is the teen's to change."""

    text = FreeTextField(
        label=_("What do you want to do again?"),
        readers=ALL_UNLESS,
        notice_id=NOTICE_ID,
        max_length=GOAL_LETTERS,
        widget=forms.TextInput(attrs=LINE),
    )
    sign = FreeTextField(
        label=_("What would show it? (if you like)"),
        readers=ALL_UNLESS,
        notice_id=NOTICE_ID,
        required=False,
        max_length=GOAL_LETTERS,
        widget=forms.TextInput(attrs=LINE | {"placeholder": _("For example: I stay for the whole practice")}),
    )
    private = forms.BooleanField(
        label=_("Just me and my therapist"),
        required=False,
        help_text=_("Parents then do not see it here, but they may be able to ask the clinic for it."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, goal: FunctionGoal | None = None) -> None:
        words = ("text", "sign", "private")
        initial = {name: getattr(goal, name) for name in words} if goal else {}
        super().__init__(data, initial=initial, auto_id=f"goal-{goal.pk if goal else 'new'}-%s")
        self.goal = goal
        if viewer.is_therapist:
            self.fields["private"].label = _("Just the teen and therapists")
        if not viewer.has_teen or (goal and not viewer.is_teen):
            # A younger child's parents hold the child's rights: nothing is kept from them.
            del self.fields["private"]
            _tell(self, *_who_reads(viewer, private=bool(goal and goal.private)))

    @property
    def notice(self) -> str:
        """What both boxes point to; the page prints it once."""
        field = self.fields["text"]
        assert isinstance(field, FreeTextField)
        return field.notice

    @property
    def helper(self) -> FormHelper:
        there = [name for name in ("id", "text", "sign", "private") if name in self.fields]
        return with_button(self, *there, button=_("Save it") if self.goal else _("Add"))


class StepForm(SentOnceForm):
    """A new step of a goal, or other words for the one that is given."""

    text = FreeTextField(
        label=_("A small step"),
        readers=ALL,
        max_length=GOAL_LETTERS,
        widget=forms.TextInput(attrs=LINE),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        viewer: Viewer,
        goal: FunctionGoal | GoalRow,
        step: GoalStep | None = None,
    ) -> None:
        initial = {"text": step.text} if step else {}
        super().__init__(data, initial=initial, auto_id=f"step-{step.pk if step else f'of-{_key(goal)}'}-%s")
        self.step = step
        _tell(self, *_who_reads(viewer, private=goal.private))

    @property
    def helper(self) -> FormHelper:
        return with_button(self, "id", "text", button=_("Save it") if self.step else _("Add"))


class MarkForm(forms.Form):
    """What a button of a goal or a step says: ``reached`` yes (or no, on the same day, when that was a slip
    of the finger), or ``do``: set it aside, take it back."""

    reached = forms.ChoiceField(required=False, choices=[("yes", _("yes")), ("no", _("no"))])
    do = forms.ChoiceField(required=False, choices=[("aside", _("set aside")), ("back", _("take back"))])

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.values()):
            raise forms.ValidationError(_("Choose what to do with it."))
        return self.cleaned_data


def _key(goal: FunctionGoal | GoalRow) -> int:
    return goal.id if isinstance(goal, GoalRow) else goal.pk


def _who_reads(viewer: Viewer, *, private: bool) -> "tuple[StrOrPromise, bool]":
    """Who reads the words of a goal, and whether parents may ask for them."""
    if not private or not viewer.has_teen:
        return ALL, False
    return readers(viewer) if viewer.is_teen else TEEN_AND_THERAPISTS, viewer.is_teen


def _tell(form: forms.Form, said: "StrOrPromise", parents_may_ask: bool) -> None:
    for field in form.fields.values():
        if isinstance(field, FreeTextField):
            field.tell(said, parents_may_ask=parents_may_ask)
