"""One value of a visit: the kind is chosen first, then the boxes fit it."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import DecimalValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exercises import measure_words, measures
from exercises.access import Viewer
from exercises.measures import Taken
from exercises.models.choices import Better, MeasureKind, Side

from .fields import DayField, NumberField
from .free_text import FreeTextField
from .once import SentOnceForm

READERS = _("Everybody on the care team can read this, parents too.")
NOTICE_ID = "who-reads"
BOX: dict[str, Any] = {"readers": READERS, "notice_id": NOTICE_ID, "widget": forms.TextInput}
FIRST_DAY = date(2000, 1, 1)
MOST_PLANNED = 99
OF_OWN = ("name", "unit", "better")
SIDES = [(side.value, side.label) for side in (Side.LEFT, Side.RIGHT)]


class SureField(forms.MultipleChoiceField):
    """A tick that stands beside one number; one that stood beside another number says nothing."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return True


def is_kind(kind: str) -> bool:
    return kind in measures.FACTS


class MeasureForm(SentOnceForm):
    """A value of one kind. One that is far out comes back once with a question, and is kept when the answer
    is yes."""

    kind = forms.ChoiceField(choices=MeasureKind, widget=forms.HiddenInput)
    name = FreeTextField(label=_("What is measured?"), max_length=60, **BOX)
    value = NumberField(min_value=0, error_messages={"min_value": _("Type 0 or more.")})
    sure = SureField(label=_("Is this right?"), required=False)
    out_of = forms.IntegerField(
        label=_("Days planned"),
        min_value=1,
        max_value=MOST_PLANNED,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    unit = FreeTextField(label=_("Unit"), required=False, max_length=20, **BOX)
    better = forms.ChoiceField(
        label=_("Which way is better?"),
        required=False,
        choices=[*((way.value, way.label) for way in Better), ("", _("cannot say"))],
        widget=forms.RadioSelect,
    )
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, widget=forms.RadioSelect)
    conditions = FreeTextField(label=_("How it was measured"), required=False, max_length=120, **BOX)
    taken_on = DayField(label=_("Measured on"))

    def __init__(self, data: Any = None, *, viewer: Viewer, kind: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.viewer, self.kind_name, self.fact = viewer, kind, measures.FACTS[kind]
        # Whether the box for "yes, that is right" is there.
        self.asks = False
        for name, value in (("kind", kind), ("taken_on", viewer.patient.today())):
            self.initial.setdefault(name, value)
        for name in self._unfit():
            del self.fields[name]
        self._fit_value()
        typed = (data or {}).get("value", "")
        self.fields["sure"].choices = [(typed, gettext("Yes, it is %(n)s") % {"n": typed})]  # type: ignore[attr-defined]
        conditions = self.fields["conditions"]
        conditions.help_text = measure_words.HINTS[kind]
        conditions.widget.attrs["aria-describedby"] = f"id_conditions_helptext {NOTICE_ID}"

    def _unfit(self) -> list[str]:
        """The boxes that this kind has no use for."""
        unfit = [] if self.kind_name == MeasureKind.OWN else list(OF_OWN)
        if not self.fact.has_out_of:
            unfit.append("out_of")
        return unfit if self.fact.by_side else [*unfit, "side"]

    def _fit_value(self) -> None:
        """The box for the number takes as many digits as the kind has, and says its unit."""
        value, places = self.fields["value"], self.fact.decimals
        value.label = measure_words.LABELS[self.fact.unit]
        most_whole = measures.MOST_DIGITS - measures.MOST_DECIMALS
        value.validators.append(DecimalValidator(most_whole + places, places))
        too_large = gettext("This number is too large.")
        value.error_messages |= {
            "max_digits": too_large,
            "max_whole_digits": too_large,
            "max_decimal_places": _places_words(places),
        }

    def clean_taken_on(self) -> date:
        day: date = self.cleaned_data["taken_on"]
        if day > self.viewer.patient.today():
            raise forms.ValidationError(_("That day has not come yet."))
        if day < FIRST_DAY:
            raise forms.ValidationError(_("That day is too far back."))
        return day

    def clean(self) -> dict[str, Any]:
        value, out_of = self.cleaned_data.get("value"), self.cleaned_data.get("out_of")
        if value is not None and not self.errors.get("out_of"):
            self._check(value, out_of)
        return self.cleaned_data

    def _check(self, value: Decimal, out_of: int | None) -> None:
        if not measures.is_possible(self.fact, value, out_of):
            self.add_error("value", self._impossible())
        elif self.fact.asked and measures.is_asked_about(self.fact, value):
            self.asks = True
            if self["value"].data not in self.cleaned_data.get("sure", ()):
                self.add_error("value", measure_words.question(value, self.fact.unit, self.fact.asked))

    def _impossible(self) -> str:
        if self.fact.bounds is None:
            return gettext("More days than were planned.")
        low, high = self.fact.bounds
        return gettext("This goes from %(low)d to %(high)d.") % {"low": low, "high": high}

    def taken(self) -> Taken:
        """What was measured, once the form is valid."""
        chosen = {field.name for field in dataclasses.fields(Taken)}
        answers = {name: value for name, value in self.cleaned_data.items() if name in chosen}
        return Taken(**answers)

    @property
    def title(self) -> str:
        return str(MeasureKind(self.kind_name).label)

    @property
    def notice(self) -> Any:
        """Who reads the boxes, said once."""
        return self.fields["conditions"].notice  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        """Without the button, which stands below who reads the boxes."""
        helper = FormHelper(self)
        helper.form_tag = False
        numbers = [name for name in ("value", "out_of", "unit") if name in self.fields]
        row = Div(*(Div(name, css_class="col narrow") for name in numbers), css_class="row")
        order: dict[str, Any] = {
            "name": "name",
            "side": InlineRadios("side"),
            "value": row,
            "sure": "sure" if self.asks else "",
            "better": InlineRadios("better"),
            "conditions": "conditions",
            "taken_on": "taken_on",
        }
        shown = (drawn for name, drawn in order.items() if drawn and name in self.fields)
        helper.layout = Layout("id", "kind", *shown)
        return helper


def _places_words(places: int) -> str:
    if not places:
        return gettext("Type a whole number.")
    words = ngettext("At most %(n)d digit after the point.", "At most %(n)d digits after the point.", places)
    return words % {"n": places}
