from django import forms
from django.utils.translation import gettext_lazy as _


class TemplateForm(forms.Form):
    """What a therapist calls a plan of their own."""

    plan_name = forms.CharField(label=_("Name"), max_length=60)
