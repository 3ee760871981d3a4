"""A person's look, and the settings of a record."""

import zoneinfo
from functools import cache
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes, InlineRadios
from crispy_forms.helper import FormHelper
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from exercises import days
from exercises.access import Viewer
from exercises.models import User
from exercises.models.choices import BodyArea

from .layout import with_button
from .school import TIME, check_school

REGIONS = (
    "America", "Europe", "Africa", "Asia", "Australia", "Pacific",
    "Atlantic", "Indian", "Antarctica", "Arctic",
)  # fmt: skip
NIGHT = _("at {hour} o'clock at night")
DAY_STARTS = [
    (0, _("at midnight")),
    *((hour, format_lazy(NIGHT, hour=hour)) for hour in range(1, days.LATEST_DAY_START + 1)),
]


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(label=_("Look"), choices=User.Theme.choices, widget=forms.RadioSelect)

    @property
    def helper(self) -> FormHelper:
        return with_button(self, InlineRadios("theme"), button=_("Save"))


class PatientSettingsForm(forms.Form):
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Where you live, or stay for longer. Days follow its clock.")
    )
    day_start = forms.TypedChoiceField(
        label=_("A new day starts"),
        choices=DAY_STARTS,
        coerce=int,
        help_text=_("Often up after midnight? What you log before this hour counts for the day before."),
    )
    body_areas = forms.MultipleChoiceField(
        label=_("Body areas"),
        choices=BodyArea.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You can pick one of these when you log desensitization."),
    )
    timer_hidden = forms.BooleanField(
        label=_("Hide the clock while I work"),
        required=False,
        help_text=_("A timer then only says that it runs. A button shows its clock."),
    )
    chime = forms.BooleanField(
        label=_("A chime at the end of a hold or a rest"),
        required=False,
        help_text=_("It is silent during school hours."),
    )
    school_from = forms.TimeField(label=_("School starts at"), required=False, widget=TIME)
    school_until = forms.TimeField(
        label=_("School ends at"),
        required=False,
        widget=TIME,
        help_text=_("Monday to Friday between these, no sound comes from here. Both empty: no school hours."),
    )
    sleep_on = forms.BooleanField(
        label=_("Ask for sleep times"),
        required=False,
        help_text=_("Two boxes in the check-in: to bed at, up at. Parents do not see what is in them."),
    )
    plain_look = forms.BooleanField(
        label=_("Plain look"),
        required=False,
        help_text=_(
            "Shapes and words only: no sums, counts of days or percentages, no cheers, no milestones. A "
            "single day still says what was done, and today what is left."
        ),
    )
    paper = forms.BooleanField(
        label=_("Logs on paper"),
        required=False,
        help_text=_("A family that keeps a paper sheet can add days up to five weeks back."),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer) -> None:
        patient = viewer.patient
        super().__init__(data, initial={name: getattr(patient, name) for name in self.base_fields})
        self.fields["zone"].choices = zone_choices(patient.zone)  # type: ignore[attr-defined]
        if not viewer.is_therapist:
            del self.fields["paper"]

    def clean(self) -> dict[str, Any]:
        check_school(self)
        return self.cleaned_data

    @property
    def helper(self) -> FormHelper:
        paper = ["paper"] if "paper" in self.fields else []
        areas = InlineCheckboxes("body_areas")
        timers = ("timer_hidden", "chime", "school_from", "school_until")
        look = ("sleep_on", "plain_look")
        return with_button(self, "zone", "day_start", areas, *timers, *look, *paper, button=_("Save"))


def zone_choices(zone: str = "UTC") -> list[tuple[str, Any]]:
    """The zones by region, and the record's own where the list does not name it."""
    known = zone == "UTC" or zone.partition("/")[0] in REGIONS
    return [*([] if known else [(zone, zone)]), *_zones()]


@cache
def _zones() -> list[tuple[str, Any]]:
    """(region, ((name, city), …)) for every zone that is named after a place."""
    by_region: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, city = name.partition("/")
        if region in by_region and city:
            by_region[region].append((name, city.replace("_", " ")))
    return [*by_region.items(), ("UTC", "UTC")]
