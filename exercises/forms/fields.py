from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from exercises import days, measures

# Wider than any clock a phone shows; inside, no conversion between zones overflows.
FIRST_YEAR, LAST_YEAR = 1900, 2198
MOST_ID_DIGITS = 18


class DayField(forms.Field):
    """A calendar day, ``2026-11-20``."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Type the day like 2026-11-20.")}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        day = days.parse_day(str(value).strip())
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class NumberField(forms.DecimalField):
    """A number as somebody writes it: with a point or a comma, "4.5" or "4,5". Comes out tidy."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Type a number, for example 4.5.")}
    # Beyond it a number is refused for its length, and is no longer worked with.
    MOST_DIGITS = 18

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = value.replace(",", ".") if isinstance(value, str) else value
        number = super().to_python(typed)
        if number is None or not number.is_finite() or number.adjusted() > self.MOST_DIGITS:
            return number
        return measures.tidy(number)


class InstantField(forms.Field):
    """An instant with its offset, ISO 8601: ``2026-11-20T07:20:00Z``. Comes out in UTC."""

    default_error_messages = {"invalid": _("Send the time like 2026-11-20T07:20:00Z.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            instant = parse_datetime(str(value).strip())
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return self.in_range(instant)

    def in_range(self, instant: datetime) -> datetime:
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return instant.astimezone(UTC)


class DeviceClockField(InstantField):
    """What a phone's clock showed. A clock that lost its battery says 1970: never a reason to refuse."""

    def in_range(self, instant: datetime) -> datetime:
        year = min(max(instant.year, FIRST_YEAR), LAST_YEAR)
        return super().in_range(instant if year == instant.year else datetime(year, 1, 1, tzinfo=UTC))


class ChosenRowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows by id. An id too large for its column is an unknown choice, no database error."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not (str(key).isdecimal() and len(str(key)) <= MOST_ID_DIGITS):
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        return super().clean(value)
