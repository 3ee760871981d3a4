"""A few good words: a line to pick, or one's own."""

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.cheers import OF_PARENTS, OF_THERAPISTS, asks_about_pain, lines_of
from exercises.models import Cheer

from .free_text import FreeTextField
from .layout import with_button
from .once import SentOnceForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OWN_WORDS = "own"
TEEN_READS = _("The teen can read this. Nobody else on the care team can.")
PARENTS_READ = _("Parents can read this, together with the child.")


class CheerForm(SentOnceForm):
    line = forms.ChoiceField(label=_("Pick a line"), required=False, widget=forms.RadioSelect)
    text = FreeTextField(
        label=_("Or say it in your own words"),
        readers=TEEN_READS,
        required=False,
        max_length=Cheer.LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self.viewer = viewer
        self.lines: dict[str, StrOrPromise] = OF_PARENTS if viewer.is_parent else OF_THERAPISTS
        shown = lines_of(viewer.patient.today(), self.lines)
        picked = self.data.get("line", "")
        if picked in self.lines:
            # From a page of the day before.
            shown |= {picked: self.lines[picked]}
        choices = [*shown.items(), (OWN_WORDS, _("My own words"))]
        self.fields["line"].choices = choices  # type: ignore[attr-defined]
        text = self.fields["text"]
        assert isinstance(text, FreeTextField)
        text.tell(TEEN_READS if viewer.has_teen else PARENTS_READ)

    def clean(self) -> dict[str, Any]:
        line, text = self.cleaned_data.get("line"), self.cleaned_data.get("text")
        picked = line in self.lines
        if "line" not in self.errors and "text" not in self.errors:
            if picked and text:
                self.add_error("line", _("You picked a line and wrote your own. Which one shall it be?"))
            elif line == OWN_WORDS and not text:
                self.add_error("text", _("Write your words here, or pick a line."))
            elif not line and not text:
                self.add_error("line", _("Pick a line, or write your own."))
        self.cleaned_data["words"] = str(self.lines[line]) if picked and line else text
        return self.cleaned_data

    @property
    def asks_about_pain(self) -> bool:
        """Own words of a parent, of which a hint asks before they are sent."""
        return self.viewer.is_parent and asks_about_pain(self.cleaned_data["words"])

    @property
    def helper(self) -> FormHelper:
        return with_button(self, "id", "line", "text", button=_("Send"))


class MuteForm(forms.Form):
    """``member`` is a link of the team."""

    member = forms.IntegerField(min_value=1)
    mute = forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))])
