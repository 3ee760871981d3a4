"""The teen's own plan for a week."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer

from .free_text import FreeTextField
from .words import YOU_AND_THERAPISTS, readers


class PlanForm(forms.Form):
    text = FreeTextField(
        label=_("One thing I want to do"),
        readers=YOU_AND_THERAPISTS,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, viewer: Viewer, **options: Any) -> None:
        super().__init__(data, **options)
        text = self.fields["text"]
        assert isinstance(text, FreeTextField)
        text.tell(readers(viewer), parents_may_ask=viewer.is_teen)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.add_input(Submit("save", _("Save")))
        return helper
