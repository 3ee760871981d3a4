from typing import Any
from uuid import uuid4

from django import forms


class FormIdField(forms.UUIDField):
    """Whatever is no id counts as none: nobody typed it, so nobody could mend it."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return None


class SentOnceForm(forms.Form):
    """A form whose hidden id is new on each page, so that sending one page twice is told apart from two."""

    id = FormIdField(required=False, widget=forms.HiddenInput, initial=uuid4)
