"""What is timed, since when, and how long it really was."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models.choices import Source, Strand
from exercises.models.program import MOST_MINUTES
from exercises.queries.log import program_on

from .fields import DayField
from .sessions import SessionForm, why_not_on

# A week, as far back as anybody but a therapist can log: which day that is, is judged on its own.
MOST_MINUTES_AGO = 7 * 24 * 60
TIMED_STRANDS = [choice for choice in Strand.choices if choice[0] != Strand.STRESS]


def minutes_ago(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many minutes ago did you begin?"),
        min_value=1,
        max_value=MOST_MINUTES_AGO,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **options,
    )


def why_not_from(viewer: Viewer, ago: int, now: datetime) -> str:
    """Why it cannot have begun so many minutes ago; empty when it can."""
    patient = viewer.patient
    return why_not_on(viewer, patient.day_of(now - timedelta(minutes=ago)), patient.day_of(now), Source.TIMER)


class StartForm(SessionForm):
    """What to time. Devices and one-tap forms name the activity, the slot and the texture, too."""

    strand = forms.ChoiceField(label=_("What do you do?"), choices=TIMED_STRANDS, widget=forms.RadioSelect)
    ago = minutes_ago(required=False, help_text=_("Leave this empty when you begin now."))
    # How Django spells "without these".
    id = day = minutes = items = started_at = recorded_at = sent_at = source = None  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        self._check_strand(self.cleaned_data)
        ago = self.cleaned_data.get("ago")
        reason = why_not_from(self.viewer, ago, self.received_at) if ago else ""
        if reason:
            self.add_error("ago", reason)
        return self.cleaned_data


class StartPageForm(StartForm):
    """What a person fills in; ``StartForm`` judges it."""

    activity = slot = texture = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.viewer.patient.body_areas:
            del self.fields["body_areas"]
        program = program_on(self.viewer.patient, self.viewer.patient.today())
        if not (program and program.desensitization):
            del self.fields["rough"]


class EarlierForm(forms.Form):
    """It began before somebody pressed start."""

    ago = minutes_ago()

    def __init__(self, data: Any = None, *, viewer: Viewer, received_at: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        self.viewer, self.received_at = viewer, received_at

    def clean_ago(self) -> int:
        ago: int = self.cleaned_data["ago"]
        reason = why_not_from(self.viewer, ago, self.received_at)
        if reason:
            raise forms.ValidationError(reason)
        return ago


class HowLongForm(forms.Form):
    """Asked when nobody can have worked for as long as the clock ran."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    day = DayField(label=_("Day"))

    def __init__(self, data: Any = None, *, viewer: Viewer, received_at: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        self.viewer, self.received_at = viewer, received_at

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = self.viewer.patient.day_of(self.received_at)
        reason = why_not_on(self.viewer, day, today, Source.TYPED)
        if reason:
            raise forms.ValidationError(reason)
        return day


class WaitedForm(forms.Form):
    """How many seconds a button that was pressed without a signal waited on its page."""

    waited = forms.IntegerField(required=False, min_value=0, max_value=24 * 3600)


class GuidedStartForm(forms.Form):
    rough = forms.BooleanField(label=_("On a rough surface"), required=False)


class GuidedMoveForm(forms.Form):
    """One move in a guided session, and the step it is about."""

    do = forms.ChoiceField(choices=[(name, name) for name in ("set", "next", "back")])
    step = forms.IntegerField(min_value=0, max_value=1000)
    sets = forms.IntegerField(required=False, min_value=1, max_value=20)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("do") == "set" and not self.cleaned_data.get("sets"):
            self.add_error("sets", _("How many sets are done?"))
        return self.cleaned_data
