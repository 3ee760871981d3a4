"""An activity of one's own."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from exercises.catalogue import CATEGORIES
from exercises.models import Activity
from exercises.models.choices import Strand
from exercises.words import CATEGORY_WORDS

from .free_text import FreeTextField

READERS = _("Everyone on the care teams of patients who get this activity reads it.")
NOTICE_ID = "who-reads"
BOX: dict[str, Any] = {"readers": READERS, "notice_id": NOTICE_ID}


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]
    """``strand`` is chosen once: without it where the activity is there already, or is a copy."""

    strand = forms.ChoiceField(label=_("Part of the program"), choices=Strand.choices)
    name = FreeTextField(label=_("Name"), max_length=60, widget=forms.TextInput, **BOX)
    how_to = FreeTextField(
        label=_("How to do it"), required=False, help_text=_("One step on each line."), **BOX
    )
    safety = FreeTextField(label=_("Safety"), required=False, max_length=200, widget=forms.TextInput, **BOX)
    search = FreeTextField(
        label=_("Other words to find it by"), required=False, max_length=300, widget=forms.TextInput, **BOX
    )
    category = forms.ChoiceField(label=_("Kind"), required=False)
    video = forms.URLField(
        label=_("Link to a video"),
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        help_text=_("It starts with https:// and opens on its own site, outside this app."),
        error_messages={"invalid": _("Type a link that starts with https://")},
    )

    class Meta:
        model = Activity
        fields = [
            "strand", "category", "name", "how_to", "safety", "sets", "reps", "hold_seconds", "minutes",
            "per_side", "goal_sets", "goal_reps", "goal_hold_seconds", "goal_minutes", "search", "video",
        ]  # fmt: skip
        labels = {
            "hold_seconds": _("Seconds"),
            "goal_sets": _("Sets"),
            "goal_reps": _("Times"),
            "goal_hold_seconds": _("Seconds"),
            "goal_minutes": _("Minutes"),
            "reps": _("Times"),
        }

    def __init__(self, data: Any = None, *, strand: str = "", **options: Any) -> None:
        super().__init__(data, **options)
        self.known_strand = strand
        self.fields["category"].choices = [("", _("no need to say")), *_categories(strand)]  # type: ignore[attr-defined]
        if strand:
            del self.fields["strand"]

    @property
    def notice(self) -> Any:
        """Who reads the boxes, said once."""
        return self.fields["name"].notice  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Does not call the base: what is unique or constrained is for the service and the database."""
        cleaned = self.cleaned_data
        strand = self.known_strand or cleaned.get("strand", "")
        category = cleaned.get("category")
        if strand and category and category not in CATEGORIES[strand]:
            self.add_error("category", _("Choose a kind of this part of the program."))
        return cleaned

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            *(name for name in ("strand",) if name in self.fields),
            Field("name"),
            "how_to",
            "safety",
            Fieldset(
                _("Where it starts"),
                _row("sets", "reps", "hold_seconds", "minutes"),
                "per_side",
            ),
            Fieldset(
                _("What it builds up to"),
                _row("goal_sets", "goal_reps", "goal_hold_seconds", "goal_minutes"),
            ),
            "video",
            "category",
            "search",
        )
        return helper


def _categories(strand: str) -> list[tuple[Any, Any]]:
    """Of one strand, or by strand where it is not chosen yet."""
    if strand:
        return [(name, CATEGORY_WORDS[name]) for name in CATEGORIES[strand]]
    return [(label, _categories(value)) for value, label in Strand.choices]


def _row(*names: str) -> Div:
    return Div(*(Div(name, css_class="col narrow") for name in names), css_class="row")
