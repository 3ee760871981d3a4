"""The answer to a version of the program, and which version a page showed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.queries.acceptance import ACCEPT, TALK

MOST_VERSION = 2**31 - 1


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[(ACCEPT, _("I'm in")), (TALK, _("Let's talk about it first"))])


class VersionForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=MOST_VERSION)
