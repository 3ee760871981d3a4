"""School hours: on the page of the routine, and among the settings."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def check_school(form: forms.Form) -> None:
    """Both or neither, and in their order."""
    begins: time | None = form.cleaned_data.get("school_from")
    ends: time | None = form.cleaned_data.get("school_until")
    if form.has_error("school_from") or form.has_error("school_until"):
        return
    if (begins is None) != (ends is None):
        missing = "school_from" if begins is None else "school_until"
        form.add_error(missing, _("Fill in both, or leave both empty."))
    elif begins and ends and ends <= begins:
        form.add_error("school_until", _("School ends after it starts."))
