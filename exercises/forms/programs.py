"""A program as a plain form: the targets, when it starts, and a row for each activity."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import days
from exercises.access import Viewer
from exercises.models import Activity, Program, ProgramItem
from exercises.models.choices import BodyArea, ProgramKind, Side
from exercises.queries.program import body_areas, grouped, prescribable

from .fields import DayField
from .free_text import FreeTextField

MOST_ITEMS, EMPTY_ROWS = 40, 3
PREFIX = "items"
READERS = _("The whole care team reads these words: the teen, parents and therapists.")
NOTICE_ID = "who-reads"


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]
    """``version`` is the version that the page showed, empty before the first one."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    start = forms.ChoiceField(label=_("Starts"), widget=forms.RadioSelect)
    starts_on = DayField(label=_("Which other day?"), required=False)

    class Meta:
        model = Program
        fields = [
            "kind",
            "cardio",
            "exercises",
            "desensitization",
            "desensitization_minutes",
            "stress",
            "usual_cardio",
            "usual_exercises",
            "usual_desensitization",
        ]
        labels = {
            "kind": _("The program is"),
            "usual_cardio": _("Cardio, minutes"),
            "usual_exercises": _("Exercises, minutes"),
            "usual_desensitization": _("Desensitization, minutes"),
        }
        help_texts = {
            "cardio": _("Leave a box empty when this is not part of the program."),
            "stress": _("Empty: shown every day, and not part of what makes a day met."),
            "usual_cardio": _("Empty: 15 minutes."),
            "usual_exercises": _("Empty: 30 minutes."),
            "usual_desensitization": _("Empty: the least minutes for one."),
        }

    def __init__(self, data: Any = None, *, viewer: Viewer, logged_today: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = viewer.patient.today()
        self.fields["start"].choices = self._starts()  # type: ignore[attr-defined]
        if logged_today:
            self.fields["start"].help_text = gettext(
                "Something was logged today, so a change usually starts tomorrow. If you choose today,"
                " today's entries stay and are counted again by the new numbers. Earlier days keep theirs."
            )

    def _starts(self) -> list[tuple[str, str]]:
        tomorrow = self.today + days.ONE_DAY
        return [
            ("today", gettext("Today, %(day)s") % {"day": date_format(self.today)}),
            ("tomorrow", gettext("Tomorrow, %(day)s") % {"day": date_format(tomorrow)}),
            ("date", gettext("On another day")),
        ]

    def clean(self) -> dict[str, Any]:
        """Does not call the base: what is unique or constrained is for the service and the database."""
        cleaned = self.cleaned_data
        start = cleaned.get("start")
        if start == "date":
            self._check_date(cleaned.get("starts_on"))
        elif start:
            cleaned["starts_on"] = self.today + days.ONE_DAY * (start == "tomorrow")
        return cleaned

    def _check_date(self, day: date | None) -> None:
        if day is None and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Which day does it start?"))
        elif day and day < self.today:
            self.add_error("starts_on", _("A program can start today or later."))

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "version",
            Fieldset(
                _("Every day"),
                _row("cardio", "exercises"),
                _row("desensitization", "desensitization_minutes"),
                _row("stress"),
                css_class="card",
            ),
            Fieldset(
                _("One tap logs"),
                _row("usual_cardio", "usual_exercises", "usual_desensitization"),
                css_class="card",
            ),
            Fieldset(_("When"), Field("kind"), Field("start"), _row("starts_on"), css_class="card"),
        )
        return helper


def _row(*names: str) -> Div:
    return Div(*(Div(name, css_class="col") for name in names), css_class="row")


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    """One activity with its dose. A row that was not filled in is no activity."""

    activity = forms.ChoiceField(label=_("Activity"))
    load = FreeTextField(
        label=_("Load or level"),
        required=False,
        max_length=40,
        widget=forms.TextInput,
        readers=READERS,
        notice_id=NOTICE_ID,
    )
    words = FreeTextField(
        label=_("In your own words"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
        readers=READERS,
        notice_id=NOTICE_ID,
    )

    class Meta:
        model = ProgramItem
        fields = ["sets", "reps", "hold_seconds", "minutes", "side", "load", "body_area", "words"]

    field_order = ["activity"]

    def __init__(self, *args: Any, activities: dict[str, Activity], areas: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.activities = activities
        self.fields["activity"].choices = [("", _("Choose one")), *grouped(activities)]  # type: ignore[attr-defined]
        self.fields["side"].choices = [("", "—"), *Side.choices]  # type: ignore[attr-defined]
        self._offer_areas(areas)

    def _offer_areas(self, areas: list[str]) -> None:
        choices = [(value, label) for value, label in BodyArea.choices if value in areas]
        self.fields["body_area"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
        if not choices:
            del self.fields["body_area"]

    def settle(self) -> None:
        """A row of the version shown says which activity it is; another one is another row."""
        self.fields["activity"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data

    def clean_activity(self) -> Activity:
        return self.activities[self.cleaned_data["activity"]]

    @property
    def name(self) -> str:
        known = self.activities.get(str(self["activity"].value()))
        return known.name if known else gettext("Add an activity")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "activity",
            self._row("narrow", "ORDER", "sets", "reps", "hold_seconds", "minutes", "side"),
            self._row("", "load", "body_area", "words"),
            *(name for name in ("DELETE",) if name in self.fields),
        )
        return helper

    def _row(self, width: str, *names: str) -> Div:
        columns = {name: "broad" if name == "words" else width for name in names if name in self.fields}
        return Div(*(Div(name, css_class=f"col {size}") for name, size in columns.items()), css_class="row")


class BaseItemFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Place")
        if index is not None and index < self.initial_form_count():
            form.settle()
            form.fields["DELETE"].label = _("Take it out")

    def in_order(self) -> list[dict[str, Any]]:
        """What stays, by its place in the list; a row without a place comes last."""
        return [form.cleaned_data for form in self.ordered_forms]


ItemFormSet = forms.formset_factory(
    ItemForm,
    formset=BaseItemFormSet,
    extra=EMPTY_ROWS,
    can_order=True,
    can_delete=True,
    can_delete_extra=False,
    max_num=MOST_ITEMS,
    validate_max=True,
    absolute_max=MOST_ITEMS + EMPTY_ROWS,
)


def item_forms(
    data: Any = None, *, viewer: Viewer, initial: Sequence[Mapping[str, Any]] = ()
) -> BaseItemFormSet:
    """``initial`` is the items of the version shown, in order; what was posted says so itself."""
    options = {"activities": prescribable(viewer), "areas": body_areas(viewer.patient)}
    rows = ItemFormSet(data, prefix=PREFIX, initial=initial, form_kwargs=options)
    assert isinstance(rows, BaseItemFormSet)
    return rows


def with_more_rows(data: QueryDict) -> QueryDict:
    """What was posted, with empty rows added."""
    more = data.copy()
    typed = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    rows = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
    more[f"{PREFIX}-TOTAL_FORMS"] = str(min(rows + EMPTY_ROWS, MOST_ITEMS))
    return more


class MoveForm(forms.Form):
    """Pausing, ending, taking up again, or taking back what has not started."""

    CANCEL = "cancel"

    move = forms.ChoiceField(choices=[*ProgramKind.choices, (CANCEL, _("take back"))])
    version = forms.IntegerField(min_value=1)
