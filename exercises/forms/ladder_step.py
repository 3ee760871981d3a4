"""A step on the texture ladder: which one the page showed, and which way."""

from django import forms

UP, DOWN = "up", "down"
MOST_STEPS = 20


class StepForm(forms.Form):
    """``version`` is that of the program, ``shown`` the step on which the page saw the ladder."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    shown = forms.IntegerField(min_value=1, max_value=MOST_STEPS)
    to = forms.ChoiceField(choices=[(UP, UP), (DOWN, DOWN)])
